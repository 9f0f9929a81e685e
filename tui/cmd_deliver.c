#include "tui/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/err.h"
#include "core/base/msg.h"
#include "core/base/paths.h"

/* Of each its own, not of all that this file starts. */
static int usage(const char *command)
{
	static const char *const expected[] = {"deliver [--once|--watch]", N_("enrol 网址 接入码"),
		"sync [--restored]", N_("reconcile [日期] [--send-again] [--json]")};
	size_t i, len = strlen(command);

	for (i = 1; i < sizeof expected / sizeof expected[0]; i++)
		if (strncmp(expected[i], command, len) == 0)
			return cmd_usage(tr(expected[i]));
	return cmd_usage(expected[0]);
}

/* deliver, enrol and sync are done by the program that knows the network. */
int cmd_deliver(int argc, char **argv)
{
	char *path = paths_program("yimen-deliver");
	char *args[8] = {path, NULL};
	int i, count = 1;

	if (strcmp(argv[0], "deliver") != 0)
		args[count++] = argv[0];
	for (i = 1; i < argc && count < 7 && *argv[i] != '\0'; i++)
		args[count++] = argv[i];
	if (strcmp(argv[0], "deliver") == 0 && argc == 1) {
		static char once[] = "--once";
		args[count++] = once;
	}
	args[count] = NULL;
	if (i < argc || (argc == 2 && strcmp(argv[1], "--help") == 0)) {
		free(path);
		return usage(argv[0]);
	}
	execv(path, args);
	fprintf(stderr, tr("找不到报送程序 %s (%s), 请重新安装\n"), path, err_cause(errno));
	free(path);
	return EXIT_ENV;
}
