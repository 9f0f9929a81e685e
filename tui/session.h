/*
 * What all screens share: the station's file, who is at which window, how the line is, what waits.
 */
#ifndef YIMEN_TUI_SESSION_H
#define YIMEN_TUI_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/domain/complaint.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"

struct app_options;
struct visitors;
struct buf;
struct catalogue;
struct search;
struct store;

enum centre_link {
	CENTRE_UNKNOWN, /* the deliverer has not said yet */
	CENTRE_ONLINE,
	CENTRE_OFFLINE,
	CENTRE_NONE /* the station is not enrolled: there is no centre yet */
};

struct session {
	const struct clock *clock;
	struct store *store;
	struct catalogue *catalogue;
	struct search *search;
	char *hall, *banner;
	char *station; /* its name at the centre */
	char *windows; /* "01 综合受理, 02 社保医保"; NULL: any may be typed */
	struct operator who;
	bool signed_in;
	char window[32];
	enum centre_link link;
	int link_ms;		/* round trip when online; -1: not known */
	int64_t link_since_ms;	/* wall time */
	bool cut;		/* by an exercise: then that is why, whatever a try has found */
	char *link_reason;	/* a sentence when offline or without a centre; NULL */
	int64_t pause_until_ms; /* when the line is tried again; 0: not said */
	int max_age_days;	/* an older catalogue is warned about; 0: never */
	int correction_days;	/* an applicant has for a supplement, by the calendar */
	int late_minutes;	/* after which a letter counts as late */
	int yellow_days;	/* working days before a deadline that it is shown */
	int evaluation_seconds; /* the evaluation screen waits so long */
	struct complaint_days complaint_days;
	struct outbox_counts letters;
	size_t today;		   /* cases of today */
	size_t news;		   /* cases changed at the centre and notices, not looked at */
	int32_t day;		   /* today, as the catalogue knows it */
	int64_t version;	   /* of the file when the counts were read */
	int64_t saved_ms;	   /* 0: nothing saved yet */
	bool unsaved;		   /* typed, and putting it on disk failed */
	bool unmasked;		   /* numbers are shown whole */
	struct visitors *visitors; /* the queue (tui/visitors.h) */
	char asked[ID_UUID_SIZE];  /* the letter that a question in the message row is about */
	char visit[ID_UUID_SIZE];  /* the case before, when the same visitor goes on; "" */
};

enum err session_open(struct session **out, const struct app_options *options, struct buf *why);
void session_close(struct session *s);

/* The operator is at the window: name and window are remembered. */
void session_sign_in(struct session *s, struct operator* who, const char *window);
void session_sign_out(struct session *s);
/* The program is left: the shift ends. What is still open is counted in the trail. */
void session_leave(struct session *s);

/* Reads the counts again. true: something differs from what was shown. */
bool session_refresh(struct session *s);
/* Only when another program has written, or a new day has begun. true: something has changed. */
bool session_poll(struct session *s);
/* The matter is among those that come first when nothing is typed; toggles it. true: it is now. */
bool session_pin(struct session *s, const char *task_code);
/* How many reads of the station's file and of the catalogue have failed so far; *why: of one of the
 * last. */
unsigned session_unread(const struct session *s, enum err *why);
/* Notes the result of putting something on disk. */
void session_saved(struct session *s, enum err e);

/*
 * One line from the deliverer (core/station/agent.h): link, letter, pause, changed; others are
 * ignored. The line is cut up. true: something to show.
 */
bool session_event(struct session *s, char *line);
/* Appends what waits and what becomes of it when this program is left; nothing when none waits. */
void session_left_waiting(const struct session *s, struct buf *out);
/* The deliverer has ended by itself. */
void session_alone(struct session *s);
/* The exercise has cut the line, or mended it: so it is shown at once, and while it is cut no news
 * of the deliverer says otherwise. */
void session_exercise(struct session *s, bool cut);

/* Appends the two sides of the status row and the right of the title row; brief: where a title
 * needs the room, without the date. */
void session_status_left(const struct session *s, struct buf *out);
void session_status_right(const struct session *s, struct buf *out);
void session_whose(const struct session *s, bool brief, struct buf *out);

#endif
