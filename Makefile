# Yimen 一门. `make help` lists what can be asked for.

BUILD  := $(if $(SAN),build-san,build)
PREFIX ?= /usr/local
CC     ?= cc
PKGCFG  = pkg-config

WARN   := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wcast-qual -Wvla -Wwrite-strings -Wformat=2 -Wno-format-nonliteral
comma  := ,
OPT    := $(if $(SAN),-O1 -fno-omit-frame-pointer -fsanitize=address$(comma)undefined \
	-fno-sanitize-recover=undefined,-O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2)
CPPFLAGS += -I. -I$(BUILD)/gen -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE
CFLAGS   += -std=c11 -g $(OPT) $(WARN) -MMD -MP
LDFLAGS  += $(if $(SAN),-fsanitize=address$(comma)undefined,-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now) \
	-Wl,--as-needed

# What each program links. Each outside library has one home (see tests/include-rules.sh).
LIBS_BASE    := -lsqlite3 -lcjson -lgcrypt -lutf8proc -lm
LIBS_FORMS   := -lpcre2-8 -lexpat
LIBS_TUI     := -lncursesw
LIBS_CENTRAL := -lmicrohttpd -lgnutls -lpq
LIBS_DELIVER := -lcurl

# libzip is loaded when it is needed (forms/package.c), by the name programs are linked to.
ZIP_LIBRARY   = $(shell objdump -p "$$($(CC) -print-file-name=libzip.so)" | sed -n 's/^ *SONAME *//p')

# yimen-print alone links fonts and drawing; without them the rest is built all the same (make pdf).
LIBS_PRINT    = $(shell $(PKGCFG) --libs pangocairo fontconfig libqrencode)
CFLAGS_PRINT  = $(shell $(PKGCFG) --cflags pangocairo fontconfig libqrencode)
HAVE_PRINT   := $(shell $(PKGCFG) --exists pangocairo fontconfig libqrencode 2>/dev/null && echo yes)

MAINS    := tui/main.c core/central/main.c core/station/deliver_main.c
SOURCES  := $(filter-out $(MAINS) core/print/%,$(wildcard core/*/*.c core/*/*/*.c forms/*.c tui/*.c tui/*/*.c))
HEADERS  := $(wildcard core/*/*.h core/*/*/*.h forms/*.h tui/*.h tui/*/*.h)
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o)
LIBRARY  := $(BUILD)/libyimen.a
PROGRAMS := $(patsubst %,$(BUILD)/%,$(if $(wildcard tui/main.c),yimen) \
	$(if $(wildcard core/central/main.c),yimen-central) \
	$(if $(wildcard core/station/deliver_main.c),yimen-deliver) $(if $(HAVE_PRINT),yimen-print))

.PHONY: all
all: $(PROGRAMS) messages

include data/build.mk
include tests/build.mk

$(BUILD)/%.o: %.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/forms/package.o: CPPFLAGS += -DZIP_LIBRARY='"$(ZIP_LIBRARY)"'

$(LIBRARY): $(OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/yimen: $(BUILD)/tui/main.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_TUI) $(LIBS_FORMS) $(LIBS_BASE)

$(BUILD)/yimen-central: $(BUILD)/core/central/main.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_CENTRAL) $(LIBS_FORMS) $(LIBS_BASE)

$(BUILD)/yimen-deliver: $(BUILD)/core/station/deliver_main.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_DELIVER) $(LIBS_BASE)

# libpq's header has a folder of its own.
$(patsubst %.c,$(BUILD)/%.o,$(wildcard core/central/pg*.c)): CPPFLAGS += $(shell $(PKGCFG) --cflags libpq)

PRINT_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard core/print/*.c))
$(PRINT_OBJECTS): CFLAGS += $(CFLAGS_PRINT)
$(BUILD)/yimen-print: $(PRINT_OBJECTS) $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_PRINT) $(LIBS_BASE)

# ---- for people ----

.PHONY: demo
demo:
	@.ci/setup build
	@echo "yimen: 编译 / building ..."
	@$(MAKE) -s -j$$(nproc) all
	@exec $(BUILD)/yimen demo

.PHONY: pdf
pdf:
	@.ci/setup build pdf
	@$(MAKE) -s all

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/yimen
	install -m 755 $(BUILD)/yimen $(BUILD)/yimen-central $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/yimen-deliver $(DESTDIR)$(PREFIX)/libexec/yimen
	if [ -x $(BUILD)/yimen-print ]; then \
		install -m 755 $(BUILD)/yimen-print $(DESTDIR)$(PREFIX)/libexec/yimen; fi
	for f in $$(find forms/library forms/acts data/calendars data/regions data/demo data/slips data/*.tsv -type f); do \
		install -D -m 644 $$f $(DESTDIR)$(PREFIX)/share/yimen/$$f || exit 1; done
	for m in data/man/*.1; do install -D -m 644 $$m $(DESTDIR)$(PREFIX)/share/man/man1/$${m##*/} || exit 1; done
	install -D -m 644 $(BUILD)/locale/en/LC_MESSAGES/yimen.mo \
		$(DESTDIR)$(PREFIX)/share/locale/en/LC_MESSAGES/yimen.mo
	install -D -m 644 data/yimen-deliver.service \
		$(DESTDIR)$(PREFIX)/lib/systemd/user/yimen-deliver.service
	install -D -m 644 data/yimen-central.conf $(DESTDIR)$(PREFIX)/share/yimen/data/yimen-central.conf
	install -D -m 644 data/yimen-central.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/yimen-central.conf
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed "s,/usr/bin/env yimen-central,$(PREFIX)/bin/yimen-central," data/yimen-central.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/yimen-central.service
	chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/yimen-central.service

.PHONY: help
help:
	@echo "make            编译 / build            build/yimen, build/yimen-central"
	@echo "make pdf        文书出 PDF / PDF papers  installs fonts and drawing, builds yimen-print"
	@echo "make demo       演示大厅 / demo hall    installs what is missing, builds, opens it"
	@echo "make test       测试 / tests            SAN=1: with address and undefined behaviour checks"
	@echo "make check      格式与规则 / format, static analysis, include rules, messages"
	@echo "make api        接口契约 / API contract against data/openapi.yaml (needs npm)"
	@echo "make conformance  公开用例 / XLSForm and ODK cases of others: passed, left out, failed"
	@echo "make day        一天 60 位来人 / a scripted day of 60 visitors, its figures counted anew; VISITORS="
	@echo "make faults     不丢不重的证明 / the proof that nothing is lost, nothing twice; N= SEEDS="
	@echo "make bench      测量 / measurements beside peers and limits"
	@echo "make fuzz-NAME  乱喂 / fuzzing: answer csv entry expr keys letters_log xlsx; TIME= seconds, MAX_LEN= bytes"
	@echo "make screens-random 乱按 / random keys at the screens; KEYS="
	@echo "make install    安装 / install          PREFIX=$(PREFIX) DESTDIR="
	@echo "make clean      清理 / remove what was built"

.PHONY: clean
clean:
	rm -rf build build-san

-include $(OBJECTS:.o=.d) $(PRINT_OBJECTS:.o=.d) $(MAINS:%.c=$(BUILD)/%.d)
