# make faults: the proof that nothing is lost and nothing is twice, a figure a row. Its lengths (N,
# SEEDS, CUTS, OFFSETS, CALLS, ROOMS) are in the README. A short version is part of make test.
# make faults-planted: each planted bug is found by the part that it names.

FAULT_PROGRAMS := $(patsubst %,$(BUILD)/tests/faults/%,catalogue disk hostile journal kills line mounted power promises simulator \
	syscalls typing)
FAULTS_HELPERS := $(patsubst %,$(BUILD)/tests/faults/%.o,certificate chance count hostile_centre \
	platter program proxy report simdisk small_disk stage tape)
FAULTS_OTHERS  := $(BUILD)/tests/screens/term.o $(BUILD)/tests/screens/hall.o \
	$(BUILD)/tests/unit/fake_centre.o $(BUILD)/tests/unit/letters.o $(BUILD)/tests/unit/scratch.o $(BUILD)/tests/unit/world.o

$(FAULT_PROGRAMS): $(BUILD)/tests/faults/%: $(BUILD)/tests/faults/%.o $(FAULTS_HELPERS) $(FAULTS_OTHERS) $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ -lvterm -lutil $(LIBS_TEST)

SHIMS := $(BUILD)/tests/faults/shim_fail.so $(BUILD)/tests/faults/shim_record.so

$(SHIMS): %.so: %.o $(BUILD)/tests/faults/shim_open.o
	$(CC) -shared -o $@ $^ -ldl

$(SHIMS:.so=.o) $(BUILD)/tests/faults/shim_open.o: CFLAGS += -fPIC -fno-builtin -fno-sanitize=all

# A disk of our own, where it can be built: FUSE. Without it "mounted" is skipped, and says so.
LOSSY := $(if $(shell $(PKGCFG) --exists fuse3 2>/dev/null && echo yes),$(BUILD)/tests/faults/lossy)
$(BUILD)/tests/faults/lossy.o: CFLAGS += $(shell $(PKGCFG) --cflags fuse3 2>/dev/null)
$(BUILD)/tests/faults/lossy: $(BUILD)/tests/faults/lossy.o $(BUILD)/tests/faults/platter.o \
		$(BUILD)/tests/faults/chance.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(shell $(PKGCFG) --libs fuse3) $(LIBS_BASE)

tests: $(FAULT_PROGRAMS) $(SHIMS) $(LOSSY)
TESTS += tests/faults/faults.sh

.PHONY: faults
faults:
	@.ci/setup build test
	@$(MAKE) -s all tests
	@BUILD=$(BUILD) sh tests/faults/faults.sh long

.PHONY: faults-planted
faults-planted:
	@.ci/setup build test
	@$(MAKE) -s all tests
	@BUILD=$(BUILD) sh tests/faults/planted.sh
