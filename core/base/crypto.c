#include "core/base/crypto.h"

#include <errno.h>
#include <gcrypt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/id.h"
#include "core/base/mem.h"

/* With ciphers and digests that exist, only memory can be wanting. */
static void must(gcry_error_t e)
{
	if (e != 0)
		mem_exhausted();
}

/* What the library cannot report it ends the program for: with our sentence then. */
static void give_up(void *arg, int code, const char *text)
{
	(void)arg, (void)code, (void)text;
	mem_exhausted();
}

/* The library has said on standard error what it could not have. */
static void end_in_order(int signo)
{
	(void)signo;
	mem_exhausted();
}

/* At the first use. Keys of ours lie in plain memory for the time of a call: no locked memory. */
static void prepare(void)
{
	struct sigaction in_order = {.sa_handler = end_in_order}, before;

	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return;
	gcry_set_fatalerror_handler(give_up, NULL);
	/* It asks a file whether the machine is in FIPS mode, and aborts when no more can be
	 * opened. */
	sigaction(SIGABRT, &in_order, &before);
	gcry_check_version(NULL);
	sigaction(SIGABRT, &before, NULL);
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

static int algorithm(enum digest d)
{
	static const int numbers[DIGEST__MAX] = {
		[DIGEST_SHA256] = GCRY_MD_SHA256,
		[DIGEST_SM3] = GCRY_MD_SM3,
		[DIGEST_SHA1] = GCRY_MD_SHA1,
		[DIGEST_SHA512] = GCRY_MD_SHA512,
		[DIGEST_SHA384] = GCRY_MD_SHA384,
		[DIGEST_MD5] = GCRY_MD_MD5,
	};

	return numbers[d];
}

static const char *to_hex(const unsigned char *raw, size_t n, char *out)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = hex[raw[i] >> 4];
		out[2 * i + 1] = hex[raw[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

/* A digest that is under way. */
static gcry_md_hd_t begin(int digest, unsigned flags)
{
	gcry_md_hd_t h;

	prepare();
	must(gcry_md_open(&h, digest, flags));
	return h;
}

size_t crypto_digest(enum digest d, const void *data, size_t len_bytes, unsigned char out[64])
{
	prepare();
	gcry_md_hash_buffer(algorithm(d), out, data, len_bytes);
	return gcry_md_get_algo_dlen(algorithm(d));
}

const char *crypto_hex(enum digest d, const void *data, size_t len_bytes, char out[CRYPTO_HEX_SIZE])
{
	unsigned char raw[64] = {0};
	size_t n = crypto_digest(d, data, len_bytes, raw);

	return to_hex(raw, n, out);
}

/* The library's own context under our name. */
struct crypto_run *crypto_run_new(enum digest d)
{
	return (struct crypto_run *)begin(algorithm(d), 0);
}

void crypto_run_add(struct crypto_run *r, const void *data, size_t len_bytes)
{
	gcry_md_write((gcry_md_hd_t)r, data, len_bytes);
}

const char *crypto_run_end(struct crypto_run *r, char out[CRYPTO_HEX_SIZE])
{
	gcry_md_hd_t h = (gcry_md_hd_t)r;

	return to_hex(gcry_md_read(h, 0), gcry_md_get_algo_dlen(gcry_md_get_algo(h)), out);
}

void crypto_run_free(struct crypto_run *r)
{
	gcry_md_close((gcry_md_hd_t)r);
}

static void hmac(
	const void *key, size_t key_len, const void *data, size_t len_bytes, unsigned char out[32])
{
	gcry_md_hd_t h = begin(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC);

	must(gcry_md_setkey(h, key, key_len));
	gcry_md_write(h, data, len_bytes);
	memcpy(out, gcry_md_read(h, 0), 32);
	gcry_md_close(h);
}

const char *crypto_hmac(const void *key, size_t key_len, const void *data, size_t len_bytes,
	char out[CRYPTO_HEX_SIZE])
{
	unsigned char raw[32];

	hmac(key, key_len, data, len_bytes, raw);
	return to_hex(raw, sizeof raw, out);
}

enum err crypto_file(enum digest d, const char *path, char out[CRYPTO_HEX_SIZE])
{
	char chunk[16384];
	size_t n;
	bool good;
	struct crypto_run *r;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_DENIED;
	r = crypto_run_new(d);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		crypto_run_add(r, chunk, n);
	good = !ferror(f);
	if (good)
		crypto_run_end(r, out);
	crypto_run_free(r);
	fclose(f);
	return good ? OK : ERR_IO;
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *crypto_base64(const void *data, size_t len_bytes)
{
	const unsigned char *in = data;
	char *out = mem_alloc(4 * ((len_bytes + 2) / 3) + 1), *to = out;

	for (size_t i = 0; i < len_bytes; i += 3, to += 4) {
		size_t left = len_bytes - i;
		unsigned group = (unsigned)in[i] << 16 | (left > 1 ? in[i + 1] << 8 : 0) |
				 (left > 2 ? in[i + 2] : 0);
		for (int k = 0; k < 4; k++)
			to[k] = base64[group >> (18 - 6 * k) & 63];
		if (left < 3)
			to[3] = '=';
		if (left < 2)
			to[2] = '=';
	}
	return out;
}

/* Four characters; '=' counts 0 in the last `pad` of them. false: another character. */
static bool ungroup(const char *text, size_t pad, unsigned *group)
{
	*group = 0;
	for (size_t k = 0; k < 4; k++) {
		const char *found = text[k] != '\0' ? strchr(base64, text[k]) : NULL;
		if (found == NULL && k < 4 - pad)
			return false;
		*group = *group << 6 | (found != NULL ? (unsigned)(found - base64) : 0);
	}
	return true;
}

bool crypto_unbase64(const char *text, size_t len_bytes, struct buf *out)
{
	size_t pad = 0, start = out->len;

	if (len_bytes % 4 != 0 || len_bytes > INT32_MAX)
		return false;
	while (pad < 2 && pad < len_bytes && text[len_bytes - 1 - pad] == '=')
		pad++;
	buf_reserve(out, len_bytes / 4 * 3 + 1);
	for (size_t i = 0; i < len_bytes; i += 4) {
		size_t padded = i + 4 == len_bytes ? pad : 0;
		unsigned group;
		if (!ungroup(text + i, padded, &group)) {
			out->len = start;
			out->data[start] = '\0';
			return false;
		}
		const char bytes[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};
		buf_add(out, bytes, 3 - padded);
	}
	return true;
}

void crypto_hkdf(const void *secret, size_t secret_len, const void *salt, size_t salt_len,
	const void *info, size_t info_len, unsigned char *out, size_t out_len_bytes)
{
	static const unsigned char no_salt[32];
	unsigned char prk[32], block[32];
	struct buf text = {0};
	size_t done = 0, n;
	unsigned char round = 1;

	hmac(salt_len > 0 ? salt : no_salt, salt_len > 0 ? salt_len : sizeof no_salt, secret,
		secret_len, prk);
	for (; done < out_len_bytes; done += n, round++) {
		buf_add(&text, info, info_len);
		buf_addc(&text, (char)round);
		hmac(prk, sizeof prk, buf_str(&text), text.len, block);
		n = out_len_bytes - done < sizeof block ? out_len_bytes - done : sizeof block;
		memcpy(out + done, block, n);
		buf_clear(&text);
		buf_add(&text, block, sizeof block);
	}
	explicit_bzero(prk, sizeof prk);
	explicit_bzero(block, sizeof block);
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	buf_fini(&text);
}

/* Keyed, and the bound text taken in. */
static gcry_cipher_hd_t open_box(const struct crypto_box *box)
{
	gcry_cipher_hd_t h;

	prepare();
	must(gcry_cipher_open(&h, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_GCM, 0));
	must(gcry_cipher_setkey(h, box->key, sizeof box->key));
	must(gcry_cipher_setiv(h, box->nonce, sizeof box->nonce));
	if (box->bound_len > 0)
		must(gcry_cipher_authenticate(h, box->bound, box->bound_len));
	return h;
}

void crypto_seal(
	const struct crypto_box *box, const void *plain, size_t len_bytes, unsigned char *out)
{
	gcry_cipher_hd_t h = open_box(box);

	if (len_bytes > 0)
		must(gcry_cipher_encrypt(h, out, len_bytes, plain, len_bytes));
	must(gcry_cipher_gettag(h, out + len_bytes, CRYPTO_TAG_SIZE));
	gcry_cipher_close(h);
}

bool crypto_open(
	const struct crypto_box *box, const void *sealed, size_t len_bytes, unsigned char *out)
{
	gcry_cipher_hd_t h;
	unsigned char tag[CRYPTO_TAG_SIZE];
	bool good;

	if (len_bytes < CRYPTO_TAG_SIZE)
		return false;
	len_bytes -= CRYPTO_TAG_SIZE;
	memcpy(tag, (const unsigned char *)sealed + len_bytes, sizeof tag);
	h = open_box(box);
	if (len_bytes > 0)
		must(gcry_cipher_decrypt(h, out, len_bytes, sealed, len_bytes));
	good = gcry_cipher_checktag(h, tag, sizeof tag) == 0;
	gcry_cipher_close(h);
	return good;
}

bool crypto_equal(const void *a, const void *b, size_t len_bytes)
{
	const volatile unsigned char *x = a, *y = b;
	unsigned differs = 0;

	for (size_t i = 0; i < len_bytes; i++)
		differs |= x[i] ^ y[i];
	return differs == 0;
}

enum {
	SCRYPT_LOG_N_MAX = 16, /* 64 MiB at r=8 */
	SALT_BYTES = 16,
	HASH_BYTES = 32
};

/* r is 8, the only one the library knows and we ever wrote. */
static bool derive(const char *pass, const unsigned char *salt, size_t salt_len, unsigned long n,
	unsigned long p, unsigned char out[HASH_BYTES])
{
	gcry_error_t e;

	prepare();
	e = gcry_kdf_derive(
		pass, strlen(pass), GCRY_KDF_SCRYPT, (int)n, salt, salt_len, p, HASH_BYTES, out);
	if (gcry_err_code(e) == GPG_ERR_ENOMEM)
		mem_exhausted(); /* not a wrong pass phrase */
	return e == 0;
}

char *crypto_pass_hash(const struct entropy *e, const char *pass)
{
	unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
	char salt_hex[2 * SALT_BYTES + 1], hash_hex[2 * HASH_BYTES + 1];
	struct buf b = {0};

	e->fill(e->arg, salt, sizeof salt);
	if (!derive(pass, salt, sizeof salt, 16384, 1, hash))
		mem_exhausted();
	buf_printf(&b, "scrypt$16384$8$1$%s$%s", to_hex(salt, sizeof salt, salt_hex),
		to_hex(hash, sizeof hash, hash_hex));
	return buf_take(&b);
}

static bool from_hex(const char *hex, unsigned char *out, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned v;
		if (sscanf(hex + 2 * i, "%2x", &v) != 1)
			return false;
		out[i] = (unsigned char)v;
	}
	return true;
}

bool crypto_pass_check(const char *record, const char *pass)
{
	unsigned long n, r, p;
	char salt_hex[2 * SALT_BYTES + 1], hash_hex[2 * HASH_BYTES + 1];
	unsigned char salt[SALT_BYTES], want[HASH_BYTES], got[HASH_BYTES];

	if (sscanf(record, "scrypt$%lu$%lu$%lu$%32[0-9a-f]$%64[0-9a-f]", &n, &r, &p, salt_hex,
		    hash_hex) != 5)
		return false;
	if (n < 2 || n > 1ul << SCRYPT_LOG_N_MAX || (n & (n - 1)) != 0 || r != 8 || p < 1 || p > 16)
		return false;
	if (strlen(salt_hex) != 2 * SALT_BYTES || strlen(hash_hex) != 2 * HASH_BYTES)
		return false;
	if (!from_hex(salt_hex, salt, SALT_BYTES) || !from_hex(hash_hex, want, HASH_BYTES))
		return false;
	return derive(pass, salt, SALT_BYTES, n, p, got) && crypto_equal(want, got, HASH_BYTES);
}
