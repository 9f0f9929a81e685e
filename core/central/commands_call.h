/* What the administrator's commands share: words, one request, the answer. */
#ifndef YIMEN_CORE_CENTRAL_COMMANDS_CALL_H
#define YIMEN_CORE_CENTRAL_COMMANDS_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/base/json.h"

struct admin_request;
struct buf;

/* Says what is expected, and first which word command_words found wrong; the exit code. */
int command_usage(const char *expected);
/* Takes a flag out of the words; true when it was there. */
bool command_flag(char **words, const char *name);
/* The same with a value, which is not empty and no option; NULL: not there, or without one: then it
 * stays for command_words to find. */
const char *command_flag_value(char **words, const char *name);
/* The same of a sentence of a person, which may be empty. */
const char *command_flag_note(char **words, const char *name);
/* What is left when the options are taken out: as many words as a command wants, none of them empty
 * or an option, which nobody has taken. Takes out a --, behind which anything is a word. */
bool command_words(char **words, size_t least, size_t most);
/* A file that was named, or stdin for "-"; NULL: said on stderr why not, and *code is how the
 * command ends. */
FILE *command_open(const char *file, int *code);
/* To stdout, without what would drive a terminal; NULL is nothing. */
void command_put(const char *s);
#define COMMAND_MOMENT_SIZE 32
/* A moment of an answer (RFC 3339) as the windows write it, 2026-11-24 14:32 of this machine's
 * zone;
 * "-" when it is none. Returns out or a constant. */
const char *command_moment(const char *iso, char out[COMMAND_MOMENT_SIZE]);
/* Appends s percent-encoded. */
void command_escape(struct buf *b, const char *s);

/* Calls the centre; says on stderr what it refused. On success 0 with the parsed answer in *root
 * (json_free; root NULL: not wanted), else the exit code. */
int command_call(const char *dir, struct admin_request *r, json **root);
/* POST of a JSON body. */
int command_call_with(const char *dir, const char *path, const struct buf *body, json **root);
/* GET of JSON lines, each to the function; NULL: as they are to stdout. none: the sentence on
 * stderr when there is no line, not said to a program (each NULL). */
int command_print_lines(
	const char *dir, const char *path, void (*each)(const json *row), const char *none);

#endif
