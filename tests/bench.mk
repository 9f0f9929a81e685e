# Measurements, ours beside peers and limits; never part of make test.
BENCHES := $(BUILD)/tests/bench/search_bench $(BUILD)/tests/bench/screen_bench $(BUILD)/tests/bench/peers_bench \
	$(BUILD)/tests/screens/line_test \
	$(BUILD)/tests/bench/form_bench $(BUILD)/tests/bench/keys_bench \
	$(BUILD)/tests/bench/intake_bench $(BUILD)/tests/bench/drain_bench

.PHONY: bench
bench:
	@.ci/setup build test bench
	@$(MAKE) -s all $(BENCHES)
	@$(BUILD)/tests/bench/search_bench $(if $(LARGE),--large)
	@sh tests/bench/peers.sh $(abspath $(BUILD))/peers
	@BUILD=$(BUILD) $(BUILD)/tests/bench/screen_bench $(abspath $(BUILD))/peers
	@BUILD=$(BUILD) $(BUILD)/tests/screens/line_test 2>/dev/null
	@BUILD=$(BUILD) $(BUILD)/tests/bench/peers_bench $(abspath $(BUILD))/peers
	@$(BUILD)/tests/bench/form_bench
	@BUILD=$(BUILD) $(BUILD)/tests/bench/keys_bench 2>/dev/null
	@BUILD=$(BUILD) $(BUILD)/tests/bench/intake_bench 2
	@BUILD=$(BUILD) sh tests/bench/road.sh
	@BUILD=$(BUILD) sh tests/bench/drain.sh
