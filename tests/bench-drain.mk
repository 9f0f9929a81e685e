# The drain of a full outbox into the centre; N=10000 for the full length.
DRAIN_BENCH := $(BUILD)/tests/bench/drain_bench

$(DRAIN_BENCH): $(DRAIN_BENCH).o $(BUILD)/tests/faults/certificate.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_FORMS) $(LIBS_BASE) -lcrypto

.PHONY: bench-drain
bench-drain:
	@.ci/setup build test bench
	@$(MAKE) -s all $(DRAIN_BENCH)
	@BUILD=$(BUILD) sh tests/bench/drain.sh
