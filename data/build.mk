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

# The pinyin tables, from Debian's unicode-data (package unicode-data) by a generator of our own.
UNIHAN := /usr/share/unicode
GENERATED += $(BUILD)/gen/pinyin_table.h

$(BUILD)/gen/pinyin_generate: data/pinyin/generate.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -O1 $(WARN) -o $@ $<

$(BUILD)/gen/pinyin_table.h: $(BUILD)/gen/pinyin_generate data/pinyin/exceptions.tsv
	bzcat $(UNIHAN)/Unihan_Readings.txt.bz2 $(UNIHAN)/Unihan_Variants.txt.bz2 | \
		$(BUILD)/gen/pinyin_generate data/pinyin/exceptions.tsv >$@.new
	mv $@.new $@
