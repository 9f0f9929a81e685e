#include "tui/browse_text.h"

#include "core/base/msg.h"
#include "tui/guide_text.h"

const char *browse_facet_name(enum search_facet f)
{
	static const char *const names[SEARCH_FACET__MAX] = {[SEARCH_BY_THEME] = N_("主题"),
		[SEARCH_BY_DEPT] = N_("部门"),
		[SEARCH_BY_REGION] = N_("地区"),
		[SEARCH_BY_TYPE] = N_("类型"),
		[SEARCH_BY_LEVEL] = N_("层级")};

	return tr(names[f]);
}

const char *browse_value_label(enum search_facet f, const char *value, const char *label)
{
	if (f == SEARCH_BY_TYPE)
		label = guide_type_name(value);
	if (f == SEARCH_BY_LEVEL)
		label = guide_level_name(value);
	return label && *label ? label : value;
}
