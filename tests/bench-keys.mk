# make bench-keys: the keys of an application, counted on the screens of the demo hall.
.PHONY: bench-keys
bench-keys: all $(BUILD)/tests/bench/keys_bench
	@BUILD=$(BUILD) $(BUILD)/tests/bench/keys_bench 2>/dev/null

$(BUILD)/tests/bench/keys_bench: $(BUILD)/tests/bench/keys_bench.o $(BUILD)/tests/screens/term.o \
	$(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ -lvterm -lutil $(LIBS_TEST)
