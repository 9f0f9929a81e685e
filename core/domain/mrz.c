#include "core/domain/mrz.h"

#include <stddef.h>
#include <string.h>

#include "core/base/msg.h"

enum {
	LINE = 44
};

/* Each part of the second line that carries a check digit, by its place. */
static const struct {
	int at, length;
	const char *name;
} parts[] = {{0, 9, N_("护照号")}, {13, 6, N_("出生日期")}, {21, 6, N_("有效期")}};

int mrz_sum(const char *s, int n, int before)
{
	static const int weights[3] = {7, 3, 1};
	int sum = 0, i;

	for (i = 0; i < n; i++) {
		int value = s[i] >= 'A' && s[i] <= 'Z'	 ? s[i] - 'A' + 10
			    : s[i] >= '0' && s[i] <= '9' ? s[i] - '0'
							 : 0;
		sum += value * weights[(before + i) % 3];
	}
	return sum;
}

/* An optional part that is empty may have a filler for its digit. */
static bool fits(int sum, char digit)
{
	return digit == '0' + sum % 10 || (digit == '<' && sum == 0);
}

static const char *wrong_part(const char *s)
{
	size_t i;

	for (i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (!fits(mrz_sum(s + parts[i].at, parts[i].length, 0),
			    s[parts[i].at + parts[i].length]))
			return parts[i].name;
	if (!fits(mrz_sum(s + 28, 14, 0), s[42]))
		return N_("附加项");
	/* 1-10, 14-20 and 22-43 together, as if they stood in one row */
	if (!fits(mrz_sum(s, 10, 0) + mrz_sum(s + 13, 7, 10) + mrz_sum(s + 21, 22, 17), s[43]))
		return N_("整行");
	return NULL;
}

enum mrz mrz_read(const char *s, char number[MRZ_NUMBER_SIZE], const char **what)
{
	size_t n = strlen(s);

	if (strchr(s, '<') == NULL)
		return MRZ_NONE;
	if (n != LINE && (n != 2 * LINE || s[0] != 'P'))
		return MRZ_LENGTH;
	s += n - LINE;
	n = strcspn(s, "<");
	n = n < MRZ_NUMBER_SIZE ? n : MRZ_NUMBER_SIZE - 1;
	memcpy(number, s, n);
	number[n] = '\0';
	*what = wrong_part(s);
	return *what != NULL ? MRZ_WRONG : MRZ_PASSPORT;
}
