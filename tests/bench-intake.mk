# make bench-intake: the centre's intake over 1, 16 and 128 connections; SECONDS=n each.
.PHONY: bench-intake
bench-intake: all $(BUILD)/tests/bench/intake_bench $(BUILD)/tests/bench/intake_peer
	@BUILD=$(BUILD) $(BUILD)/tests/bench/intake_bench $(SECONDS)

$(BUILD)/tests/bench/intake_bench: $(BUILD)/tests/bench/intake_bench.o $(BUILD)/tests/bench/flush_limit.o $(BUILD)/tests/http/centre.o \
		$(BUILD)/tests/unit/postgres.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_TEST)

$(BUILD)/tests/bench/intake_peer: $(BUILD)/tests/bench/intake_peer.o
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_CENTRAL) $(LIBS_BASE) -lpthread
