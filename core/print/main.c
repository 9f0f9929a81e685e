/*
 * yimen-print: reads a paper (core/station/documents/paper.h) from its standard input and writes it
 * as PDF to its standard output. It knows nothing of cases or the station.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/msg.h"
#include "core/base/standard.h"
#include "core/print/sheet.h"
#include "core/station/documents/paper.h"

enum {
	INPUT_MAX_BYTES = 16 << 20
};

#ifdef __SANITIZE_ADDRESS__
/* cairo 1.16 forgets a few bytes of each font that it puts into a PDF. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libcairo.so";
}
#endif

static enum err read_all(FILE *in, struct buf *out)
{
	char chunk[16384];
	size_t n;

	while ((n = fread(chunk, 1, sizeof chunk, in)) > 0) {
		if (out->len + n > INPUT_MAX_BYTES)
			return ERR_INVALID;
		buf_add(out, chunk, n);
	}
	return ferror(in) ? ERR_IO : OK;
}

int main(void)
{
	const struct rlimit none = {0, 0};
	struct buf text = {0}, why = {0};
	struct paper p = {0};
	enum err e;

	standard_keep();
	umask(077);
	setrlimit(RLIMIT_CORE, &none);
	msg_init();
	e = read_all(stdin, &text);
	if (e == OK)
		e = paper_read(&p, buf_str(&text), text.len, &why);
	if (e == OK)
		e = sheet_pdf(&p, stdout, &why);
	if (e != OK)
		fprintf(stderr, "%s\n", why.len > 0 ? why.data : err_text(e));
	paper_fini(&p);
	buf_fini(&text);
	buf_fini(&why);
	return err_exit(e);
}
