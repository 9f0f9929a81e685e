# The tests. A file tests/unit/NAME_test.c is one cmocka program, linked with the whole archive and the
# helpers beside it. Other kinds of tests add their programs to TESTS in a fragment of their own.

UNIT         := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*_test.c))
UNIT_HELPERS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %_test.c,$(wildcard tests/unit/*.c)))
LIBS_TEST    := -lcmocka $(LIBS_TUI) $(LIBS_CENTRAL) $(LIBS_DELIVER) $(LIBS_FORMS) $(LIBS_BASE) -lzip -lcrypto
TESTS        := $(UNIT)

-include $(filter-out tests/build.mk,$(wildcard tests/*.mk))

$(BUILD)/tests/%.o: tests/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# A real PostgreSQL for tests; its library's header has a folder of its own.
$(BUILD)/tests/unit/postgres.o: CPPFLAGS += $(shell $(PKGCFG) --cflags libpq)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(UNIT_HELPERS) $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_TEST)
.PRECIOUS: $(BUILD)/tests/%.o

.PHONY: unit test
unit: $(UNIT)
	@BUILD=$(BUILD) sh tests/run.sh $(UNIT)

test:
	@.ci/setup build pdf test
	@echo "yimen: 编译 / building ..."
	@$(MAKE) -s all tests
	@echo "yimen: 测试 / testing ..."
	@$(MAKE) -s run-tests

.PHONY: tests run-tests
tests: $(filter $(BUILD)/%,$(TESTS))
run-tests:
	@BUILD=$(BUILD) sh tests/run.sh $(TESTS)

-include $(wildcard $(BUILD)/tests/*/*.d)
