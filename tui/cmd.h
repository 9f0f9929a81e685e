/*
 * The commands of the command line: each is a function that takes its own arguments (argv[0] is its
 * name) and gives an exit code (core/base/err.h). Results go to stdout, sentences for the person to
 * stderr. main.c holds the table. What a person runs to learn whether something is so says that it
 * is so, on stderr when there is no result (a list is empty, a form has no faults); what scripts
 * run for its effect says nothing when it is done.
 */
#ifndef YIMEN_TUI_CMD_H
#define YIMEN_TUI_CMD_H

int cmd_act(int argc, char **argv); /* of cmd_case */
int cmd_apply(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_case(int argc, char **argv);
int cmd_day(int argc, char **argv);
int cmd_draft(int argc, char **argv);
int cmd_catalogue(int argc, char **argv);
int cmd_deliver(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_evaluate(int argc, char **argv);
int cmd_ledger(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_hand(int argc, char **argv);
int cmd_form(int argc, char **argv);
int cmd_form_eval(int argc, char **argv); /* of cmd_form */
int cmd_matter(int argc, char **argv);
int cmd_operator(int argc, char **argv);
int cmd_outbox(int argc, char **argv);
int cmd_queue(int argc, char **argv);
int cmd_receipt(int argc, char **argv);
int cmd_search(int argc, char **argv);
int cmd_slip(int argc, char **argv);
int cmd_validate(int argc, char **argv);
int cmd_workday(int argc, char **argv);

/* What the command was given, closed by NULL; borrowed for good. */
void cmd_words(char **words);

/* Says on stderr what the command expects, and first an option among its words that is not in it.
 * Returns EXIT_USAGE. Every command does so when its only argument is --help. */
int cmd_usage(const char *usage);

/* It was asked for: from now on said on stdout, and EXIT_DONE. */
void cmd_usage_asked(void);

#endif
