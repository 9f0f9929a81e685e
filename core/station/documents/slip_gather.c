#include "core/station/documents/slip_gather.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/station/acts.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "core/station/store.h"

void slip_gathered_fini(struct slip_gathered *g)
{
	case_view_fini(&g->view);
	letter_fini(&g->letter);
	json_free(g->body);
	matter_free(g->matter);
}

/* The papers of all members of a bundle, each once, as an application of its own. */
struct members {
	struct store *store;
	struct buf materials;
	struct letter first; /* the first member's, for whom it is */
};

static void add_member(void *arg, const struct case_view *v)
{
	struct members *all = arg;
	struct letter l = {0};
	json *body = NULL;

	if (outbox_get_application(all->store, v->id, &l) != OK)
		return;
	if (json_parse(&body, l.body, l.body_len, NULL) == OK)
		for (const json *m = json_first(json_get(body, "materials")); m != NULL;
			m = json_next(m)) {
			struct buf one = {0};
			json_write(&one, m);
			if (strstr(buf_str(&all->materials), one.data) == NULL) {
				json_comma(&all->materials);
				buf_adds(&all->materials, one.data);
			}
			buf_fini(&one);
		}
	json_free(body);
	if (all->first.body == NULL)
		all->first = l;
	else
		letter_fini(&l);
}

static void gather_bundle(struct slip_gathered *g, struct store *s)
{
	struct members all = {.store = s};
	struct buf own = {0}, whole = {0};
	json *first = NULL, *papers = NULL;

	buf_addc(&all.materials, '[');
	case_each_in_bundle(s, g->view.id, add_member, &all);
	buf_addc(&all.materials, ']');
	buf_printf(&own, "{\"materials\":%s}", all.materials.data);
	if (all.first.body != NULL &&
		json_parse(&first, all.first.body, all.first.body_len, NULL) == OK &&
		json_parse(&papers, own.data, own.len, NULL) == OK) {
		slip_facts_merge(&whole, first, papers);
		json_parse(&g->body, whole.data, whole.len, NULL);
	}
	json_free(first);
	json_free(papers);
	letter_fini(&all.first);
	buf_fini(&all.materials);
	buf_fini(&own);
	buf_fini(&whole);
}

enum err slip_gather(struct slip_gathered *g, const struct slip_source *s, const char *number)
{
	enum err e = case_get(s->store, number, &g->view);

	if (e != OK)
		return e;
	if (outbox_get_application(s->store, g->view.id, &g->letter) == OK)
		json_parse(&g->body, g->letter.body, g->letter.body_len, NULL);
	else if (strcmp(g->view.state, CASE_BUNDLE) == 0)
		gather_bundle(g, s->store);
	if (s->catalogue != NULL)
		catalogue_get(s->catalogue, g->view.task_code, &g->matter);
	g->from_day = clock_day(store_now_ms(s->store));
	return OK;
}

/* ---- decisions ---- */

/* The acts that a slip puts on paper; the later one when there are two. */
static const enum case_act acts_of[SLIP__MAX][2] = {
	[SLIP_ACCEPTANCE] = {ACT_ACCEPT, ACT_ACCEPT},
	[SLIP_PROMISE] = {ACT_ACCEPT, ACT_ACCEPT},
	[SLIP_DEFERRAL] = {ACT_ACCEPT, ACT_ACCEPT},
	[SLIP_CORRECTION] = {ACT_REQUEST_CORRECTION, ACT_REQUEST_CORRECTION},
	[SLIP_RESTART] = {ACT_SUPPLEMENT, ACT_RESUME},
	[SLIP_REJECTION] = {ACT_REFUSE, ACT_REFUSE},
	[SLIP_RETURN] = {ACT_RETURN, ACT_WITHDRAW},
	[SLIP_DELIVERY] = {ACT_DELIVER, ACT_DECIDE},
};

int64_t slip_decided(struct buf *out, struct store *s, enum slip k, const char *case_id)
{
	int64_t at_ms = 0, other_ms = 0;
	struct buf other = {0};

	if (acts_of[k][0] == ACT_SUBMIT)
		return 0; /* a slip of no decision */
	act_facts(s, case_id, acts_of[k][0], out, &at_ms);
	if (acts_of[k][1] != acts_of[k][0] &&
		act_facts(s, case_id, acts_of[k][1], &other, &other_ms) == OK && other_ms > at_ms) {
		buf_clear(out);
		buf_add(out, other.data, other.len);
		at_ms = other_ms;
	}
	buf_fini(&other);
	return at_ms;
}

int64_t slip_corrected_at(struct store *s, const struct slip_gathered *g)
{
	struct buf asked = {0};
	int64_t asked_ms = 0;
	enum err e = act_facts(s, g->view.id, ACT_REQUEST_CORRECTION, &asked, &asked_ms);

	buf_fini(&asked);
	return e == OK && g->letter.created_ms > asked_ms ? g->letter.created_ms : 0;
}
