/*
 * 一件事: one matter made of several. A document with `bundle`, a list of codes, gets the questions
 * and materials of its members: every question once, every paper once, and a first question about
 * which of them are wanted. Source: 国办发〔2024〕3号 (“一表申请, 一套材料, 一次提交”).
 */
#ifndef YIMEN_CORE_STATION_BUNDLE_H
#define YIMEN_CORE_STATION_BUNDLE_H

#include "core/base/err.h"

#include <stddef.h>

struct buf;
struct matter;

/* The first question: select_multiple, its choices are the members' codes. */
#define BUNDLE_ITEMS "bundle_items"

/* Appends the expression that says whether a member is wanted. */
void bundle_when(struct buf *out, const char *code);

/*
 * The bundle's own document with the situation and materials of its members; what the bundle says
 * itself comes first. *out is the caller's: matter_free. ERR_INVALID as matter_parse.
 */
enum err bundle_compose(struct matter **out, const struct matter *bundle,
	struct matter *const *members, size_t count, struct buf *why);

#endif
