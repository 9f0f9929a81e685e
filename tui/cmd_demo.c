#include "tui/cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "tui/cmd_station.h"
#include "tui/demo.h"
#include "tui/workstation.h"

int cmd_demo(int argc, char **argv)
{
	struct demo demo = {0};
	struct buf why = {0};
	enum err e;
	int code;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "--no-office") != 0))
		return cmd_usage("demo [--no-office]");
	e = demo_open(&demo, argc == 1, &why);
	code = e == OK ? workstation_run(&demo) : cmd_refuse(e, &why);
	demo_close(&demo);
	buf_fini(&why);
	return code;
}
