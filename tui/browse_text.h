/*
 * How the ways to browse the catalogue, and their values, are called.
 */
#ifndef YIMEN_TUI_BROWSE_TEXT_H
#define YIMEN_TUI_BROWSE_TEXT_H

#include "core/station/search.h"

const char *browse_facet_name(enum search_facet f);
/* label: as search_facets gives it. Never "". */
const char *browse_value_label(enum search_facet f, const char *value, const char *label);

#endif
