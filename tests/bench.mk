# Measurements, ours beside peers and limits; never part of make test.
.PHONY: bench
bench: all $(BUILD)/tests/bench/search_bench
	@.ci/setup bench
	@$(BUILD)/tests/bench/search_bench $(if $(LARGE),--large)
	@BUILD=$(BUILD) sh tests/bench/road.sh
