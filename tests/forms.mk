# Suites of other implementations: tests/forms/NAME_suite.c is one program; what it reads, and what
# we leave out with the reason, is in tests/forms/conformance.

CONFORMANCE := $(patsubst tests/forms/%.c,$(BUILD)/tests/forms/%,$(wildcard tests/forms/*_suite.c))
TESTS       += $(CONFORMANCE)

$(BUILD)/tests/forms/%_suite: $(BUILD)/tests/forms/%_suite.o $(BUILD)/tests/forms/suite.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_TEST)

.PHONY: conformance
conformance: $(CONFORMANCE)
	@status=0; for suite in $(CONFORMANCE); do $$suite || status=1; done; exit $$status
