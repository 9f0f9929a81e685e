#include "tui/cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "tui/cmd_station.h"

int cmd_audit(int argc, char **argv)
{
	struct cmd_station st;
	struct buf why = {0};
	int64_t rows;
	enum err e;
	int code = EXIT_DONE;

	if (argc != 2 || strcmp(argv[1], "verify") != 0)
		return cmd_usage("audit verify");
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	e = audit_verify(st.store, &rows, &why);
	if (e == OK)
		printf(tr("操作记录 %lld 条, 首尾相接, 没有改动过\n"), (long long)rows);
	else if (e == ERR_DAMAGED) {
		fprintf(stderr, "%s\n", buf_str(&why));
		code = EXIT_REFUSED;
	} else {
		code = cmd_refuse(e, &why);
	}
	cmd_station_close(&st);
	buf_fini(&why);
	return code;
}
