#define _GNU_SOURCE /* POLLRDHUP */
#include "core/central/lines.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/base/mem.h"

enum {
	SWEEP_MS = 200
};

struct line *lines_add(struct lines *ls, int fd, bool loopback, int64_t deadline_ms)
{
	struct line *l = mem_alloc(sizeof *l);

	*l = (struct line){
		.next = ls->first, .fd = fd, .loopback = loopback, .deadline_ms = deadline_ms};
	if (ls->first != NULL)
		ls->first->prev = l;
	ls->first = l;
	ls->count++;
	return l;
}

void lines_remove(struct lines *ls, struct line *l)
{
	if (l->next != NULL)
		l->next->prev = l->prev;
	if (l->prev != NULL)
		l->prev->next = l->next;
	else
		ls->first = l->next;
	ls->count -= !l->shut;
	free(l);
}

void lines_shut(struct lines *ls, struct line *l)
{
	if (l->shut)
		return;
	shutdown(l->fd, SHUT_RDWR);
	l->shut = true;
	l->deadline_ms = 0;
	ls->count--;
}

/* An idle line's deadline is so long after it became idle: the nearest has waited longest. */
bool lines_make_room(struct lines *ls, const struct line *for_this)
{
	struct line *l, *longest = NULL;

	for (l = ls->first; l != NULL; l = l->next)
		if (l != for_this && !l->busy && !l->shut &&
			(longest == NULL || l->deadline_ms <= longest->deadline_ms))
			longest = l;
	if (longest != NULL)
		lines_shut(ls, longest);
	return longest != NULL;
}

static void ask_who_is_gone(const struct lines *ls, void (*gone)(struct line *l))
{
	struct pollfd *polled = mem_array(ls->count + 1, sizeof *polled);
	struct line **lines = mem_array(ls->count + 1, sizeof *lines), *l;
	nfds_t n = 0, i;

	for (l = ls->first; l != NULL && n < ls->count; l = l->next) {
		if (!l->waiting || l->shut)
			continue;
		polled[n] = (struct pollfd){.fd = l->fd, .events = POLLRDHUP};
		lines[n++] = l;
	}
	if (n > 0 && poll(polled, n, 0) > 0)
		for (i = 0; i < n; i++)
			if (polled[i].revents != 0)
				gone(lines[i]);
	free(polled);
	free(lines);
}

void lines_sweep(struct lines *ls, int64_t now_ms, void (*gone)(struct line *l))
{
	struct line *l;

	if (now_ms - ls->swept_ms < SWEEP_MS)
		return;
	ls->swept_ms = now_ms;
	for (l = ls->first; l != NULL; l = l->next)
		if (l->deadline_ms != 0 && now_ms >= l->deadline_ms)
			lines_shut(ls, l);
	ask_who_is_gone(ls, gone);
}
