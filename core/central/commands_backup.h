/* yimen-central backup FOLDER: what one needs to have the centre again. */
#ifndef YIMEN_CORE_CENTRAL_COMMANDS_BACKUP_H
#define YIMEN_CORE_CENTRAL_COMMANDS_BACKUP_H

/* words[0]: a folder, made when absent, or an earlier backup, which becomes as of now. It can be
 * given to --data as it is. The exit code; says on stderr what failed. */
int commands_backup(const char *dir, char **words);

#endif
