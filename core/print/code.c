#include "core/print/code.h"

#include <qrencode.h>
#include <stddef.h>

enum {
	QUIET_MODULES = 4 /* the standard's margin */
};

bool code_draw(cairo_t *cr, const char *text, double x, double y, double side)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	double module;

	if (code == NULL)
		return false;
	module = side / (code->width + 2 * QUIET_MODULES);
	cairo_save(cr);
	cairo_translate(cr, x + QUIET_MODULES * module, y + QUIET_MODULES * module);
	for (int row = 0; row < code->width; row++)
		for (int col = 0; col < code->width; col++)
			if (code->data[row * code->width + col] & 1)
				cairo_rectangle(cr, col * module, row * module, module, module);
	cairo_fill(cr);
	cairo_restore(cr);
	QRcode_free(code);
	return true;
}
