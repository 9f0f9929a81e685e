/*
 * The message catalogue: the Chinese text is the key, gettext finds the English. The only home of
 * libintl. Every text a person reads goes through tr(); `xgettext -ktr -kN_` collects them into
 * data/messages/yimen.pot, data/messages/en.po holds the English.
 */
#ifndef YIMEN_CORE_BASE_MSG_H
#define YIMEN_CORE_BASE_MSG_H

#include <stdbool.h>

/* Reads LANGUAGE, LC_ALL, LC_MESSAGES, LANG. Text comes out as UTF-8 whatever the locale is. */
void msg_init(void);

/* The text in the language in force; borrowed, lives as long as the program. */
const char *tr(const char *zh) __attribute__((format_arg(1)));

/* The same for a word that another language says otherwise in this context ("act", "key"); what the
 * catalogue does not know in the context is looked up without it. */
const char *trc(const char *context, const char *zh);

/* The language in force is English: for data that carries both languages in itself. */
bool msg_english(void);

/* The tag (RFC 5646) of the language in force, as it stands in Accept-Language: "zh" or "en". */
const char *msg_tag(void);

/*
 * For a program that answers people of both languages. Each thread has its language in force:
 * MSG_OWN, that of the environment, until it chooses another. What it chooses holds only after
 * msg_speak_both, which is called once, after msg_init and before there are other threads; no
 * locale need be installed for it. Without the English catalogue all stays Chinese, and msg_tag
 * says so.
 */
enum msg_language {
	MSG_OWN,
	MSG_CHINESE,
	MSG_ENGLISH
};
void msg_speak_both(void);
void msg_speak(enum msg_language language);

/* Marks a text in a constant table; it is looked up by tr() where it is shown. */
#define N_(zh) zh

#endif
