# Fuzzing with libFuzzer: make fuzz-NAME runs tests/fuzz/NAME_fuzz.c for TIME seconds (or RUNS inputs)
# from tests/fuzz/corpus/NAME; new inputs go to build-fuzz, findings too. Needs clang.

TIME ?= 60
RUNS ?= -1
MAX_LEN ?= 2000
FUZZ := build-fuzz
FUZZ_FLAGS := -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined

.PHONY: fuzz-build
fuzz-build:
	@.ci/setup build fuzz
	@$(MAKE) -s BUILD=$(FUZZ) CC=clang OPT="$(FUZZ_FLAGS)" $(FUZZ)/libyimen.a

$(FUZZ)/%_fuzz: tests/fuzz/%_fuzz.c fuzz-build
	clang $(CPPFLAGS) -std=c11 -g $(FUZZ_FLAGS) $(WARN) -fsanitize=fuzzer -o $@ $< $(FUZZ)/libyimen.a \
		$(LIBS_TUI) $(LIBS_CENTRAL) $(LIBS_DELIVER) $(LIBS_FORMS) $(LIBS_BASE) -lzip

.PHONY: fuzz-%
fuzz-%: $(FUZZ)/%_fuzz
	@mkdir -p $(FUZZ)/corpus/$*
	$< -max_total_time=$(TIME) -runs=$(RUNS) -max_len=$(MAX_LEN) -timeout=5 -rss_limit_mb=1024 \
		-artifact_prefix=$(FUZZ)/$*- $(if $(wildcard tests/fuzz/$*.dict),-dict=tests/fuzz/$*.dict) \
		-print_final_stats=1 $(FUZZ)/corpus/$* tests/fuzz/corpus/$*

# Each target takes its corpus in every run of the tests, built like everything else.
CORPORA := $(patsubst tests/fuzz/%_fuzz.c,$(BUILD)/tests/fuzz/%_corpus,$(wildcard tests/fuzz/*_fuzz.c))
TESTS += $(CORPORA)
$(CORPORA): $(BUILD)/tests/fuzz/%_corpus: $(BUILD)/tests/fuzz/%_fuzz.o $(BUILD)/tests/fuzz/corpus.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_TEST)
