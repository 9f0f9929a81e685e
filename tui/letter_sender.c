#include "tui/letter_sender.h"

#include <stdlib.h>

#include "core/base/conf.h"
#include "core/base/msg.h"
#include "core/station/deliver_lock.h"
#include "core/station/store.h"
#include "tui/cmd_station.h"
#include "tui/session.h"

enum letter_sender letter_sender_open(const struct session *s)
{
	if (s->link == CENTRE_NONE)
		return LETTER_SENDER_NO_CENTRE;
	return deliver_lock_is_watched(store_home(s->store)) ? LETTER_SENDER_BACKGROUND
							     : LETTER_SENDER_WORKSTATION;
}

enum letter_sender letter_sender_found(const struct cmd_station *s)
{
	char *enrolled = store_get(s->store, "centre.url");
	bool has_centre = enrolled != NULL || conf_get(s->conf, "centre.url") != NULL;

	free(enrolled);
	if (!has_centre)
		return LETTER_SENDER_NO_CENTRE;
	if (deliver_lock_is_watched(s->home))
		return LETTER_SENDER_BACKGROUND;
	return deliver_lock_is_manned(s->home) ? LETTER_SENDER_WORKSTATION : LETTER_SENDER_NOBODY;
}

const char *letter_sender_words(enum letter_sender by)
{
	switch (by) {
	case LETTER_SENDER_BACKGROUND:
		return tr("不用守着。");
	case LETTER_SENDER_WORKSTATION:
		return tr("别关工作台。");
	case LETTER_SENDER_NOBODY:
		return tr("没有程序在报送: 打开工作台, 或用 yimen deliver --once 报一次。");
	default:
		return tr("本机还没有接入中心: 接入后自动报送一次, 接入请找管理员 (yimen enrol)。");
	}
}
