/* The query code (QR, ISO/IEC 18004) of an address. The only home of libqrencode. */
#ifndef YIMEN_CORE_PRINT_CODE_H
#define YIMEN_CORE_PRINT_CODE_H

#include <cairo.h>
#include <stdbool.h>

/* Draws it in a square of `side` points at x, y, its quiet zone inside. false: the text does not
 * fit into a code. */
bool code_draw(cairo_t *cr, const char *text, double x, double y, double side);

#endif
