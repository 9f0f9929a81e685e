.PHONY: check
check: $(GENERATED)
	@.ci/setup build check
	@sh tests/check.sh
