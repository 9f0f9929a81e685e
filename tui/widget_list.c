#include "tui/widget_list.h"

void list_reset(struct list *l, size_t count)
{
	l->count = count;
	l->selected = l->top = 0;
	l->moved = false;
}

void list_resize(struct list *l, size_t count)
{
	l->count = count;
	if (l->selected >= count)
		l->selected = count ? count - 1 : 0;
	if (l->top > l->selected)
		l->top = l->selected;
}

void list_fit(struct list *l, int rows)
{
	bool was_fitted = l->rows == (size_t)(rows > 0 ? rows : 1);
	size_t half;

	l->rows = rows > 0 ? (size_t)rows : 1;
	half = l->rows - l->rows / 2;
	if (was_fitted && l->rows > 2 && l->selected == l->top + l->rows)
		l->top = l->selected - l->rows / 2;
	else if (was_fitted && l->rows > 2 && l->selected + 1 == l->top)
		l->top = l->selected + 1 > half ? l->selected + 1 - half : 0;
	else if (l->selected < l->top)
		l->top = l->selected;
	else if (l->selected >= l->top + l->rows)
		l->top = l->selected - l->rows + 1;
	if (l->top > 0 && l->top + l->rows > l->count)
		l->top = l->count > l->rows ? l->count - l->rows : 0;
}

static bool move(struct list *l, size_t to)
{
	if (l->count == 0)
		return false;
	if (to >= l->count)
		to = l->count - 1;
	if (to == l->selected)
		return false;
	l->selected = to;
	return true;
}

static bool move_by(struct list *l, long by)
{
	if (by < 0 && (size_t)-by > l->selected)
		return move(l, 0);
	return move(l, l->selected + (size_t)by);
}

/* The movement a character or control key stands for: another key code, or K_NONE. */
static enum key_code meaning(const struct key *k, bool letters)
{
	if (k->code == K_CTRL)
		return k->ch == 'p' ? K_UP : k->ch == 'n' ? K_DOWN : k->ch == 'f' ? K_PGDN : K_NONE;
	if (k->code != K_CHAR)
		return k->code;
	if (!letters)
		return K_NONE;
	switch (k->plain) {
	case 'k':
		return K_UP;
	case 'j':
		return K_DOWN;
	case 'g':
		return K_HOME;
	case 'G':
		return K_END;
	default:
		return K_NONE;
	}
}

bool list_key(struct list *l, const struct key *k, bool letters, bool *picked)
{
	long page = l->rows > 1 ? (long)l->rows - 1 : 1;

	*picked = false;
	l->moved = true;
	if (k->code == K_CHAR && k->plain >= '1' && k->plain <= '9') {
		size_t i = l->top + (k->plain - '1');
		if (i >= l->count || k->plain - '1' >= l->rows)
			return false;
		l->selected = i;
		*picked = true;
		return true;
	}
	switch (meaning(k, letters)) {
	case K_UP:
		return move_by(l, -1);
	case K_DOWN:
		return move_by(l, 1);
	case K_PGUP:
		return move_by(l, -page);
	case K_PGDN:
		return move_by(l, page);
	case K_HOME:
		return move(l, 0);
	case K_END:
		return move(l, l->count ? l->count - 1 : 0);
	default:
		return false;
	}
}

void list_mark(const struct list *l, struct canvas *c, size_t i, int row, int col, int cols,
	bool slow, bool focus)
{
	if (i != l->selected || l->count == 0)
		return;
	canvas_put(c, row, 0, 1, slow ? ROLE_TEXT : ROLE_SELECTED, ">");
	if (!slow)
		canvas_role(c, row, col, cols, ROLE_SELECTED);
	if (focus)
		canvas_cursor(c, row, 0);
}
