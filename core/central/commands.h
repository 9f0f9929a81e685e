/* The administrator's commands: words to a request, the answer to lines. */
#ifndef YIMEN_CORE_CENTRAL_COMMANDS_H
#define YIMEN_CORE_CENTRAL_COMMANDS_H

/* words is closed by NULL and not empty. Prints, and returns the exit code (core/base/err.h). */
int commands_run(const char *dir, char **words);

#endif
