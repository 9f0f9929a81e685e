/*
 * Digests, keyed digests, sealing and pass phrases. The only home of libgcrypt (OpenSSL's libcrypto
 * would be 3.5 MB resident in every workstation; this is 0.9).
 */
#ifndef YIMEN_CORE_BASE_CRYPTO_H
#define YIMEN_CORE_BASE_CRYPTO_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct entropy;

enum digest {
	DIGEST_SHA256, /* FIPS 180-4 */
	DIGEST_SM3,    /* GB/T 32905-2016 */
	DIGEST_SHA1,   /* only for form expressions that ask for it */
	DIGEST_SHA512,
	DIGEST_SHA384,
	DIGEST_MD5, /* likewise */
	DIGEST__MAX
};

#define CRYPTO_HEX_SIZE 129
/* Lower-case hexadecimal, terminated. Returns out. */
const char *crypto_hex(
	enum digest d, const void *data, size_t len_bytes, char out[CRYPTO_HEX_SIZE]);
/* The raw digest; returns its length (at most 64). */
size_t crypto_digest(enum digest d, const void *data, size_t len_bytes, unsigned char out[64]);
/* A digest of bytes that come piece by piece; crypto_run_free it. end may be called once. */
struct crypto_run;
struct crypto_run *crypto_run_new(enum digest d);
void crypto_run_add(struct crypto_run *r, const void *data, size_t len_bytes);
const char *crypto_run_end(struct crypto_run *r, char out[CRYPTO_HEX_SIZE]);
void crypto_run_free(struct crypto_run *r); /* NULL does nothing */
/* HMAC (RFC 2104) with SHA-256, hexadecimal. Returns out. */
const char *crypto_hmac(const void *key, size_t key_len, const void *data, size_t len_bytes,
	char out[CRYPTO_HEX_SIZE]);
/* SHA-256 of a file's bytes, hexadecimal. */
enum err crypto_file(enum digest d, const char *path, char out[CRYPTO_HEX_SIZE]);
/* Standard base64 with padding; free() the result. */
char *crypto_base64(const void *data, size_t len_bytes);
/* Back again; appends. false: not whole groups of that alphabet. */
bool crypto_unbase64(const char *text, size_t len_bytes, struct buf *out);

/* HKDF (RFC 5869) with SHA-256: out_len_bytes (at most 8 160) from a secret. */
void crypto_hkdf(const void *secret, size_t secret_len, const void *salt, size_t salt_len,
	const void *info, size_t info_len, unsigned char *out, size_t out_len_bytes);

/*
 * AES-256-GCM (NIST SP 800-38D), the tag of 16 bytes behind the text. A nonce must never come twice
 * with one key. seal: out has room for len_bytes + CRYPTO_TAG_SIZE. open: len_bytes counts the tag,
 * out has room for the rest; false: not what was sealed with this key, nonce and bound text.
 */
enum {
	CRYPTO_KEY_SIZE = 32,
	CRYPTO_NONCE_SIZE = 12,
	CRYPTO_TAG_SIZE = 16
};
struct crypto_box {
	unsigned char key[CRYPTO_KEY_SIZE], nonce[CRYPTO_NONCE_SIZE];
	const void *bound; /* authenticated with it, not part of it */
	size_t bound_len;
};
void crypto_seal(
	const struct crypto_box *box, const void *plain, size_t len_bytes, unsigned char *out);
bool crypto_open(
	const struct crypto_box *box, const void *sealed, size_t len_bytes, unsigned char *out);

/* "scrypt$N$r$p$salt$hash" (RFC 7914, N=16384 r=8 p=1); free() the result. */
char *crypto_pass_hash(const struct entropy *e, const char *pass);
/* In time that does not depend on where they differ. A malformed record is false. */
bool crypto_pass_check(const char *record, const char *pass);
bool crypto_equal(const void *a, const void *b, size_t len_bytes);

#endif
