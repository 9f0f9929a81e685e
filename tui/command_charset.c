#define _GNU_SOURCE /* fopencookie */
#include "tui/command_charset.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/text.h"

enum {
	UNDER_WAY_BYTES = 4 /* of a character that is not whole yet */
};

/* One stream. */
struct speaker {
	int fd;
	char rest[UNDER_WAY_BYTES]; /* the beginning of a character */
	size_t rest_len;
};

static char charset[CHARSET_SIZE];
static struct speaker output = {.fd = STDOUT_FILENO}, errors = {.fd = STDERR_FILENO};

bool command_charset_name(char out[CHARSET_SIZE])
{
	bool good = charset_take_locale(NULL) == OK && charset_name(out, NULL) == OK;

	setlocale(LC_CTYPE, "C"); /* in which the commands go on */
	return good;
}

/* How many bytes at the end begin a character whose other bytes are to come. */
static size_t unfinished_bytes(const char *s, size_t len_bytes)
{
	size_t back;

	for (back = 1; back < UNDER_WAY_BYTES && back <= len_bytes; back++) {
		unsigned char c = (unsigned char)s[len_bytes - back];
		if (c >= 0xC0)
			return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) > back ? back : 0;
		if (c < 0x80)
			return 0;
	}
	return 0;
}

static bool write_all(int fd, const char *s, size_t len_bytes)
{
	while (len_bytes > 0) {
		ssize_t n = write(fd, s, len_bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s += n;
		len_bytes -= (size_t)n;
	}
	return true;
}

static ssize_t speak(void *cookie, const char *s, size_t len_bytes)
{
	struct speaker *to = cookie;
	struct buf text = {0}, coded = {0};
	size_t rest;
	bool good;

	buf_add(&text, to->rest, to->rest_len);
	buf_add(&text, s, len_bytes);
	rest = unfinished_bytes(text.data, text.len);
	memcpy(to->rest, text.data + text.len - rest, rest);
	to->rest_len = rest;
	text.data[text.len -= rest] = '\0';
	charset_encode(&coded, charset, text.data);
	good = write_all(to->fd, buf_str(&coded), coded.len);
	buf_fini(&text);
	buf_fini(&coded);
	return good ? (ssize_t)len_bytes : 0;
}

static FILE *convert(FILE *stream, struct speaker *to, int buffering)
{
	FILE *converted;

	if (!isatty(to->fd))
		return stream;
	converted = fopencookie(to, "w", (cookie_io_functions_t){.write = speak});
	if (converted == NULL)
		return stream;
	setvbuf(converted, NULL, buffering, BUFSIZ);
	return converted;
}

/* Bytes that are UTF-8 came from a script, not from this terminal's keyboard. */
static void read_arguments(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct buf text = {0};
		if (text_valid(argv[i], strlen(argv[i])))
			continue;
		charset_decode(&text, charset, argv[i], strlen(argv[i]));
		argv[i] = buf_take(&text);
	}
}

void command_charset_take(int argc, char **argv, bool only_errors)
{
	if (!command_charset_name(charset) || strcmp(charset, "UTF-8") == 0)
		return;
	read_arguments(argc, argv);
	stderr = convert(stderr, &errors, _IOLBF);
	if (!only_errors)
		stdout = convert(stdout, &output, _IOLBF);
}
