#include "tui/decode.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "tui/glyph.h"

enum {
	PASTE_MAX_BYTES = 64 * 1024,
	PASTE_SILENCE_MS = 3000, /* its end mark was lost on the way */
	TAIL_MS = 1000, /* an Esc was alone so long, and was the head of an arrow after all */
	TAIL_MAX = 16
};

struct binding {
	char *sequence;
	size_t len;
	enum key_code code;
	uint32_t ch;
};

struct decoder {
	struct buf in;
	size_t at; /* bytes of `in` already taken */
	int64_t at_ms;
	int64_t last_char_ms, last_key_ms;
	int run, burst;
	int64_t lone_ms; /* when an Esc was taken for a lone one; -1: something came since */
	bool torn;	 /* and once it was none */
	char ended;	 /* the byte of the last key, if it ended a line; else 0 */
	struct binding *bindings;
	size_t count;
	bool pasting, paste_lost;
	struct buf raw_paste, paste;
};

/* What most terminals send, for when terminfo says otherwise or nothing. */
static const struct {
	const char *sequence;
	enum key_code code;
	uint32_t ch;
} common[] = {
	{"\033[A", K_UP, 0},
	{"\033[B", K_DOWN, 0},
	{"\033[C", K_RIGHT, 0},
	{"\033[D", K_LEFT, 0},
	{"\033OA", K_UP, 0},
	{"\033OB", K_DOWN, 0},
	{"\033OC", K_RIGHT, 0},
	{"\033OD", K_LEFT, 0},
	{"\033[H", K_HOME, 0},
	{"\033[F", K_END, 0},
	{"\033OH", K_HOME, 0},
	{"\033OF", K_END, 0},
	{"\033[1~", K_HOME, 0},
	{"\033[4~", K_END, 0},
	{"\033[7~", K_HOME, 0},
	{"\033[8~", K_END, 0},
	{"\033[2~", K_INSERT, 0},
	{"\033[3~", K_DELETE, 0},
	{"\033[5~", K_PGUP, 0},
	{"\033[6~", K_PGDN, 0},
	{"\033[Z", K_BACKTAB, 0},
	{"\033OM", K_ENTER, 0},
	{"\033OP", K_F, 1},
	{"\033OQ", K_F, 2},
	{"\033OR", K_F, 3},
	{"\033OS", K_F, 4},
	{"\033[[A", K_F, 1},
	{"\033[[B", K_F, 2},
	{"\033[[C", K_F, 3},
	{"\033[[D", K_F, 4},
	{"\033[[E", K_F, 5},
	{"\033[11~", K_F, 1},
	{"\033[12~", K_F, 2},
	{"\033[13~", K_F, 3},
	{"\033[14~", K_F, 4},
	{"\033[15~", K_F, 5},
	{"\033[17~", K_F, 6},
	{"\033[18~", K_F, 7},
	{"\033[19~", K_F, 8},
	{"\033[20~", K_F, 9},
	{"\033[21~", K_F, 10},
	{"\033[23~", K_F, 11},
	{"\033[24~", K_F, 12},
	{"\033[200~", K_PASTE, 0},
};

struct decoder *decoder_new(void)
{
	struct decoder *d = mem_alloc(sizeof(*d));

	d->lone_ms = -1;
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		decoder_bind(d, common[i].sequence, common[i].code, common[i].ch);
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->count; i++)
		free(d->bindings[i].sequence);
	free(d->bindings);
	buf_fini(&d->in);
	buf_fini(&d->raw_paste);
	buf_fini(&d->paste);
	free(d);
}

void decoder_bind(struct decoder *d, const char *sequence, enum key_code code, uint32_t ch)
{
	if (!sequence || !*sequence)
		return;
	d->bindings = mem_resize(d->bindings, d->count + 1, sizeof(*d->bindings));
	d->bindings[d->count++] =
		(struct binding){mem_strdup(sequence), strlen(sequence), code, ch};
}

void decoder_feed(struct decoder *d, const void *bytes, size_t len_bytes, int64_t at_ms)
{
	if (d->at > 0) {
		memmove(d->in.data, d->in.data + d->at, d->in.len - d->at);
		d->in.len -= d->at;
		d->at = 0;
	}
	buf_add(&d->in, bytes, len_bytes);
	d->paste_lost = d->pasting && at_ms - d->at_ms > PASTE_SILENCE_MS;
	d->at_ms = at_ms;
}

bool decoder_torn(const struct decoder *d)
{
	return d->torn;
}

bool decoder_pending(const struct decoder *d)
{
	return d->at < d->in.len;
}

/* One character in the locale's charset. Returns bytes taken; 0: incomplete. The C library also
 * reads four bytes as a number beyond all characters (RFC 3629 has none there). */
static size_t one_char(const char *s, size_t n, bool quiet, uint32_t *ch)
{
	mbstate_t state = {0};
	wchar_t w = 0;
	size_t used = mbrtowc(&w, s, n, &state);

	if (used == (size_t)-2 && !quiet)
		return 0;
	if (used == (size_t)-1 || used == (size_t)-2 || used == 0 || w > 0x10FFFF) {
		*ch = 0;
		return 1;
	}
	*ch = (uint32_t)w;
	return used;
}

/* What was pasted, as one line of UTF-8: line ends become one blank, control characters go. */
static void finish_paste(struct decoder *d)
{
	const char *s = d->raw_paste.data;
	size_t n = d->raw_paste.len;
	bool blank = false;

	buf_clear(&d->paste);
	for (size_t at = 0; at < n;) {
		uint32_t ch;
		char utf8[4];
		at += one_char(s + at, n - at, true, &ch);
		if (ch == '\r' || ch == '\n' || ch == '\t') {
			blank = d->paste.len > 0;
			continue;
		}
		if (ch < 0x20 || (ch >= 0x7f && ch < 0xa0))
			continue;
		if (blank)
			buf_addc(&d->paste, ' ');
		blank = false;
		buf_add(&d->paste, utf8, text_encode(ch, utf8));
	}
	buf_clear(&d->raw_paste);
	d->pasting = d->paste_lost = false;
}

/* Inside a paste: takes bytes up to its end mark. true: the paste is complete. */
static bool take_paste(struct decoder *d, bool quiet)
{
	static const char mark[] = "\033[201~";
	const size_t mark_len = sizeof(mark) - 1;
	const char *s = d->in.data + d->at;
	size_t n = d->in.len - d->at;

	if (d->paste_lost) { /* what comes after the silence is typed */
		finish_paste(d);
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		size_t rest = n - i < mark_len ? n - i : mark_len;
		if (memcmp(s + i, mark, rest) != 0) {
			if (d->raw_paste.len < PASTE_MAX_BYTES)
				buf_addc(&d->raw_paste, s[i]);
			continue;
		}
		if (rest < mark_len) {
			d->at += i;
			return false;
		}
		d->at += i + mark_len;
		finish_paste(d);
		return true;
	}
	d->at = d->in.len;
	(void)quiet;
	return false;
}

enum match {
	MATCH_NONE,
	MATCH_PART,
	MATCH_WHOLE
};

/* The longest bound sequence at the start of s; MATCH_PART: more bytes could make one. */
static enum match find_binding(
	const struct decoder *d, const char *s, size_t n, const struct binding **out)
{
	enum match found = MATCH_NONE;
	size_t best = 0;

	for (size_t i = d->count; i-- > 0;) {
		const struct binding *b = &d->bindings[i];
		if (b->len <= n && b->len > best && memcmp(s, b->sequence, b->len) == 0) {
			best = b->len;
			*out = b;
			found = MATCH_WHOLE;
		} else if (b->len > n && found == MATCH_NONE && memcmp(s, b->sequence, n) == 0) {
			found = MATCH_PART;
		}
	}
	return found;
}

/* CSI parameters final: a cursor report, a key with modifiers, or something to skip. */
static size_t take_csi(const char *s, size_t n, struct key *out)
{
	unsigned params[2] = {0, 0};
	size_t i = 2, p = 0;

	while (i < n && s[i] >= 0x20 && s[i] <= 0x3f) {
		if (s[i] == ';')
			p++;
		else if (s[i] >= '0' && s[i] <= '9' && p < 2 && params[p] < 10000)
			params[p] = params[p] * 10 + (unsigned)(s[i] - '0');
		i++;
	}
	if (i == n)
		return 0;
	switch (s[i]) {
	case 'R':
		out->code = K_REPORT;
		out->ch = params[0];
		out->plain = params[1];
		break;
	case 'A':
		out->code = K_UP;
		break;
	case 'B':
		out->code = K_DOWN;
		break;
	case 'C':
		out->code = K_RIGHT;
		break;
	case 'D':
		out->code = K_LEFT;
		break;
	default:
		out->code = K_NONE;
		break;
	}
	return i + 1;
}

/* A sequence that begins with Esc. Returns bytes taken; 0: incomplete. */
static size_t take_escape(struct decoder *d, const char *s, size_t n, bool quiet, struct key *out)
{
	const struct binding *b = NULL;
	enum match m = find_binding(d, s, n, &b);
	size_t used;

	if (m == MATCH_WHOLE) {
		out->code = b->code;
		out->ch = b->ch;
		return b->len;
	}
	if (n > 2 && s[1] == '[') {
		used = take_csi(s, n, out);
		if (used > 0 || !quiet)
			return used;
	}
	if (!quiet && (n == 1 || m == MATCH_PART))
		return 0;
	if (n == 1 || s[1] == '\033') {
		out->code = K_ESC;
		return 1;
	}
	if (n == 2 && s[1] == '[' && !quiet)
		return 0;
	used = one_char(s + 1, n - 1, quiet, &out->ch);
	if (used == 0)
		return 0;
	out->plain = glyph_half(out->ch);
	if (out->plain < '0' || out->plain > '9') { /* Esc, and then something else at once */
		out->code = K_ESC;
		return 1;
	}
	out->code = K_ALT;
	return used + 1;
}

/*
 * The rest of an arrow whose Esc came long before it, over a bad line: its Esc has been done, and
 * what is left of it is no text. Only when it is all that came. false: it is text.
 */
static bool take_tail(struct decoder *d, const char *s, size_t n, struct key *out)
{
	char whole[TAIL_MAX + 1] = "\033";
	const struct binding *b = NULL;
	size_t used;

	if (d->at_ms - d->lone_ms > TAIL_MS || n < 2 || n > TAIL_MAX - 1 ||
		(s[0] != '[' && s[0] != 'O'))
		return false;
	memcpy(whole + 1, s, n);
	if (find_binding(d, whole, n + 1, &b) == MATCH_WHOLE)
		used = b->code == K_PASTE ? 0 : b->len;
	else
		used = s[0] == '[' ? take_csi(whole, n + 1, out) : 0;
	if (used != n + 1) {
		out->code = K_NONE;
		return false;
	}
	if (out->code != K_REPORT)
		out->code = K_NONE;
	return d->torn = true;
}

static void control_key(unsigned char c, struct key *out)
{
	switch (c) {
	case '\r':
	case '\n':
		out->code = K_ENTER;
		break;
	case '\t':
		out->code = K_TAB;
		break;
	case '\b':
	case 0x7f:
		out->code = K_BACKSPACE;
		break;
	case 0:
		out->code = K_NONE;
		break;
	default:
		out->code = K_CTRL;
		out->ch = c < 27 ? (uint32_t)('a' + c - 1) : (uint32_t)('@' + c);
		break;
	}
}

static bool ends_line(const struct key *k)
{
	return k->code == K_ENTER || k->code == K_TAB;
}

/* A reader's CR and LF, or its Tab and CR: one end of its line. */
static bool is_same_end(const struct decoder *d, const struct key *k, char c)
{
	if (k->code != K_ENTER)
		return false;
	return (c == '\n' && d->ended == '\r' && k->burst > 0) ||
	       (d->ended == '\t' && k->burst > KEY_SCANNED);
}

/* How many characters came just before this one, each within the gap: a person cannot do that. */
static void count_run(struct decoder *d, struct key *out)
{
	if (d->at_ms - d->last_key_ms >= KEY_GAP_MS)
		d->burst = 0;
	out->burst = d->burst;
	if (out->code == K_CHAR || (d->burst > 0 && ends_line(out)))
		d->burst++;
	else
		d->burst = 0;
	d->last_key_ms = d->at_ms;
	for (size_t i = d->at; out->code == K_CHAR && i < d->in.len; i++, out->ahead++)
		if ((unsigned char)d->in.data[i] < ' ' || (unsigned char)d->in.data[i] >= 0x7f)
			break; /* a reader has no Chinese, an input method little else */
	if (d->at_ms - d->last_char_ms >= KEY_GAP_MS)
		d->run = 0;
	out->run = d->run;
	if (out->code != K_CHAR) {
		d->run = 0;
		return;
	}
	d->run++;
	d->last_char_ms = d->at_ms;
}

bool decoder_next(struct decoder *d, bool quiet, struct key *out)
{
	while (d->at < d->in.len) {
		const char *s = d->in.data + d->at;
		size_t n = d->in.len - d->at, used = 1;
		struct key k = {.code = K_NONE, .at_ms = d->at_ms};
		bool same_end;

		if (d->pasting) {
			if (!take_paste(d, quiet))
				return false;
			k.code = K_PASTE;
			k.text = buf_str(&d->paste);
			*out = k;
			return true;
		}
		if (s[0] == '\033') {
			used = take_escape(d, s, n, quiet, &k);
		} else if (d->lone_ms >= 0 && take_tail(d, s, n, &k)) {
			used = n;
		} else if ((unsigned char)s[0] < 0x20 || s[0] == 0x7f) {
			control_key((unsigned char)s[0], &k);
		} else {
			used = one_char(s, n, quiet, &k.ch);
			k.plain = glyph_half(k.ch);
			k.code = k.ch ? K_CHAR : K_NONE;
		}
		if (used == 0)
			return false;
		d->at += used;
		d->lone_ms = k.code == K_ESC && d->at == d->in.len ? d->at_ms : -1;
		if (k.code == K_PASTE) {
			d->pasting = true;
			continue;
		}
		if (k.code == K_NONE)
			continue;
		count_run(d, &k);
		same_end = is_same_end(d, &k, s[0]);
		d->ended = ends_line(&k) ? s[0] : '\0';
		if (same_end)
			continue;
		*out = k;
		return true;
	}
	return false;
}
