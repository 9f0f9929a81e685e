#include "core/central/writer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"

enum {
	LONE_GROUPS = 8, /* so many groups of one letter, one after the other, are a slow stream */
	LETTER_US = 50	 /* about so long it takes to answer one and to read and check the next */
};

/* Letters in the order in which they came. */
struct queue {
	struct posting **of;
	size_t count, cap;
};

/* Groups that are in: their letters one after the other. */
struct taken {
	struct queue letters;
	struct taken_group {
		size_t count;
		int64_t took_us;
	} * groups;
	size_t group_count, group_cap;
};

struct writer {
	struct writer_work work;
	pthread_t thread;
	pthread_mutex_t lock;  /* holds for what stands up to the next empty line */
	pthread_cond_t came;   /* a letter, a wish, the end; monotonic time */
	pthread_cond_t rested; /* all is done */
	struct queue waiting;
	struct taken taken;
	bool busy, asleep, hoping, wished, ending;
	size_t crowd;	 /* letters of the last group, and those that waited when it was in */
	int64_t last_us; /* how long it took */
	unsigned lone;	 /* the last so many groups were of one letter */

	struct queue group; /* the thread's own, while it sleeps the caller's */
	struct taken given; /* the caller's own */
	int descriptor;
};

static void *room_for(void *of, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return of;
	*cap = *cap > 0 ? 2 * *cap : 64;
	return mem_resize(of, *cap, size);
}

static void queue_add(struct queue *q, struct posting *p)
{
	q->of = room_for(q->of, q->count, &q->cap, sizeof *q->of);
	q->of[q->count++] = p;
}

static void taken_add(struct taken *t, const struct queue *group, int64_t took_us)
{
	size_t i;

	for (i = 0; i < group->count; i++)
		queue_add(&t->letters, group->of[i]);
	t->groups = room_for(t->groups, t->group_count, &t->group_cap, sizeof *t->groups);
	t->groups[t->group_count++] = (struct taken_group){group->count, took_us};
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* ---- called and left with the lock held ---- */

static void take_group(struct writer *w)
{
	struct queue group = w->waiting;
	int64_t took_us;

	w->waiting = w->group;
	w->group = group;
	if (group.count == 0)
		return;
	pthread_mutex_unlock(&w->lock);
	took_us = now_us();
	w->work.take(w->work.arg, group.of, group.count);
	took_us = now_us() - took_us;
	pthread_mutex_lock(&w->lock);
	w->lone = group.count == 1 ? w->lone + 1 : 0;
	w->crowd = group.count + w->waiting.count;
	w->last_us = took_us;
	taken_add(&w->taken, &group, took_us);
	w->group.count = 0;
}

static void tend(struct writer *w)
{
	size_t crowd = w->crowd;

	w->wished = false;
	pthread_mutex_unlock(&w->lock);
	w->work.tend(w->work.arg, crowd);
	pthread_mutex_lock(&w->lock);
}

static void tell(struct writer *w)
{
	uint64_t one = 1;

	if (w->taken.group_count == 1 && write(w->descriptor, &one, sizeof one) < 0)
		log_error("store", "letters are in and nobody is told: found at the next look");
}

static bool has_work(const struct writer *w)
{
	return w->waiting.count > 0 || w->wished;
}

/* A part of all who are about, the smallest that is worth a flush: while it is made durable the
 * others are answered and send again. One letter, and then all the others, would cost two flushes
 * as well. */
static size_t enough(const struct writer *w)
{
	return (w->crowd + 3) / 4;
}

/* How long it takes for enough letters to be there; 0: they are, or it is not worth waiting. */
static int64_t patience_us(const struct writer *w)
{
	size_t missing = enough(w) > w->waiting.count ? enough(w) - w->waiting.count : 0;
	int64_t wait_us = (int64_t)missing * LETTER_US;

	if (w->ending || w->waiting.count == 0)
		return 0;
	return wait_us <= w->last_us / 2 ? wait_us : w->last_us / 2;
}

/* Never longer than half the time of the flush that is saved. */
static void hope_for_more(struct writer *w)
{
	int64_t until_us = now_us() + patience_us(w);
	const struct timespec until = {
		(time_t)(until_us / 1000000), (long)(until_us % 1000000 * 1000)};

	w->hoping = true;
	while (w->waiting.count < enough(w) && !w->ending && now_us() < until_us)
		pthread_cond_timedwait(&w->came, &w->lock, &until);
	w->hoping = false;
}

static void sleep_on(struct writer *w)
{
	pthread_cond_signal(&w->rested);
	w->asleep = true;
	pthread_cond_wait(&w->came, &w->lock);
	w->asleep = false;
}

static void *work_on(void *arg)
{
	struct writer *w = arg;

	pthread_mutex_lock(&w->lock);
	while (has_work(w) || !w->ending) {
		if (!has_work(w)) {
			sleep_on(w);
			continue;
		}
		hope_for_more(w);
		w->busy = true;
		take_group(w);
		tell(w);
		tend(w);
		w->busy = false;
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* ---- the caller ---- */

/* Signals are for the thread that waits for lines. */
static bool start(struct writer *w)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&w->thread, NULL, work_on, w) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

struct writer *writer_new(const struct writer_work *work)
{
	struct writer *w = mem_alloc(sizeof *w);
	pthread_condattr_t steady;

	w->work = *work;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&w->came, &steady);
	pthread_condattr_destroy(&steady);
	pthread_cond_init(&w->rested, NULL);
	w->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->descriptor >= 0 && start(w))
		return w;
	if (w->descriptor >= 0)
		close(w->descriptor);
	free(w);
	return NULL;
}

void writer_free(struct writer *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_signal(&w->came);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	close(w->descriptor);
	pthread_cond_destroy(&w->came);
	pthread_cond_destroy(&w->rested);
	pthread_mutex_destroy(&w->lock);
	free(w->waiting.of);
	free(w->group.of);
	free(w->taken.letters.of);
	free(w->taken.groups);
	free(w->given.letters.of);
	free(w->given.groups);
	free(w);
}

void writer_post(struct writer *w, struct posting *p)
{
	pthread_mutex_lock(&w->lock);
	queue_add(&w->waiting, p);
	pthread_mutex_unlock(&w->lock);
}

void writer_tend(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->wished = true;
	pthread_cond_signal(&w->came);
	pthread_mutex_unlock(&w->lock);
}

/* Letters come one by one: to wake the thread for each and to be woken by it takes longer than to
 * wait for the flush here. */
static bool is_slow_stream(const struct writer *w)
{
	return !w->work.waits_for_others && w->asleep && !w->wished && w->waiting.count == 1 &&
	       w->lone >= LONE_GROUPS;
}

static void take_here(struct writer *w)
{
	w->busy = true;
	take_group(w);
	w->busy = false;
}

/* The two change places, so that nothing is copied while the thread might wait. */
static void fetch_taken(struct writer *w)
{
	struct taken was = w->given;
	uint64_t count;

	pthread_mutex_lock(&w->lock);
	if (w->taken.group_count > 0 && read(w->descriptor, &count, sizeof count) < 0)
		log_debug("store", "letters are in and it was not told");
	if (is_slow_stream(w))
		take_here(w);
	w->given = w->taken;
	w->taken = was;
	if (w->waiting.count > 0 && (w->asleep || (w->hoping && w->waiting.count >= enough(w))))
		pthread_cond_signal(&w->came);
	pthread_mutex_unlock(&w->lock);
}

void writer_settled(struct writer *w,
	void (*each)(void *arg, struct posting **postings, size_t count, int64_t took_us),
	void *arg)
{
	struct taken *t = &w->given;
	size_t at = 0, i;

	fetch_taken(w);
	for (i = 0; i < t->group_count; i++) {
		each(arg, t->letters.of + at, t->groups[i].count, t->groups[i].took_us);
		at += t->groups[i].count;
	}
	t->letters.count = t->group_count = 0;
}

int writer_descriptor(const struct writer *w)
{
	return w->descriptor;
}

bool writer_is_idle(struct writer *w)
{
	bool idle;

	pthread_mutex_lock(&w->lock);
	idle = !w->busy && !has_work(w);
	pthread_mutex_unlock(&w->lock);
	return idle;
}

void writer_rest(struct writer *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	while (w->busy || has_work(w)) {
		w->crowd = 0; /* nobody else can come meanwhile */
		if (w->asleep || w->hoping)
			pthread_cond_signal(&w->came);
		pthread_cond_wait(&w->rested, &w->lock);
	}
	pthread_mutex_unlock(&w->lock);
}
