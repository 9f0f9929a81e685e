/*
 * Every act the workstation knows, in one table: its keys, its name, its help. The footer, the help
 * screen and the command palette are drawn from it, so they cannot drift apart. A screen says which
 * acts are possible now; the program finds the one a key means among those. The same key may stand
 * for different acts on different screens, never for two on one.
 */
#ifndef YIMEN_TUI_KEYS_H
#define YIMEN_TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/key.h"

enum command {
	CMD_NONE,
	/* everywhere */
	CMD_HELP,
	CMD_PALETTE,
	CMD_BACK,
	CMD_QUIT,
	CMD_ANSWER,
	CMD_LEAVE,
	CMD_REDRAW,
	CMD_GO_TODAY,
	CMD_GO_FIND,
	CMD_GO_CASES,
	CMD_GO_OUTBOX,
	CMD_GO_COUNTS,
	CMD_GO_CHANGES,
	CMD_BROWSE,
	CMD_BLANK,
	CMD_SLOW,
	CMD_THEME,
	CMD_CUT_LINE,
	CMD_UNMASK,
	CMD_LARGE,
	CMD_SIGN_OUT,
	/* lists and pages */
	CMD_MOVE,
	CMD_ENTER_LIST,
	CMD_OPEN,
	CMD_PICK,
	CMD_TAKE,
	CMD_PAGE,
	CMD_SIDEWAYS,
	CMD_SECTION,
	CMD_GROUP,
	CMD_GROUP_BACK,
	CMD_FILTER,
	CMD_KIND,
	CMD_PIN,
	CMD_FACET,
	CMD_SEEK,
	CMD_SEEK_NEXT,
	CMD_COPY,
	CMD_PRINT,
	CMD_CLEAR,
	CMD_RUN,
	/* the road */
	CMD_SIGN_IN,
	CMD_NEXT,
	CMD_PREVIOUS,
	CMD_NEXT_FIELD,
	CMD_CHOOSE,
	CMD_START,
	CMD_START_NOW,
	CMD_CONSULT,
	CMD_TAKE_UP,
	CMD_NOTICE,
	CMD_TICK,
	CMD_DEFER,
	CMD_REMARK,
	CMD_CONTINUE,
	CMD_NEXT_STEP,
	CMD_FAULT,
	CMD_REVIEW,
	CMD_ACCEPT,
	CMD_ADD,
	CMD_REMOVE,
	CMD_UNDO,
	CMD_REDO,
	CMD_WHY,
	CMD_TAKE_OFFER,
	CMD_TAKE_ALL,
	CMD_REFUSE_OFFER,
	CMD_RECALL,
	CMD_PERSON,
	CMD_DOUBT,
	CMD_CLOSE,
	CMD_OTHER,
	CMD_GO_ON,
	CMD_SAME_PERSON,
	CMD_PARK,
	CMD_DROP,
	CMD_SUBMIT,
	CMD_DONE,
	/* slips */
	CMD_SLIPS,
	CMD_SLIP_FILL,
	CMD_SLIP_PRINT,
	CMD_SLIP_PDF,
	CMD_SLIP_LP,
	CMD_SLIP_KIND,
	CMD_SLIP_NEW,
	/* handing over, the end of shift and day */
	CMD_HAND,
	CMD_HAND_THIS,
	CMD_SIGN_OFF,
	CMD_SPAN,
	CMD_SUMMARY_PDF,
	CMD_SUMMARY_CSV,
	CMD_DAY_END,
	CMD_RECONCILE,
	CMD_DAY_CLOSE,
	/* letters and cases */
	CMD_ACT,
	CMD_CONFIRM,
	CMD_ANEW,
	CMD_DELIVER,
	CMD_GO_PICKUP,
	CMD_CORRECT,
	CMD_TAKE_BACK,
	CMD_GIVE_UP,
	CMD_RETRY,
	CMD_RETRY_ALL,
	CMD_EXPORT,
	CMD_IMPORT,
	CMD_HOLD,
	CMD_RELEASE,
	CMD_OPEN_CASE,
	CMD_HELD_ONLY,
	CMD_NARROW,
	CMD_ATTACH,
	CMD_DETACH,
	CMD_GO_NOTICES,
	CMD_EARLIER,
	CMD_LATER,
	/* evaluation */
	CMD_EVALUATE,
	CMD_GO_LEDGER,
	CMD_LEDGER_ACT,
	CMD_LEDGER_ALL,
	/* visitors */
	CMD_GO_QUEUE,
	CMD_CALL_NEXT,
	CMD_TICKET_CALL,
	CMD_TICKET_START,
	CMD_TICKET_FINISH,
	CMD_TICKET_RESUME,
	CMD_TICKET_RECALL,
	CMD_TICKET_ASIDE,
	CMD_TICKET_SEND,
	CMD_TICKET_DRAW,
	CMD_TICKET_CANCEL,
	CMD__MAX
};

struct command_key {
	enum key_code code;
	unsigned ch;
};

struct command_info {
	const char *word;	    /* stable name for the palette, e.g. "go-find" */
	struct command_key keys[5]; /* closed by K_NONE; letters only as short cuts */
	const char *keys_text;	    /* N_(): what the footer shows, e.g. "Enter" */
	const char *name;	    /* N_() */
	const char *initials;	    /* pinyin initials of the name, for the palette */
	const char *help;	    /* N_(): one sentence */
};

const struct command_info *command_info(enum command c);

/* How much of the keyboard text entry takes from the commands. */
enum typing {
	TYPING_NONE,   /* every key may be a command */
	TYPING_WORDS,  /* letters, digits and blanks are text; ? : / still are commands */
	TYPING_CHOICE, /* the same, but / too is text: an answer is being chosen */
	TYPING_TEXT    /* every character is text */
};

/* The command of this key among those given; CMD_NONE: none. Full-width twins count. */
enum command command_of_key(
	const struct key *k, const enum command *among, size_t count, enum typing typing);

/* How words match a command by Chinese name, its pinyin or initials, stable word or English name.
 * What begins with them is meant before what has them inside. "" matches, inside. */
enum command_match {
	MATCH_NONE,
	MATCH_INSIDE,
	MATCH_BEGINS
};
enum command_match command_match(enum command c, const char *words);

#endif
