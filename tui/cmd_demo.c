#include "tui/cmd.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "tui/cmd_station.h"
#include "tui/demo.h"
#include "tui/terminal.h"
#include "tui/workstation.h"

int cmd_demo(int argc, char **argv)
{
	struct demo demo = {0};
	struct buf why = {0};
	bool office = true, plain = false;
	const char *fault = NULL;
	enum err e;
	int code;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--no-office") == 0)
			office = false;
		else if (strcmp(argv[i], "--plain") == 0)
			plain = true;
		else if (strcmp(argv[i], "--fault") == 0 && i + 1 < argc)
			fault = argv[++i];
		else
			return cmd_usage(tr("demo [--plain] [--no-office] [--fault 故障]"));
	}
	e = plain ? OK : terminal_usable(&why); /* before a hall is made for nobody */
	if (e == OK)
		e = demo_open(&demo, office, fault, &why);
	code = e == OK ? workstation_run(&demo, plain) : cmd_refuse(e, &why);
	demo_close(&demo);
	buf_fini(&why);
	return code;
}
