/*
 * Shared by sheet.c (blocks in order), sheet_text.c (fonts, lines, pages) and sheet_table.c only.
 * Lengths are points (1/72 inch), y grows downwards.
 */
#ifndef YIMEN_CORE_PRINT_SHEET_PRIVATE_H
#define YIMEN_CORE_PRINT_SHEET_PRIVATE_H

#include <pango/pangocairo.h>
#include <stddef.h>

#define MM (72.0 / 25.4)

/* A4 (ISO 216) with room for binding at the left. */
#define SHEET_WIDTH  (210 * MM)
#define SHEET_HEIGHT (297 * MM)
#define SHEET_LEFT   (28 * MM)
#define SHEET_RIGHT  (186 * MM)
#define SHEET_TOP    (18 * MM)
#define SHEET_BOTTOM (275 * MM)
#define SHEET_FOOT   (280 * MM) /* of the page number */
#define SHEET_TEXT   (SHEET_RIGHT - SHEET_LEFT)

enum {
	COLUMNS_MAX = 16
};

enum face {
	FACE_BODY,
	FACE_STRONG,
	FACE_TITLE,
	FACE_ISSUER,
	FACE_SMALL,
	FACE_TINY,
	FACE_MARK,
	FACE__MAX
};

struct paper_block;

struct sheets {
	cairo_t *cr;
	const struct paper *paper;
	const char *number; /* of the document, at the foot of each page */
	double y;	    /* where the next block begins */
	int page;	    /* of this copy */
	size_t copy, item;
	int *counts;		       /* pages of each copy, */
	int counting;		       /* found in a first run */
	double pair_left, label_width; /* of the pairs at hand */
	double widths[COLUMNS_MAX];
	size_t columns;
	const struct paper_block *head; /* of the table at hand */
	double band; /* where signatures, code and seal begin; 0: not there yet */
};

/* ---- sheet_text.c ---- */

double face_size(enum face f);
double face_leading(enum face f);
/* g_object_unref it. width < 0: one line. */
PangoLayout *sheet_set(struct sheets *s, enum face f, const char *text, double width);
double sheet_width_of(struct sheets *s, enum face f, const char *text);
void sheet_line(struct sheets *s, double x1, double x2, double y, double thick);
/* Puts the layout and lets it go: line by line, going on over the page. */
void sheet_put(struct sheets *s, PangoLayout *l, double x);
/* The same over the whole width. */
void sheet_text(struct sheets *s, enum face f, const char *text, PangoAlignment how);
/* At a place of its own; y stays. */
void sheet_place(struct sheets *s, enum face f, const char *text, double x, double y, double width,
	PangoAlignment how);

void sheet_end_page(struct sheets *s);
void sheet_next_page(struct sheets *s);
/* Begins a new page unless so much is left on this one. */
void sheet_need(struct sheets *s, double height);

/* ---- sheet_table.c ---- */

void sheet_table(struct sheets *s, const struct paper_block *head);
void sheet_row(struct sheets *s, const struct paper_block *row);

#endif
