#include "core/station/http.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

enum {
	IN_FLIGHT_MAX = 64,
	WAKE_MAX = 4,
	CONNECT_TIMEOUT_MS = 8000,
	DRIP_BYTES_A_SECOND = 50,
	DRIP_SECONDS = 40,
	ANSWER_MAX_BYTES = 8 << 20,
	HEADER_MAX_BYTES = 64 << 10
};

/* One exchange: request copied in, answer collected. */
struct exchange {
	struct http *http;
	struct exchange *next;
	CURL *easy;
	struct curl_slist *headers;
	void *tag;
	struct buf url, body, answer;
	struct buf content_type, retry_after, key, etag;
	size_t header_bytes;
	bool oversize, no_room;
	int into_fd; /* of our own; -1: none */
	int64_t into_bytes, into_max, into_spare;
};

struct http {
	CURLM *multi;
	struct exchange *flying; /* handed to curl */
	struct exchange *done;	 /* answered, lent to the caller until the next poll */
	int in_flight;
	char *url, *token, *ca_file, *proxy, *user_agent;
	int timeout_ms;
	size_t answer_max;
};

/* What OpenSSL found wrong with it (X509_V_ERR_…). libcurl looks at the name itself, before it asks
 * what was found, which then is "unspecified" as at the beginning. */
static enum line_fault certificate_fault(CURL *easy)
{
	enum {
		UNSPECIFIED = 1,
		NOT_YET_VALID = 9,
		HAS_EXPIRED = 10,
		SELF_SIGNED = 18,
		FIRST_SIGNATURE_UNKNOWN = 21
	};
	const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;
	long found = 0;

	if (library == NULL || strncmp(library, "OpenSSL", 7) != 0)
		return LINE_TLS; /* others count otherwise */
	curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &found);
	if (found == NOT_YET_VALID || found == HAS_EXPIRED)
		return LINE_TLS_DATE;
	if (found >= SELF_SIGNED && found <= FIRST_SIGNATURE_UNKNOWN)
		return LINE_TLS_ISSUER;
	return found <= UNSPECIFIED ? LINE_TLS_NAME : LINE_TLS;
}

static enum line_fault fault_of(CURLcode rc, CURL *easy)
{
	switch (rc) {
	case CURLE_OK:
		return LINE_OK;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return LINE_NO_NAME;
	case CURLE_COULDNT_CONNECT:
		return LINE_NO_CONNECT;
	case CURLE_OPERATION_TIMEDOUT:
		return LINE_TIMEOUT;
	case CURLE_SSL_CONNECT_ERROR:
		return LINE_NO_TLS;
	case CURLE_SSL_CACERT_BADFILE:
		return LINE_NO_CA;
	case CURLE_PEER_FAILED_VERIFICATION:
		return certificate_fault(easy);
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CERTPROBLEM:
		return LINE_TLS;
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
		return LINE_CUT;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_WRITE_ERROR:
		return LINE_OVERSIZE;
	default:
		return LINE_OTHER;
	}
}

static bool is_loopback(const char *url)
{
	static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
	size_t i;

	if (strchr(url, '@') != NULL) /* http://127.0.0.1:80@elsewhere/ */
		return false;
	for (i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		size_t n = strlen(hosts[i]);
		if (strncasecmp(url, hosts[i], n) == 0 &&
			(url[n] == '\0' || url[n] == ':' || url[n] == '/'))
			return true;
	}
	return false;
}

enum err http_open(struct http **out, const struct http_options *o, struct buf *why)
{
	struct http *h;
	size_t len;

	if (o->url == NULL || (strncasecmp(o->url, "https://", 8) != 0 && !is_loopback(o->url))) {
		buf_why(why, tr("中心的网址 %s 不能用: 本机以外必须以 https:// 开头"),
			o->url != NULL ? o->url : tr("(未设置)"));
		return ERR_INVALID;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return ERR_IO;
	h = mem_alloc(sizeof *h);
	h->multi = curl_multi_init();
	curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)IN_FLIGHT_MAX);
	h->url = mem_strdup(o->url);
	len = strlen(h->url);
	while (len > 0 && h->url[len - 1] == '/')
		h->url[--len] = '\0';
	h->token = mem_strdup(o->token);
	h->ca_file = mem_strdup(o->ca_file);
	h->proxy = mem_strdup(o->proxy != NULL ? o->proxy : "");
	h->user_agent = mem_strdup(o->user_agent != NULL ? o->user_agent : "yimen");
	h->timeout_ms = o->timeout_ms > 0 ? o->timeout_ms : 30000;
	h->answer_max = o->answer_max_bytes > 0 ? o->answer_max_bytes : ANSWER_MAX_BYTES;
	*out = h;
	return OK;
}

static void exchange_free(struct exchange *x)
{
	if (x->into_fd >= 0)
		close(x->into_fd);
	curl_slist_free_all(x->headers);
	curl_easy_cleanup(x->easy);
	buf_fini(&x->url);
	buf_fini(&x->body);
	buf_fini(&x->answer);
	buf_fini(&x->content_type);
	buf_fini(&x->retry_after);
	buf_fini(&x->key);
	buf_fini(&x->etag);
	free(x);
}

static void free_done(struct http *h)
{
	struct exchange *x;

	while ((x = h->done) != NULL) {
		h->done = x->next;
		exchange_free(x);
	}
}

void http_close(struct http *h)
{
	struct exchange *x;

	if (h == NULL)
		return;
	free_done(h);
	while ((x = h->flying) != NULL) {
		h->flying = x->next;
		curl_multi_remove_handle(h->multi, x->easy);
		exchange_free(x);
	}
	curl_multi_cleanup(h->multi);
	free(h->url);
	free(h->token);
	free(h->ca_file);
	free(h->proxy);
	free(h->user_agent);
	free(h);
	curl_global_cleanup();
}

/* What has come will be written twice more: into the database, and its journal and index. */
static bool has_room(const struct exchange *x)
{
	struct statvfs fs;

	return fstatvfs(x->into_fd, &fs) != 0 ||
	       (int64_t)(fs.f_bavail * fs.f_frsize) >= x->into_spare + 2 * x->into_bytes;
}

static void put_into(struct exchange *x, const char *data, size_t n)
{
	x->into_bytes += (int64_t)n;
	x->oversize = x->into_max > 0 && x->into_bytes > x->into_max;
	if (!x->oversize)
		x->no_room = write(x->into_fd, data, n) != (ssize_t)n ||
			     (x->into_spare > 0 && !has_room(x));
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct exchange *x = arg;
	size_t n = size * count;
	long status = 0;

	if (x->into_fd >= 0)
		curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200) {
		put_into(x, data, n);
		return x->oversize || x->no_room ? 0 : n;
	}
	if (x->answer.len + n > x->http->answer_max) {
		x->oversize = true;
		return 0;
	}
	buf_add(&x->answer, data, n);
	return n;
}

/* The value of a header line "Name: value\r\n" into out when the name is ours. */
static bool take_header(const char *line, size_t len, const char *name, struct buf *out)
{
	size_t n = strlen(name);

	if (len <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return false;
	line += n + 1;
	len -= n + 1;
	while (len > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
	}
	while (len > 0 && strchr(" \t\r\n", line[len - 1]) != NULL)
		len--;
	buf_clear(out);
	buf_add(out, line, len);
	return true;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
	struct exchange *x = arg;
	size_t n = size * count;

	x->header_bytes += n;
	if (x->header_bytes > HEADER_MAX_BYTES) {
		x->oversize = true;
		return 0;
	}
	if (!take_header(data, n, "Content-Type", &x->content_type) &&
		!take_header(data, n, "Retry-After", &x->retry_after) &&
		!take_header(data, n, "Idempotency-Key", &x->key))
		take_header(data, n, "ETag", &x->etag);
	return n;
}

static void add_header(struct exchange *x, const char *name, const char *value)
{
	struct buf line = {0};
	struct curl_slist *longer;

	buf_printf(&line, "%s: %s", name, value);
	longer = curl_slist_append(x->headers, line.data);
	if (longer != NULL)
		x->headers = longer;
	buf_fini(&line);
}

static void add_number(struct exchange *x, const char *name, int64_t n)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%lld", (long long)n);
	add_header(x, name, digits);
}

static void set_headers(struct exchange *x, const struct transport_request *r)
{
	struct buf bearer = {0};

	add_header(x, "Accept", "application/json, application/problem+json, application/x-ndjson");
	add_header(x, "Accept-Language", msg_tag());
	if (r->upload_length > 0) {
		add_header(x, "Content-Type", "application/offset+octet-stream");
		add_number(x, "Upload-Offset", r->upload_offset);
		add_number(x, "Upload-Length", r->upload_length);
	} else if (r->body != NULL) {
		add_header(x, "Content-Type", "application/json");
	}
	add_header(x, "Expect", "");
	if (r->key != NULL)
		add_header(x, "Idempotency-Key", r->key);
	if (x->http->token != NULL) {
		buf_printf(&bearer, "Bearer %s", x->http->token);
		add_header(x, "Authorization", bearer.data);
	}
	buf_fini(&bearer);
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

static void set_line(struct exchange *x, int timeout_ms)
{
	CURL *c = x->easy;
	const struct http *h = x->http;

	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (h->ca_file != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, h->ca_file);
	curl_easy_setopt(c, CURLOPT_PROXY, h->proxy);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	curl_easy_setopt(
		c, CURLOPT_TIMEOUT_MS, (long)(timeout_ms > 0 ? timeout_ms : h->timeout_ms));
	/* Who drips an answer byte by byte is not waited for; longer than the feed is silent. */
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)DRIP_BYTES_A_SECOND);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)DRIP_SECONDS);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, h->user_agent);
}

static enum err http_send(void *arg, const struct transport_request *r)
{
	struct http *h = arg;
	struct exchange *x;

	if (h->in_flight >= IN_FLIGHT_MAX)
		return ERR_BUSY;
	x = mem_alloc(sizeof *x);
	x->http = h;
	x->tag = r->tag;
	x->into_fd = r->into_fd > 0 ? fcntl(r->into_fd, F_DUPFD_CLOEXEC, 0) : -1;
	x->into_max = r->into_max_bytes;
	x->into_spare = r->into_spare_bytes;
	x->easy = curl_easy_init();
	if (x->easy == NULL) {
		exchange_free(x);
		return ERR_IO;
	}
	buf_printf(&x->url, "%s%s", h->url, r->path);
	curl_easy_setopt(x->easy, CURLOPT_URL, x->url.data);
	curl_easy_setopt(x->easy, CURLOPT_PRIVATE, x);
	curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(x->easy, CURLOPT_HEADERDATA, x);
	set_line(x, r->timeout_ms);
	if (x->into_max > 0) /* it need not come when it says how large it is */
		curl_easy_setopt(x->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)x->into_max);
	if (r->body != NULL) {
		buf_add(&x->body, r->body, r->body_len);
		curl_easy_setopt(x->easy, CURLOPT_POSTFIELDS, x->body.data);
		curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.len);
	}
	curl_easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, r->method);
	/* libcurl sends again by itself when a kept connection turns out to be dead. */
	if (!transport_may_repeat(r))
		curl_easy_setopt(x->easy, CURLOPT_FRESH_CONNECT, 1L);
	set_headers(x, r);
	if (curl_multi_add_handle(h->multi, x->easy) != CURLM_OK) {
		exchange_free(x);
		return ERR_IO;
	}
	x->next = h->flying;
	h->flying = x;
	h->in_flight++;
	return OK;
}

static void unlink_flying(struct http *h, struct exchange *x)
{
	struct exchange **at = &h->flying;

	while (*at != x)
		at = &(*at)->next;
	*at = x->next;
	h->in_flight--;
}

static void finish(struct http *h, const CURLMsg *msg, struct transport_answer *a)
{
	struct exchange *x;
	curl_off_t elapsed_us = 0;
	CURLcode rc = msg->data.result;
	CURL *easy = msg->easy_handle;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&x);
	curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &elapsed_us);
	*a = (struct transport_answer){.tag = x->tag,
		.fault = x->oversize  ? LINE_OVERSIZE
			 : x->no_room ? LINE_NO_ROOM
				      : fault_of(rc, easy),
		.elapsed_ms = elapsed_us / 1000};
	if (a->fault == LINE_OK || a->fault == LINE_OVERSIZE)
		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &a->status);
	if (a->fault != LINE_OK)
		log_info("http", "%s (%d)", curl_easy_strerror(rc), (int)rc);
	curl_multi_remove_handle(h->multi, easy);
	unlink_flying(h, x);
	x->next = h->done;
	h->done = x;
	a->content_type = buf_str(&x->content_type);
	a->retry_after = buf_str(&x->retry_after);
	a->key = buf_str(&x->key);
	a->etag = buf_str(&x->etag);
	a->body = buf_str(&x->answer);
	a->body_len = x->answer.len;
}

static size_t collect(struct http *h, struct transport_answer *out, size_t max)
{
	size_t count = 0;
	int running, left;
	const CURLMsg *msg;

	curl_multi_perform(h->multi, &running);
	while (count < max && (msg = curl_multi_info_read(h->multi, &left)) != NULL)
		if (msg->msg == CURLMSG_DONE)
			finish(h, msg, &out[count++]);
	return count;
}

static size_t http_poll(void *arg, int timeout_ms, const int *wake_fds, size_t wake_count,
	struct transport_answer *out, size_t max)
{
	struct curl_waitfd wake[WAKE_MAX];
	struct http *h = arg;
	size_t count, i;

	free_done(h);
	count = collect(h, out, max);
	if (count > 0 || timeout_ms <= 0)
		return count;
	if (wake_count > WAKE_MAX)
		wake_count = WAKE_MAX;
	for (i = 0; i < wake_count; i++)
		wake[i] = (struct curl_waitfd){wake_fds[i], CURL_WAIT_POLLIN, 0};
	curl_multi_poll(h->multi, wake, (unsigned)wake_count, timeout_ms, NULL);
	return collect(h, out, max);
}

struct transport http_transport(struct http *h)
{
	return (struct transport){http_send, http_poll, h};
}
