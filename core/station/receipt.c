#include "core/station/receipt.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/station/store.h"

/* Crockford's base 32. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum {
	MARK_AT = 11, /* behind "L261124-03-" */
	MARK_CHARS = ID_MARK_SIZE - 1,
	CHECK_CHARS = 3,
	OLD_CHECK_CHARS = 4, /* without a mark */
	NUMBER_MIN_DIGITS = 2,
	OLD_NUMBER_MIN_DIGITS = 4,
	NUMBER_MAX_DIGITS = 9
};

static const char mark_setting[] = "receipt.mark";

/* The next number of a series, inside the open transaction: without gaps. */
static enum err next_number(struct store *s, const char *series, int64_t *out)
{
	struct stmt *st = db_prepare(store_db(s), "INSERT INTO counter (name, value) VALUES (?1, 1)"
						  " ON CONFLICT DO UPDATE SET value = value + 1"
						  " RETURNING value");
	int64_t n = 0;
	enum err e;

	db_bind_text(st, 1, series);
	while (db_row(st))
		n = db_int(st, 0);
	e = db_done(st);
	if (e == OK)
		*out = n;
	return e;
}

enum err receipt_key(struct store *s, char **out)
{
	char made[33];
	enum err e = OK;

	*out = store_get(s, "receipt.key");
	if (*out == NULL) {
		id_code(store_entropy(s), 32, made);
		e = store_set(s, "receipt.key", made);
		*out = mem_strdup(made);
	}
	return e;
}

enum err receipt_key_set(struct store *s, const char *key)
{
	char *before = store_get(s, "receipt.key");
	enum err e = OK;

	if (before != NULL && strcmp(before, key) != 0)
		e = store_set(s, "receipt.key.before", before);
	free(before);
	return e == OK ? store_set(s, "receipt.key", key) : e;
}

static enum err draw_mark(struct store *s)
{
	char mark[ID_MARK_SIZE];

	return store_set(s, mark_setting, id_mark(store_entropy(s), mark));
}

enum err receipt_mark(struct store *s, char **out)
{
	enum err e = OK;

	*out = store_get(s, mark_setting);
	if (*out == NULL) {
		e = draw_mark(s);
		*out = store_get(s, mark_setting);
	}
	return e == OK && *out == NULL ? ERR_IO : e;
}

enum err receipt_mark_set(struct store *s, const char *mark)
{
	return id_is_mark(mark) ? store_set(s, mark_setting, mark) : draw_mark(s);
}

enum err receipt_unknown_here(struct store *s, const char *number)
{
	char normal[LOCAL_RECEIPT_SIZE], *mark = NULL;
	enum err e = OK;

	if (receipt_check(s, number, normal) != RECEIPT_GENUINE || !receipt_names_station(normal))
		return OK;
	e = receipt_mark(s, &mark);
	if (e == OK && strncmp(normal + MARK_AT, mark, MARK_CHARS) == 0)
		e = draw_mark(s);
	free(mark);
	return e;
}

static void check_code(
	const char *key, const char *number, size_t len_bytes, char out[OLD_CHECK_CHARS + 1])
{
	char hmac[CRYPTO_HEX_SIZE];
	int i;

	crypto_hmac(key, strlen(key), number, len_bytes, hmac);
	for (i = 0; i < OLD_CHECK_CHARS; i++) {
		char pair[3] = {hmac[2 * i], hmac[2 * i + 1], '\0'};
		out[i] = alphabet[strtoul(pair, NULL, 16) & 31];
	}
	out[OLD_CHECK_CHARS] = '\0';
}

/* Letters that are read for digits become them. */
static char as_read(char c)
{
	c = (char)toupper((unsigned char)c);
	return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
}

/* The first two letters or digits of the window: "A1", "03" of "3", "00" when there are none. */
static void window_part(const char *window, char out[3])
{
	memcpy(out, "00", 3);
	if (!isalnum((unsigned char)window[0]))
		return;
	if (isalnum((unsigned char)window[1])) {
		out[0] = as_read(window[0]);
		out[1] = as_read(window[1]);
	} else {
		out[1] = as_read(window[0]);
	}
}

/* One that is here already: a carried case may have brought it. */
static bool is_taken(struct store *s, const char *receipt)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT 1 FROM case_ WHERE local_receipt = ?1");
	bool taken;

	db_bind_text(st, 1, receipt);
	taken = db_row(st);
	db_done(st);
	return taken;
}

/* The number behind the head "L261124-03-K7Q", which is the series as well. */
static enum err count_on(
	struct store *s, const char *key, struct buf *head, char out[LOCAL_RECEIPT_SIZE])
{
	const size_t head_bytes = head->len;
	char check[OLD_CHECK_CHARS + 1];
	struct buf series = {0};
	int64_t n = 0;
	enum err e;

	buf_printf(&series, "receipt %s", head->data);
	do {
		e = next_number(s, series.data, &n);
		head->len = head_bytes;
		buf_printf(head, "%02lld", (long long)n);
		check_code(key, head->data, head->len, check);
		snprintf(out, LOCAL_RECEIPT_SIZE, "%s-%.*s", head->data, CHECK_CHARS, check);
	} while (e == OK && is_taken(s, out));
	buf_fini(&series);
	return e;
}

enum err receipt_make(struct store *s, const char *window, char out[LOCAL_RECEIPT_SIZE])
{
	char day[8], place[3];
	char *key = NULL, *mark = NULL;
	struct buf head = {0};
	enum err e = receipt_key(s, &key);

	if (e == OK)
		e = receipt_mark(s, &mark);
	window_part(window, place);
	clock_format(store_now_ms(s), "%y%m%d", day, sizeof day);
	if (e == OK) {
		buf_printf(&head, "L%s-%s-%s", day, place, mark);
		e = count_on(s, key, &head, out);
	}
	free(key);
	free(mark);
	buf_fini(&head);
	return e;
}

/* ---- checking ---- */

static bool normalise(const char *number, char out[LOCAL_RECEIPT_SIZE])
{
	size_t len = 0, i;

	for (; *number != '\0'; number++) {
		if (isspace((unsigned char)*number))
			continue;
		if (len + 1 == LOCAL_RECEIPT_SIZE)
			return false;
		out[len++] = (char)toupper((unsigned char)*number);
	}
	out[len] = '\0';
	for (i = 1; i < len; i++) /* the first is the L of every receipt */
		out[i] = as_read(out[i]);
	return true;
}

/* How a number is made up. */
struct shape {
	size_t head;  /* bytes before the check code's hyphen; 0: not of this form */
	size_t check; /* characters of the check code: CHECK_CHARS or OLD_CHECK_CHARS */
};

static bool is_of_alphabet(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] == '\0' || strchr(alphabet, text[i]) == NULL)
			return false;
	return true;
}

/* "K7Q18", or "0018" as it was. */
static bool is_count(const char *text, size_t len, bool old)
{
	const size_t mark = old ? 0 : MARK_CHARS;
	const size_t least = mark + (old ? OLD_NUMBER_MIN_DIGITS : NUMBER_MIN_DIGITS);

	return len >= least && len <= mark + NUMBER_MAX_DIGITS && is_of_alphabet(text, mark) &&
	       strspn(text + mark, "0123456789") == len - mark;
}

static struct shape shape_of(const char *number)
{
	struct shape t = {0, 0};
	size_t len;
	bool old;

	if (number[0] != 'L' || strspn(number + 1, "0123456789") != 6 || number[7] != '-' ||
		!isalnum((unsigned char)number[8]) || !isalnum((unsigned char)number[9]) ||
		number[10] != '-')
		return t;
	len = strcspn(number + 11, "-");
	if (number[11 + len] != '-')
		return t;
	t.check = strlen(number + 12 + len);
	old = t.check == OLD_CHECK_CHARS;
	if ((old || t.check == CHECK_CHARS) && is_count(number + 11, len, old) &&
		is_of_alphabet(number + 12 + len, t.check))
		t.head = 11 + len;
	return t;
}

/* Whether the check code is that of the key in this setting. */
static bool is_made_with(
	struct store *s, const char *setting, const char *number, const struct shape *t)
{
	char want[OLD_CHECK_CHARS + 1], *key = store_get(s, setting);
	bool same = false;

	if (key != NULL) {
		check_code(key, number, t->head, want);
		same = crypto_equal(want, number + t->head + 1, t->check);
	}
	free(key);
	return same;
}

bool receipt_names_station(const char *normal)
{
	return shape_of(normal).check == CHECK_CHARS;
}

enum receipt_verdict receipt_check(
	struct store *s, const char *number, char normal[LOCAL_RECEIPT_SIZE])
{
	static const char *const keys[] = {"receipt.key", "receipt.key.before"};
	char text[LOCAL_RECEIPT_SIZE];
	struct shape t = {0, 0};
	size_t i;

	if (normalise(number, text))
		t = shape_of(text);
	if (t.head == 0)
		return RECEIPT_MALFORMED;
	if (normal != NULL)
		memcpy(normal, text, sizeof text);
	for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (is_made_with(s, keys[i], text, &t))
			return RECEIPT_GENUINE;
	return RECEIPT_FALSE;
}
