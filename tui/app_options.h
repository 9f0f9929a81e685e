/*
 * What the workstation is opened with, on the full screen (app.h) or in lines (tui/plain).
 */
#ifndef YIMEN_TUI_APP_OPTIONS_H
#define YIMEN_TUI_APP_OPTIONS_H

#include <stdbool.h>

#include "core/domain/complaint.h"
#include "tui/terminal.h"

struct clock;
struct entropy;

enum {
	APP_DELIVERER_AGAIN_MS = 5000
};

struct app_options {
	const char *home;    /* the data folder */
	const char *hall;    /* name of the hall, for the sign-in screen; NULL: none */
	const char *region;  /* hall.region, 12 digits: its matters come first; NULL: none */
	const char *station; /* station.name: this station at the centre */
	const char *windows; /* station.windows: those to choose from; NULL: any */
	const char *window;  /* proposed at sign-in, e.g. "03"; NULL: the last one */
	int max_age_days;    /* catalogue.max_age; 0: never warned about */
	int correction_days; /* hall.correction_days */
	int yellow_days;     /* hall.yellow */
	const char *queue_groups, *queue_windows; /* of the same names */
	const char *queue_file, *queue_calls;	  /* NULL: none */
	int evaluation_seconds;			  /* evaluation.seconds */
	struct complaint_days complaint_days;	  /* evaluation.*_days */
	int late_minutes;			  /* report.late */
	const char *banner;	   /* 训练环境 and the like in the title row; NULL: none */
	const char *operator_name; /* signed in already (demo, after pass phrase elsewhere); NULL */
	const struct clock *clock; /* NULL: the machine's */
	const struct entropy *entropy; /* NULL: the machine's */
	enum theme theme;
	bool theme_set; /* a setting says it; else the one chosen in the program comes before */
	bool slow;
	enum alert alert;
	int event_fd;		/* lines from the deliverer (core/station/agent.h); -1: none */
	int wish_fd;		/* wishes to it: "look", "retry"; -1: none */
	const char *centre_url; /* of the settings; NULL: what was kept at the enrolment, if any */
	/* Begins the deliverer, which gives its two ends: when the first screen is on the terminal,
	 * and again some time after it has ended by itself. NULL: there is none. */
	void (*start_deliverer)(void *arg, int *event_fd, int *wish_fd);
	void (*events_ended)(void *arg); /* end of file on event_fd, which is closed here; NULL:
					    nobody cares */
	void *arg;
	/* The exercise of a training hall: cuts the line to the centre, or mends it when it is cut;
	 * whether it is cut now. NULL: a real hall. */
	bool (*cut_line)(void *training);
	void *training;
};

#endif
