/*
 * Commands at a terminal that speaks GB18030 or GBK: what they say goes out in its charset, and
 * arguments typed there are read as such. Into a file or a pipe everything goes as UTF-8, whatever
 * the locale: it is for programs.
 */
#ifndef YIMEN_TUI_COMMAND_CHARSET_H
#define YIMEN_TUI_COMMAND_CHARSET_H

#include <stdbool.h>

/* At the start, before anything is said. only_errors: standard output is left as it is, for what
 * converts by itself (screens, the line mode). Arguments that were converted stay allocated. */
void command_charset_take(int argc, char **argv, bool only_errors);

#endif
