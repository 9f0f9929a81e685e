#include "core/station/settings.h"

#include <stdlib.h>

#include "core/base/msg.h"
#include "core/base/paths.h"

const struct conf_key settings_keys[] = {
	{"hall.name", "政务服务中心", N_("大厅名称, 显示在屏幕和文书上")},
	{"hall.region", NULL, N_("大厅所在区划代码 (12 位), 本地事项排在前面")},
	{"hall.phone", NULL, N_("窗口咨询电话, 印在文书上")},
	{"hall.supervise", NULL, N_("监督投诉电话, 印在文书上")},
	{"hall.correction_days", "30",
		N_("申请人补正最多多少天 (自然日), 补正告知书照此写最后一天")},
	{"hall.closing", "17:00", N_("下班时间; 此后收的即办件算下一个工作日的")},
	{"hall.yellow", "2", N_("离到期还剩几个工作日亮黄牌, 列在今日")},
	{"slip.mark", "", N_("文书编号的字头, 印在文书上, 如 沂政服")},
	{"queue.groups", "A 综合受理",
		N_("叫号的类别, 用逗号分开: 字头 名称, 如 A 综合受理, B 社保医保")},
	{"queue.windows", NULL, N_("哪个窗口叫哪几类, 如 03 A B, 05 B; 没有写的窗口各类都叫")},
	{"queue.file", NULL, N_("取号机写号的文件 (本机磁盘上); 不设则手工发号")},
	{"queue.calls", NULL, N_("每叫一次添一行的文件, 给叫号屏和语音用; 不设则不写")},
	{"evaluation.seconds", "60", N_("评价屏最多等多少秒, 过后算没有作答")},
	{"evaluation.verify_days", "1", N_("差评几个工作日内核实")},
	{"evaluation.mend_days", "5", N_("属实的差评几个工作日内整改")},
	{"evaluation.extend_days", "15", N_("延期整改再加几个工作日")},
	{"station.name", "station-1", N_("本机的名称; 里面最后的数字写进文书编号, 各窗口要不同")},
	{"station.windows", "01 综合受理",
		N_("可选的窗口, 用逗号分开, 如 01 综合受理, 02 社保医保")},
	{"centre.url", NULL, N_("中心服务的网址; 本机以外必须是 https")},
	{"centre.ca", NULL, N_("中心证书的签发机构证书文件; 不设则用系统的")},
	{"centre.proxy", NULL, N_("经过的代理服务器, 如 http://10.0.0.1:3128; 不设则直接连接")},
	{"centre.timeout", "30", N_("一次报送最多等多少秒")},
	{"centre.public_url", NULL, N_("公众查询的网址, 印成二维码; 不设则用 centre.url")},
	{"screen.theme", "default", N_("配色: default, contrast, safe, mono")},
	{"screen.alert", "off", N_("出错时: off 不出声, bell 响铃, flash 闪屏")},
	{"screen.slow", "auto", N_("慢线显示: auto, on, off")},
	{"catalogue.max_age", "90", N_("事项目录超过多少天未更新就提醒")},
	{"report.late", "10", N_("信件提交后超过多少分钟才送到中心算晚到 (日报)")},
	{"print.command", "lp", N_("打印机命令, 从标准输入读 PDF")},
	{NULL, NULL, NULL},
};

enum err settings_load(struct conf **out, const char *home, struct buf *why)
{
	struct conf *c = conf_new(settings_keys);
	char *path = paths_join(home, "yimen.conf");
	enum err e = conf_read(c, path, why);

	free(path);
	conf_environment(c);
	*out = c;
	return e;
}
