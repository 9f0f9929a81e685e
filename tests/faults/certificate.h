/* Certificates for tests: signed by themselves, for one host, valid as one wishes. */
#ifndef YIMEN_TESTS_FAULTS_CERTIFICATE_H
#define YIMEN_TESTS_FAULTS_CERTIFICATE_H

/* Valid from now + from_days to now + to_days, for this IP address (as text) or name. Exits when it
 * cannot. */
void certificate_write(
	const char *cert_path, const char *key_path, const char *host, int from_days, int to_days);

#endif
