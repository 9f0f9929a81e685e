/*
 * A paper laid out on A4 sheets: margins, fonts, lines, page breaks, the place for the seal, the
 * query code. It writes a PDF to a stream.
 */
#ifndef YIMEN_CORE_PRINT_SHEET_H
#define YIMEN_CORE_PRINT_SHEET_H

#include "core/base/err.h"

#include <stdio.h>

struct buf;
struct paper;

/* ERR_IO with a sentence in why when the PDF could not be written. */
enum err sheet_pdf(const struct paper *p, FILE *out, struct buf *why);

#endif
