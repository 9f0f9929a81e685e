# The road by commands, with the real programs. N: how many applications under fire.
TESTS += tests/road/road.sh tests/road/outbox.sh tests/road/day.sh tests/road/demo.sh tests/road/help.sh tests/road/forms.sh \
	tests/road/fresh.sh tests/road/restored.sh tests/road/wrong.sh tests/road/language.sh tests/road/service.sh

.PHONY: road
road: all
	@BUILD=$(BUILD) N=$(or $(N),200) sh tests/road/road.sh
