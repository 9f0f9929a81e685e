#include "core/base/crypto.h"

#include <errno.h>
/* OpenSSL has a type of the name of one of our results; nothing here needs it. */
#define ERR_STATE openssl_err_state
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#undef ERR_STATE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/id.h"
#include "core/base/mem.h"

static const EVP_MD *digest_of(enum digest d)
{
	static const char *const names[DIGEST__MAX] = {
		[DIGEST_SHA256] = "SHA256",
		[DIGEST_SM3] = "SM3",
		[DIGEST_SHA1] = "SHA1",
		[DIGEST_SHA512] = "SHA512",
		[DIGEST_SHA384] = "SHA384",
		[DIGEST_MD5] = "MD5",
	};
	static EVP_MD *found[DIGEST__MAX];

	/* Without memory at its first use the library is left half set up, and crashes. */
	if (found[d] == NULL && OSSL_LIB_CTX_get0_global_default() == NULL)
		mem_exhausted();
	/* Found once: EVP_sha256() and its like are looked up by name at every use. */
	if (found[d] == NULL)
		found[d] = EVP_MD_fetch(NULL, names[d], NULL);
	if (found[d] == NULL)
		mem_exhausted(); /* nothing else can be wrong */
	return found[d];
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

size_t crypto_digest(enum digest d, const void *data, size_t len_bytes, unsigned char out[64])
{
	unsigned n = 0;

	if (EVP_Digest(data, len_bytes, out, &n, digest_of(d), NULL) != 1)
		mem_exhausted(); /* nothing else can be wrong */
	return n;
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
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx == NULL || EVP_DigestInit_ex(ctx, digest_of(d), NULL) != 1)
		mem_exhausted();
	return (struct crypto_run *)ctx;
}

void crypto_run_add(struct crypto_run *r, const void *data, size_t len_bytes)
{
	if (EVP_DigestUpdate((EVP_MD_CTX *)r, data, len_bytes) != 1)
		mem_exhausted();
}

const char *crypto_run_end(struct crypto_run *r, char out[CRYPTO_HEX_SIZE])
{
	unsigned char raw[64] = {0};
	unsigned n = 0;

	if (EVP_DigestFinal_ex((EVP_MD_CTX *)r, raw, &n) != 1)
		mem_exhausted();
	return to_hex(raw, n, out);
}

void crypto_run_free(struct crypto_run *r)
{
	EVP_MD_CTX_free((EVP_MD_CTX *)r);
}

const char *crypto_hmac(const void *key, size_t key_len, const void *data, size_t len_bytes,
	char out[CRYPTO_HEX_SIZE])
{
	unsigned char raw[64];
	unsigned n = 0;

	if (HMAC(digest_of(DIGEST_SHA256), key, (int)key_len, data, len_bytes, raw, &n) == NULL)
		mem_exhausted();
	return to_hex(raw, n, out);
}

enum err crypto_file(enum digest d, const char *path, char out[CRYPTO_HEX_SIZE])
{
	unsigned char raw[64];
	char chunk[16384];
	unsigned len = 0;
	size_t n;
	bool good;
	EVP_MD_CTX *ctx;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_DENIED;
	ctx = EVP_MD_CTX_new();
	good = ctx != NULL && EVP_DigestInit_ex(ctx, digest_of(d), NULL) == 1;
	while (good && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
		good = EVP_DigestUpdate(ctx, chunk, n) == 1;
	good = good && !ferror(f) && EVP_DigestFinal_ex(ctx, raw, &len) == 1;
	EVP_MD_CTX_free(ctx);
	fclose(f);
	if (!good)
		return ERR_IO;
	to_hex(raw, len, out);
	return OK;
}

char *crypto_base64(const void *data, size_t len_bytes)
{
	char *out = mem_alloc(4 * ((len_bytes + 2) / 3) + 1);

	EVP_EncodeBlock((unsigned char *)out, data, (int)len_bytes);
	return out;
}

bool crypto_unbase64(const char *text, size_t len_bytes, struct buf *out)
{
	size_t pad = 0, start = out->len;
	int n;

	if (len_bytes % 4 != 0 || len_bytes > INT32_MAX)
		return false;
	while (pad < 2 && pad < len_bytes && text[len_bytes - 1 - pad] == '=')
		pad++;
	buf_reserve(out, len_bytes / 4 * 3 + 1);
	n = EVP_DecodeBlock(
		(unsigned char *)out->data + start, (const unsigned char *)text, (int)len_bytes);
	/* It skips blanks at both ends: what comes out shows it. */
	if (n < 0 || (size_t)n != len_bytes / 4 * 3)
		return false;
	out->len = start + (size_t)n - pad;
	out->data[out->len] = '\0';
	return true;
}

/* A block of HMAC-SHA-256 over up to three parts. */
static void hmac_parts(
	const void *key, size_t key_len, const struct buf *text, unsigned char out[32])
{
	unsigned n = 0;

	if (HMAC(digest_of(DIGEST_SHA256), key, (int)key_len, (const unsigned char *)buf_str(text),
		    text->len, out, &n) == NULL)
		mem_exhausted();
}

void crypto_hkdf(const void *secret, size_t secret_len, const void *salt, size_t salt_len,
	const void *info, size_t info_len, unsigned char *out, size_t out_len_bytes)
{
	static const unsigned char no_salt[32];
	unsigned char prk[32], block[32];
	struct buf text = {0};
	size_t done = 0, n;
	unsigned char round = 1;

	buf_add(&text, secret, secret_len);
	hmac_parts(salt_len > 0 ? salt : no_salt, salt_len > 0 ? salt_len : sizeof no_salt, &text,
		prk);
	buf_clear(&text);
	for (; done < out_len_bytes; done += n, round++) {
		buf_add(&text, info, info_len);
		buf_addc(&text, (char)round);
		hmac_parts(prk, sizeof prk, &text, block);
		n = out_len_bytes - done < sizeof block ? out_len_bytes - done : sizeof block;
		memcpy(out + done, block, n);
		buf_clear(&text);
		buf_add(&text, block, sizeof block);
	}
	OPENSSL_cleanse(prk, sizeof prk);
	OPENSSL_cleanse(block, sizeof block);
	OPENSSL_cleanse(text.data, text.len);
	buf_fini(&text);
}

void crypto_seal(
	const struct crypto_box *box, const void *plain, size_t len_bytes, unsigned char *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char none[CRYPTO_TAG_SIZE];
	int n = 0, ignored;

	if (ctx == NULL ||
		EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, box->key, box->nonce) != 1 ||
		EVP_EncryptUpdate(ctx, NULL, &ignored, box->bound, (int)box->bound_len) != 1 ||
		EVP_EncryptUpdate(ctx, out, &n, plain, (int)len_bytes) != 1 ||
		EVP_EncryptFinal_ex(ctx, none, &ignored) != 1 ||
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, CRYPTO_TAG_SIZE, out + n) != 1)
		mem_exhausted();
	EVP_CIPHER_CTX_free(ctx);
}

bool crypto_open(
	const struct crypto_box *box, const void *sealed, size_t len_bytes, unsigned char *out)
{
	EVP_CIPHER_CTX *ctx;
	unsigned char tag[CRYPTO_TAG_SIZE];
	int n = 0, ignored;
	bool good;

	if (len_bytes < CRYPTO_TAG_SIZE)
		return false;
	len_bytes -= CRYPTO_TAG_SIZE;
	memcpy(tag, (const unsigned char *)sealed + len_bytes, sizeof tag);
	ctx = EVP_CIPHER_CTX_new();
	good = ctx != NULL &&
	       EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, box->key, box->nonce) == 1 &&
	       EVP_DecryptUpdate(ctx, NULL, &ignored, box->bound, (int)box->bound_len) == 1 &&
	       EVP_DecryptUpdate(ctx, out, &n, sealed, (int)len_bytes) == 1 &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, CRYPTO_TAG_SIZE, tag) == 1 &&
	       EVP_DecryptFinal_ex(ctx, out + n, &ignored) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

bool crypto_equal(const void *a, const void *b, size_t len_bytes)
{
	return CRYPTO_memcmp(a, b, len_bytes) == 0;
}

enum {
	SCRYPT_LOG_N_MAX = 20,
	SALT_BYTES = 16,
	HASH_BYTES = 32
};

static bool derive(const char *pass, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint64_t r, uint64_t p, unsigned char out[HASH_BYTES])
{
	return EVP_PBE_scrypt(pass, strlen(pass), salt, salt_len, n, r, p, 64u << 20, out,
		       HASH_BYTES) == 1;
}

char *crypto_pass_hash(const struct entropy *e, const char *pass)
{
	unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
	char salt_hex[2 * SALT_BYTES + 1], hash_hex[2 * HASH_BYTES + 1];
	struct buf b = {0};

	e->fill(e->arg, salt, sizeof salt);
	if (!derive(pass, salt, sizeof salt, 16384, 8, 1, hash))
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
	if (n < 2 || n > 1ul << SCRYPT_LOG_N_MAX || r < 1 || r > 32 || p < 1 || p > 16)
		return false;
	if (strlen(salt_hex) != 2 * SALT_BYTES || strlen(hash_hex) != 2 * HASH_BYTES)
		return false;
	if (!from_hex(salt_hex, salt, SALT_BYTES) || !from_hex(hash_hex, want, HASH_BYTES))
		return false;
	return derive(pass, salt, SALT_BYTES, n, r, p, got) && crypto_equal(want, got, HASH_BYTES);
}
