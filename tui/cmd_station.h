/*
 * What most commands begin with: the data folder, the settings, the station's file, the catalogue.
 */
#ifndef YIMEN_TUI_CMD_STATION_H
#define YIMEN_TUI_CMD_STATION_H

#include "core/base/err.h"
#include "core/base/json.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct catalogue;
struct conf;
struct store;

struct cmd_station {
	char *home;
	struct conf *conf;
	struct store *store;
	struct catalogue *catalogue; /* NULL unless asked for */
};

/* Says on stderr what is wrong. OK, or what err_exit should tell. A zeroed one can be closed. */
enum err cmd_station_open(struct cmd_station *s, bool with_catalogue);
void cmd_station_close(struct cmd_station *s);

/* The exit code of a command that would end with this one: what could not be read was not shown or
 * counted, which is said on stderr when the station is closed, and is no success. */
int cmd_station_code(int code);

/* So many reads of a file have failed, which is said on stderr, once, and counts for
 * cmd_station_code. */
void cmd_tell_unread(unsigned count, const enum err *why);

/* After an import: prints which open drafts the forms and guides in force change, and how. */
void cmd_draft_tell(void);

/* Prints a refusal on stderr and gives its exit code. */
int cmd_refuse(enum err e, const struct buf *why);

/* A list with nothing in it says so on stderr: stdout stays as empty as it is. Nothing when
 * something was shown, or for a program (as_json). */
void cmd_say_none(size_t shown, bool as_json, const char *sentence);

/* The whole of a file, or of stdin for "-". A file that is not there is ERR_NOT_FOUND, what is no
 * file or too large ERR_INVALID: the name must change. */
enum err cmd_read_input(const char *name, struct buf *out, struct buf *why);

/* The same as a JSON object; json_free(*out). expected: a sentence that says what it should hold.
 */
enum err cmd_read_object(const char *name, const char *expected, json **out, struct buf *why);

#endif
