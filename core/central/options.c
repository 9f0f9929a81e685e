#include "core/central/options.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/central/fault.h"
#include "core/central/http.h"
#include "core/central/listen.h"

enum kind {
	WORD,
	FLAG,
	NUMBER,
	SECONDS,
	PROXIES
};

struct option {
	const char *name;
	enum kind kind;
	void *into;
	long min, max;
};

static bool take_number(const struct option *o, const char *value, struct buf *why)
{
	char *end;
	long n = strtol(value, &end, 10);
	long scale = o->kind == SECONDS ? 1000 : 1;

	if (*value == '\0' || *end != '\0' || n < o->min || n > o->max) {
		buf_why(why, tr("%s 后面应是 %ld 到 %ld 的整数, 不是 %s"), o->name, o->min, o->max,
			value);
		return false;
	}
	*(unsigned *)o->into = (unsigned)(n * scale);
	return true;
}

static bool take_value(const struct option *o, const char *value, struct buf *why)
{
	if (value == NULL || *value == '\0') {
		buf_why(why, tr("%s 后面缺少内容; 用法见 yimen-central --help"), o->name);
		return false;
	}
	if (o->kind == PROXIES)
		return behind_add(o->into, value, why) == OK;
	if (o->kind != WORD)
		return take_number(o, value, why);
	*(const char **)o->into = value;
	return true;
}

/* One option at argv[*at]; moves *at past it. */
static bool take_option(const struct option *table, char **argv, int *at, struct buf *why)
{
	const char *word = argv[*at];
	size_t len = strcspn(word, "=");
	const struct option *o;

	for (o = table; o->name != NULL; o++)
		if (strlen(o->name) == len && strncmp(o->name, word, len) == 0)
			break;
	if (o->name == NULL || (o->kind == FLAG && word[len] != '\0')) {
		buf_why(why, tr("不认识选项 %s; 用法见 yimen-central --help"), word);
		return false;
	}
	(*at)++;
	if (o->kind == FLAG) {
		*(bool *)o->into = true;
		return true;
	}
	if (word[len] == '=')
		return take_value(o, word + len + 1, why);
	if (argv[*at] == NULL || strncmp(argv[*at], "--", 2) == 0)
		return take_value(o, NULL, why);
	return take_value(o, argv[(*at)++], why);
}

/* What has a shape of its own: a person has to write it again, and the service is not begun anew.
 */
static bool is_well_written(const struct options *o, struct buf *why)
{
	struct fault fault;

	if (o->listen != NULL && !listen_is_address(o->listen))
		listen_say_address(o->listen, why);
	else if (o->fault == NULL || fault_parse(&fault, o->fault, why) == OK)
		return true;
	return false;
}

static bool fits_together(const struct options *o, struct buf *why)
{
	if (o->help || o->version)
		return true;
	if (o->data == NULL && o->command[0] != NULL)
		buf_why(why,
			tr("缺少 --data 目录, 它要写在命令 %s 前面; 用法见 yimen-central --help"),
			o->command[0]);
	else if (o->data == NULL)
		buf_why(why, tr("缺少 --data 目录; 用法见 yimen-central --help"));
	else if (o->command[0] == NULL && o->listen == NULL)
		buf_why(why, tr("缺少 --listen 主机:端口 或一个命令; 用法见 yimen-central --help"));
	else if (o->command[0] != NULL && o->listen != NULL)
		buf_why(why, tr("--listen 与命令 %s 不能同时用"), o->command[0]);
	else if (o->open && o->behind.count > 0)
		buf_why(why, tr("--open 不要求令牌, 不能与 --behind 同时用: 经过代理的来自别处"));
	else if ((o->tls_cert == NULL) != (o->tls_key == NULL))
		buf_why(why, tr("--tls-cert 与 --tls-key 要一起给"));
	else if (o->region != NULL &&
		 (strlen(o->region) < 6 || strspn(o->region, "0123456789") != strlen(o->region) ||
			 strlen(o->region) > 12))
		buf_why(why, tr("--region 应是 6 到 12 位行政区划代码, 不是 %s"), o->region);
	else
		return is_well_written(o, why);
	return false;
}

/* As the last word, of a command too: nothing is done then. Behind -- it is a word like others. */
static bool asks_for_help(int argc, char **argv)
{
	if (argc < 2 || strcmp(argv[argc - 1], "--help") != 0)
		return false;
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return false;
	return true;
}

enum err options_parse(struct options *o, int argc, char **argv, struct buf *why)
{
	const struct option table[] = {
		{"--data", WORD, &o->data, 0, 0},
		{"--listen", WORD, &o->listen, 0, 0},
		{"--store", WORD, &o->store, 0, 0},
		{"--tls-cert", WORD, &o->tls_cert, 0, 0},
		{"--tls-key", WORD, &o->tls_key, 0, 0},
		{"--region", WORD, &o->region, 0, 0},
		{"--fault", WORD, &o->fault, 0, 0},
		{"--log", WORD, &o->log, 0, 0},
		{"--connections", NUMBER, &o->connections, 1, HTTP_CONNECTIONS_MAX},
		{"--request-timeout", SECONDS, &o->request_ms, 1, 3600},
		{"--idle-timeout", SECONDS, &o->idle_ms, 1, 3600},
		{"--behind", PROXIES, &o->behind, 0, 0},
		{"--open", FLAG, &o->open, 0, 0},
		{"--quiet", FLAG, &o->quiet, 0, 0},
		{"--help", FLAG, &o->help, 0, 0},
		{"--version", FLAG, &o->version, 0, 0},
		{NULL, WORD, NULL, 0, 0},
	};
	int at = 1;

	*o = (struct options){
		.log = "-", .connections = 512, .request_ms = 15000, .idle_ms = 75000};
	while (at < argc && strncmp(argv[at], "--", 2) == 0)
		if (!take_option(table, argv, &at, why))
			return ERR_INVALID;
	o->command = argv + at;
	o->help |= asks_for_help(argc, argv);
	return fits_together(o, why) ? OK : ERR_INVALID;
}

const char *options_usage(void)
{
	return tr(
		"用法:\n"
		"  yimen-central --data 目录 --listen 主机:端口 [选项]     运行中心 (端口 0: 任选)\n"
		"  yimen-central --data 目录 命令…                         管理 (中心开着或停着都行)\n"
		"命令:\n"
		"  import 文件|-                     导入事项目录 (JSON Lines)\n"
		"  station add 名称 [--renew]        登记窗口机, 打印一次性接入码\n"
		"  station list [--json] | station revoke 名称\n"
		"  case list [--json]                办件清单\n"
		"  case show 编号 [--json]           一个办件及其经过\n"
		"  case advance 编号 [状态] [--note 说明]   后台办一步\n"
		"  case return 编号 --defect \"材料: 问题[: 怎样补正]\"…   一次列全, 要求补正\n"
		"  case finish 编号 [--document \"名称[: 编号]\"…]        办结, 有结果可取\n"
		"  case finish 编号 --refuse 理由 [--remedy 救济]        不予受理或不予许可\n"
		"  case extend 编号 --reason 理由 [--days 工作日]        延长办理期限\n"
		"  case act 编号 办理 [--facts 文件|-]                   其他办理\n"
		"                                    return, finish, extend, act 都可加 [--who 姓名] [--note 说明]\n"
		"  backoffice [--rules 文件] [--seed 数] [--speed 倍] [--day 秒] [--wait 秒] [--once] [--quiet]\n"
		"                                    按规则办件的演示后台\n"
		"  notice 文字                       发给所有窗口机的通知\n"
		"  evaluation list [--json]          办事人的评价\n"
		"  letters import 文件|-             收下窗口机导出的封存信件\n"
		"  backup 目录 [--check] [--replace-newer]\n"
		"                                    备份: 数据和附件, 中心开着也行; 恢复见手册; --check 把已有的附件全读一遍;\n"
		"                                    --replace-newer 连比中心新的备份也代替\n"
		"  move 连接串                       停着时: 把全部数据搬进一个空的 PostgreSQL 库\n"
		"选项:\n"
		"  --store 连接串                    存在 PostgreSQL 里 (几个进程一个库); 记在数据目录, 以后不用再写\n"
		"  --tls-cert 文件 --tls-key 文件    用 TLS 接听\n"
		"  --behind 地址,…                   前面的代理 (IP 或网段): 它说的来处 (X-Forwarded-For) 才信\n"
		"  --region 代码                     办件编号开头的行政区划, 记住; 对外收件以前要给 (练习写 000000)\n"
		"  --connections 数 --request-timeout 秒 --idle-timeout 秒\n"
		"  --log 文件 --quiet                日志 (默认标准错误); 不记请求\n"
		"  --open                            不要求令牌 (仅限本机接听)\n"
		"  --fault 说明                      练习用故障 (仅限本机接听)\n");
}
