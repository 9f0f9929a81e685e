/* The blocks of a paper in order, on as many sheets as they need. */
#include "core/print/sheet.h"

#include <stdbool.h>
#include <stdlib.h>

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/print/code.h"
#include "core/print/sheet_private.h"
#include "core/station/documents/paper.h"

static const double seal_side = 40 * MM, code_side = 26 * MM;
static const double line_room = 16, sign_step = 25; /* one line of the body, of signatures */

/* ---- text ---- */

static void put_paragraph(struct sheets *s, const char *text)
{
	PangoLayout *l = sheet_set(s, FACE_BODY, text, SHEET_TEXT);

	/* Two ideographs, as Chinese paragraphs begin. */
	pango_layout_set_indent(l, (int)(2 * face_size(FACE_BODY) * PANGO_SCALE));
	sheet_put(s, l, SHEET_LEFT);
	s->y += 2;
}

static void put_heading(struct sheets *s, const char *text)
{
	s->y += 6;
	sheet_need(s, 60); /* never alone at the foot of a page */
	sheet_text(s, FACE_STRONG, text, PANGO_ALIGN_LEFT);
	s->y += 2;
}

static void put_item(struct sheets *s, const char *text)
{
	struct buf number = {0};
	double indent = 2 * face_size(FACE_BODY);

	buf_printf(&number, "%zu.", ++s->item);
	sheet_need(s, line_room);
	sheet_place(s, FACE_BODY, number.data, SHEET_LEFT, s->y, indent + 8, PANGO_ALIGN_LEFT);
	sheet_put(s, sheet_set(s, FACE_BODY, text, SHEET_TEXT - indent), SHEET_LEFT + indent);
	buf_fini(&number);
}

/* ---- pairs ---- */

static bool is_pair(const struct paper_block *b)
{
	return b->kind == PAPER_PAIR || b->kind == PAPER_FILL;
}

/* The labels of neighbouring pairs are as wide as the widest of them. What follows an item belongs
 * to it and is indented. */
static void begin_pairs(struct sheets *s, size_t at)
{
	bool of_item = at > 0 && s->paper->blocks[at - 1].kind == PAPER_ITEM;

	s->pair_left = SHEET_LEFT + (of_item ? 2 * face_size(FACE_BODY) : 0);
	s->label_width = 0;
	for (; at < s->paper->count && is_pair(&s->paper->blocks[at]); at++) {
		double w = sheet_width_of(s, FACE_BODY, s->paper->blocks[at].fields[0]);
		if (w > s->label_width)
			s->label_width = w;
	}
	if (s->label_width > SHEET_TEXT / 3)
		s->label_width = SHEET_TEXT / 3;
	s->label_width += 12;
}

/* The label at x; returns where its lines end. */
static double put_label(struct sheets *s, const struct paper_block *b, double x)
{
	PangoLayout *label = sheet_set(s, FACE_BODY, b->fields[0], s->label_width - 10);
	int height;

	pango_layout_get_size(label, NULL, &height);
	sheet_need(s, (double)height / PANGO_SCALE);
	cairo_set_source_rgb(s->cr, 0.3, 0.3, 0.3);
	cairo_move_to(s->cr, x, s->y);
	pango_cairo_show_layout(s->cr, label);
	cairo_set_source_rgb(s->cr, 0, 0, 0);
	g_object_unref(label);
	return s->y + (double)height / PANGO_SCALE;
}

static void put_pair(struct sheets *s, const struct paper_block *b)
{
	double x = s->pair_left + s->label_width, label_end = put_label(s, b, s->pair_left);
	int page = s->page;

	if (*b->fields[1] == '\0') { /* a line to write on */
		s->y = label_end + 5;
		sheet_line(s, x, SHEET_RIGHT, label_end, 0.5);
		return;
	}
	sheet_put(s, sheet_set(s, FACE_BODY, b->fields[1], SHEET_RIGHT - x), x);
	if (s->y < label_end && s->page == page)
		s->y = label_end;
}

static bool is_short(struct sheets *s, const struct paper_block *b)
{
	double half = (SHEET_RIGHT - s->pair_left) / 2;

	return b->kind == PAPER_PAIR &&
	       sheet_width_of(s, FACE_BODY, b->fields[0]) <= s->label_width - 10 &&
	       sheet_width_of(s, FACE_BODY, b->fields[1]) < half - s->label_width - 5;
}

/* Two short pairs stand side by side. Returns how many were put. */
static size_t put_pairs(struct sheets *s, size_t at)
{
	const struct paper_block *b = &s->paper->blocks[at];
	double left = s->pair_left, y;

	if (at + 1 == s->paper->count || !is_short(s, b) || !is_short(s, b + 1)) {
		put_pair(s, b);
		return 1;
	}
	put_label(s, b, left); /* may begin a page */
	y = s->y;
	sheet_put(s, sheet_set(s, FACE_BODY, b->fields[1], -1), left + s->label_width);
	s->pair_left = (left + SHEET_RIGHT) / 2;
	s->y = y;
	put_pair(s, b + 1);
	s->pair_left = left;
	return 2;
}

/* ---- signatures, seal, code ---- */

/* What stands in the band of the seal, at its left. */
static double band_width(void)
{
	return SHEET_TEXT - seal_side - 16;
}

/* Signatures, code and seal are not torn apart: the seal at the right, the others at its left. */
static void begin_band(struct sheets *s, double height)
{
	if (s->band > 0)
		return;
	sheet_need(s, height);
	s->band = s->y;
}

static void put_sign(struct sheets *s, const struct paper_block *b)
{
	s->y += 8;
	begin_band(s, sign_step * (double)b->count + code_side);
	s->y += 6;
	for (size_t i = 0; i < b->count; i++) {
		double w = sheet_width_of(s, FACE_BODY, b->fields[i]);
		if (w > band_width() - 80)
			w = band_width() - 80;
		sheet_place(s, FACE_BODY, b->fields[i], SHEET_LEFT, s->y, w + 1, PANGO_ALIGN_LEFT);
		sheet_line(s, SHEET_LEFT + w + 6, SHEET_LEFT + band_width(), s->y + line_room, 0.5);
		s->y += sign_step;
	}
}

static void put_code(struct sheets *s, const struct paper_block *b)
{
	double x = SHEET_LEFT + code_side, room = SHEET_LEFT + band_width() - x;

	begin_band(s, code_side > seal_side ? code_side : seal_side);
	if (!code_draw(s->cr, b->fields[0], SHEET_LEFT - 8, s->y, code_side)) {
		x = SHEET_LEFT; /* too long for a code: its text must do */
		room = band_width();
	}
	sheet_place(s, FACE_SMALL, paper_field(b, 1), x, s->y + 12, room, PANGO_ALIGN_LEFT);
	sheet_place(s, FACE_TINY, b->fields[0], x, s->y + 42, room, PANGO_ALIGN_LEFT);
	s->y += code_side;
}

/* Who issues it and the date, within the width of the seal; a long name takes more lines. */
static void put_under_seal(struct sheets *s, const struct paper_block *b, double x, double middle)
{
	double y = middle - 12;

	for (size_t i = 0; i < 2; i++) {
		PangoLayout *l = sheet_set(s, FACE_BODY, paper_field(b, i), seal_side);
		int height;
		pango_layout_get_size(l, NULL, &height);
		pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
		cairo_move_to(s->cr, x, y);
		pango_cairo_show_layout(s->cr, l);
		g_object_unref(l);
		y += (double)height / PANGO_SCALE + 3;
	}
}

/* A broken circle where the seal goes; it covers who issues and the date. */
static void put_seal(struct sheets *s, const struct paper_block *b)
{
	const double dashes[] = {3, 3};
	double x = SHEET_RIGHT - seal_side, middle;

	begin_band(s, seal_side);
	middle = s->band + seal_side / 2;
	cairo_save(s->cr);
	cairo_set_source_rgb(s->cr, 0.6, 0.6, 0.6);
	cairo_set_line_width(s->cr, 0.7);
	cairo_set_dash(s->cr, dashes, 2, 0);
	cairo_new_path(s->cr);
	cairo_arc(s->cr, x + seal_side / 2, middle, seal_side / 2, 0, 2 * G_PI);
	cairo_stroke(s->cr);
	sheet_place(
		s, FACE_SMALL, paper_field(b, 2), x, middle - 36, seal_side, PANGO_ALIGN_CENTER);
	cairo_restore(s->cr);
	put_under_seal(s, b, x, middle);
	if (s->y < s->band + seal_side + 6)
		s->y = s->band + seal_side + 6;
}

/* ---- all of it ---- */

static void begin_copy(struct sheets *s)
{
	sheet_end_page(s);
	s->copy++;
	s->page = 1;
	s->y = SHEET_TOP;
}

static void put_line_of_text(struct sheets *s, const struct paper_block *b)
{
	static const struct {
		enum face face;
		PangoAlignment how;
		double after;
	} looks[PAPER_KIND__MAX] = {
		[PAPER_COPY] = {FACE_MARK, PANGO_ALIGN_RIGHT, 2},
		[PAPER_ISSUER] = {FACE_ISSUER, PANGO_ALIGN_CENTER, 2},
		[PAPER_TITLE] = {FACE_TITLE, PANGO_ALIGN_CENTER, 4},
		[PAPER_NUMBER] = {FACE_BODY, PANGO_ALIGN_RIGHT, 8},
		[PAPER_TO] = {FACE_BODY, PANGO_ALIGN_LEFT, 2},
		[PAPER_NOTE] = {FACE_SMALL, PANGO_ALIGN_LEFT, 2},
	};

	sheet_text(s, looks[b->kind].face, b->fields[0], looks[b->kind].how);
	s->y += looks[b->kind].after;
}

static void put_block(struct sheets *s, const struct paper_block *b)
{
	switch (b->kind) {
	case PAPER_TEXT:
		put_paragraph(s, b->fields[0]);
		break;
	case PAPER_HEADING:
		put_heading(s, b->fields[0]);
		break;
	case PAPER_ITEM:
		put_item(s, b->fields[0]);
		break;
	case PAPER_COLUMNS:
		sheet_table(s, b);
		break;
	case PAPER_ROW:
		sheet_row(s, b);
		break;
	case PAPER_RULE:
		sheet_line(s, SHEET_LEFT, SHEET_RIGHT, s->y + 4, 0.5);
		s->y += 10;
		break;
	case PAPER_SEAL:
		put_seal(s, b);
		break;
	case PAPER_SIGN:
		put_sign(s, b);
		break;
	case PAPER_QR:
		put_code(s, b);
		break;
	case PAPER_PAGE:
		begin_copy(s);
		break;
	default:
		put_line_of_text(s, b);
		break;
	}
}

static const char *first_field(const struct paper *p, enum paper_kind kind)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->blocks[i].kind == kind)
			return p->blocks[i].fields[0];
	return "";
}

static bool is_in_band(const struct paper_block *b)
{
	return b->kind == PAPER_SIGN || b->kind == PAPER_QR || b->kind == PAPER_SEAL;
}

static bool is_table(const struct paper_block *b)
{
	return b->kind == PAPER_COLUMNS || b->kind == PAPER_ROW;
}

static void lay_out(struct sheets *s)
{
	s->y = SHEET_TOP;
	s->page = 1;
	s->number = first_field(s->paper, PAPER_NUMBER);
	for (size_t i = 0; i < s->paper->count; i++) {
		const struct paper_block *b = &s->paper->blocks[i];
		const struct paper_block *before = i > 0 ? b - 1 : NULL;
		if (is_pair(b) && (before == NULL || !is_pair(before)))
			begin_pairs(s, i);
		if (before != NULL && is_table(before) && !is_table(b))
			s->y += 6;
		if (b->kind != PAPER_ITEM && !is_pair(b))
			s->item = 0;
		if (!is_in_band(b))
			s->band = 0;
		if (is_pair(b))
			i += put_pairs(s, i) - 1;
		else if (b->kind != PAPER_ROW || s->columns > 0) /* else lines that are not ours */
			put_block(s, b);
	}
	sheet_end_page(s);
}

static cairo_status_t write_out(void *arg, const unsigned char *data, unsigned int len)
{
	return fwrite(data, 1, len, arg) == len ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_status_t write_nowhere(void *arg, const unsigned char *data, unsigned int len)
{
	(void)arg;
	(void)data;
	(void)len;
	return CAIRO_STATUS_SUCCESS;
}

/* Each page names the last one of its copy: a first run counts them. */
static cairo_status_t run(const struct paper *p, int *counts, bool counting, FILE *out)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		counting ? write_nowhere : write_out, out, SHEET_WIDTH, SHEET_HEIGHT);
	struct sheets s = {.paper = p, .counts = counts, .counting = counting};
	cairo_status_t status;

	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_TITLE, first_field(p, PAPER_TITLE));
	s.cr = cairo_create(surface);
	lay_out(&s);
	status = cairo_status(s.cr);
	cairo_destroy(s.cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return status;
}

/* Fonts and drawing keep what they have read for the next time: there is none. */
static void let_go(void)
{
	pango_cairo_font_map_set_default(NULL);
	cairo_debug_reset_static_data();
	FcFini();
}

enum err sheet_pdf(const struct paper *p, FILE *out, struct buf *why)
{
	size_t copies = 1;
	int *counts;
	cairo_status_t status;

	for (size_t i = 0; i < p->count; i++)
		copies += p->blocks[i].kind == PAPER_PAGE;
	counts = mem_array(copies, sizeof *counts);
	status = run(p, counts, true, NULL);
	if (status == CAIRO_STATUS_SUCCESS)
		status = run(p, counts, false, out);
	free(counts);
	let_go();
	if (status == CAIRO_STATUS_SUCCESS && fflush(out) == 0)
		return OK;
	buf_why(why, tr("PDF 写不出去: %s"), cairo_status_to_string(status));
	return ERR_IO;
}
