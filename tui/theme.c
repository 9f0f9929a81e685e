#include "tui/theme.h"

#include <string.h>

static const struct look looks[THEME__MAX][ROLE__MAX] =
	{
		[THEME_DEFAULT] =
			{
				[ROLE_TEXT] = {-1, -1, false, false, false},
				[ROLE_TITLE] = {7, 4, true, false, false},
				[ROLE_NAV] = {-1, -1, false, false, false},
				[ROLE_NAV_ON] = {-1, -1, true, false, true},
				[ROLE_STATUS] = {-1, -1, false, true, false},
				[ROLE_SELECTED] = {-1, -1, false, true, false},
				[ROLE_MATCH] = {-1, -1, false, false, true},
				[ROLE_MATCH_ON] = {-1, -1, false, true, true},
				[ROLE_FIELD] = {-1, -1, false, false, true},
				[ROLE_LABEL] = {6, -1, false, false, false},
				[ROLE_STRONG] = {-1, -1, true, false, false},
				[ROLE_KEY] = {3, -1, true, false, false},
				[ROLE_ERROR] = {1, -1, true, false, false},
				[ROLE_WARN] = {3, -1, false, false, false},
				[ROLE_GOOD] = {2, -1, false, false, false},
			},
		[THEME_CONTRAST] =
			{
				[ROLE_TEXT] = {-1, -1, true, false, false},
				[ROLE_TITLE] = {-1, -1, true, true, false},
				[ROLE_NAV] = {-1, -1, true, false, false},
				[ROLE_NAV_ON] = {-1, -1, true, true, false},
				[ROLE_STATUS] = {-1, -1, true, true, false},
				[ROLE_SELECTED] = {-1, -1, true, true, false},
				[ROLE_MATCH] = {-1, -1, true, false, true},
				[ROLE_MATCH_ON] = {-1, -1, true, true, true},
				[ROLE_FIELD] = {-1, -1, true, false, true},
				[ROLE_LABEL] = {-1, -1, true, false, false},
				[ROLE_STRONG] = {-1, -1, true, false, true},
				[ROLE_KEY] = {3, -1, true, false, false},
				/* not reversed: PuTTY and others cannot reverse a colour; not bold:
				 * bold black is grey on many */
				[ROLE_ERROR] = {0, 3, false, false, false},
				[ROLE_WARN] = {3, -1, true, false, false},
				[ROLE_GOOD] = {-1, -1, true, false, false},
			},
		[THEME_COLOURBLIND] =
			{
				[ROLE_TEXT] = {-1, -1, false, false, false},
				[ROLE_TITLE] = {7, 4, true, false, false},
				[ROLE_NAV] = {-1, -1, false, false, false},
				[ROLE_NAV_ON] = {-1, -1, true, false, true},
				[ROLE_STATUS] = {-1, -1, false, true, false},
				[ROLE_SELECTED] = {-1, -1, false, true, false},
				[ROLE_MATCH] = {-1, -1, false, false, true},
				[ROLE_MATCH_ON] = {-1, -1, false, true, true},
				[ROLE_FIELD] = {-1, -1, false, false, true},
				[ROLE_LABEL] = {6, -1, false, false, false},
				[ROLE_STRONG] = {-1, -1, true, false, false},
				[ROLE_KEY] = {-1, -1, true, false, false},
				[ROLE_ERROR] = {-1, -1, true, true, false},
				[ROLE_WARN] = {3, -1, true, false, false},
				[ROLE_GOOD] = {-1, -1, false, false, false},
			},
		[THEME_MONO] =
			{
				[ROLE_TEXT] = {-1, -1, false, false, false},
				[ROLE_TITLE] = {-1, -1, true, true, false},
				[ROLE_NAV] = {-1, -1, false, false, false},
				[ROLE_NAV_ON] = {-1, -1, true, false, true},
				[ROLE_STATUS] = {-1, -1, false, true, false},
				[ROLE_SELECTED] = {-1, -1, false, true, false},
				[ROLE_MATCH] = {-1, -1, false, false, true},
				[ROLE_MATCH_ON] = {-1, -1, false, true, true},
				[ROLE_FIELD] = {-1, -1, false, false, true},
				[ROLE_LABEL] = {-1, -1, false, false, false},
				[ROLE_STRONG] = {-1, -1, true, false, false},
				[ROLE_KEY] = {-1, -1, true, false, false},
				[ROLE_ERROR] = {-1, -1, true, false, false},
				[ROLE_WARN] = {-1, -1, true, false, false},
				[ROLE_GOOD] = {-1, -1, false, false, false},
			},
};

static const char *const names[THEME__MAX] = {
	[THEME_DEFAULT] = "default",
	[THEME_CONTRAST] = "contrast",
	[THEME_COLOURBLIND] = "safe",
	[THEME_MONO] = "mono",
};

const char *theme_name(enum theme theme)
{
	return names[theme];
}

enum theme theme_parse(const char *name)
{
	for (int t = 0; name && t < THEME__MAX; t++)
		if (strcmp(names[t], name) == 0)
			return (enum theme)t;
	return THEME_DEFAULT;
}

const struct look *theme_look(enum theme theme, enum role role)
{
	return &looks[theme][role];
}
