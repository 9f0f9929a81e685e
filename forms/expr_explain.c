/* What a rule asks, as a sentence: its conditions as facts, joined and made short in told.c. */
#include "forms/expr.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/expr_tell.h"

static bool holds(const struct telling *t, int32_t at)
{
	struct expr part = *t->e;

	part.root = at;
	return t->words->holds(t->words->arg, &part);
}

/* Each is a case of its own (something is picked, or several things come together), as against
 * "empty or an identity card number", which is one fact whichever of both it is now. */
static bool are_cases(const struct telling *t, int32_t at)
{
	for (int32_t c = tell_node(t, at)->first; c != EXPR_NONE; c = tell_node(t, c)->next)
		if (tell_node(t, c)->kind != EN_AND && !tell_calls(t, c, fn_select_selected))
			return false;
	return true;
}

/* Asked why it holds: of several cases those are told that hold. */
static bool tells_why(const struct telling *t, int32_t at, bool no)
{
	if (t->words->holds == NULL || t->depth > 0 || no || at != t->e->root ||
		tell_node(t, at)->kind != EN_OR || !are_cases(t, at))
		return false;
	for (int32_t c = tell_node(t, at)->first; c != EXPR_NONE; c = tell_node(t, c)->next)
		if (holds(t, c))
			return true;
	return false;
}

static struct told *junction(const struct telling *t, int32_t at, bool no)
{
	const bool all = (tell_node(t, at)->kind == EN_AND) != no, why = tells_why(t, at, no);
	struct told **parts = NULL;
	size_t count = 0;

	for (int32_t c = tell_node(t, at)->first; c != EXPR_NONE; c = tell_node(t, c)->next) {
		if (why && !holds(t, c))
			continue;
		parts = mem_resize(parts, count + 1, sizeof *parts);
		parts[count++] = tell_condition(t, c, no);
		if (*t->work > TELL_WORK_MAX)
			break;
	}
	return told_join(all, parts, count);
}

static struct told *plain(const struct telling *t, int32_t at, bool no)
{
	enum node_kind kind = (enum node_kind)tell_node(t, at)->kind;
	struct buf words = {0};
	struct told *told;

	tell(t, at, &words);
	told = kind == EN_REF || kind == EN_PATH
		       ? told_filled(buf_str(&words), no)
		       : told_phrases("", "%s", tr("并非（%s）"), buf_str(&words), no);
	buf_fini(&words);
	return told;
}

struct told *tell_condition(const struct telling *t, int32_t at, bool no)
{
	const struct enode *n = tell_node(t, at);

	if (++*t->work > TELL_WORK_MAX)
		return told_fact(&(struct told_fact){
			.subject = "", .says = tr("……"), .denies = tr("……"), .denied = no});
	switch ((enum node_kind)n->kind) {
	case EN_OR:
	case EN_AND:
		return junction(t, at, no);
	case EN_COMPARE:
		return tell_comparison(t, at, no);
	case EN_CALL:
		if ((n->fn->flags & FN_BOOLEAN) != 0)
			return tell_truth(t, at, no);
		return plain(t, at, no);
	default:
		return plain(t, at, no);
	}
}

/* ---- the whole ---- */

/* One of the wide marks that need no blank beside them begins at s. */
static bool wide_mark(const char *s)
{
	return strncmp(s, "（", 3) == 0 || strncmp(s, "）", 3) == 0 || strncmp(s, "，", 3) == 0 ||
	       strncmp(s, "、", 3) == 0 || strncmp(s, "；", 3) == 0;
}

/* Blanks that the parts brought: one between words, none at an end or beside a bracket. */
static void add_tidy(const char *s, struct buf *out)
{
	const char *word = s; /* where the last word ended */
	bool blank = false;

	for (const char *p = s; *p; p++) {
		if (*p == ' ') {
			blank = true;
			continue;
		}
		if (blank && word > s && word[-1] != '(' && !strchr(",;)", *p) && !wide_mark(p) &&
			!(word - s >= 3 && wide_mark(word - 3)))
			buf_addc(out, ' ');
		blank = false;
		buf_addc(out, *p);
		word = p + 1;
	}
}

void expr_explain(const struct expr *e, const struct expr_words *words, struct buf *out)
{
	int work = 0;
	struct telling t = {e, words, 0, &work, NULL};
	struct told *told = tell_condition(&t, e->root, false);
	struct buf sentence = {0};

	told_say(told, &sentence);
	told_free(told);
	add_tidy(buf_str(&sentence), out);
	buf_fini(&sentence);
}

void expr_explain_value(const struct expr *e, const struct expr_words *words, struct buf *out)
{
	int work = 0;
	struct telling t = {e, words, 0, &work, NULL};
	struct buf sentence = {0};

	tell(&t, e->root, &sentence);
	add_tidy(buf_str(&sentence), out);
	buf_fini(&sentence);
}
