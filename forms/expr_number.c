#include "forms/expr_number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* strtod alone would take hexadecimal, exponents, inf and nan, none of which is a number here. */
static bool well_formed(const char *s, size_t len)
{
	size_t digits = 0, points = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] >= '0' && s[i] <= '9')
			digits++;
		else if (s[i] == '.')
			points++;
		else
			return false;
	}
	return digits > 0 && points <= 1;
}

enum {
	EXACT_DIGITS = 15 /* so many digits are a double exactly */
};

#define EXACT_MAX 1e15 /* the first number of more digits */

/* Most answers are whole numbers of a few digits. */
static bool whole(const char *s, size_t len, double *out)
{
	int64_t n = 0;

	if (len == 0 || len > EXACT_DIGITS)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		n = n * 10 + (s[i] - '0');
	}
	*out = (double)n;
	return true;
}

double number_read(const char *s, size_t len_bytes)
{
	struct buf copy = {0};
	char small[64];
	bool minus;
	double n;

	while (len_bytes > 0 && is_space(s[0]))
		s++, len_bytes--;
	while (len_bytes > 0 && is_space(s[len_bytes - 1]))
		len_bytes--;
	minus = len_bytes > 0 && s[0] == '-';
	if (minus)
		s++, len_bytes--;
	if (whole(s, len_bytes, &n))
		return minus ? -n : n;
	if (!well_formed(s, len_bytes))
		return NAN;
	if (len_bytes < sizeof small) {
		memcpy(small, s, len_bytes);
		small[len_bytes] = '\0';
		n = strtod(small, NULL);
	} else {
		buf_add(&copy, s, len_bytes);
		n = strtod(copy.data, NULL);
		buf_fini(&copy);
	}
	return minus ? -n : n;
}

/* A finite number's shortest digits d1d2d3… and its exponent: 0.d1d2d3… × 10^exponent. */
struct decimal {
	char digits[40];
	int count, exponent;
};

static void decimal_of(double n, struct decimal *d)
{
	char text[40];
	char *e;

	for (int precision = 14; precision <= 16; precision++) {
		snprintf(text, sizeof text, "%.*e", precision, n);
		if (strtod(text, NULL) == n)
			break;
	}
	e = strchr(text, 'e');
	d->exponent = atoi(e + 1) + 1;
	d->count = 0;
	for (const char *p = text; p < e; p++)
		if (*p >= '0' && *p <= '9')
			d->digits[d->count++] = *p;
	while (d->count > 1 && d->digits[d->count - 1] == '0')
		d->count--;
}

/* A whole number of so few digits that each of them is sure. */
static bool is_whole(double n)
{
	return fabs(n) < EXACT_MAX && n == (double)(int64_t)n;
}

static void write_whole(struct buf *out, int64_t n)
{
	char digits[EXACT_DIGITS + 1];
	size_t at = sizeof digits;
	int64_t left = n < 0 ? -n : n;

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (n < 0)
		digits[--at] = '-';
	buf_add(out, digits + at, sizeof digits - at);
}

void number_write(struct buf *out, double n)
{
	struct decimal d;

	if (isnan(n) || isinf(n)) {
		buf_adds(out, isnan(n) ? "NaN" : n > 0 ? "Infinity" : "-Infinity");
		return;
	}
	if (is_whole(n)) {
		write_whole(out, (int64_t)n);
		return;
	}
	if (n < 0)
		buf_addc(out, '-');
	decimal_of(fabs(n), &d);
	if (d.exponent <= 0)
		buf_adds(out, "0.");
	for (int i = d.exponent; i < 0; i++)
		buf_addc(out, '0');
	for (int i = 0; i < d.count; i++) {
		if (i > 0 && i == d.exponent)
			buf_addc(out, '.');
		buf_addc(out, d.digits[i]);
	}
	for (int i = d.count; i < d.exponent; i++)
		buf_addc(out, '0');
}

double number_sure(double n)
{
	char text[40];

	if (isnan(n) || isinf(n) || is_whole(n))
		return n;
	snprintf(text, sizeof text, "%.*e", EXACT_DIGITS - 1, n);
	return strtod(text, NULL);
}

bool number_unsure(double n)
{
	return number_sure(n) != n;
}

/* Keeps `keep` digits (may be 0 or less); up says whether what is cut raises the last one. */
static double keep_digits(const struct decimal *d, int keep, bool up)
{
	char text[64];
	double kept = 0, step;

	if (keep > 0) {
		snprintf(text, sizeof text, "0.%.*se%d", keep, d->digits, d->exponent);
		kept = strtod(text, NULL);
	}
	if (!up)
		return kept;
	snprintf(text, sizeof text, "1e%d", d->exponent - keep);
	step = strtod(text, NULL);
	/* the sum in decimal again, so that it is the number that is nearest to what is meant */
	snprintf(text, sizeof text, "%.*f", keep < d->exponent ? 0 : keep - d->exponent,
		kept + step);
	return strtod(text, NULL);
}

double number_round(double n, int places)
{
	struct decimal d;
	double result;
	int keep;
	bool half, up;

	if (places > 30 || places < -30)
		return NAN;
	if (isnan(n) || isinf(n) || n == 0)
		return n;
	decimal_of(fabs(n), &d);
	keep = d.exponent + places;
	if (keep >= d.count)
		return n;
	if (keep < 0)
		return n < 0 ? -0.0 : 0.0;
	half = d.digits[keep] == '5' && keep + 1 == d.count;
	up = half ? n > 0 : d.digits[keep] >= '5';
	result = keep_digits(&d, keep, up);
	return n < 0 ? -result : result;
}
