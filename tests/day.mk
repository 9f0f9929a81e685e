# Figures of a day: `yimen day --json` held against the audit trail, counted anew. recount is for
# scripts: yimen day --json | build/tests/day/recount "$YIMEN_HOME" 2026-11-24

RECOUNT := $(BUILD)/tests/day/recount
tests: $(RECOUNT)

$(RECOUNT): $(BUILD)/tests/day/recount_main.o $(BUILD)/tests/unit/recount.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_TEST)
