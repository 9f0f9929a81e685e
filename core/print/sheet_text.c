/* Fonts, lines and pages. */
#include "core/print/sheet_private.h"

#include "core/base/buf.h"

#define SERIF "Noto Serif CJK SC, AR PL UMing CN, Noto Sans CJK SC, WenQuanYi Zen Hei, serif"
#define SANS  "Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif"

static const struct {
	const char *name;
	double size, leading; /* leading: between lines */
} faces[FACE__MAX] = {
	[FACE_BODY] = {SERIF, 11.5, 1.5},
	[FACE_STRONG] = {SERIF " Bold", 11.5, 2},
	[FACE_TITLE] = {SERIF " Bold", 21, 4},
	[FACE_ISSUER] = {SERIF, 15, 3},
	[FACE_SMALL] = {SERIF, 9.5, 1},
	[FACE_TINY] = {SERIF, 7.5, 0},
	[FACE_MARK] = {SANS " Bold", 10.5, 2},
};

double face_size(enum face f)
{
	return faces[f].size;
}

double face_leading(enum face f)
{
	return faces[f].leading;
}

PangoLayout *sheet_set(struct sheets *s, enum face f, const char *text, double width)
{
	PangoLayout *l = pango_cairo_create_layout(s->cr);
	PangoFontDescription *d = pango_font_description_from_string(faces[f].name);

	pango_font_description_set_absolute_size(d, faces[f].size * PANGO_SCALE);
	pango_layout_set_font_description(l, d);
	pango_font_description_free(d);
	pango_layout_set_spacing(l, (int)(faces[f].leading * PANGO_SCALE));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	if (width >= 0)
		pango_layout_set_width(l, (int)(width * PANGO_SCALE));
	pango_layout_set_text(l, text, -1);
	return l;
}

double sheet_width_of(struct sheets *s, enum face f, const char *text)
{
	PangoLayout *l = sheet_set(s, f, text, -1);
	int w;

	pango_layout_get_size(l, &w, NULL);
	g_object_unref(l);
	return (double)w / PANGO_SCALE;
}

void sheet_line(struct sheets *s, double x1, double x2, double y, double thick)
{
	cairo_set_line_width(s->cr, thick);
	cairo_move_to(s->cr, x1, y);
	cairo_line_to(s->cr, x2, y);
	cairo_stroke(s->cr);
}

void sheet_place(struct sheets *s, enum face f, const char *text, double x, double y, double width,
	PangoAlignment how)
{
	PangoLayout *l = sheet_set(s, f, text, width);

	pango_layout_set_alignment(l, how);
	cairo_move_to(s->cr, x, y);
	pango_cairo_show_layout(s->cr, l);
	g_object_unref(l);
}

/* ---- pages ---- */

void sheet_end_page(struct sheets *s)
{
	struct buf b = {0};

	if (s->counting)
		s->counts[s->copy] = s->page;
	buf_printf(&b, "%s%s%d / %d", s->number, *s->number ? "      " : "", s->page,
		s->counts[s->copy]);
	sheet_place(s, FACE_SMALL, b.data, SHEET_LEFT, SHEET_FOOT, SHEET_TEXT, PANGO_ALIGN_CENTER);
	cairo_show_page(s->cr);
	buf_fini(&b);
}

void sheet_next_page(struct sheets *s)
{
	sheet_end_page(s);
	s->page++;
	s->y = SHEET_TOP;
}

void sheet_need(struct sheets *s, double height)
{
	if (s->y + height > SHEET_BOTTOM && s->y > SHEET_TOP)
		sheet_next_page(s);
}

void sheet_put(struct sheets *s, PangoLayout *l, double x)
{
	PangoLayoutIter *it = pango_layout_get_iter(l);
	double spacing = (double)pango_layout_get_spacing(l) / PANGO_SCALE;

	do {
		PangoRectangle r;
		double height;
		pango_layout_iter_get_line_extents(it, NULL, &r);
		height = (double)r.height / PANGO_SCALE;
		sheet_need(s, height);
		cairo_move_to(s->cr, x + (double)r.x / PANGO_SCALE,
			s->y + (double)(pango_layout_iter_get_baseline(it) - r.y) / PANGO_SCALE);
		pango_cairo_show_layout_line(s->cr, pango_layout_iter_get_line_readonly(it));
		s->y += height + spacing;
	} while (pango_layout_iter_next_line(it));
	pango_layout_iter_free(it);
	g_object_unref(l);
}

void sheet_text(struct sheets *s, enum face f, const char *text, PangoAlignment how)
{
	PangoLayout *l = sheet_set(s, f, text, SHEET_TEXT);

	pango_layout_set_alignment(l, how);
	sheet_put(s, l, SHEET_LEFT);
}
