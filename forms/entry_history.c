#include "forms/entry_history.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/entry_private.h"

enum {
	STEPS_MAX = 500
};

/* One answer, or one repetition (value NULL), as it stands. */
struct mark {
	char *place, *value, *accepted, *accepted_for;
};

struct marks {
	struct mark *list; /* sorted by place */
	size_t count;
};

/* One place before and after an act; absent: there was none. */
struct difference {
	struct mark was, is;
	bool had, has;
};

struct step {
	struct difference *list;
	size_t count;
};

struct history {
	struct entry *entry;
	struct marks now;
	struct step *steps;
	size_t count; /* of all steps */
	size_t done;  /* those not taken back */
};

/* ---- how it stands ---- */

static char *copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static void free_mark(struct mark *m)
{
	free(m->place);
	free(m->value);
	free(m->accepted);
	free(m->accepted_for);
}

static void free_marks(struct marks *m)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		free_mark(&m->list[i]);
	free(m->list);
	*m = (struct marks){0};
}

static int by_place(const void *a, const void *b)
{
	return strcmp(((const struct mark *)a)->place, ((const struct mark *)b)->place);
}

static bool counts(const struct field *f, const struct node *n)
{
	if (f->type == FIELD_REPEAT)
		return f->repeat_count == NULL; /* else they follow from an answer */
	return f->type != FIELD_GROUP && f->type != FIELD_NOTE && n->value != NULL &&
	       n->value[0] != '\0' && !(f->calculation != NULL && f->trigger == NULL);
}

static struct marks take_marks(struct entry *e)
{
	struct marks m = {0};
	struct buf place = {0};
	struct node *n;

	for (n = e->root; n != NULL; n = entry_next_node(e->root, n)) {
		const struct field *f = entry_field(e, n);
		const struct note *note = n->extra;
		if (f == NULL || !counts(f, n))
			continue;
		buf_clear(&place);
		entry_place(e, n, &place);
		if ((m.count & (m.count - 1)) == 0)
			m.list = mem_resize(m.list, m.count > 0 ? m.count * 2 : 1, sizeof *m.list);
		m.list[m.count++] = (struct mark){mem_strdup(buf_str(&place)),
			f->type == FIELD_REPEAT ? NULL : mem_strdup(n->value),
			note != NULL ? copy(note->accepted) : NULL,
			note != NULL ? copy(note->accepted_for) : NULL};
	}
	if (m.count > 1)
		qsort(m.list, m.count, sizeof *m.list, by_place);
	buf_fini(&place);
	return m;
}

/* ---- steps ---- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static struct mark copy_mark(const struct mark *m)
{
	return (struct mark){
		copy(m->place), copy(m->value), copy(m->accepted), copy(m->accepted_for)};
}

static void add_difference(struct step *s, const struct mark *was, const struct mark *is)
{
	struct difference *d;

	s->list = mem_resize(s->list, s->count + 1, sizeof *s->list);
	d = &s->list[s->count++];
	*d = (struct difference){.had = was != NULL, .has = is != NULL};
	if (was != NULL)
		d->was = copy_mark(was);
	if (is != NULL)
		d->is = copy_mark(is);
}

static struct step compare(const struct marks *was, const struct marks *is)
{
	struct step s = {0};
	size_t i = 0, k = 0;

	while (i < was->count || k < is->count) {
		int order = i == was->count  ? 1
			    : k == is->count ? -1
					     : strcmp(was->list[i].place, is->list[k].place);
		const struct mark *a = order <= 0 ? &was->list[i] : NULL;
		const struct mark *b = order >= 0 ? &is->list[k] : NULL;
		if (a == NULL || b == NULL || !same_text(a->value, b->value) ||
			!same_text(a->accepted, b->accepted))
			add_difference(&s, a, b);
		i += a != NULL;
		k += b != NULL;
	}
	return s;
}

static void free_step(struct step *s)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		free_mark(&s->list[i].was);
		free_mark(&s->list[i].is);
	}
	free(s->list);
	*s = (struct step){0};
}

struct history *history_new(struct entry *e)
{
	struct history *h = mem_alloc(sizeof *h);

	h->entry = e;
	h->now = take_marks(e);
	return h;
}

void history_free(struct history *h)
{
	if (h == NULL)
		return;
	while (h->count > 0)
		free_step(&h->steps[--h->count]);
	free(h->steps);
	free_marks(&h->now);
	free(h);
}

static void forget_oldest(struct history *h)
{
	free_step(&h->steps[0]);
	memmove(h->steps, h->steps + 1, (h->count - 1) * sizeof *h->steps);
	h->count--;
	h->done--;
}

void history_note(struct history *h)
{
	struct marks now = take_marks(h->entry);
	struct step s = compare(&h->now, &now);

	free_marks(&h->now);
	h->now = now;
	if (s.count == 0)
		return;
	while (h->count > h->done)
		free_step(&h->steps[--h->count]);
	if (h->count == STEPS_MAX)
		forget_oldest(h);
	h->steps = mem_resize(h->steps, h->count + 1, sizeof *h->steps);
	h->steps[h->count++] = s;
	h->done = h->count;
}

bool history_can_undo(const struct history *h)
{
	return h->done > 0;
}

bool history_can_redo(const struct history *h)
{
	return h->done < h->count;
}

/* ---- going there ---- */

/* Of the repetitions that shall not be, the last one goes first: the others keep their places. */
static void remove_repetitions(struct entry *e, const struct step *s, bool back)
{
	struct node *last;
	size_t i;

	do {
		last = NULL;
		for (i = 0; i < s->count; i++) {
			const struct difference *d = &s->list[i];
			const struct mark *gone = back ? &d->is : &d->was;
			struct node *n;
			if ((back ? d->had : d->has) || gone->value != NULL)
				continue;
			n = entry_find(e, gone->place);
			if (n != NULL && (last == NULL || node_position(n) > node_position(last)))
				last = n;
		}
	} while (last != NULL && entry_repeat_remove(e, last) == OK);
}

/* Values, and on the way the repetitions that hold them. */
static void put_values(struct entry *e, const struct step *s, bool back)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		const struct difference *d = &s->list[i];
		const struct mark *m = back ? &d->was : &d->is;
		const char *place = d->had ? d->was.place : d->is.place;
		bool there = back ? d->had : d->has;
		if (!there && entry_find(e, place) == NULL)
			continue;
		entry_set_place(e, place, there ? m->value : "");
	}
}

/* Also where nothing is doubted now: what doubts it may come back by another step. */
static void put_reasons(struct entry *e, const struct step *s, bool back)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		const struct mark *m = back ? &s->list[i].was : &s->list[i].is;
		struct node *n = m->place != NULL ? entry_find(e, m->place) : NULL;
		struct note *note = n != NULL ? entry_note(n) : NULL;
		if (note == NULL)
			continue;
		entry_put_reason(
			note, same_text(n->value, m->value) ? m->accepted : NULL, m->accepted_for);
	}
}

static void go(struct history *h, const struct step *s, bool back, struct buf *place)
{
	struct entry *e = h->entry;
	const struct difference *first = &s->list[0];

	e->loading = true;
	remove_repetitions(e, s, back);
	put_values(e, s, back);
	e->loading = false;
	entry_recompute(e, -1);
	put_values(e, s, back); /* in what came with its number, and what was computed over */
	put_reasons(e, s, back);
	buf_adds(place, first->had ? first->was.place : first->is.place);
	free_marks(&h->now);
	h->now = take_marks(e);
}

enum err history_undo(struct history *h, struct buf *place)
{
	if (!history_can_undo(h))
		return ERR_NOT_FOUND;
	go(h, &h->steps[--h->done], true, place);
	return OK;
}

enum err history_redo(struct history *h, struct buf *place)
{
	if (!history_can_redo(h))
		return ERR_NOT_FOUND;
	go(h, &h->steps[h->done++], false, place);
	return OK;
}
