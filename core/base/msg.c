#include "core/base/msg.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/paths.h"

static const char domain[] = "yimen";

void msg_init(void)
{
	const char *now;
	char *folder;

	/* gettext ignores LANGUAGE in the C locale, and C has no multibyte characters. */
	if (setlocale(LC_ALL, "") == NULL)
		setlocale(LC_ALL, "C.UTF-8");
	now = setlocale(LC_CTYPE, NULL);
	if (now == NULL || strcmp(now, "C") == 0 || strcmp(now, "POSIX") == 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	now = setlocale(LC_MESSAGES, NULL);
	if (now == NULL || strcmp(now, "C") == 0 || strcmp(now, "POSIX") == 0)
		setlocale(LC_MESSAGES, "C.UTF-8");
	setlocale(LC_NUMERIC, "C");
	folder = paths_messages();
	bindtextdomain(domain, folder);
	bind_textdomain_codeset(domain, "UTF-8");
	textdomain(domain);
	free(folder);
}

const char *tr(const char *zh)
{
	return zh[0] == '\0' ? zh : dgettext(domain, zh);
}

/* As gettext.h has it: context, EOT and text are one key. */
const char *trc(const char *context, const char *zh)
{
	char key[256];
	const char *found;

	if (snprintf(key, sizeof(key), "%s\004%s", context, zh) >= (int)sizeof(key))
		return tr(zh);
	found = dgettext(domain, key);
	return found == key ? tr(zh) : found;
}

bool msg_english(void)
{
	/* Translators: the code of this catalogue's language. */
	return strcmp(tr(N_("语言代码 zh")), "en") == 0;
}
