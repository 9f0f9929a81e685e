# Measurements, ours beside peers and limits; never part of make test.
.PHONY: bench
bench: all
	@BUILD=$(BUILD) sh tests/bench/road.sh
