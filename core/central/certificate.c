#include "core/central/certificate.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"

enum {
	FILE_BYTES = 256 << 10,
	DAY_MS = 86400000
};

struct certificate {
	struct certificate *before;
	gnutls_certificate_credentials_t credentials;
	struct buf chain, key;
	int64_t from_ms, until_ms;
};

/* What is read of the two files, until they are one thing. */
struct pair {
	gnutls_x509_crt_t *list;
	unsigned count;
	gnutls_x509_privkey_t key;
};

static enum err read_file(struct buf *out, const char *path, struct buf *why)
{
	enum err e = paths_read(out, path, FILE_BYTES);

	if (e != OK)
		buf_why(why,
			tr("读不到 TLS 文件 %s: %s; 请检查 --tls-cert 与 --tls-key, 文件要让中心的用户读得到"),
			path, err_text(e));
	return e;
}

static gnutls_datum_t text_of(const struct buf *b)
{
	return (gnutls_datum_t){(unsigned char *)b->data, (unsigned)b->len};
}

static enum err take_chain(
	struct pair *p, const struct buf *text, const char *path, struct buf *why)
{
	gnutls_datum_t data = text_of(text);

	if (text->len > 0 && gnutls_x509_crt_list_import2(
				     &p->list, &p->count, &data, GNUTLS_X509_FMT_PEM, 0) >= 0)
		return OK;
	p->list = NULL;
	p->count = 0;
	buf_why(why,
		tr("%s 里没有证书 (PEM, 以 -----BEGIN CERTIFICATE----- 开头); 请检查 --tls-cert"),
		path);
	return ERR_DAMAGED;
}

static enum err take_key(struct pair *p, const struct buf *text, const char *path, struct buf *why)
{
	gnutls_datum_t data = text_of(text);
	int rc = text->len > 0
			 ? gnutls_x509_privkey_import2(p->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0)
			 : GNUTLS_E_BASE64_DECODING_ERROR;

	if (rc == GNUTLS_E_SUCCESS)
		return OK;
	if (rc == GNUTLS_E_DECRYPTION_FAILED)
		buf_why(why,
			tr("私钥 %s 有口令: 中心启动时没有人可问, 请给不带口令的 "
			   "(openssl pkey -in 原文件 -out 新文件), 只让中心的用户读得到"),
			path);
	else
		buf_why(why, tr("%s 里没有私钥 (PEM); 请检查 --tls-key"), path);
	return ERR_DAMAGED;
}

/* The library's own words are English: they go to the log. */
static enum err join(struct certificate *c, const struct pair *p, const char *chain,
	const char *key, struct buf *why)
{
	int rc = gnutls_certificate_set_x509_key(c->credentials, p->list, (int)p->count, p->key);

	if (rc >= 0)
		return OK;
	if (rc == GNUTLS_E_CERTIFICATE_KEY_MISMATCH) {
		buf_why(why,
			tr("私钥 %s 与证书 %s 不配对: 请给同一次签发的两个文件, 证书文件里自己的证书放在最前面"),
			key, chain);
	} else {
		log_error("tls", "GnuTLS: %s", gnutls_strerror(rc));
		buf_why(why, tr("用不了证书 %s 和私钥 %s, 原因见日志"), chain, key);
	}
	return ERR_DAMAGED;
}

static int64_t in_ms(time_t t)
{
	return (int64_t)t * 1000;
}

static enum err take_files(
	struct certificate *c, const char *chain, const char *key, struct buf *why)
{
	struct pair p = {0};
	enum err e = read_file(&c->chain, chain, why);
	unsigned i;

	if (e == OK)
		e = read_file(&c->key, key, why);
	if (e != OK)
		return e;
	gnutls_x509_privkey_init(&p.key);
	e = take_chain(&p, &c->chain, chain, why);
	if (e == OK)
		e = take_key(&p, &c->key, key, why);
	if (e == OK)
		e = join(c, &p, chain, key, why);
	if (e == OK) {
		c->from_ms = in_ms(gnutls_x509_crt_get_activation_time(p.list[0]));
		c->until_ms = in_ms(gnutls_x509_crt_get_expiration_time(p.list[0]));
	}
	for (i = 0; i < p.count; i++)
		gnutls_x509_crt_deinit(p.list[i]);
	gnutls_free(p.list);
	gnutls_x509_privkey_deinit(p.key);
	return e;
}

enum err certificate_read(
	struct certificate **out, const char *chain, const char *key, struct buf *why)
{
	struct certificate *c = mem_alloc(sizeof *c);
	enum err e;

	gnutls_certificate_allocate_credentials(&c->credentials);
	e = take_files(c, chain, key, why);
	if (e == OK)
		*out = c;
	else
		certificate_free(c);
	return e;
}

void certificate_follow(struct certificate *c, struct certificate *before)
{
	c->before = before;
}

void certificate_free(struct certificate *c)
{
	while (c != NULL) {
		struct certificate *before = c->before;
		gnutls_certificate_free_credentials(c->credentials);
		buf_fini(&c->chain);
		buf_fini(&c->key);
		free(c);
		c = before;
	}
}

char *certificate_chain(struct certificate *c)
{
	return c->chain.data;
}

char *certificate_key(struct certificate *c)
{
	return c->key.data;
}

void certificate_show(const struct certificate *c, void *session)
{
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, c->credentials);
}

int64_t certificate_until_ms(const struct certificate *c)
{
	return c->until_ms;
}

bool certificate_holds(const struct certificate *c, int64_t now_ms)
{
	return now_ms >= c->from_ms && now_ms <= c->until_ms;
}

bool certificate_doubt(
	const struct certificate *c, const char *chain, int64_t now_ms, struct buf *out)
{
	char day[32];

	if (now_ms < c->from_ms)
		buf_printf(out,
			tr("证书 %s 要到 %s 才生效, 窗口机现在会拒绝它: 请先核对本机的日期; 日期对的, 换一张证书"),
			chain, clock_format(c->from_ms, "%Y-%m-%d %H:%M", day, sizeof day));
	else if (now_ms > c->until_ms)
		buf_printf(out,
			tr("证书 %s 已在 %s 到期, 窗口机会拒绝它: 请换上新的, 再 systemctl reload yimen-central "
			   "(不用 systemd 的: 向中心发 SIGHUP); 日期不对的先校准本机的钟"),
			chain, clock_format(c->until_ms, "%Y-%m-%d %H:%M", day, sizeof day));
	else if (c->until_ms - now_ms < (int64_t)CERTIFICATE_SOON_DAYS * DAY_MS)
		buf_printf(out,
			tr("证书 %s 到 %s 为止, 只有 %lld 天了: 请换上新的, 再 systemctl reload yimen-central "
			   "(不用 systemd 的: 向中心发 SIGHUP), 不用重启"),
			chain, clock_format(c->until_ms, "%Y-%m-%d %H:%M", day, sizeof day),
			(long long)((c->until_ms - now_ms) / DAY_MS));
	else
		return false;
	return true;
}
