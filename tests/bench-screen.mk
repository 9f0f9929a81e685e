# make bench-screen: from a key to the bytes on the terminal, 200 000 rows behind the search; the road on a
# line of 9 600 bit/s; then beside tig, mutt, newsboat and dialog.
.PHONY: bench-screen
bench-screen: all $(BUILD)/tests/bench/screen_bench $(BUILD)/tests/bench/peers_bench $(BUILD)/tests/screens/line_test
	@.ci/setup build test bench
	@sh tests/bench/peers.sh $(abspath $(BUILD))/peers
	@BUILD=$(BUILD) $(BUILD)/tests/bench/screen_bench $(abspath $(BUILD))/peers
	@BUILD=$(BUILD) $(BUILD)/tests/screens/line_test 2>/dev/null
	@BUILD=$(BUILD) $(BUILD)/tests/bench/peers_bench $(abspath $(BUILD))/peers

$(BUILD)/tests/bench/screen_bench: $(BUILD)/tests/bench/screen_bench.o $(BUILD)/tests/bench/corpus.o \
	$(BUILD)/tests/bench/process.o $(BUILD)/tests/bench/peers.o $(BUILD)/tests/screens/term.o $(BUILD)/tests/screens/hall.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ -lvterm -lutil $(LIBS_TEST)

$(BUILD)/tests/bench/peers_bench: $(BUILD)/tests/bench/peers_bench.o $(BUILD)/tests/bench/corpus.o \
	$(BUILD)/tests/bench/process.o $(BUILD)/tests/bench/peers.o $(BUILD)/tests/screens/term.o $(BUILD)/tests/screens/hall.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ -lvterm -lutil $(LIBS_TEST)
