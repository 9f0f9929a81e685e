/*
 * Inside of the entry engine: shared by entry*.c only.
 */
#ifndef YIMEN_FORMS_ENTRY_PRIVATE_H
#define YIMEN_FORMS_ENTRY_PRIVATE_H

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/entry.h"
#include "forms/expr.h"
#include "forms/instance.h"

/* One of the warnings that stand at an answer. */
struct doubt {
	const char *rule; /* as in struct finding */
	char *key;	  /* which rule it is, whatever the language: see entry_restore_reason */
	char *message;
};

/* What hangs at every node of the answers. */
struct note {
	struct finding finding;
	bool checked;	      /* finding is that of the present value */
	struct doubt *doubts; /* when that is a warning: all that warn, the first told first */
	size_t doubt_count;
	char *accepted;		    /* the reason for which they were accepted; NULL: not */
	char *accepted_for;	    /* their keys, a line each: another rule's needs its own */
	bool defaulted;		    /* its default has been put in once */
	char *objection, *objected; /* what the centre says of which value; NULL: nothing */
	bool set;		    /* it stands in the entry's list of what was set */
	char *asked;		    /* its required_message, when that mentions answers */
	char *failed;		    /* why its calculation gives nothing; NULL: it does */
};

/* Answers as they are on disk, or as entry_changed last reported them; sorted by place. */
struct saved {
	struct saved_answer {
		char *place, *value;
	} * list;
	size_t count;
};

/* The place where a repetition can be added: a node of its own beside the tree. */
struct slot {
	struct node *parent;
	struct node *handle;
};

enum {
	ENTRY_MET = 4096,
	ENTRY_COUNTED = 1000 /* counted repetitions at most, of all repeats together */
};

/* What is lent until the next of its kind. */
enum said {
	SAID_LABEL,
	SAID_HINT,
	SAID_CHOICE,
	SAID_WORDS, /* of a field or a choice, for a rule that is told */
	SAID_VALUE, /* of a choice, for a rule that is computed */
	SAID__MAX
};

struct entry {
	const struct form *form;
	const struct clock *clock;
	struct expr_env env;
	struct zone_memo zone;
	struct node *root;
	struct node
		*context; /* whose rule is being evaluated: a choice's tree has none of its own */
	struct node *
		*alone; /* by field: the one node of a field that no repetition holds, or NULL */
	struct node **lists; /* one tree for each choice list, made when first asked for */
	struct entry_line *lines;
	size_t line_count, line_cap;
	bool lines_stale;
	const struct field
		*crowded; /* a repeat whose count asks for more than can be held; NULL: none */
	struct buf crowded_said;
	struct buf said[SAID__MAX]; /* texts that mention answers, as they were last said */
	int saying, mentioned; /* texts within each other that are being said, answers in them */
	size_t said_up_to;     /* so long the text may become */
	size_t counted;	       /* counted repetitions, of all repeats; at most ENTRY_COUNTED */
	bool loading; /* many answers come at once: what follows from them is computed after the
			 last */
	struct slot *slots;
	size_t slot_count;
	struct entry_fault *faults;
	size_t fault_count;
	const struct choice **choices;
	struct saved saved, reported;
	bool reshaped;	   /* repetitions came or went since: a place may mean another node */
	struct node **set; /* unless reshaped: those whose value was set since, each once */
	size_t set_count, set_cap;
	struct node *typing; /* what is typed there is no answer yet; NULL: nowhere */
	struct buf typed;    /* that text */
	struct node *meta;   /* what the form notes of itself: instanceID */
	int met[ENTRY_MET];  /* by a name's place in memory: the field it meant last, plus one */
};

const struct field *entry_field(const struct entry *e, const struct node *n);
struct note *entry_note(struct node *n);
bool entry_is_inner(enum field_type t);

void entry_saved_fini(struct saved *s);
/* node_set, remembered for the draft: every value of a field is set by it. A reason for the value
 * of before goes. */
bool entry_put(struct entry *e, struct node *n, const char *value);
/* A repetition comes or goes; what goes is still there. */
void entry_reshaped(struct entry *e);

/* Builds the node of one field with all below it, defaults not yet in force. */
struct node *entry_build(struct entry *e, int field);
/* The three numbers of 2026-1-2, 2026/01/02, 2026.1.2, 20260102, 2026年1月2日, be they a day or
 * not.
 */
bool entry_day_parts(const char *s, struct date *out);
/* 1430, 930, 143005, be it a time or not; *second: -1 when it has none. */
bool entry_digits_time(const char *s, int *hour, int *minute, int *second);
/* Is an answer of FIELD_DATE, FIELD_TIME or FIELD_DATETIME right? false: *fault (empty before)
 * says what is not. */
bool entry_date_right(enum field_type type, const char *value, struct buf *fault);
void entry_free_tree(struct node *top);
/* Takes a repetition away; what follows from it is not computed. */
void entry_discard(struct entry *e, struct node *repetition);
/* Defaults of new nodes below n, then everything that follows from them. */
void entry_defaults(struct entry *e, struct node *n);

/* After each change what is touched by the field (-1: all). */
void entry_recompute(struct entry *e, int changed_field);
/* There are counted repetitions, and an answer to this field may take them away. */
bool entry_counts_by(const struct entry *e, int field);
bool entry_truth(struct entry *e, const struct expr *rule, struct node *context, bool on_error);
/* The value of a rule as text, out being empty; false when it cannot be computed or is too long. */
bool entry_value(struct entry *e, const struct expr *rule, struct node *context, struct buf *out);
/* The same; why: what is in the way when it is false, appended; NULL: nobody asks. */
bool entry_value_or_why(struct entry *e, const struct expr *rule, struct node *context,
	struct buf *out, struct buf *why);
/* The text with what was answered for each ${name} in it, seen from the context. */
void entry_say(struct entry *e, struct node *context, const char *text, struct buf *out);
/* The same, lent. */
const char *entry_said(struct entry *e, struct node *context, const char *text, enum said which);
/* The rule of that field in plain words, appended. */
void entry_explain(
	struct entry *e, const struct field *f, const struct expr *rule, struct buf *out);
/* It has a line of its own when it is relevant. */
bool entry_shown(const struct field *f);
void entry_environment(struct entry *e);
struct node *entry_list_tree(struct entry *e, const struct choice_list *l);

/* Canonical form of what was typed into a field of this type. Appends. */
void entry_normalise(struct entry *e, const struct field *f, const char *raw, struct buf *out);
/* One more warning at the answer; those of before are told first. */
void entry_doubt(struct note *note, const char *rule, const char *which, const char *message);
void entry_forget_doubts(struct note *note);
/* The finding is all the warnings, in one sentence; an error says itself. */
void entry_tell_doubts(struct note *note);
/* reason NULL: takes it away. */
void entry_put_reason(struct note *note, const char *reason, const char *told);
/* A repetition that nobody counts and in which nothing was answered. */
bool entry_is_untouched(const struct entry *e, const struct node *repetition);
/* Such a one that asks for nothing: its form lets it, or another of them was answered and this one
 * added in vain. */
bool entry_is_vain(const struct entry *e, const struct node *repetition);
/* Part of an untouched one: not exported. */
bool entry_left_out(const struct entry *e, const struct node *n);
bool entry_is_sent(const struct entry *e, const struct node *repetition);
/* A question that has to be answered and is not. */
bool entry_repetition_asks(struct entry *e, struct node *n);
/* Takes untouched repetitions away: answers that were handed over whole have no others. */
void entry_drop_untouched(struct entry *e);
/* The value that a draft keeps at the place of a repeat of which there is none. */
#define ENTRY_NONE "0"
/* Each repeat, outside of others, that could have repetitions and has none. */
void entry_each_none(struct entry *e, void (*each)(void *arg, const char *name), void *arg);
/* It was such a value, and the repeat has none now but what was answered. */
bool entry_none_of(struct entry *e, const char *place, const char *raw);
struct node *entry_add_repetition(struct entry *e, struct node *holder, int field);
bool entry_required(struct entry *e, struct node *n);
bool entry_readonly(struct entry *e, struct node *n);

/* The nodes of a tree in document order: after n, or into it. NULL at the end. */
struct node *entry_next_node(const struct node *top, struct node *n);

#endif
