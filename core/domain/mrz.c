#include "core/domain/mrz.h"

#include <stddef.h>
#include <string.h>

#include "core/base/msg.h"

enum {
	LINE = 44,
	CARD_LINE = 30,
	CARD_LONG = 14 /* where '<' says that the number goes on in the optional part */
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

/* ---- cards ---- */

/* The number's part that did not fit, and its check digit behind it; *rest: where that part ends.
 */
static bool long_number_fits(const char *s, struct mrz_card *out, size_t *rest)
{
	const char *more = s + CARD_LONG + 1;
	size_t n = strcspn(more, "<");

	if (n < 2 || n > CARD_LINE - CARD_LONG - 1)
		return false;
	memcpy(out->number, s + 5, 9);
	memcpy(out->number + 9, more, n - 1);
	out->number[9 + n - 1] = '\0';
	*rest = CARD_LONG + 1 + n;
	return fits(mrz_sum(out->number, (int)(9 + n - 1), 0), more[n - 1]);
}

static bool number_fits(const char *s, struct mrz_card *out)
{
	size_t rest = CARD_LONG + 1, n;
	bool good;

	if (s[CARD_LONG] == '<') {
		good = long_number_fits(s, out, &rest);
	} else {
		n = strcspn(s + 5, "<");
		n = n < 9 ? n : 9;
		memcpy(out->number, s + 5, n);
		out->number[n] = '\0';
		good = fits(mrz_sum(s + 5, 9, 0), s[CARD_LONG]);
	}
	n = rest < CARD_LINE ? strcspn(s + rest, "<") : 0;
	n = n < CARD_LINE - rest ? n : CARD_LINE - rest;
	memcpy(out->optional, s + rest, n);
	out->optional[n] = '\0';
	return good;
}

static const char *wrong_card_part(const char *s, struct mrz_card *out)
{
	const char *second = s + CARD_LINE;

	if (!number_fits(s, out))
		return N_("证件号码");
	if (!fits(mrz_sum(second, 6, 0), second[6]))
		return N_("出生日期");
	if (!fits(mrz_sum(second + 8, 6, 0), second[14]))
		return N_("有效期");
	/* 6-30 of the first line, 1-7, 9-15 and 19-29 of the second, as if they stood in one row */
	if (!fits(mrz_sum(s + 5, 25, 0) + mrz_sum(second, 7, 25) + mrz_sum(second + 8, 7, 32) +
			    mrz_sum(second + 18, 11, 39),
		    second[29]))
		return N_("整行");
	return NULL;
}

enum mrz mrz_read_card(const char *s, struct mrz_card *out, const char **what)
{
	*out = (struct mrz_card){.number = ""};
	if (strchr(s, '<') == NULL || strchr("ACI", s[0]) == NULL)
		return MRZ_NONE;
	if (strlen(s) != 3 * CARD_LINE)
		return MRZ_LENGTH;
	*what = wrong_card_part(s, out);
	return *what != NULL ? MRZ_WRONG : MRZ_CARD;
}
