/* The administrator's commands on cases: list, show, advance; and what the office decides
 * (commands_office.h). */
#ifndef YIMEN_CORE_CENTRAL_COMMANDS_CASE_H
#define YIMEN_CORE_CENTRAL_COMMANDS_CASE_H

/* words: after "case", closed by NULL. Prints, and returns the exit code. */
int commands_case(const char *dir, char **words);

#endif
