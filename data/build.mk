# Files made at build time from data: SQL text and tables as C, message catalogues.

GENERATED :=

MO := $(patsubst data/messages/%.po,$(BUILD)/locale/%/LC_MESSAGES/yimen.mo,$(wildcard data/messages/*.po))

.PHONY: messages
messages: $(MO)

$(BUILD)/locale/%/LC_MESSAGES/yimen.mo: data/messages/%.po
	@mkdir -p $(@D)
	msgfmt -c -o $@ $<

# data/sql/NAME.sql becomes gen/sql_NAME.h: one C string literal, to be #included as an initialiser.
SQL_HEADERS := $(patsubst data/sql/%.sql,$(BUILD)/gen/sql_%.h,$(wildcard data/sql/*.sql))
GENERATED += $(SQL_HEADERS)

$(BUILD)/gen/sql_%.h: data/sql/%.sql
	@mkdir -p $(@D)
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< >$@
