# Files made at build time from data: SQL text and tables as C, message catalogues.

GENERATED :=

# data/messages/en/PART.po: the English of one part each; joined into one catalogue.
MO := $(if $(wildcard data/messages/en/*.po),$(BUILD)/locale/en/LC_MESSAGES/yimen.mo)

.PHONY: messages
messages: $(MO)

$(BUILD)/locale/en/LC_MESSAGES/yimen.mo: $(wildcard data/messages/en/*.po)
	@mkdir -p $(@D)
	msgcat --use-first -o $(@D)/yimen.po $^
	msgfmt -c -o $@ $(@D)/yimen.po

# data/sql/NAME.sql becomes gen/sql_NAME.h: one C string literal, to be #included as an initialiser.
SQL_HEADERS := $(patsubst data/sql/%.sql,$(BUILD)/gen/sql_%.h,$(wildcard data/sql/*.sql))
GENERATED += $(SQL_HEADERS)

$(BUILD)/gen/sql_%.h: data/sql/%.sql
	@mkdir -p $(@D)
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< >$@
