/*
 * An answers file: a JSON object, field name -> value, repeats as arrays; beside the form's fields
 * the members situation, materials (name -> received …), accept (place -> reason, of the situation
 * too) and attachments (material -> file or files).
 */
#ifndef YIMEN_TUI_ANSWERS_H
#define YIMEN_TUI_ANSWERS_H

#include "core/base/err.h"
#include "core/base/json.h"

struct buf;
struct entry;
struct intake;

/* name "-": stdin. json_free(*out). ERR_INVALID: not such a file; why says it. */
enum err answers_read(const char *name, json **out, struct buf *why);
/* Everything but the attachments, over what is there. Names nobody knows are said on stderr. */
enum err answers_fill(struct intake *in, const json *answers, struct buf *why);
/* The same of a form alone, like that of an act: its fields, and accept. notes: what has no effect,
 * or is not known, a line each. ERR_INVALID: they are no object. */
enum err answers_put(struct entry *e, const json *answers, struct buf *notes);
/* The attachments; the draft is on disk then. */
enum err answers_attach(struct intake *in, const json *answers, struct buf *why);

#endif
