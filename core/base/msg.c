#include "core/base/msg.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/paths.h"

static const char domain[] = "yimen";

/* Written by msg_init and once more by msg_speak_both, before other threads are there. MSG_OWN:
 * what gettext finds by the environment. */
static enum msg_language own = MSG_OWN;
static _Thread_local enum msg_language chosen = MSG_OWN;

static bool is_of(const char *locale, const char *language)
{
	return strncmp(locale, language, 2) == 0 && strchr(":_.@", locale[2]) != NULL;
}

/* Of a list like "zh_CN:en" gettext would take the English: Chinese has no catalogue, being what is
 * looked up. */
static bool puts_chinese_first(const char *list)
{
	while (list != NULL && !is_of(list, "en")) {
		if (is_of(list, "zh"))
			return true;
		list = strchr(list, ':');
		list = list != NULL ? list + 1 : NULL;
	}
	return false;
}

void msg_init(void)
{
	const char *now;
	char *folder;

	own = puts_chinese_first(getenv("LANGUAGE")) ? MSG_CHINESE : MSG_OWN;
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

/*
 * gettext asks the environment at each text and has no language of a thread: so it is told to find
 * English for good, and Chinese is the text itself, not looked up. What other libraries say (the C
 * library has no English catalogue) comes from the next of the list, as before.
 */
void msg_speak_both(void)
{
	enum msg_language now = msg_english() ? MSG_ENGLISH : MSG_CHINESE;
	const char *list = getenv("LANGUAGE");
	struct buf longer = {0};

	if (list == NULL || *list == '\0')
		list = setlocale(LC_MESSAGES, NULL);
	buf_printf(&longer, "en:%s", list != NULL ? list : "");
	setenv("LANGUAGE", buf_str(&longer), 1);
	textdomain(domain); /* forgets what was found by the other list */
	own = now;
	buf_fini(&longer);
}

void msg_speak(enum msg_language language)
{
	chosen = language;
}

static bool is_chinese(void)
{
	return own != MSG_OWN && (chosen == MSG_OWN ? own : chosen) == MSG_CHINESE;
}

const char *tr(const char *zh)
{
	return zh[0] == '\0' || is_chinese() ? zh : dgettext(domain, zh);
}

/* As gettext.h has it: context, EOT and text are one key. */
const char *trc(const char *context, const char *zh)
{
	char key[256];
	const char *found;

	if (is_chinese())
		return zh;
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

const char *msg_tag(void)
{
	return msg_english() ? "en" : "zh";
}
