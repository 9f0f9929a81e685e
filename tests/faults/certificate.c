#include "tests/faults/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "certificate: %s\n", what);
	exit(3);
}

static void add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	must(e != NULL && X509_add_ext(cert, e, -1), value);
	X509_EXTENSION_free(e);
}

static void fill(X509 *cert, EVP_PKEY *key, const char *host, int from_days, int to_days)
{
	X509_NAME *name = X509_get_subject_name(cert);
	char alternative[200];

	snprintf(alternative, sizeof alternative, "%s:%s",
		host[strspn(host, "0123456789.")] == '\0' ? "IP" : "DNS", host);
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), from_days * 86400L);
	X509_gmtime_adj(X509_getm_notAfter(cert), to_days * 86400L);
	X509_NAME_add_entry_by_txt(
		name, "CN", MBSTRING_ASC, (const unsigned char *)host, -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	add_extension(cert, NID_subject_alt_name, alternative);
	add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
	must(X509_sign(cert, key, EVP_sha256()) > 0, "sign");
}

void certificate_write(
	const char *cert_path, const char *key_path, const char *host, int from_days, int to_days)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	FILE *cert_file = fopen(cert_path, "w"), *key_file = fopen(key_path, "w");

	must(key != NULL && cert != NULL && cert_file != NULL && key_file != NULL, cert_path);
	fill(cert, key, host, from_days, to_days);
	must(PEM_write_X509(cert_file, cert), cert_path);
	must(PEM_write_PrivateKey(key_file, key, NULL, NULL, 0, NULL, NULL), key_path);
	fclose(cert_file);
	fclose(key_file);
	X509_free(cert);
	EVP_PKEY_free(key);
}
