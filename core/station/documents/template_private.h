/* Shared by reading (template.c) and filling (template_render.c) only. */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_TEMPLATE_PRIVATE_H
#define YIMEN_CORE_STATION_DOCUMENTS_TEMPLATE_PRIVATE_H

#include "core/station/documents/paper.h"
#include "core/station/documents/template.h"

#include <stdbool.h>
#include <stddef.h>

enum template_part {
	TEMPLATE_BLOCK,
	TEMPLATE_OPEN,	   /* {{#name}} */
	TEMPLATE_OPEN_NOT, /* {{^name}} */
	TEMPLATE_CLOSE	   /* {{/name}} */
};

struct template_line {
	enum template_part part;
	int number; /* in the file */
	enum paper_kind kind;
	char **fields; /* with their {{…}} */
	size_t count;
	char *name; /* of a section */
};

struct template
{
	struct template_line *lines;
	size_t count;
};

/* A {{…}} found in a text: its sign (0, '#', '^', '/'), and name. */
struct template_tag {
	const char *before_end; /* the text before it ends here */
	const char *after;
	char sign;
	const char *name;
	size_t name_len;
};
/* The next one in [at, end). false: none. An open one without an end has after NULL. */
bool template_tag(const char *at, const char *end, struct template_tag *out);

#endif
