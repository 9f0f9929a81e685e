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
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/acts.h"
#include "core/station/outbox.h"
#include "core/station/outbox_file.h"
#include "core/station/refusal.h"
#include "tui/cmd_station.h"

static const char who[] = "command";

/* ---- as JSON ---- */

static void put_time(struct buf *out, const char *key, int64_t ms)
{
	char iso[CLOCK_ISO_SIZE];

	json_member(out, key);
	json_put_str(out, ms > 0 ? clock_iso(ms, iso) : NULL);
}

static const char *hold_name(const struct letter *l)
{
	static const char *const names[HOLD__MAX] = {NULL, "refused", "person", "kept"};

	return l->state == LETTER_HELD ? names[l->hold] : NULL;
}

static void write_json(struct buf *out, const struct letter *l)
{
	buf_addc(out, '{');
	json_member_str(out, "id", l->id);
	json_member_str(out, "case_id", l->case_id);
	json_member_str(out, "kind", l->kind);
	json_member_str(out, "local_receipt", l->local_receipt);
	json_member(out, "project_no");
	json_put_str(out, l->project_no);
	json_member_str(out, "state", letter_state_name(l->state));
	json_member_int(out, "tries", l->tries);
	put_time(out, "next_at", l->state == LETTER_WAITING ? l->next_ms : 0);
	put_time(out, "since", l->since_ms);
	put_time(out, "created_at", l->created_ms);
	put_time(out, "last_at", l->last_ms);
	put_time(out, "delivered_at", l->delivered_ms);
	json_member(out, "reason");
	json_put_str(out, l->reason);
	json_member_str(out, "hold", hold_name(l));
	json_member_int(out, "version", l->version);
	json_member_str(out, "origin", l->origin);
	if (l->papers_bytes > 0) {
		json_member_int(out, "papers_bytes", l->papers_bytes);
		json_member_int(out, "papers_sent", l->papers_sent);
	}
	buf_addc(out, '}');
}

static void list_json(void *arg, const struct letter *l)
{
	struct buf line = {0};

	(void)arg;
	write_json(&line, l);
	puts(line.data);
	buf_fini(&line);
}

/* ---- for a person ---- */

/* A carried letter may have no receipt of ours: then its own number. */
static const char *number_of(const struct letter *l)
{
	return l->local_receipt != NULL ? l->local_receipt : l->id;
}

static void list_plain(void *arg, const struct letter *l)
{
	struct buf line = {0};
	char when[32];

	(void)arg;
	clock_format(l->created_ms, "%m-%d %H:%M", when, sizeof when);
	buf_printf(&line, "%s\t%s\t%s\t%s\t%s\t", number_of(l), letter_state_text(l), when,
		l->project_no != NULL ? l->project_no : "-", l->task_name);
	if (l->reason != NULL)
		text_clean(&line, l->reason, strlen(l->reason));
	puts(line.data);
	buf_fini(&line);
}

static void show_advice(const struct letter *l)
{
	const char *number = number_of(l);

	if (l->state == LETTER_WAITING)
		printf(tr("现在可做    不用守着; 马上再试 yimen outbox retry %s, 暂缓 yimen outbox hold %s "
			  "--reason 原因\n"),
			number, number);
	else if (l->state != LETTER_HELD)
		return;
	else if (l->hold == HOLD_KEPT)
		printf(tr("现在可做    放行 yimen outbox release %s\n"), number);
	else if (l->hold == HOLD_PERSON)
		printf(tr("现在可做    请管理员看接入是否有效 (yimen doctor), 好了就 yimen outbox retry "
			  "%s\n"),
			number);
	else if (l->origin != NULL)
		printf(tr("现在可做    请 %s 在那边更正; 这里不能改别的窗口的件\n"), l->origin);
	else if (refusal_is_final(l->problem))
		printf(tr("现在可做    中心有别的版本或已办到别处, 原样重发没有用: 先 yimen sync 再看 yimen case show "
			  "%s; 仍要更正用 yimen case correct, 不要了用 yimen outbox give-up %s\n"),
			number, number);
	else
		printf(tr("现在可做    更正后重新提交: 打开这一件, 或 yimen case correct %s --answers 文件; "
			  "不用改就 yimen outbox retry %s\n"),
			number, number);
}

static void show_fault(void *arg, const char *place, const char *message)
{
	(void)arg;
	if (place[0] != '\0')
		printf(tr("  栏 %s: %s\n"), place, message);
}

static void show_plain(const struct letter *l, int64_t now_ms)
{
	char when[32];

	printf(tr("本地收件号  %s\n"), number_of(l));
	printf(tr("办件编号    %s\n"),
		l->project_no != NULL ? l->project_no : tr("(中心尚未给出)"));
	if (l->origin != NULL)
		printf(tr("捎带自      %s\n"), l->origin);
	printf(tr("事项        %s\n"), l->task_name);
	if (l->version > 1)
		printf(tr("版本        第 %d 版\n"), l->version);
	printf(tr("状态        %s, 从 %s 起\n"), letter_state_text(l),
		clock_format(l->since_ms, "%Y-%m-%d %H:%M:%S", when, sizeof when));
	if (l->papers_bytes > 0)
		printf(tr("扫描件      已传 %lld / %lld 字节\n"), (long long)l->papers_sent,
			(long long)l->papers_bytes);
	printf(tr("已试        %d 次\n"), l->tries);
	if (l->last_ms > 0)
		printf(tr("上次        %s\n"),
			clock_format(l->last_ms, "%Y-%m-%d %H:%M:%S", when, sizeof when));
	if (l->state == LETTER_WAITING)
		printf(tr("下次        %s\n"),
			l->next_ms > now_ms
				? clock_format(l->next_ms, "%Y-%m-%d %H:%M:%S", when, sizeof when)
			: l->next_ms > 0 ? tr("时间已到, 报送程序一开就报")
					 : tr("一有线路就报"));
	if (l->reason != NULL)
		printf(l->state == LETTER_HELD && l->hold == HOLD_KEPT ? tr("暂缓原因    %s\n")
								       : tr("最近答复    %s\n"),
			l->reason);
	if (l->state == LETTER_HELD)
		refusal_each(l->problem, show_fault, NULL);
	show_advice(l);
	printf(tr("信件编号    %s\n"), l->id);
}

/* ---- the verbs ---- */

struct outbox_request {
	struct cmd_station st;
	const char *verb, *text, *reason;
	const char **all_words;	  /* of the command line, the verb first */
	const char *const *words; /* behind the verb */
	size_t word_count;
	enum letter_state state;
	bool all, refused, as_json;
};

static int list(struct outbox_request *r)
{
	const struct outbox_filter f = {.state = r->state, .text = r->text};

	outbox_each(r->st.store, &f, r->as_json ? list_json : list_plain, NULL);
	return EXIT_DONE;
}

static int find(struct outbox_request *r, struct letter *l)
{
	enum err e = outbox_get(r->st.store, r->words[0], l);

	if (e == ERR_NOT_FOUND)
		fprintf(stderr, tr("没有 %s 这封信件, 请用 yimen outbox list 查看\n"), r->words[0]);
	else if (e != OK)
		fprintf(stderr, "%s\n", err_text(e));
	return err_exit(e);
}

static int show(struct outbox_request *r)
{
	struct letter l = {0};
	int code = find(r, &l);

	if (code != EXIT_DONE)
		return code;
	if (r->as_json)
		list_json(NULL, &l);
	else
		show_plain(&l, clock_wall_ms(&clock_system));
	letter_fini(&l);
	return EXIT_DONE;
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

static int retry(struct outbox_request *r)
{
	struct letter l = {0};
	enum err e;
	int code;

	if (r->all)
		return retry_all(r);
	code = find(r, &l);
	if (code != EXIT_DONE)
		return code;
	e = outbox_retry(r->st.store, l.id, who);
	if (e == ERR_STATE)
		fprintf(stderr, tr("%s 已经了结, 不用重发\n"), r->words[0]);
	letter_fini(&l);
	return err_exit(e);
}

static int give_up(struct outbox_request *r)
{
	struct letter l = {0};
	struct buf why = {0};
	enum err e;
	int code = find(r, &l);

	if (code != EXIT_DONE)
		return code;
	e = act_take_back(r->st.store, l.id, who, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
	if (e == OK)
		printf(tr("%s 这一版已放弃, 不再报送; 中心那边照旧\n"), number_of(&l));
	buf_fini(&why);
	letter_fini(&l);
	return code;
}

static int hold(struct outbox_request *r)
{
	struct letter l = {0};
	enum err e;
	int code = find(r, &l);

	if (code != EXIT_DONE)
		return code;
	e = outbox_hold(r->st.store, l.id, who, r->reason);
	if (e == ERR_STATE)
		fprintf(stderr, tr("%s 不在等待报送, 不能暂缓\n"), r->words[0]);
	letter_fini(&l);
	return err_exit(e);
}

static int release(struct outbox_request *r)
{
	struct letter l = {0};
	enum err e;
	int code = find(r, &l);

	if (code != EXIT_DONE)
		return code;
	e = outbox_release(r->st.store, l.id, who);
	if (e == ERR_STATE)
		fprintf(stderr, tr("%s 没有被暂缓, 不用放行\n"), r->words[0]);
	letter_fini(&l);
	return err_exit(e);
}

static int put_out(struct outbox_request *r)
{
	struct outbox_file_result done;
	struct buf why = {0};
	enum err e = outbox_export(
		r->st.store, r->words[0], r->words + 1, r->word_count - 1, who, &done, &why);
	int code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);

	if (e == OK)
		printf(tr("已导出 %zu 件, 扫描件 %zu 份。这些件仍在待发里, 线路好了照样报送, 不会重复。\n"),
			done.letters, done.papers);
	buf_fini(&why);
	return code;
}

static int take_in(struct outbox_request *r)
{
	struct outbox_file_result done;
	struct buf why = {0};
	enum err e = outbox_import(r->st.store, r->words[0], who, &done, &why);
	int code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);

	if (e == OK)
		printf(tr("已收 %zu 件, 扫描件 %zu 份; 以前收过 %zu 件。报送时替原窗口送到。\n"),
			done.letters, done.papers, done.skipped);
	buf_fini(&why);
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
		else if (argv[i][0] != '-')
			words[r->word_count++] = argv[i];
		else if (next == NULL)
			return false;
		else if (strcmp(argv[i], "--text") == 0)
			r->text = argv[++i];
		else if (strcmp(argv[i], "--reason") == 0)
			r->reason = argv[++i];
		else if (strcmp(argv[i], "--state") != 0 ||
			 !letter_state_parse(argv[++i], &r->state))
			return false;
	}
	r->verb = "list";
	if (r->word_count > 0) {
		r->verb = *r->words++;
		r->word_count--;
	}
	return true;
}

static const struct verb *verb_of(const struct outbox_request *r)
{
	size_t i;

	for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		const struct verb *v = &verbs[i];
		if (strcmp(v->name, r->verb) != 0)
			continue;
		if (v->run == hold && r->reason == NULL)
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
