#include "core/station/receipt.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/station/store.h"

/* Crockford's base 32. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum {
	CHECK_CHARS = 4,
	NUMBER_MAX_DIGITS = 9
};

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

static void check_code(
	const char *key, const char *number, size_t len_bytes, char out[CHECK_CHARS + 1])
{
	char hmac[CRYPTO_HEX_SIZE];
	int i;

	crypto_hmac(key, strlen(key), number, len_bytes, hmac);
	for (i = 0; i < CHECK_CHARS; i++) {
		char pair[3] = {hmac[2 * i], hmac[2 * i + 1], '\0'};
		out[i] = alphabet[strtoul(pair, NULL, 16) & 31];
	}
	out[CHECK_CHARS] = '\0';
}

enum err receipt_make(struct store *s, const char *window, char out[LOCAL_RECEIPT_SIZE])
{
	char day[8], digits[3] = "00", check[CHECK_CHARS + 1];
	struct buf b = {0};
	char *key;
	int64_t n;
	int i;
	enum err e = receipt_key(s, &key);

	for (i = 0; i < 2 && window[i] >= '0' && window[i] <= '9'; i++)
		digits[i] = window[i];
	clock_format(store_now_ms(s), "%y%m%d", day, sizeof day);
	buf_printf(&b, "receipt %s-%s", day, digits);
	if (e == OK)
		e = next_number(s, b.data, &n);
	if (e == OK) {
		buf_clear(&b);
		buf_printf(&b, "L%s-%s-%04lld", day, digits, (long long)n);
		check_code(key, b.data, b.len, check);
		snprintf(out, LOCAL_RECEIPT_SIZE, "%s-%s", b.data, check);
	}
	free(key);
	buf_fini(&b);
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
		out[i] = out[i] == 'O' ? '0' : out[i] == 'I' || out[i] == 'L' ? '1' : out[i];
	return true;
}

/* Bytes before the check code's hyphen; 0: not of this form. */
static size_t head_len(const char *number)
{
	size_t digits, i;

	if (number[0] != 'L' || strspn(number + 1, "0123456789") != 6 || number[7] != '-' ||
		strspn(number + 8, "0123456789") != 2 || number[10] != '-')
		return 0;
	digits = strspn(number + 11, "0123456789");
	if (digits < 4 || digits > NUMBER_MAX_DIGITS || number[11 + digits] != '-')
		return 0;
	for (i = 0; i < CHECK_CHARS; i++) {
		char c = number[12 + digits + i];
		if (c == '\0' || strchr(alphabet, c) == NULL)
			return 0;
	}
	return number[12 + digits + i] == '\0' ? 11 + digits : 0;
}

/* Whether the check code behind the first len bytes is that of the key in this setting. */
static bool is_made_with(struct store *s, const char *setting, const char *number, size_t len)
{
	char want[CHECK_CHARS + 1], *key = store_get(s, setting);
	bool same = false;

	if (key != NULL) {
		check_code(key, number, len, want);
		same = crypto_equal(want, number + len + 1, CHECK_CHARS);
	}
	free(key);
	return same;
}

enum receipt_verdict receipt_check(
	struct store *s, const char *number, char normal[LOCAL_RECEIPT_SIZE])
{
	static const char *const keys[] = {"receipt.key", "receipt.key.before"};
	char text[LOCAL_RECEIPT_SIZE];
	size_t len = normalise(number, text) ? head_len(text) : 0, i;

	if (len == 0)
		return RECEIPT_MALFORMED;
	if (normal != NULL)
		memcpy(normal, text, sizeof text);
	for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (is_made_with(s, keys[i], text, len))
			return RECEIPT_GENUINE;
	return RECEIPT_FALSE;
}
