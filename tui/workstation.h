/*
 * Opening the workstation: settings, log, the deliverer as a child, the screens or the questions
 * in lines (tui/plain); and closing it again.
 */
#ifndef YIMEN_TUI_WORKSTATION_H
#define YIMEN_TUI_WORKSTATION_H

#include <stdbool.h>

struct demo;

/* demo NULL: the real one, with the data folder of the environment. An exit code. */
int workstation_run(struct demo *demo, bool plain);

#endif
