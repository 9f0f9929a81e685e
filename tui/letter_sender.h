/*
 * Who delivers what waits: whoever leaves a letter to itself has to know that somebody sends it.
 */
#ifndef YIMEN_TUI_LETTER_SENDER_H
#define YIMEN_TUI_LETTER_SENDER_H

struct cmd_station;
struct session;

enum letter_sender {
	LETTER_SENDER_BACKGROUND,  /* yimen-deliver runs, whether a workstation is open or not */
	LETTER_SENDER_WORKSTATION, /* the one that is open, as long as it is */
	LETTER_SENDER_NOBODY,
	LETTER_SENDER_NO_CENTRE /* whoever it is: the station is not enrolled */
};

/* As the workstation knows it, that itself is open. */
enum letter_sender letter_sender_open(const struct session *s);
/* As a command finds it. */
enum letter_sender letter_sender_found(const struct cmd_station *s);

/* What a person has to do about one that waits, a sentence. */
const char *letter_sender_words(enum letter_sender by);

#endif
