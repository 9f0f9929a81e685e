/*
 * Commands at a terminal that speaks GB18030 or GBK: what they say goes out in its charset, and
 * arguments typed there are read as such. Into a file or a pipe everything goes as UTF-8, whatever
 * the locale: it is for programs.
 */
#ifndef YIMEN_TUI_COMMAND_CHARSET_H
#define YIMEN_TUI_COMMAND_CHARSET_H

#include <stdbool.h>

#include "tui/charset.h"

/* At the start, before anything is said. only_errors: standard output is left as it is, for what
 * converts by itself (screens, the line mode). Arguments that were converted stay allocated. */
void command_charset_take(int argc, char **argv, bool only_errors);

/* The charset that the environment names, whatever the commands go on in. false: its locale is not
 * installed, or has no Chinese. */
bool command_charset_name(char out[CHARSET_SIZE]);

#endif
