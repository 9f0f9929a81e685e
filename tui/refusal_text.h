/*
 * What the centre refused in a letter, told with the labels of its form.
 */
#ifndef YIMEN_TUI_REFUSAL_TEXT_H
#define YIMEN_TUI_REFUSAL_TEXT_H

struct letter;
struct store;

/*
 * As refusal_each, but field is the field's label (and which repetition), by the form of the
 * letter's answers; the place itself when that form, or the field in it, is not here. Reads the
 * form anew: once for a letter, not for each paint. l: with its body.
 */
void refusal_each_field(struct store *s, const struct letter *l,
	void (*each)(void *arg, const char *field, const char *message), void *arg);

#endif
