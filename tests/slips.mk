# Slips by commands, with the real programs: text, PDF, the code on it, numbers, reprints.
TESTS += tests/slips/slips.sh

.PHONY: slips
slips: all
	@BUILD=$(BUILD) sh tests/slips/slips.sh
