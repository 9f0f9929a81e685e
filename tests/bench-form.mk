# make bench-form: a form of 300 fields and 500 expressions.
.PHONY: bench-form
bench-form: all $(BUILD)/tests/bench/form_bench
	@$(BUILD)/tests/bench/form_bench

$(BUILD)/tests/bench/form_bench: $(BUILD)/tests/bench/form_bench.o $(BUILD)/tests/unit/scratch.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_TEST)
