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

/* Marks a text in a constant table; it is looked up by tr() where it is shown. */
#define N_(zh) zh

#endif
