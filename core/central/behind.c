#include "core/central/behind.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/buf.h"
#include "core/base/msg.h"

enum {
	ADDRESS_BYTES = 16,
	V4_AT = 12 /* where an IPv4 address stands in ::ffff:a.b.c.d */
};

static const unsigned char V4_MAPPED[V4_AT] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const unsigned char *address)
{
	return memcmp(address, V4_MAPPED, V4_AT) == 0;
}

/* Nothing but an address; len_bytes of text. */
static bool read_address(const char *text, size_t len_bytes, unsigned char *out)
{
	char word[INET6_ADDRSTRLEN];

	if (len_bytes >= sizeof word)
		return false;
	memcpy(word, text, len_bytes);
	word[len_bytes] = '\0';
	memcpy(out, V4_MAPPED, V4_AT);
	return inet_pton(AF_INET, word, out + V4_AT) == 1 || inet_pton(AF_INET6, word, out) == 1;
}

/* ---- who is named ---- */

static bool read_bits(const char *text, size_t len_bytes, unsigned most, unsigned *bits)
{
	size_t i;

	*bits = 0;
	for (i = 0; i < len_bytes; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*bits = *bits * 10 + (unsigned)(text[i] - '0');
		if (*bits > most)
			return false;
	}
	return *bits > 0; /* none: everybody would be believed */
}

static bool add_one(struct behind *b, const char *text, size_t len_bytes)
{
	unsigned char *net = b->of[b->count].net;
	const char *slash = memchr(text, '/', len_bytes);
	size_t len = slash != NULL ? (size_t)(slash - text) : len_bytes;
	unsigned skip, bits = ADDRESS_BYTES * 8;

	if (!read_address(text, len, net))
		return false;
	skip = memchr(text, ':', len) == NULL ? V4_AT * 8 : 0;
	if (slash != NULL) {
		if (!read_bits(slash + 1, len_bytes - len - 1, bits - skip, &bits))
			return false;
		bits += skip;
	}
	b->of[b->count++].bits = bits;
	return true;
}

enum err behind_add(struct behind *b, const char *list, struct buf *why)
{
	const char *at = list;
	size_t len;

	for (;; at += len + 1) {
		len = strcspn(at, ",");
		if (b->count == BEHIND_MAX) {
			buf_why(why, tr("--behind 最多写 %d 个地址; 多的请写成网段"), BEHIND_MAX);
			return ERR_INVALID;
		}
		if (!add_one(b, at, len)) {
			buf_why(why,
				tr("--behind 后面应是代理的 IP 地址或网段, 用逗号分开, 例如 127.0.0.1,10.0.0.0/24, 不是 %s"),
				list);
			return ERR_INVALID;
		}
		if (at[len] == '\0')
			return OK;
	}
}

static bool shares(const unsigned char *a, const unsigned char *net, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(a, net, whole) == 0 &&
	       (rest == 0 || (a[whole] ^ net[whole]) >> (8 - rest) == 0);
}

static bool is_named(const struct behind *b, const unsigned char *address)
{
	size_t i;

	for (i = 0; i < b->count; i++)
		if (shares(address, b->of[i].net, b->of[i].bits))
			return true;
	return false;
}

bool behind_names(const struct behind *b, const struct sockaddr *a)
{
	unsigned char address[ADDRESS_BYTES];

	if (a != NULL && a->sa_family == AF_INET) {
		memcpy(address, V4_MAPPED, V4_AT);
		memcpy(address + V4_AT, &((const struct sockaddr_in *)(const void *)a)->sin_addr,
			ADDRESS_BYTES - V4_AT);
	} else if (a != NULL && a->sa_family == AF_INET6) {
		memcpy(address, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr,
			ADDRESS_BYTES);
	} else {
		return false;
	}
	return is_named(b, address);
}

/* ---- for whom it asks ---- */

static bool is_port(const char *text, size_t len_bytes)
{
	size_t i;

	for (i = 0; i < len_bytes; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return len_bytes > 0 && len_bytes <= 5;
}

/* 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1], [2001:db8::1]:80. */
static bool read_client(const char *text, size_t len_bytes, unsigned char *out)
{
	const char *end = text + len_bytes, *stop = end;
	const char *colon = memchr(text, ':', len_bytes);

	if (len_bytes > 0 && *text == '[') {
		text++;
		stop = memchr(text, ']', (size_t)(end - text));
		if (stop == NULL || memchr(text, ':', (size_t)(stop - text)) == NULL)
			return false;
		colon = stop + 1;
		if (colon < end && *colon != ':')
			return false;
	} else if (colon != NULL && memchr(colon + 1, ':', (size_t)(end - colon) - 1) == NULL) {
		stop = colon; /* only one: an IPv6 address has two at least */
	} else {
		colon = end;
	}
	if (colon < end && !is_port(colon + 1, (size_t)(end - colon) - 1))
		return false;
	return read_address(text, (size_t)(stop - text), out);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The element of the list that ends at *end; moves *end to the comma before it, or to the start. */
static bool read_last(const char *list, const char **end, unsigned char *out)
{
	const char *stop = *end, *start = stop;

	while (start > list && start[-1] != ',')
		start--;
	*end = start > list ? start - 1 : list;
	while (start < stop && is_blank(*start))
		start++;
	while (stop > start && is_blank(stop[-1]))
		stop--;
	return read_client(start, (size_t)(stop - start), out);
}

static void to_socket_address(const unsigned char *address, struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (struct sockaddr_in *)(void *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)out;

	*out = (struct sockaddr_storage){.ss_family = is_v4(address) ? AF_INET : AF_INET6};
	if (is_v4(address))
		memcpy(&four->sin_addr, address + V4_AT, ADDRESS_BYTES - V4_AT);
	else
		memcpy(&six->sin6_addr, address, ADDRESS_BYTES);
}

bool behind_client(const struct behind *b, const char *forwarded, struct sockaddr_storage *client)
{
	unsigned char at[ADDRESS_BYTES], found[ADDRESS_BYTES];
	const char *end = forwarded + strlen(forwarded);
	bool any = false;

	do {
		if (!read_last(forwarded, &end, at))
			break;
		memcpy(found, at, sizeof found);
		any = true;
	} while (is_named(b, found) && end > forwarded);
	if (any)
		to_socket_address(found, client);
	return any;
}
