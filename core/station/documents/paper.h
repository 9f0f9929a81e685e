/*
 * A paper: what a slip says, as blocks in order, before it is text, PDF or print. It knows nothing
 * of widths, fonts or pages; each output lays the same blocks out in its own way. Blocks travel to
 * the printing program and rest in the station's file as lines: a word, then the fields, each after
 * a tab; \t \n \\ stand for themselves inside a field.
 */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_PAPER_H
#define YIMEN_CORE_STATION_DOCUMENTS_PAPER_H

#include "core/base/err.h"

#include <stddef.h>

struct buf;

enum paper_kind {
	PAPER_ISSUER,  /* who issues it, above the title */
	PAPER_TITLE,   /* what it is */
	PAPER_NUMBER,  /* its number, at the right */
	PAPER_TO,      /* whom it is for: a line without indent */
	PAPER_TEXT,    /* a paragraph, its first line indented */
	PAPER_HEADING, /* of a part */
	PAPER_PAIR,    /* label, value */
	PAPER_FILL,    /* label, value; without a value a line to write on */
	PAPER_ITEM,    /* numbered from 1, through pairs, until another block */
	PAPER_COLUMNS, /* the head of a table: "label weight" for each column */
	PAPER_ROW,     /* of the table before it */
	PAPER_NOTE,    /* small print */
	PAPER_RULE,    /* a line across */
	PAPER_SEAL,    /* who seals, date, a word for the place: at the right */
	PAPER_SIGN,    /* labels of signature lines, side by side */
	PAPER_QR,      /* address, caption */
	PAPER_COPY,    /* the mark of this copy: 正本, 存根, 补打 */
	PAPER_PAGE,    /* a new sheet begins */
	PAPER_KIND__MAX
};

struct paper_block {
	enum paper_kind kind;
	char **fields;
	size_t count;
};

/* A zeroed one is empty. */
struct paper {
	struct paper_block *blocks;
	size_t count;
};

void paper_fini(struct paper *p);
/* Fields are copied. */
void paper_add(struct paper *p, enum paper_kind kind, const char *const *fields, size_t count);
/* One copy of `of` with its mark on top; a second one begins a new sheet. */
void paper_add_copy(struct paper *p, const struct paper *of, const char *mark);
/* "" for a field that is not there; borrowed. */
const char *paper_field(const struct paper_block *b, size_t i);

/* The weight at the end of a column's field ("材料名称 40"); 10 when there is none. *label_bytes:
 * what stands before it. */
int paper_weight(const char *field, size_t *label_bytes);

/* How many fields a kind has at least and at most. */
void paper_fields(enum paper_kind kind, size_t *least, size_t *most);

void paper_write(struct buf *out, const struct paper *p);
/* ERR_INVALID: not such lines; why names the first wrong one. *out must be empty. */
enum err paper_read(struct paper *out, const char *text, size_t len_bytes, struct buf *why);

#endif
