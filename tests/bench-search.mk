# make bench-search: the matter search beside its peers at 200 000 rows; LARGE=1 adds 4 million.
.PHONY: bench-search
bench-search: $(BUILD)/tests/bench/search_bench
	@$< $(if $(LARGE),--large)

$(BUILD)/tests/bench/search_bench: $(BUILD)/tests/bench/search_bench.o \
	$(BUILD)/tests/bench/corpus.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_BASE)
