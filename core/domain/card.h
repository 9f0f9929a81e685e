/*
 * What a card reader or a code on a screen sends as keystrokes: one line with the fields of an
 * identity card (GA 467: 姓名 性别 民族 出生 住址 公民身份号码 …), parted by a sign, as
 * name:value pairs, or as a flat JSON object. A bare number is a card too.
 */
#ifndef YIMEN_CORE_DOMAIN_CARD_H
#define YIMEN_CORE_DOMAIN_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

struct card {
	struct buf number;		  /* canonical, found right */
	struct buf name, address, nation; /* empty: not sent */
	bool wrong; /* a number of that shape is in it, and it cannot be right */
};

/* A zeroed card; card_fini it in any case. false: it holds no right number. today: days since 1970.
 */
bool card_parse(const char *text, int32_t today, struct card *out);
void card_fini(struct card *c);

#endif
