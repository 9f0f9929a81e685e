# HTTP tests: the real yimen-central on a port of its own in a folder of its own.

HTTP         := $(patsubst tests/http/%.c,$(BUILD)/tests/http/%,$(wildcard tests/http/*_test.c))
HTTP_HELPERS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %_test.c,$(wildcard tests/http/*.c)))
TESTS        += $(HTTP) tests/http/tls.sh

$(BUILD)/tests/http/%: $(BUILD)/tests/http/%.o $(HTTP_HELPERS) $(LIBRARY) $(BUILD)/yimen-central
	$(CC) $(LDFLAGS) -o $@ $(filter-out %/yimen-central,$^) -lcmocka $(LIBS_CENTRAL) $(LIBS_FORMS) $(LIBS_BASE)

$(BUILD)/tests/http/postgres_test: $(BUILD)/tests/unit/postgres.o
$(BUILD)/tests/http/away_test: | $(BUILD)/tests/faults/shim_fail.so

.PHONY: http
http: $(HTTP)
	@BUILD=$(BUILD) sh tests/run.sh $(HTTP)
