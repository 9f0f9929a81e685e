# Screen tests: the real workstation in a pseudo-terminal, whole screens compared cell by cell.
# YIMEN_UPDATE_GOLDEN=1 make screens writes tests/screens/golden anew: look at what changed.

SCREENS := $(patsubst tests/screens/%.c,$(BUILD)/tests/screens/%,$(wildcard tests/screens/*_test.c))
TESTS   += $(SCREENS)

$(BUILD)/tests/screens/%_test: $(BUILD)/tests/screens/%_test.o $(BUILD)/tests/screens/term.o $(BUILD)/tests/screens/term_golden.o \
		$(BUILD)/tests/screens/hall.o $(BUILD)/tests/screens/inside.o \
		$(BUILD)/tests/screens/roads.o $(BUILD)/tests/screens/wire.o $(BUILD)/tests/screens/lines.o $(BUILD)/tests/bench/corpus.o $(BUILD)/tests/screens/day_fill.o \
		$(BUILD)/tests/unit/recount.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ -lvterm -lutil $(LIBS_TEST)

# A locale of the other charset of the field, whether or not the machine has it.
GB18030 := $(BUILD)/locales/zh_CN.GB18030/LC_CTYPE
$(GB18030):
	@mkdir -p $(BUILD)/locales
	localedef -i zh_CN -f GB18030 $(BUILD)/locales/zh_CN.GB18030

tests: $(GB18030)

.PHONY: screens
screens: all $(GB18030) $(SCREENS)
	@BUILD=$(BUILD) sh tests/run.sh $(SCREENS)

# Keys at random; under the sanitizers with SAN=1. KEYS=1000000 for the long run, SEED=n for another.
.PHONY: screens-random
screens-random: all $(GB18030) $(BUILD)/tests/screens/random_test
	@KEYS=$(or $(KEYS),100000) SEED=$(SEED) BUILD=$(BUILD) $(BUILD)/tests/screens/random_test
