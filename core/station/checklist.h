/*
 * The list of materials of one application: from the matter's materials and the answers about the
 * situation, what is asked for and why, what is there, what is missing, and the conclusion. It
 * knows nothing of expressions: the caller's predicate says whether one holds.
 */
#ifndef YIMEN_CORE_STATION_CHECKLIST_H
#define YIMEN_CORE_STATION_CHECKLIST_H

#include "core/base/err.h"
#include "core/base/json.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct matter;
struct matter_material;

enum checklist_state {
	CHECKLIST_MISSING,  /* asked for, not here */
	CHECKLIST_RECEIVED, /* in the clerk's hands */
	CHECKLIST_EXEMPT,   /* 免交: obtained by data sharing or an e-certificate */
	CHECKLIST_DEFERRED, /* 容缺: to be supplied later */
	CHECKLIST_NONE,	    /* optional and not given */
	CHECKLIST_STATE__MAX
};

struct checklist_item {
	const struct matter_material *material; /* borrowed from the matter */
	enum checklist_state state;
	const char *why;       /* the expression that asked for it; "" = always asked for */
	int originals, copies; /* received, as entered; -1: as required */
	char *note;	       /* remark of the clerk, NULL if none */
};

enum checklist_conclusion {
	CHECKLIST_COMPLETE,   /* 齐全: nothing required is missing or deferred */
	CHECKLIST_DEFERRABLE, /* every required one still missing may be deferred, or is */
	CHECKLIST_INCOMPLETE, /* 不齐: something missing cannot be deferred */
	CHECKLIST_CONCLUSION__MAX
};

struct checklist {
	const struct matter *matter;
	struct checklist_item *items; /* only what is asked for in this situation, in order */
	size_t count;
	struct checklist_item *aside; /* private: one a material, for when it is asked for */
};

struct checklist_summary {
	size_t by_state[CHECKLIST_STATE__MAX];
	enum checklist_conclusion conclusion;
	int deferral_days; /* the shortest limit of those missing or deferred; 0: none said */
};

/*
 * The matter must outlive it. holds says whether an expression of a material (its `relevant`) is
 * true; it is not called for an empty one. NULL: all are asked for. States start as exempt for
 * materials obtained by data sharing, none for optional ones, missing for the rest.
 */
void checklist_init(struct checklist *c, const struct matter *matter,
	bool (*holds)(void *arg, const char *expression), void *arg);
void checklist_fini(struct checklist *c);

/*
 * Asks again after an answer has changed. States and notes are kept, also of a material that leaves
 * the list and comes back.
 */
void checklist_refresh(
	struct checklist *c, bool (*holds)(void *arg, const char *expression), void *arg);

/*
 * ERR_NOT_FOUND: the material is not asked for. ERR_STATE: this state is not allowed for it, why
 * says so (an exempt one needs data sharing or an e-certificate, only 容缺 ones can be deferred,
 * none is for optional ones).
 */
enum err checklist_set(struct checklist *c, const char *material_name, enum checklist_state state,
	struct buf *why);
/* From disk, unasked: also of a material that is not asked for now, for when it is again. */
enum err checklist_restore(
	struct checklist *c, const char *material_name, enum checklist_state state);
/* Received <-> the state it starts with. ERR_NOT_FOUND: no such index. */
enum err checklist_toggle(struct checklist *c, size_t index);
/* note NULL or "": none. Kept likewise. ERR_NOT_FOUND: the matter has no such material. */
enum err checklist_note(struct checklist *c, const char *material_name, const char *note);
struct checklist_item *checklist_find(const struct checklist *c, const char *material_name);

void checklist_sum(const struct checklist *c, struct checklist_summary *out);

/* "missing" "received" "exempt" "deferred" "none": the words of drafts, answers files, letters. */
const char *checklist_state_name(enum checklist_state s);
bool checklist_state_parse(const char *name, enum checklist_state *out);
/* 缺, 已收, 免交, 容缺, 未交 and 材料齐全 …, in the language in force. */
const char *checklist_state_label(enum checklist_state s);
/* The conclusion as a sentence, with the days to supply what is deferred. */
void checklist_conclusion_text(struct buf *out, const struct checklist_summary *s);

/* The letter's `materials`: [{material_name, get_type, get_num, state, …}], appended. */
void checklist_write(struct buf *out, const struct checklist *c);
/*
 * Takes states from such an array, or from an object of an answers file (name -> state; true and
 * false count as received and missing). ERR_INVALID: a name not asked for, a state not allowed; why
 * has one sentence for each. What is good is taken.
 */
enum err checklist_read(struct checklist *c, const json *materials, struct buf *why);

#endif
