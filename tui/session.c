#include "tui/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/store.h"
#include "tui/app.h"

enum err session_open(struct session **out, const struct app_options *options, struct buf *why)
{
	struct session *s = mem_alloc(sizeof(*s));
	const struct entropy *entropy = options->entropy ? options->entropy : &entropy_system;
	enum err e;

	s->clock = options->clock ? options->clock : &clock_system;
	e = store_open(&s->store, options->home, s->clock, entropy, why);
	if (e) {
		free(s);
		return e;
	}
	s->hall = mem_strdup(options->hall);
	s->banner = mem_strdup(options->banner);
	session_refresh(s);
	*out = s;
	return OK;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	operator_fini(&s->who);
	store_close(s->store);
	free(s->hall);
	free(s->banner);
	free(s->link_reason);
	free(s);
}

void session_sign_in(struct session *s, struct operator* who, const char *window)
{
	operator_fini(&s->who);
	s->who = *who;
	memset(who, 0, sizeof(*who));
	snprintf(s->window, sizeof(s->window), "%s", window);
	s->signed_in = true;
	store_set(s->store, "last_window", s->window);
	session_refresh(s);
}

void session_sign_out(struct session *s)
{
	operator_fini(&s->who);
	memset(&s->who, 0, sizeof(s->who));
	s->signed_in = false;
	s->unmasked = false;
	s->saved_ms = 0;
}

bool session_refresh(struct session *s)
{
	struct outbox_counts letters = {0};
	size_t today;

	s->version = store_version(s->store);
	if (outbox_counts(s->store, &letters) != OK)
		letters = s->letters;
	today = case_count_day(s->store, clock_day(clock_wall_ms(s->clock)));
	if (memcmp(&letters, &s->letters, sizeof(letters)) == 0 && today == s->today)
		return false;
	s->letters = letters;
	s->today = today;
	return true;
}

bool session_poll(struct session *s)
{
	if (store_version(s->store) == s->version)
		return false;
	session_refresh(s);
	return true;
}

void session_saved(struct session *s, enum err e)
{
	s->unsaved = e != OK;
	if (e == OK)
		s->saved_ms = clock_wall_ms(s->clock);
}

bool session_event(struct session *s, const char *line)
{
	if (strncmp(line, "online", 6) == 0) {
		s->link = CENTRE_ONLINE;
		s->link_ms = atoi(line + 6);
		free(s->link_reason);
		s->link_reason = NULL;
		return true;
	}
	if (strncmp(line, "offline ", 8) == 0) {
		char *end;
		s->link = CENTRE_OFFLINE;
		s->link_since_ms = strtoll(line + 8, &end, 10);
		free(s->link_reason);
		s->link_reason = mem_strdup(*end == ' ' ? end + 1 : "");
		return true;
	}
	if (strcmp(line, "changed") == 0)
		return session_refresh(s) || true;
	return false;
}

void session_status_left(const struct session *s, struct buf *out)
{
	char hm[16];

	switch (s->link) {
	case CENTRE_ONLINE:
		buf_adds(out, tr("联网"));
		break;
	case CENTRE_OFFLINE:
		buf_printf(out, tr("断网 %s起"),
			clock_format(s->link_since_ms, "%H:%M", hm, sizeof(hm)));
		break;
	case CENTRE_UNKNOWN:
		buf_adds(out, tr("正在连中心"));
		break;
	}
	buf_adds(out, "   ");
	buf_printf(out, tr("待发 %zu"), s->letters.waiting);
	if (s->letters.held > 0) {
		buf_adds(out, "   ");
		buf_printf(out, tr("退回 %zu"), s->letters.held);
	}
	buf_adds(out, "   ");
	buf_printf(out, tr("今日受理 %zu"), s->today);
}

void session_status_right(const struct session *s, struct buf *out)
{
	char hm[16];

	if (s->unsaved)
		buf_adds(out, tr("未存, 磁盘写不进去"));
	else if (s->saved_ms)
		buf_printf(out, tr("已存 %s"), clock_format(s->saved_ms, "%H:%M", hm, sizeof(hm)));
}

void session_whose(const struct session *s, struct buf *out)
{
	char now[24];

	if (s->banner && *s->banner)
		buf_printf(out, "%s  ", s->banner);
	if (s->signed_in) {
		buf_printf(out, tr("%s号窗口"), s->window);
		buf_printf(out, " %s  ",
			s->who.full_name && *s->who.full_name ? s->who.full_name : s->who.name);
	}
	buf_adds(out, clock_format(clock_wall_ms(s->clock), "%m-%d %H:%M", now, sizeof(now)));
}
