/*
 * Every way in which a line can be bad, between the real deliverer and the real centre: cut at
 * every byte of request and answer, late, slow, deaf, repeated, crossed, without a name, without
 * anybody, with a certificate that is not to be trusted, with a portal that wants a log-in first.
 * In each case the letter stays waiting with a sentence, nothing but the centre is believed, and on
 * a good line all is there once.
 *
 * OFFSETS: every n-th byte is a place for a cut; 1: all of them.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/certificate.h"
#include "tests/faults/count.h"
#include "tests/faults/proxy.h"
#include "tests/faults/report.h"
#include "tests/faults/stage.h"

enum {
	PEACE_ROUNDS = 20,
	BYTES_MAX = 8192, /* more than any request or answer here */
	EXIT_WAITS = 3
};

struct scene {
	struct stage stage;
	struct row row;
	char centre_url[160];
};

static void open_scene(struct scene *c, const char *what, const char *const *options)
{
	*c = (struct scene){.row = {.part = "line", .what = what}};
	stage_open(&c->stage);
	if (!stage_centre_start(&c->stage, options, NULL)) {
		report_note("no centre: %s", buf_str(&c->stage.centre.sighed));
		exit(3);
	}
	snprintf(c->centre_url, sizeof c->centre_url, "%s", c->stage.url);
}

/* deliver --once over that line. waits: it must say that letters still wait; else it may end so or
 * so, but by itself and with a sentence. */
static void deliver(struct scene *c, bool waits, const char *const *env)
{
	struct program p = {0};
	int code;

	stage_deliver(&c->stage, &p, "--once", env);
	code = program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
	if (p.late || code > EXIT_WAITS || (code != 0 && p.sighed.len == 0) ||
		(waits && code != EXIT_WAITS)) {
		c->row.other++;
		report_note("%s: exit %d%s: %s%s", c->row.what, code, p.late ? " (late)" : "",
			buf_str(&p.said), buf_str(&p.sighed));
	}
	c->row.count++;
	program_fini(&p);
}

static bool close_scene(struct scene *c)
{
	struct count count;

	stage_url(&c->stage, c->centre_url);
	c->row.other += !stage_peace(&c->stage, PEACE_ROUNDS);
	c->row.other += stage_centre_stop(&c->stage) != 0;
	count_both(&c->stage, &count);
	count_into(&count, &c->row);
	stage_close(&c->stage);
	return report_row(&c->row);
}

static void through(
	struct scene *c, const struct proxy_plan *plan, bool waits, const char *const *env)
{
	struct proxy proxy;
	char url[64];

	proxy_start(&proxy, plan, c->stage.port);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", proxy.port);
	stage_url(&c->stage, url);
	deliver(c, waits, env);
	proxy_stop(&proxy);
}

/* ---- the rows ---- */

static bool cut_everywhere(const char *what, enum mischief where, size_t step)
{
	struct proxy_plan plan = {.what = where, .connections = 1};
	struct scene c;
	size_t failures = 0;

	open_scene(&c, what, NULL);
	for (plan.at = 0; plan.at < BYTES_MAX && c.row.other == 0; plan.at += step) {
		struct proxy proxy;
		struct program p = {0};
		char url[64];
		int code;
		stage_apply_now(&c.stage);
		proxy_start(&proxy, &plan, c.stage.port);
		snprintf(url, sizeof url, "http://127.0.0.1:%d", proxy.port);
		stage_url(&c.stage, url);
		stage_deliver(&c.stage, &p, "--once", NULL);
		code = program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
		if (p.late || (code != 0 && (code != EXIT_WAITS || p.sighed.len == 0))) {
			c.row.other++;
			report_note(
				"%s %zu: exit %d: %.400s", what, plan.at, code, buf_str(&p.sighed));
		}
		program_fini(&p);
		if (code == 0) { /* the cut lies behind the last byte */
			proxy_stop(&proxy);
			break;
		}
		failures++;
		if (!stage_peace(&c.stage, 3)) {
			c.row.other++;
			report_note("%s %zu: the line is good again, and the letter waits", what,
				plan.at);
		}
		proxy_stop(&proxy);
	}
	c.row.count = failures;
	return close_scene(&c);
}

static bool bad_line(const char *what, struct proxy_plan plan, size_t letters, bool waits)
{
	const char *const patience[] = {"YIMEN_CENTRE_TIMEOUT=1", NULL};
	struct scene c;
	size_t i;

	open_scene(&c, what, NULL);
	for (i = 0; i < letters; i++)
		stage_apply_now(&c.stage);
	through(&c, &plan, waits, plan.what == PROXY_DEAF ? patience : NULL);
	c.row.count = letters;
	return close_scene(&c);
}

static bool bad_url(const char *what, const char *url)
{
	struct scene c;

	open_scene(&c, what, NULL);
	stage_apply_now(&c.stage);
	stage_url(&c.stage, url);
	deliver(&c, true, NULL);
	return close_scene(&c);
}

static bool bad_tls(const char *what, const char *host, int from_days, int to_days, bool trusted)
{
	char cert[128], key[128], ca[160];
	const char *const options[] = {"--open", "--tls-cert", cert, "--tls-key", key, NULL};
	const char *env[] = {
		trusted ? ca : "YIMEN_CENTRE_CA=/etc/ssl/certs/ca-certificates.crt", NULL};
	const char *const plain[] = {"--open", NULL};
	struct scene c = {.row = {.part = "line", .what = what}};
	bool good = trusted && from_days <= 0 && to_days > 0 && strcmp(host, "127.0.0.1") == 0;

	stage_open(&c.stage);
	snprintf(cert, sizeof cert, "%s/cert.pem", c.stage.folder);
	snprintf(key, sizeof key, "%s/key.pem", c.stage.folder);
	snprintf(ca, sizeof ca, "YIMEN_CENTRE_CA=%s", cert);
	certificate_write(cert, key, host, from_days, to_days);
	if (!stage_centre_start(&c.stage, options, NULL)) {
		report_note("no centre with TLS: %s", buf_str(&c.stage.centre.sighed));
		c.row.other++;
	}
	stage_apply_now(&c.stage);
	deliver(&c, !good, env);
	c.row.other += stage_centre_stop(&c.stage) != 0;
	if (!stage_centre_start(&c.stage, plain, NULL))
		exit(3);
	snprintf(c.centre_url, sizeof c.centre_url, "%s", c.stage.url);
	return close_scene(&c);
}

#define HTML "<html><body>请先登录无线网络</body></html>"

/* Too long, or too much of the same, for make test. */
static bool the_rest(void)
{
	bool good = true;

	good &= bad_line(
		"each piece late", (struct proxy_plan){.what = PROXY_DELAY, .at = 3000}, 3, false);
	good &= bad_line(
		"slow: 9 600 bit/s", (struct proxy_plan){.what = PROXY_SLOW, .at = 1200}, 2, false);
	good &= bad_line("portal: 302 to another host",
		(struct proxy_plan){.what = PROXY_SAY,
			.text = "HTTP/1.1 302 Found\r\nLocation: http://portal.invalid/\r\n"
				"Content-Length: 0\r\nConnection: close\r\n\r\n"},
		2, true);
	good &= bad_line("portal: 511",
		(struct proxy_plan){.what = PROXY_SAY,
			.text = "HTTP/1.1 511 Network Authentication Required\r\n"
				"Content-Type: text/html\r\nContent-Length: 46\r\n"
				"Connection: close\r\n\r\n" HTML},
		2, true);
	good &= bad_tls("TLS, not valid yet", "127.0.0.1", 2, 30, true);
	good &= bad_tls("TLS, for another name", "other.example", -1, 30, true);
	good &= bad_tls("TLS, signed by nobody known", "127.0.0.1", -1, 30, false);
	return good;
}

int main(void)
{
	size_t step = report_length("OFFSETS", 1500, 37);
	bool quick = getenv("SHORT") != NULL, good = true;

	signal(SIGPIPE, SIG_IGN);
	good &= cut_everywhere("cut at a byte of the request", PROXY_CUT_REQUEST, step);
	good &= cut_everywhere("cut at a byte of the answer", PROXY_CUT_ANSWER, step);
	good &= bad_line(
		"request arrives twice", (struct proxy_plan){.what = PROXY_TWICE}, 5, false);
	good &= bad_line("two requests, answers crossed",
		(struct proxy_plan){.what = PROXY_SWAP, .connections = 2}, 2, true);
	good &= bad_line("half open: accepts, never answers",
		(struct proxy_plan){.what = PROXY_DEAF}, 2, true);
	good &= bad_line("portal: 200 and HTML",
		(struct proxy_plan){.what = PROXY_SAY,
			.text = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 46\r\n"
				"Connection: close\r\n\r\n" HTML},
		2, true);
	good &= bad_url("nobody listens", "http://127.0.0.1:1");
	good &= bad_url("the name does not resolve", "https://centre.invalid");
	good &= bad_tls("TLS, a good certificate", "127.0.0.1", -1, 30, true);
	good &= bad_tls("TLS, expired", "127.0.0.1", -30, -1, true);
	if (!quick)
		good &= the_rest();
	return good ? 0 : 1;
}
