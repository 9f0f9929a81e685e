/*
 * A thread that takes letters into a store, so that whoever hands them over can go on reading and
 * checking others meanwhile. What was handed over while it was busy is its next group: the longer a
 * flush takes, the more letters share the next one; where only a few came, it waits a little for
 * those who have just had their answers to send again.
 *
 * The thread works on nothing but what was handed over: after writer_rest, and until the next
 * letter, the store belongs to the caller again. All functions are for one thread, the same that
 * uses the store.
 */
#ifndef YIMEN_CORE_CENTRAL_WRITER_H
#define YIMEN_CORE_CENTRAL_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct posting;
struct writer;

/* The store's part, called from the writer's thread. */
struct writer_work {
	/* As `take` of struct central_store_ops. */
	void (*take)(void *arg, struct posting **postings, size_t count);
	/* What may be done after each group; those who wait for its letters have them already.
	 * `crowd`: so many letters were in that group or waited when it was in. */
	void (*tend)(void *arg, size_t crowd);
	void *arg;
	/* Taking waits for another machine, nobody knows how long: never by the caller. */
	bool waits_for_others;
};

/* NULL: no thread or no descriptor to be had. */
struct writer *writer_new(const struct writer_work *work);
/* What was handed over is taken first. NULL does nothing. */
void writer_free(struct writer *w);

/* The letter, and all that it borrows from, is the writer's until writer_settled gives it back. An
 * idle writer begins with the next call of that: what is posted before shares its flush. */
void writer_post(struct writer *w, struct posting *p);
/* Gives back each group that was taken since the last call: its letters and how long it took. A
 * letter of a slow stream may be taken here, without `tend`. */
void writer_settled(struct writer *w,
	void (*each)(void *arg, struct posting **postings, size_t count, int64_t took_us),
	void *arg);
/* Can be read when there is something to give back. */
int writer_descriptor(const struct writer *w);

/* `tend` without a letter before it. */
void writer_tend(struct writer *w);
/* Nothing was handed over that is not done. */
bool writer_is_idle(struct writer *w);
/* Waits until it is so. NULL: there is nothing to wait for. */
void writer_rest(struct writer *w);

#endif
