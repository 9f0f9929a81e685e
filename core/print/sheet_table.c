/* Tables: columns by weight, a head on every page, rows that stay together when they can. */
#include "core/print/sheet_private.h"

#include <stdlib.h>

#include "core/base/mem.h"
#include "core/station/documents/paper.h"

static const double gap = 6;	    /* between columns */
static const double head_room = 60; /* a head and a row or two */

static double line_height(enum face f)
{
	return face_size(f) * 1.45 + face_leading(f);
}

/* The lines [from, to) of one cell, the first at y. Lines are all equally high, so that cells of
 * one row stand level. */
static void put_cell(struct sheets *s, PangoLayout *l, enum face f, double x, int from, int to)
{
	for (int i = from; i < to; i++) {
		PangoLayoutLine *one = pango_layout_get_line_readonly(l, i);
		if (one == NULL)
			return;
		cairo_move_to(s->cr, x, s->y + (i - from) * line_height(f) + face_size(f) * 1.16);
		pango_cairo_show_layout_line(s->cr, one);
	}
}

static int most_lines(PangoLayout *const *cells, size_t count)
{
	int lines = 1;

	for (size_t i = 0; i < count; i++)
		if (pango_layout_get_line_count(cells[i]) > lines)
			lines = pango_layout_get_line_count(cells[i]);
	return lines;
}

/* As many lines of the row as this page holds. Returns where the next ones begin. */
static int put_lines(struct sheets *s, PangoLayout *const *cells, enum face f, int from, int lines)
{
	int fit = (int)((SHEET_BOTTOM - s->y) / line_height(f));
	double x = SHEET_LEFT;

	fit = fit < 1 ? 1 : fit > lines - from ? lines - from : fit;
	for (size_t i = 0; i < s->columns; i++) {
		put_cell(s, cells[i], f, x, from, from + fit);
		x += s->widths[i] + gap;
	}
	s->y += fit * line_height(f);
	return from + fit;
}

static void put_head(struct sheets *s);

static void put_row(struct sheets *s, enum face f, char *const *texts, size_t count)
{
	PangoLayout *cells[COLUMNS_MAX];
	double page = SHEET_BOTTOM - SHEET_TOP - head_room;
	int lines, done = 0;

	for (size_t i = 0; i < s->columns; i++)
		cells[i] = sheet_set(s, f, i < count ? texts[i] : "", s->widths[i]);
	lines = most_lines(cells, s->columns);
	while (done < lines) {
		double wanted = (lines - done) * line_height(f) + 4;
		if (f == FACE_BODY && s->y + wanted > SHEET_BOTTOM &&
			(wanted < page || s->y + 3 * line_height(f) > SHEET_BOTTOM)) {
			sheet_next_page(s);
			put_head(s);
		}
		done = put_lines(s, cells, f, done, lines);
	}
	s->y += 1;
	sheet_line(s, SHEET_LEFT, SHEET_RIGHT, s->y, f == FACE_STRONG ? 0.9 : 0.3);
	s->y += 3;
	for (size_t i = 0; i < s->columns; i++)
		g_object_unref(cells[i]);
}

static void put_head(struct sheets *s)
{
	char *labels[COLUMNS_MAX];

	for (size_t i = 0; i < s->columns; i++) {
		size_t len;
		paper_weight(s->head->fields[i], &len);
		labels[i] = mem_strndup(s->head->fields[i], len);
	}
	sheet_line(s, SHEET_LEFT, SHEET_RIGHT, s->y, 0.9);
	s->y += 3;
	put_row(s, FACE_STRONG, labels, s->columns);
	for (size_t i = 0; i < s->columns; i++)
		free(labels[i]);
}

void sheet_table(struct sheets *s, const struct paper_block *head)
{
	double room, sum = 0;
	size_t len;

	s->columns = head->count < COLUMNS_MAX ? head->count : COLUMNS_MAX;
	s->head = head;
	room = SHEET_TEXT - gap * (double)(s->columns - 1);
	for (size_t i = 0; i < s->columns; i++)
		sum += paper_weight(head->fields[i], &len);
	for (size_t i = 0; i < s->columns; i++)
		s->widths[i] = room * paper_weight(head->fields[i], &len) / sum;
	s->y += 3;
	sheet_need(s, head_room);
	put_head(s);
}

void sheet_row(struct sheets *s, const struct paper_block *row)
{
	put_row(s, FACE_BODY, row->fields, row->count);
}
