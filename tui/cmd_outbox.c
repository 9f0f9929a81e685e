/*
 * yimen outbox: what waits, what was held and why, and what one can do: retry, keep back, release;
 * take letters out into a file and in again.
 */
#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/outbox.h"
#include "core/station/outbox_file.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"
#include "tui/letter_tell.h"
#include "tui/letter_view.h"

static const char who[] = "command";

struct outbox_request {
	struct cmd_station st;
	const char *verb, *text, *reason;
	const char **all_words;	  /* of the command line, the verb first */
	const char *const *words; /* behind the verb */
	size_t word_count;
	enum letter_state state;
	bool all, refused, as_json;
	bool told; /* what is wrong with the line was said */
};

struct members {
	char (*ids)[ID_UUID_SIZE]; /* of the cases */
	size_t count;
	struct buf numbers; /* their receipts, for a sentence */
};

struct shown {
	bool as_json;
	size_t count;
};

static void show_letter(void *arg, const struct letter *l)
{
	struct shown *s = arg;

	s->count++;
	(s->as_json ? letter_tell_json : letter_tell_row)(NULL, l);
}

static int list(struct outbox_request *r)
{
	const struct outbox_filter f = {.state = r->state, .text = r->text};
	bool whole = r->state == LETTER_STATE__MAX && r->text == NULL;
	struct shown shown = {r->as_json, 0};

	outbox_each(r->st.store, &f, show_letter, &shown);
	cmd_say_none(shown.count, r->as_json, whole ? tr("没有信件。") : tr("没有找到。"));
	return EXIT_DONE;
}

static void add_member(void *arg, const struct case_view *c)
{
	struct members *m = arg;

	if (c->letter_id == NULL)
		return;
	m->ids = mem_resize(m->ids, m->count + 1, sizeof *m->ids);
	memcpy(m->ids[m->count++], c->id, ID_UUID_SIZE);
	buf_printf(&m->numbers, "%s%s", m->numbers.len > 0 ? ", " : "", c->local_receipt);
}

static void members_fini(struct members *m)
{
	free(m->ids);
	buf_fini(&m->numbers);
}

/* The number is a bundle's: the letters of its members. ERR_NOT_FOUND: it is none. */
static enum err find_members(struct outbox_request *r, struct members *out)
{
	struct case_view c;
	enum err e = case_get(r->st.store, r->words[0], &c);

	if (e != OK)
		return e;
	if (strcmp(c.state, CASE_BUNDLE) == 0)
		case_each_in_bundle(r->st.store, c.id, add_member, out);
	case_view_fini(&c);
	return out->count > 0 ? OK : ERR_NOT_FOUND;
}

static int not_found(const struct outbox_request *r, enum err e)
{
	if (e == ERR_NOT_FOUND)
		fprintf(stderr, tr("没有 %s 这封信件, 请用 yimen outbox list 查看\n"), r->words[0]);
	else
		fprintf(stderr, "%s\n", err_text(e));
	return err_exit(e);
}

/* One letter: a bundle's number is refused, and says those of its members. */
static int find(struct outbox_request *r, struct letter *l)
{
	struct members m = {0};
	enum err e = outbox_get_next(r->st.store, r->words[0], l);
	int code = EXIT_DONE;

	if (e == ERR_NOT_FOUND && find_members(r, &m) == OK) {
		fprintf(stderr, tr("%s 是一件事, 请写明是其中哪一件: %s\n"), r->words[0],
			buf_str(&m.numbers));
		code = EXIT_REFUSED;
	} else if (e != OK) {
		code = not_found(r, e);
	}
	members_fini(&m);
	return code;
}

static int show_one(struct outbox_request *r, const struct letter *l)
{
	if (r->as_json)
		letter_tell_json(NULL, l);
	else
		letter_tell(&r->st, l, clock_wall_ms(&clock_system));
	return EXIT_DONE;
}

static int with_letter(struct outbox_request *r, const char *id,
	int (*one)(struct outbox_request *r, const struct letter *l))
{
	struct letter l = {0};
	enum err e = outbox_get_next(r->st.store, id, &l);
	int code = err_exit(e);

	if (e != OK)
		return code;
	code = one(r, &l);
	letter_fini(&l);
	return code;
}

/* What the letter has become. */
static int tell_one(struct outbox_request *r, const struct letter *l)
{
	if (r->as_json)
		letter_tell_json(NULL, l);
	else
		letter_tell_row(NULL, l);
	return EXIT_DONE;
}

/*
 * Does it to the letter of that number, or to those of a bundle one after the other and then tells
 * what has become of each (done, when it could be done to any).
 */
static int with_each(
	struct outbox_request *r, int (*one)(struct outbox_request *r, const struct letter *l))
{
	struct members m = {0};
	int code = EXIT_REFUSED, said;
	struct letter l = {0};
	enum err e = outbox_get_next(r->st.store, r->words[0], &l);

	if (e == OK) {
		code = one(r, &l);
		letter_fini(&l);
		return code;
	}
	if (e == ERR_NOT_FOUND)
		e = find_members(r, &m);
	if (e != OK)
		code = not_found(r, e);
	for (size_t i = 0; i < m.count; i++) {
		if (i > 0 && one == show_one && !r->as_json)
			putchar('\n');
		said = with_letter(r, m.ids[i], one);
		if (code != EXIT_DONE)
			code = said;
	}
	for (size_t i = 0; one != show_one && i < m.count; i++)
		with_letter(r, m.ids[i], tell_one);
	members_fini(&m);
	return code;
}

static int show(struct outbox_request *r)
{
	return with_each(r, show_one);
}

static int retry_all(struct outbox_request *r)
{
	size_t count;
	size_t refused = 0;
	enum err e = outbox_retry_all(r->st.store, who, &count);

	if (e == OK && r->refused)
		e = outbox_retry_refused(r->st.store, who, &refused);
	if (e == OK)
		printf(tr("%zu 件马上再试\n"), count + refused);
	if (e == OK && !r->refused)
		puts(tr("退回的和暂缓的没有动; 退回的也原样再试, 加 --refused"));
	return e == OK ? EXIT_DONE : cmd_refuse(e, NULL);
}

/* sentence: with the letter's number, for one that is not in the state for it. */
static int acted(enum err e, const struct letter *l, const char *sentence)
{
	if (e == OK)
		return EXIT_DONE;
	if (e != ERR_STATE)
		return cmd_refuse(e, NULL);
	fprintf(stderr, sentence, letter_number(l));
	return err_exit(e);
}

static int retry_one(struct outbox_request *r, const struct letter *l)
{
	return acted(outbox_retry(r->st.store, l->id, who), l, tr("%s 已经了结, 不用重发\n"));
}

static int retry(struct outbox_request *r)
{
	return r->all ? retry_all(r) : with_each(r, retry_one);
}

static int give_up(struct outbox_request *r)
{
	struct letter l = {0};
	struct buf why = {0};
	bool kept;
	enum err e;
	int code = find(r, &l);

	if (code != EXIT_DONE)
		return code;
	e = letter_is_case(&l) ? case_abandon(r->st.store, l.id, who, &why)
			       : act_take_back(r->st.store, l.id, who, &why);
	kept = e == ERR_STATE && letter_tell_kept(&l);
	code = e == OK || kept ? (int)err_exit(e) : cmd_refuse(e, &why);
	if (e == OK && letter_is_case(&l))
		printf(tr("%s 不办了: 不再报送, 办件记为撤回\n"), letter_number(&l));
	else if (e == OK)
		printf(l.origin != NULL ? tr("%s 不再代送; 请告诉原窗口更正\n")
					: tr("%s 已放弃, 不再报送; 中心那边照旧\n"),
			letter_number(&l));
	buf_fini(&why);
	letter_fini(&l);
	return code;
}

static int hold_one(struct outbox_request *r, const struct letter *l)
{
	return acted(outbox_hold(r->st.store, l->id, who, r->reason), l,
		tr("%s 不在等待报送, 不能暂缓\n"));
}

static int hold(struct outbox_request *r)
{
	if (r->reason[strspn(r->reason, " \t")] == '\0') {
		fprintf(stderr, "%s\n", tr("没有暂缓: 请写明为什么, 别人才知道何时放行。"));
		return EXIT_REFUSED;
	}
	return with_each(r, hold_one);
}

static int release_one(struct outbox_request *r, const struct letter *l)
{
	return acted(outbox_release(r->st.store, l->id, who), l, tr("%s 没有被暂缓, 不用放行\n"));
}

static int release(struct outbox_request *r)
{
	return with_each(r, release_one);
}

static void tell_left(void *arg, const struct letter *l, const char *why)
{
	struct buf line = {0};

	(void)arg;
	letter_left_words(&line, l, why);
	fprintf(stderr, tr("没有导出: %s"), line.data);
	buf_fini(&line);
}

static int put_out(struct outbox_request *r)
{
	const struct outbox_order order = {.path = r->words[0],
		.ids = r->words + 1,
		.count = r->word_count - 1,
		.operator_name = who,
		.left = tell_left};
	struct outbox_file_result done;
	struct buf why = {0};
	enum err e = outbox_export(r->st.store, &order, &done, &why);
	int code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);

	if (e == OK)
		printf(tr("已导出 %zu 件, 扫描件 %zu 份。这些件仍在待发里, 线路好了照样报送, 不会重复。\n"),
			done.letters, done.papers);
	if (e == OK && done.left > 0)
		code = EXIT_REFUSED;
	buf_fini(&why);
	return code;
}

static int take_in(struct outbox_request *r)
{
	struct outbox_file_result done;
	struct buf why = {0}, said = {0};
	enum err e = paths_look_file(r->words[0], &why);
	int code;

	if (e == OK)
		e = outbox_import(r->st.store, r->words[0], who, &done, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
	/* It is what was brought that is wrong, and nothing here: the same as at the centre. */
	if (e == ERR_DAMAGED || e == ERR_DENIED)
		code = EXIT_REFUSED;
	if (e == OK)
		letter_taken_words(&said, &done);
	if (e == OK)
		puts(said.data);
	buf_fini(&why);
	buf_fini(&said);
	return code;
}

static const struct verb {
	const char *name;
	size_t words_min, words_max;
	int (*run)(struct outbox_request *r);
} verbs[] = {
	{"list", 0, 0, list},
	{"show", 1, 1, show},
	{"retry", 1, 1, retry},
	{"hold", 1, 1, hold},
	{"give-up", 1, 1, give_up},
	{"release", 1, 1, release},
	{"export", 1, 1000, put_out},
	{"import", 1, 1, take_in},
};

/* Says which there are when it is none. */
static bool take_state(const char *name, struct outbox_request *r)
{
	if (letter_state_parse(name, &r->state))
		return true;
	if (cmd_is_no_value(name))
		return false;
	fprintf(stderr, tr("没有 %s 这种状态。可写的有:"), name);
	for (int s = 0; s < LETTER_STATE__MAX; s++)
		fprintf(stderr, "%s %s", s > 0 ? "," : "", letter_state_name((enum letter_state)s));
	fputc('\n', stderr);
	r->told = true;
	return false;
}

/* Takes the options out; the words stay in argv, in order. */
static bool parse(int argc, char **argv, struct outbox_request *r)
{
	const char **words = mem_array((size_t)argc + 1, sizeof *words);
	int i;

	r->words = r->all_words = words;
	for (i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		if (strcmp(argv[i], "--json") == 0)
			r->as_json = true;
		else if (strcmp(argv[i], "--all") == 0)
			r->all = true;
		else if (strcmp(argv[i], "--refused") == 0)
			r->refused = true;
		else if (argv[i][0] == '\0')
			return false;
		else if (argv[i][0] != '-')
			words[r->word_count++] = argv[i];
		else if (next == NULL || (*next == '\0' && strcmp(argv[i], "--reason") != 0))
			return false;
		else if (strcmp(argv[i], "--text") == 0)
			r->text = argv[++i];
		else if (strcmp(argv[i], "--reason") == 0)
			r->reason = argv[++i];
		else if (strcmp(argv[i], "--state") != 0 || !take_state(argv[++i], r))
			return false;
	}
	r->verb = "list";
	if (r->word_count > 0) {
		r->verb = *r->words++;
		r->word_count--;
	}
	return true;
}

/* The options of this verb, and only those: who gives another one means something else. */
static bool is_fitting(const struct verb *v, const struct outbox_request *r)
{
	if ((r->state != LETTER_STATE__MAX || r->text != NULL) && v->run != list)
		return false;
	if ((r->all || r->refused) && v->run != retry)
		return false;
	return (r->reason != NULL) == (v->run == hold) && (r->all || !r->refused);
}

static const struct verb *verb_of(const struct outbox_request *r)
{
	size_t i;

	for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		const struct verb *v = &verbs[i];
		if (strcmp(v->name, r->verb) != 0)
			continue;
		if (!is_fitting(v, r))
			return NULL;
		if (v->run == retry && r->all)
			return r->word_count == 0 ? v : NULL;
		return r->word_count >= v->words_min && r->word_count <= v->words_max ? v : NULL;
	}
	return NULL;
}

int cmd_outbox(int argc, char **argv)
{
	struct outbox_request r = {.state = LETTER_STATE__MAX};
	const struct verb *v = parse(argc, argv, &r) ? verb_of(&r) : NULL;
	enum err e;
	int code;

	if (v == NULL) {
		free(r.all_words);
		if (r.told)
			return EXIT_USAGE;
		return cmd_usage(tr(
			"outbox [list [--state 状态] [--text 词] | show 编号 | retry 编号|--all [--refused] | "
			"give-up 编号 | hold 编号 --reason 原因 | release 编号 | export 文件 [编号…] | "
			"import 文件] [--json]"));
	}
	e = cmd_station_open(&r.st, false);
	if (e != OK)
		return err_exit(e);
	code = v->run(&r);
	cmd_station_close(&r.st);
	free(r.all_words);
	return code;
}
