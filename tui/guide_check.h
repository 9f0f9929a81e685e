/*
 * What a guide's own conditions (when a paper is asked for, when a question is) say of answers that
 * nobody can give: for the quality report and for who takes a catalogue in. Nothing is refused for
 * it; a form that this station does not have is no fault of the guide.
 */
#ifndef YIMEN_TUI_GUIDE_CHECK_H
#define YIMEN_TUI_GUIDE_CHECK_H

struct guide_check;
struct matter;

/* home: where the station's own forms are; NULL: only the shipped ones are looked at. */
struct guide_check *guide_check_new(const char *home);
void guide_check_free(struct guide_check *c);
/* Each fault as a sentence that begins with the paper or question it is in; borrowed for the call.
 */
void guide_check_matter(struct guide_check *c, const struct matter *m,
	void (*each)(void *arg, const char *fault), void *arg);

#endif
