# Screen tests: the real workstation in a pseudo-terminal, whole screens compared cell by cell.
# YIMEN_UPDATE_GOLDEN=1 make screens writes tests/screens/golden anew: look at what changed.

SCREENS := $(patsubst tests/screens/%.c,$(BUILD)/tests/screens/%,$(wildcard tests/screens/*_test.c))
TESTS   += $(SCREENS)

$(BUILD)/tests/screens/%_test: $(BUILD)/tests/screens/%_test.o $(BUILD)/tests/screens/term.o \
		$(BUILD)/tests/screens/hall.o
	$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -lvterm -lutil

.PHONY: screens
screens: all $(SCREENS)
	@BUILD=$(BUILD) sh tests/run.sh $(SCREENS)
