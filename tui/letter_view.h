/*
 * What is said of a letter wherever it is shown: what becomes of it next, what one can do now, and
 * those acts with the questions they need.
 */
#ifndef YIMEN_TUI_LETTER_VIEW_H
#define YIMEN_TUI_LETTER_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/station/outbox.h"
#include "tui/keys.h"

struct app;
struct buf;
struct outbox_file_result;
struct pager;
struct session;
struct store;

/* Adds the papers under way, and what happens next or is to be done. */
void letter_advice(struct pager *p, int label_cols, const struct session *s, const struct letter *l,
	int64_t now_ms);
/* The same after its number and matter, where it came from and why it is held. In more than `rows`
 * (0: there are enough) a long reason is shortened: what to do now stays whole. */
void letter_lines(struct pager *p, int label_cols, const struct session *s, const struct letter *l,
	int64_t now_ms, int rows);
/* Appends the state in words: 退回, 待发, 待发 45% while its scans are on their way. */
void letter_state_words(struct buf *out, const struct letter *l);

/* Appends why it has to wait for another letter of its case; false: it has not. */
bool letter_behind_words(struct buf *out, const struct letter *l);
/* What became of one that is replaced or given up. */
const char *letter_ended_words(const struct letter *l);
/* Taking it back gives up the whole case: the centre has never taken it. That is asked first. */
bool letter_is_case(const struct letter *l);
const char *letter_abandon_question(void);
/* Appends one line: which letter could not go into a file, and why. */
void letter_left_words(struct buf *out, const struct letter *l, const char *why);
/* Appends the sentence of what was taken in from a file. */
void letter_taken_words(struct buf *out, const struct outbox_file_result *done);
/* Appends the state and why of the letter of this id, as it is now; nothing when it is gone. */
void letter_note(struct buf *out, const struct session *s, const char *id);
/* Why it is where it is, of which this was told (NULL: nothing): while an exercise has cut the line
 * that is why one waits, whatever the deliverer found when it tried. Borrowed from told. */
const char *letter_reason(const struct session *s, const struct letter *l, const char *told);
/* Appends what the letter is about: the matter; before it the act when it is not the first
 * application, and that it is carried for another window. */
void letter_subject(struct buf *out, const struct letter *l);

enum {
	LETTER_COMMANDS_MAX = 6
};
/* The acts it allows, the most wanted first; returns how many. */
size_t letter_commands(const struct letter *l, enum command *out);
/* Does one of them; false: not an act on letters. l is not needed afterwards. */
bool letter_command(struct app *a, const struct letter *l, enum command c);

#endif
