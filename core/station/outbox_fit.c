/* Which of the letters that are to go into a file can: those whose scans are here as they should
 * be. */
#include "core/station/outbox_choice.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/outbox.h"
#include "core/station/outbox_file.h"
#include "core/station/papers_private.h"
#include "core/station/store.h"

enum fault {
	FAULT_NONE,
	FAULT_LOST,	  /* gone, or not the bytes that it was */
	FAULT_UNREADABLE, /* the system does not give it now */
	FAULT_NOT_KEPT,	  /* the centre had it once, and it was removed here */
	FAULT_BEHIND	  /* of the letter: one of its case that goes before it has a fault */
};

/* A scan whose file was looked at: read once, however many letters carry it. */
struct seen {
	char sha256[PAPER_HEX_SIZE];
	enum fault fault;
};

struct fitting {
	struct store *store;
	const struct outbox_order *order;
	struct seen *seen;
	size_t seen_count;
	char (*stopped)[ID_UUID_SIZE]; /* cases of letters that were left out */
	size_t stopped_count;
	size_t left;
	bool held; /* a letter was held, and others may have moved before it */
	enum err result;
};

static void fitting_fini(struct fitting *f)
{
	free(f->seen);
	free(f->stopped);
}

static enum fault look_at(struct store *s, const char *sha256)
{
	char *path = paper_path(s, sha256), hex[CRYPTO_HEX_SIZE];
	enum err e = crypto_file(DIGEST_SHA256, path, hex);

	free(path);
	if (e == OK)
		return strcmp(hex, sha256) == 0 ? FAULT_NONE : FAULT_LOST;
	return e == ERR_NOT_FOUND ? FAULT_LOST : FAULT_UNREADABLE;
}

static enum fault fault_of(struct fitting *f, const char *sha256)
{
	struct seen *one;
	size_t i;

	for (i = 0; i < f->seen_count; i++)
		if (strcmp(f->seen[i].sha256, sha256) == 0)
			return f->seen[i].fault;
	f->seen = mem_resize(f->seen, f->seen_count + 1, sizeof *f->seen);
	one = &f->seen[f->seen_count++];
	*one = (struct seen){.fault = look_at(f->store, sha256)};
	strncat(one->sha256, sha256, sizeof one->sha256 - 1);
	return one->fault;
}

/* ---- those that are lost ---- */

/* No line will bring it to the centre either. What the centre has already may go by the line. */
static void hold_lost(void *arg, const struct paper *p)
{
	struct fitting *f = arg;

	if (f->result != OK || fault_of(f, p->sha256) != FAULT_LOST || p->state != PAPER_WAITING)
		return;
	f->result = db_begin(store_db(f->store));
	if (f->result != OK)
		return;
	f->result = db_finish(
		store_db(f->store), paper_give_up(f->store, p->sha256, HOLD_REFUSED, NULL));
	f->held = true;
}

/* ---- what is told ---- */

/* What a person calls the scan. */
static const char *name_of(const json *attachments, const char *sha256)
{
	const json *one;

	for (one = json_first(attachments); one != NULL; one = json_next(one)) {
		const char *here = json_get_str(one, "sha256");
		const char *material = json_get_str(one, "material_name");
		const char *name = material != NULL ? material : json_get_str(one, "name");
		if (here != NULL && strcmp(here, sha256) == 0 && name != NULL)
			return name;
	}
	return tr("材料");
}

static void tell(struct fitting *f, const struct letter *l, const char *why)
{
	f->left++;
	if (f->order->left != NULL)
		f->order->left(f->order->arg, l, why);
}

static void say_lost(struct buf *out, const struct letter *l, const char *name, bool at_centre)
{
	if (at_centre)
		buf_printf(out,
			tr("“%s”的扫描件在本机不见了或被改动了, 中心已经有它: 这一封留在待发里, "
			   "线路好了自己报送"),
			name);
	else if (l->origin != NULL)
		buf_printf(out,
			tr("“%s”的扫描件在本机不见了或被改动了: 请 %s 重新导出, 这里再收一次"),
			name, l->origin);
	else
		buf_printf(out,
			tr("“%s”的扫描件在本机不见了或被改动了: 请更正这一件, 重新扫描, 再导出一次"),
			name);
}

static void say(
	struct buf *out, const struct letter *l, enum fault fault, const char *name, bool at_centre)
{
	if (fault == FAULT_LOST)
		say_lost(out, l, name, at_centre);
	else if (fault == FAULT_UNREADABLE)
		buf_printf(out,
			tr("“%s”的扫描件现在读不出来: 请管理员看磁盘和权限, 好了再导出一次"), name);
	else if (fault == FAULT_NOT_KEPT)
		buf_printf(out,
			tr("“%s”的扫描件送过中心, 本机已不再保存: 这一封留在待发里, 线路好了先问中心"),
			name);
	else
		buf_adds(out, tr("同一件前面的那一封没有导出, 它跟着那一封走"));
}

/* ---- one letter ---- */

/* Its papers; the first with a fault is the one that is told. */
struct look {
	struct fitting *fitting;
	const json *attachments;

	enum fault fault;
	char sha256[PAPER_HEX_SIZE];
	bool at_centre;
};

static void note_fault(struct look *k, enum fault fault, const char *sha256, bool at_centre)
{
	if (k->fault != FAULT_NONE || fault == FAULT_NONE)
		return;
	k->fault = fault;
	k->at_centre = at_centre;
	strncat(k->sha256, sha256, sizeof k->sha256 - 1);
}

static void look_at_paper(void *arg, const struct paper *p)
{
	struct look *k = arg;

	note_fault(k, fault_of(k->fitting, p->sha256), p->sha256, p->state == PAPER_SENT);
}

/* Its own: what another case has brought since does not go with it. */
static bool has_paper(struct store *s, const char *letter_id, const char *sha256)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT 1 FROM letter_paper WHERE letter_id = ?1 AND sha256 = ?2");
	bool has;

	db_bind_text(st, 1, letter_id);
	db_bind_text(st, 2, sha256);
	has = db_row(st);
	db_done(st);
	return has;
}

static void look_at_letter(struct look *k, const struct letter *l)
{
	const json *one;

	papers_each_of_letter(k->fitting->store, l->id, look_at_paper, k);
	for (one = json_first(k->attachments); one != NULL; one = json_next(one)) {
		const char *sha256 = json_get_str(one, "sha256");
		if (sha256 != NULL && !has_paper(k->fitting->store, l->id, sha256))
			note_fault(k, FAULT_NOT_KEPT, sha256, true);
	}
}

static bool is_stopped(const struct fitting *f, const char *case_id)
{
	size_t i;

	for (i = 0; i < f->stopped_count; i++)
		if (strcmp(f->stopped[i], case_id) == 0)
			return true;
	return false;
}

static void stop(struct fitting *f, const char *case_id)
{
	if (is_stopped(f, case_id))
		return;
	f->stopped = mem_resize(f->stopped, f->stopped_count + 1, sizeof *f->stopped);
	memcpy(f->stopped[f->stopped_count++], case_id, ID_UUID_SIZE);
}

/* true: it can go. Else why has been told. */
static bool fits(struct fitting *f, const struct letter *l)
{
	struct look k = {.fitting = f};
	struct buf why = {0};
	json *body = NULL;

	if (l->body != NULL && json_parse(&body, l->body, l->body_len, NULL) == OK)
		k.attachments = json_get(body, "attachments");
	if (is_stopped(f, l->case_id))
		k.fault = FAULT_BEHIND;
	else
		look_at_letter(&k, l);
	if (k.fault != FAULT_NONE) {
		stop(f, l->case_id);
		say(&why, l, k.fault, name_of(k.attachments, k.sha256), k.at_centre);
		tell(f, l, why.data);
	}
	buf_fini(&why);
	json_free(body);
	return k.fault == FAULT_NONE;
}

static void leave_out(struct fitting *f, struct outbox_choice *c)
{
	size_t kept = 0, i;

	for (i = 0; f->result == OK && i < c->count; i++) {
		struct letter l;
		f->result = outbox_get(f->store, c->list[i].id, &l);
		if (f->result != OK)
			return;
		if (fits(f, &l))
			c->list[kept++] = c->list[i];
		letter_fini(&l);
	}
	c->count = kept;
}

/* Nobody asked for these by name; but they are here, and wait for a scan: those that were held for
 * one, now or by the deliverer, and what stands behind them. */
static void tell_held(struct fitting *f)
{
	struct outbox_choice c = {0};
	size_t i;

	f->result = outbox_choose_held(f->store, &c);
	for (i = 0; f->result == OK && i < c.count; i++) {
		struct letter l;
		f->result = outbox_get(f->store, c.list[i].id, &l);
		if (f->result != OK)
			break;
		if (fits(f, &l)) { /* the centre does not take its scan */
			stop(f, l.case_id);
			tell(f, &l, l.reason != NULL ? l.reason : "");
		}
		letter_fini(&l);
	}
	outbox_choice_fini(&c);
}

/* ---- all of them ---- */

/* Again after one was held: what goes in its stead is among them then. */
static enum err choose_and_hold(struct fitting *f, struct outbox_choice *c, struct buf *why)
{
	enum err e;
	size_t i;

	do {
		f->held = false;
		outbox_choice_fini(c);
		e = outbox_choose(f->store, f->order, c, why);
		for (i = 0; e == OK && i < c->count; i++)
			papers_each_of_letter(f->store, c->list[i].id, hold_lost, f);
	} while (e == OK && f->result == OK && f->held);
	return e != OK ? e : f->result;
}

enum err outbox_choose_fit(struct store *s, const struct outbox_order *order,
	struct outbox_choice *out, struct buf *why)
{
	struct fitting f = {.store = s, .order = order};
	struct outbox_choice c = {0};

	f.result = choose_and_hold(&f, &c, why);
	if (f.result == OK)
		leave_out(&f, &c);
	if (f.result == OK && order->count == 0)
		tell_held(&f);
	c.left = f.left;
	if (f.result == OK)
		*out = c;
	else
		outbox_choice_fini(&c);
	fitting_fini(&f);
	return f.result;
}
