# The tests. A file tests/unit/NAME_test.c is one cmocka program.

UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*_test.c))

$(BUILD)/tests/%.o: tests/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS_TUI) $(LIBS_CENTRAL) $(LIBS_DELIVER) $(LIBS_FORMS) $(LIBS_BASE)

.PHONY: unit
unit: $(UNIT)
	@BUILD=$(BUILD) sh tests/run.sh $(UNIT)
.PRECIOUS: $(BUILD)/tests/unit/%.o

-include $(UNIT:%=%.d)
