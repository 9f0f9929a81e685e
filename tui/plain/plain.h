/*
 * The workstation by questions and answers in lines (yimen --plain): for readers of the screen,
 * for terminals without a cursor, for slow lines, for pipes. The same station file, the same
 * entry engine, the same drafts as the full screen; what is begun there goes on here.
 */
#ifndef YIMEN_TUI_PLAIN_PLAIN_H
#define YIMEN_TUI_PLAIN_PLAIN_H

struct app_options;

/* Runs until the clerk signs out, or the input ends; everything answered is kept. An exit code. */
int plain_run(const struct app_options *options);

#endif
