/* The administrator's command that moves a centre's data from its file into PostgreSQL. */
#ifndef YIMEN_CORE_CENTRAL_COMMANDS_MOVE_H
#define YIMEN_CORE_CENTRAL_COMMANDS_MOVE_H

/* words: the connection string. The centre of the folder must not run. */
int commands_move(const char *dir, char **words);

#endif
