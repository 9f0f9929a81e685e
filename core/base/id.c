#include "core/base/id.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void system_fill(void *arg, void *out, size_t len_bytes)
{
	unsigned char *at = out;

	(void)arg;
	while (len_bytes > 0) {
		ssize_t n = getrandom(at, len_bytes, 0);
		if (n < 0 && errno != EINTR)
			abort(); /* a kernel without randomness is no place for keys */
		if (n > 0) {
			at += n;
			len_bytes -= (size_t)n;
		}
	}
}

const struct entropy entropy_system = {system_fill, NULL};

const char *id_uuid(const struct entropy *e, int64_t wall_ms, char out[ID_UUID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char b[16];
	int i, at = 0;

	e->fill(e->arg, b, sizeof b);
	for (i = 0; i < 6; i++)
		b[i] = (unsigned char)((uint64_t)wall_ms >> (40 - 8 * i));
	b[6] = (unsigned char)(0x70 | (b[6] & 0x0F));
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3F));
	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = hex[b[i] >> 4];
		out[at++] = hex[b[i] & 15];
	}
	out[at] = '\0';
	return out;
}

bool id_is_word(const char *s, size_t most_bytes)
{
	size_t n = 0;

	if (s == NULL)
		return false;
	while (s[n] > ' ' && s[n] < 0x7F && n < most_bytes)
		n++;
	return n > 0 && s[n] == '\0';
}

bool id_is_uuid(const char *s)
{
	int i;

	if (s == NULL || strlen(s) != ID_UUID_SIZE - 1)
		return false;
	for (i = 0; i < ID_UUID_SIZE - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	}
	return true;
}

/* Crockford's base 32: digits, then letters. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const char *id_code(const struct entropy *e, int n, char *out)
{
	int i;

	e->fill(e->arg, out, (size_t)n);
	for (i = 0; i < n; i++)
		out[i] = alphabet[(unsigned char)out[i] & 31];
	out[n] = '\0';
	return out;
}

const char *id_mark(const struct entropy *e, char out[ID_MARK_SIZE])
{
	unsigned char bytes[ID_MARK_SIZE - 1];
	int i;

	e->fill(e->arg, bytes, sizeof bytes);
	out[0] = alphabet[10 + bytes[0] % 22];
	for (i = 1; i < ID_MARK_SIZE - 1; i++)
		out[i] = alphabet[bytes[i] & 31];
	out[ID_MARK_SIZE - 1] = '\0';
	return out;
}

bool id_is_mark(const char *s)
{
	return s != NULL && strlen(s) == ID_MARK_SIZE - 1 &&
	       strspn(s, alphabet) == ID_MARK_SIZE - 1 && strchr(alphabet + 10, s[0]) != NULL;
}
