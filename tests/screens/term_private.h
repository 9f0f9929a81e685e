/* What the pseudo-terminal of the tests is made of: for term*.c alone. */
#ifndef YIMEN_TESTS_SCREENS_TERM_PRIVATE_H
#define YIMEN_TESTS_SCREENS_TERM_PRIVATE_H

#include <iconv.h>
#include <stdint.h>
#include <sys/types.h>
#include <vterm.h>

#include "tests/screens/term.h"

enum {
	DEADLINE_MS = 20000,
	COLS_MAX = 200,
	ROW_BYTES = COLS_MAX * 4 + 1
};

struct term {
	VTerm *vt;
	VTermScreen *screen;
	iconv_t in;   /* the program's charset to UTF-8; (iconv_t)-1: none needed */
	iconv_t out;  /* UTF-8 to it */
	char left[8]; /* an unfinished character of the program's */
	size_t left_len;
	int fd, rows, cols;
	pid_t pid; /* 0: within this process */
	void (*turn)(void *arg);
	void *turn_arg;
	bool ended;
	int status;
	size_t bytes, bells;
	size_t sent_bytes; /* the program's, before the last keys */
	double sent_us;	   /* before the last keys, or the start */
	char row[ROW_BYTES];
};

int64_t term_now_ms(void); /* monotonic */
/* Reads what comes within max_ms. false: nothing came, or it ended. */
bool term_pump(struct term *t, int max_ms);
VTermScreenCell term_cell_at(struct term *t, int row, int col);

#endif
