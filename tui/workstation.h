/*
 * Opening the workstation: settings, log, the deliverer as a child, the screens; and closing it
 * again.
 */
#ifndef YIMEN_TUI_WORKSTATION_H
#define YIMEN_TUI_WORKSTATION_H

struct demo;

/* demo NULL: the real one, with the data folder of the environment. An exit code. */
int workstation_run(struct demo *demo);

#endif
