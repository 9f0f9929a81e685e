/*
 * What is typed into the form of an act (tui/act_form.h), kept on disk while it is typed
 * (core/station/act_begun.h) and put back when the act is taken up again. It knows no terminal.
 */
#ifndef YIMEN_TUI_ACT_KEEP_H
#define YIMEN_TUI_ACT_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "tui/reasons.h"

struct act_form;
struct draft_lock;

struct act_keep {
	struct act_form *form; /* borrowed */
	char *operator_name, *window;
	struct draft_lock *lock;
	int64_t begun_ms;	   /* when what was put back was begun; 0: nothing was */
	char *begun_by;		   /* who typed it last; NULL: nothing was begun */
	struct buf place;	   /* the field with the cursor; after opening: where it was */
	bool over;		   /* the case moved on: there is nothing to keep any more */
	struct act_proposed *list; /* private: the form's own proposals, by place */
	size_t count;
	struct kept_reasons reasons; /* private: why warnings were accepted, as on disk */
};

/*
 * What stands in the form now is its proposal; what was begun is put back over it. ERR_BUSY: it is
 * being filled in elsewhere, as why says, or what was begun cannot be read now. Free it before the
 * form.
 */
enum err act_keep_open(struct act_keep **out, struct act_form *f, const char *operator_name,
	const char *window, struct buf *why);
/* All that changed since the last call, in one commit. When the case has moved on so that the act
 * is not possible any more: OK and `over`. */
enum err act_keep_save(struct act_keep *k);
enum err act_keep_at(struct act_keep *k, const char *place);
/* What was begun is dropped, and nothing more is kept by this one. */
enum err act_keep_drop(struct act_keep *k);
void act_keep_free(struct act_keep *k); /* what was not saved is lost; NULL does nothing */

#endif
