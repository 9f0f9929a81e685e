/*
 * The slips (文书) of a window: which there are, what each must not lack, and how facts become a
 * paper. Facts are one JSON object whoever made it: the case, the matter, or a person for what the
 * station does not know yet (`yimen slip names` lists the names). Sources of the wording:
 * 行政许可法 arts 32, 38, 42, 44, 45; 行政复议法 art 20 (60 days); 行政诉讼法 art 46 (6 months).
 */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_SLIP_H
#define YIMEN_CORE_STATION_DOCUMENTS_SLIP_H

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/domain/lifecycle.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct paper;

enum slip {
	SLIP_RECEIPT,	 /* 收件凭证 */
	SLIP_ACCEPTANCE, /* 受理通知书 */
	SLIP_NOTICE,	 /* 一次性告知单 */
	SLIP_CORRECTION, /* 补正告知书 */
	SLIP_RESTART,	 /* 重新启动通知 */
	SLIP_REJECTION,	 /* 不予受理通知书 */
	SLIP_RETURN,	 /* 退件通知 */
	SLIP_PROMISE,	 /* 告知承诺书 */
	SLIP_DEFERRAL,	 /* 容缺承诺书 */
	SLIP_DELIVERY,	 /* 送达回证 */
	SLIP_HANDOVER,	 /* 材料移交单 */
	SLIP__MAX
};

/* Stable English name; Chinese name, also the key of its message; the word in its number. */
const char *slip_name(enum slip k);
const char *slip_title(enum slip k); /* in the language in force */
const char *slip_word(enum slip k);
/* Whether a case in this state has such a slip by what the station knows; of another a person must
 * say what it is to say. */
bool slip_is_of(enum slip k, enum case_state s);
/* What makes a case one of those, "受理以后才有", in the language in force; "": nothing. */
const char *slip_since(enum slip k);
/* By English or Chinese name. */
bool slip_parse(const char *name, enum slip *out);

/* What a slip may say. list "": of the slip itself; help: N_() text. each in the order of a paper.
 */
void slip_each_name(
	void (*each)(void *arg, const char *list, const char *name, const char *help), void *arg);

/*
 * The names of facts this kind must not lack and does, appended to missing as "reason (理由)",
 * separated as the language does. true: some are.
 */
bool slip_lacks(enum slip k, const json *facts, struct buf *missing);
/* The first of them, "" for none; of a list "corrections". help may be NULL. Borrowed. */
const char *slip_first_lack(enum slip k, const json *facts, const char **help);

/* The template's file: HOME/slips/NAME.tmpl when there is one, else the shipped one; english:
 * NAME.en.tmpl. free() it. */
char *slip_template_path(const char *home, enum slip k, bool english);
/*
 * Reads the template of this kind and puts the facts in. ERR_INVALID: the template has faults, why
 * lists them as file:line: what. ERR_NOT_FOUND: there is none, why says where one should be.
 */
enum err slip_compose(struct paper *out, const char *home, enum slip k, bool english,
	const json *facts, struct buf *why);
/* Looks at every template in force, of both languages. Returns how many are wrong; their faults are
 * appended to out, a line each. */
int slip_check(struct buf *out, const char *home);

#endif
