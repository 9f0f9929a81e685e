#include "tui/plain/paper_lines.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/documents/paper.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 1 << 10 /* a label stays with its text */
};

static void pair(struct pager *p, const char *label, const char *text)
{
	if (*text)
		pager_pair(p, 0, LABEL_COLS, label, text);
}

static void put_cell(struct buf *out, const char *column, const char *cell)
{
	size_t len = 0;
	char *label;

	paper_weight(column, &len);
	label = mem_strndup(column, len);
	buf_printf(out, "%s%s%s%s", out->len ? "; " : "", label, *label ? ": " : "", cell);
	free(label);
}

/* "1 name; column: cell; column: cell": the number and what it is of need no words before them. */
static void add_row(
	struct pager *p, const struct paper_block *columns, const struct paper_block *row)
{
	struct buf line = {0};
	size_t from = 0;

	if (row->count > 1 && strspn(row->fields[0], "0123456789") == strlen(row->fields[0])) {
		buf_printf(&line, "%s %s", row->fields[0], row->fields[1]);
		from = 2;
	}
	for (size_t i = from; i < row->count; i++)
		if (*row->fields[i])
			put_cell(&line, paper_field(columns, i), row->fields[i]);
	pager_add(p, 0, ROLE_TEXT, buf_str(&line));
	buf_fini(&line);
}

static void add_item(struct pager *p, size_t number, const char *text)
{
	struct buf line = {0};

	buf_printf(&line, "%zu %s", number, text);
	pager_add(p, 0, ROLE_TEXT, buf_str(&line));
	buf_fini(&line);
}

static void add_seal(struct pager *p, const struct paper_block *b)
{
	pager_add(p, 0, ROLE_TEXT, paper_field(b, 0));
	pager_add(p, 0, ROLE_TEXT, paper_field(b, 1));
}

void paper_lines(struct pager *p, const struct paper *paper)
{
	const struct paper_block *columns = NULL;
	size_t item = 0;

	for (size_t i = 0; i < paper->count; i++) {
		const struct paper_block *b = &paper->blocks[i];
		switch (b->kind) {
		case PAPER_PAIR:
		case PAPER_FILL:
			pair(p, paper_field(b, 0), paper_field(b, 1));
			continue; /* items are numbered through pairs */
		case PAPER_ITEM:
			add_item(p, ++item, paper_field(b, 0));
			continue;
		case PAPER_COLUMNS:
			columns = b;
			break;
		case PAPER_ROW:
			if (columns)
				add_row(p, columns, b);
			break;
		case PAPER_SEAL:
			add_seal(p, b);
			break;
		case PAPER_QR:
			pair(p, paper_field(b, 1)[0] ? paper_field(b, 1) : tr("网址"),
				paper_field(b, 0));
			break;
		case PAPER_RULE:
		case PAPER_SIGN:
		case PAPER_PAGE:
			break;
		default:
			pager_add(p, 0, ROLE_TEXT, paper_field(b, 0));
			break;
		}
		item = 0;
	}
}
