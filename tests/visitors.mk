# A whole day by keys, the real programs: short in make test, VISITORS=60 in make day.
VISITORS_DAY := $(BUILD)/tests/day/visitors
tests: $(VISITORS_DAY)
TESTS += $(VISITORS_DAY)

$(VISITORS_DAY): $(BUILD)/tests/day/visitors.o $(BUILD)/tests/unit/recount.o $(FAULTS_HELPERS) $(FAULTS_OTHERS) $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ -lvterm -lutil $(LIBS_TEST)

.PHONY: day
day:
	@.ci/setup build test
	@$(MAKE) -s all tests
	@BUILD=$(BUILD) VISITORS=$${VISITORS:-60} $(VISITORS_DAY)
