/*
 * Makes the pinyin tables of the search from Unihan: reads Unihan_Readings.txt and
 * Unihan_Variants.txt one after the other on stdin and a list of exceptions (argv[1]), writes
 * C on stdout. Runs at build time only.
 *
 * Readings are without tone, v for u-umlaut. Which Unihan field is believed: kTGHZ2013 (the
 * dictionary of the standard characters), else kXHC1983, both with kMandarin and kHanyuPinlu;
 * nothing else, so that obsolete readings do not match. Only the Basic Multilingual Plane.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST = 0x3400,
	LAST = 0x9FFF,
	CHARS = LAST - FIRST + 1,
	READINGS_MAX = 8,
	SYLLABLES_MAX = 512,
	SETS_MAX = 4096,
	SYLLABLE_SIZE = 8,
	ALIKE_MAX = 4
};

enum field {
	FIELD_MANDARIN,
	FIELD_PINLU,
	FIELD_TGHZ,
	FIELD_XHC,
	FIELD__MAX
};

struct character {
	uint16_t readings[FIELD__MAX][READINGS_MAX]; /* syllable numbers + 1 */
	uint16_t extra[READINGS_MAX];
	uint16_t simplified; /* first other variant, 0: none */
	int itself;	     /* its simplified variants include itself */
	uint16_t set;
};

struct tables {
	struct character *chars;
	char syllables[SYLLABLES_MAX][SYLLABLE_SIZE];
	int syllable_count;
	uint16_t sets[SETS_MAX][READINGS_MAX + 1];
	int set_count;
};

static void die(const char *what)
{
	fprintf(stderr, "pinyin tables: %s\n", what);
	exit(1);
}

static uint32_t decode(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	int more = p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
	uint32_t cp = more == 0 ? p[0] : p[0] & (0x3F >> more);
	for (int i = 1; i <= more; i++)
		cp = cp << 6 | (p[i] & 0x3F);
	*s += more + 1;
	return cp;
}

/* The letter under a tone mark. */
static char plain_letter(uint32_t cp)
{
	static const struct {
		const char *marked;
		char plain;
	} letters[] = {{"āáǎà", 'a'}, {"ēéěèêếềế", 'e'}, {"īíǐì", 'i'}, {"ōóǒò", 'o'},
		{"ūúǔù", 'u'}, {"ǖǘǚǜü", 'v'}, {"ńňǹ", 'n'}, {"ḿ", 'm'}};
	if (cp >= 'a' && cp <= 'z')
		return (char)cp;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		for (const char *s = letters[i].marked; *s;)
			if (decode(&s) == cp)
				return letters[i].plain;
	return 0; /* a combining mark */
}

static uint16_t syllable_number(struct tables *t, const char *name)
{
	for (int i = 0; i < t->syllable_count; i++)
		if (strcmp(t->syllables[i], name) == 0)
			return (uint16_t)(i + 1);
	if (t->syllable_count == SYLLABLES_MAX || strlen(name) >= SYLLABLE_SIZE)
		die("too many syllables, or too long ones");
	strcpy(t->syllables[t->syllable_count++], name);
	return (uint16_t)t->syllable_count;
}

static void add_reading(uint16_t *list, uint16_t number)
{
	for (int i = 0; i < READINGS_MAX; i++) {
		if (list[i] == number)
			return;
		if (list[i] == 0) {
			list[i] = number;
			return;
		}
	}
}

/* "0207.100:dān,chán" or "huì(6866)" or "huì". */
static void read_readings(struct tables *t, uint16_t *list, char *value)
{
	for (char *item = strtok(value, " \n"); item; item = strtok(NULL, " \n")) {
		const char *s = strchr(item, ':') ? strchr(item, ':') + 1 : item;
		char name[SYLLABLE_SIZE] = "";
		size_t n = 0;
		while (1) {
			if (*s == '\0' || *s == '(' || *s == ',') {
				int vowel = strpbrk(name, "aeiouv") != NULL;
				if (n > 0 && vowel)
					add_reading(list, syllable_number(t, name));
				if (*s != ',')
					break;
				memset(name, 0, sizeof name);
				n = 0;
				s++;
				continue;
			}
			char c = plain_letter(decode(&s));
			if (c && n < sizeof name - 1)
				name[n++] = c;
		}
	}
}

static void read_variants(struct character *c, uint32_t self, char *value)
{
	for (char *item = strtok(value, " \n"); item; item = strtok(NULL, " \n")) {
		uint32_t cp = (uint32_t)strtoul(item + 2, NULL, 16);
		if (cp == self)
			c->itself = 1;
		else if (c->simplified == 0 && cp >= FIRST && cp <= LAST)
			c->simplified = (uint16_t)cp;
	}
}

static void read_unihan(struct tables *t)
{
	static const char *const fields[FIELD__MAX] = {
		"kMandarin", "kHanyuPinlu", "kTGHZ2013", "kXHC1983"};
	char line[4096];
	while (fgets(line, sizeof line, stdin)) {
		char *field = strchr(line, '\t');
		char *value = field ? strchr(field + 1, '\t') : NULL;
		if (line[0] != 'U' || !value)
			continue;
		*field++ = '\0';
		*value++ = '\0';
		uint32_t cp = (uint32_t)strtoul(line + 2, NULL, 16);
		if (cp < FIRST || cp > LAST)
			continue;
		struct character *c = &t->chars[cp - FIRST];
		if (strcmp(field, "kSimplifiedVariant") == 0)
			read_variants(c, cp, value);
		for (int f = 0; f < FIELD__MAX; f++)
			if (strcmp(field, fields[f]) == 0)
				read_readings(t, c->readings[f], value);
	}
}

static void read_exceptions(struct tables *t, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[1024];
	if (!f)
		die("the list of exceptions cannot be read");
	while (fgets(line, sizeof line, f)) {
		char *readings = strchr(line, '\t');
		if (line[0] == '#' || !readings)
			continue;
		*readings++ = '\0';
		readings[strcspn(readings, "\t\n")] = '\0';
		const char *word = line;
		for (char *r = strtok(readings, " "); r; r = strtok(NULL, " ")) {
			if (!*word)
				die("an exception has more readings than characters");
			uint32_t cp = decode(&word);
			if (cp >= FIRST && cp <= LAST)
				add_reading(t->chars[cp - FIRST].extra, syllable_number(t, r));
		}
		if (*word)
			die("an exception has more characters than readings");
	}
	fclose(f);
}

static uint16_t set_number(struct tables *t, const uint16_t *list, int n)
{
	for (int i = 0; i < t->set_count; i++)
		if (t->sets[i][0] == n &&
			memcmp(t->sets[i] + 1, list, (size_t)n * sizeof *list) == 0)
			return (uint16_t)(i + 1);
	if (t->set_count == SETS_MAX)
		die("too many sets of readings");
	t->sets[t->set_count][0] = (uint16_t)n;
	memcpy(t->sets[t->set_count] + 1, list, (size_t)n * sizeof *list);
	return (uint16_t)++t->set_count;
}

static int compare_numbers(const void *a, const void *b)
{
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static void choose(struct tables *t, struct character *c)
{
	uint16_t list[READINGS_MAX] = {0};
	const uint16_t *dictionary =
		c->readings[FIELD_TGHZ][0] ? c->readings[FIELD_TGHZ] : c->readings[FIELD_XHC];
	const uint16_t *from[] = {
		c->extra, c->readings[FIELD_MANDARIN], dictionary, c->readings[FIELD_PINLU]};
	for (int f = 0; f < 4; f++)
		for (int i = 0; i < READINGS_MAX && from[f][i]; i++)
			add_reading(list, from[f][i]);
	int n = 0;
	while (n < READINGS_MAX && list[n])
		n++;
	qsort(list, (size_t)n, sizeof *list, compare_numbers);
	c->set = n ? set_number(t, list, n) : 0;
}

/* A standard character stays itself, though it also simplifies others (著, 覆, 乾). */
static uint16_t simplified(const struct character *c)
{
	int standard = c->readings[FIELD_TGHZ][0] != 0;
	return c->itself && standard ? 0 : c->simplified;
}

static int is_vowel(char c)
{
	return c && strchr("aeiouv", c) != NULL;
}

/* The same syllable with the beginning that is mixed up with its own; false: there is none. */
static int other_beginning(const char *s, char *out)
{
	if (strchr("zcs", s[0])) {
		if (s[1] == 'h') {
			out[0] = s[0];
			strcpy(out + 1, s + 2);
		} else {
			out[0] = s[0];
			out[1] = 'h';
			strcpy(out + 2, s + 1);
		}
		return 1;
	}
	if (s[0] == 'n' || s[0] == 'l') {
		strcpy(out, s);
		out[0] = s[0] == 'n' ? 'l' : 'n';
		return 1;
	}
	return 0;
}

static int other_end(const char *s, char *out)
{
	size_t n = strlen(s);
	strcpy(out, s);
	if (n >= 3 && s[n - 1] == 'g' && s[n - 2] == 'n' && strchr("aei", s[n - 3])) {
		out[n - 1] = '\0';
		return 1;
	}
	if (n >= 2 && s[n - 1] == 'n' && is_vowel(s[n - 2]) && strchr("aei", s[n - 2])) {
		strcpy(out + n, "g");
		return 1;
	}
	return 0;
}

static int known_syllable(const struct tables *t, const char *name)
{
	for (int i = 0; i < t->syllable_count; i++)
		if (strcmp(t->syllables[i], name) == 0)
			return i + 1;
	return 0;
}

/* Per syllable: itself, then those that people mix up with it. */
static void write_alike(const struct tables *t)
{
	printf("static const uint16_t alike[][%d] = {\n\t{0},\n", ALIKE_MAX);
	for (int i = 0; i < t->syllable_count; i++) {
		char beginning[16], end[16], both[16];
		const char *s = t->syllables[i];
		int b = other_beginning(s, beginning), e = other_end(s, end);
		const int others[] = {b ? known_syllable(t, beginning) : 0,
			e ? known_syllable(t, end) : 0,
			b && e && other_beginning(end, both) ? known_syllable(t, both) : 0};
		printf("\t{%d", i + 1);
		for (int k = 0; k < 3; k++)
			if (others[k])
				printf(", %d", others[k]);
		printf("},\n");
	}
	printf("};\n\n");
}

static void write_tables(const struct tables *t)
{
	uint32_t fingerprint = 2166136261u;
	printf("static const char syllables[][%d] = {\n\t\"\",\n", SYLLABLE_SIZE);
	for (int i = 0; i < t->syllable_count; i++)
		printf("\t\"%s\",\n", t->syllables[i]);
	printf("};\n\n");
	write_alike(t);
	printf("/* per set: how many, then the syllables */\n");
	printf("static const uint16_t sets[][%d] = {\n\t{0},\n", READINGS_MAX + 1);
	for (int i = 0; i < t->set_count; i++) {
		printf("\t{%u", t->sets[i][0]);
		for (int k = 1; k <= t->sets[i][0]; k++)
			printf(", %u", t->sets[i][k]);
		printf("},\n");
	}
	printf("};\n\nstatic const uint16_t set_of[] = {");
	for (int i = 0; i < CHARS; i++) {
		printf("%s%u,", i % 16 ? " " : "\n\t", t->chars[i].set);
		fingerprint = (fingerprint ^ t->chars[i].set) * 16777619u;
	}
	printf("\n};\n\nstatic const uint16_t simplified_of[][2] = {\n");
	for (int i = 0; i < CHARS; i++) {
		uint16_t to = simplified(&t->chars[i]);
		if (to)
			printf("\t{0x%04X, 0x%04X},\n", i + FIRST, to);
		fingerprint = (fingerprint ^ to) * 16777619u;
	}
	printf("};\n\nenum {\n\tFIRST_CHAR = 0x%X,\n\tLAST_CHAR = 0x%X\n};\n", FIRST, LAST);
	printf("static const uint32_t fingerprint = 0x%08Xu;\n", fingerprint);
}

int main(int argc, char **argv)
{
	struct tables *t = calloc(1, sizeof *t);
	if (argc != 2 || !t || !(t->chars = calloc(CHARS, sizeof *t->chars)))
		die("usage: generate EXCEPTIONS <Unihan");
	read_unihan(t);
	if (t->syllable_count < 400)
		die("Unihan_Readings.txt gave almost no readings");
	read_exceptions(t, argv[1]);
	for (int i = 0; i < CHARS; i++)
		choose(t, &t->chars[i]);
	write_tables(t);
	free(t->chars);
	free(t);
	return 0;
}
