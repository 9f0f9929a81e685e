#include "core/base/err.h"

#include "core/base/msg.h"

static const char *const texts[ERR__MAX] = {
	[OK] = N_("完成"),
	[ERR_INVALID] = N_("内容不合规定"),
	[ERR_NOT_FOUND] = N_("没有找到"),
	[ERR_EXISTS] = N_("已经有了"),
	[ERR_STATE] = N_("现在的状态不能这样做"),
	[ERR_BUSY] = N_("正被别的程序占用, 请稍后再试"),
	[ERR_UNSURE] = N_("存盘结果不明, 正在重新核对"),
	[ERR_FULL] = N_("磁盘已满, 请清理后再试"),
	[ERR_READ_ONLY] = N_("磁盘是只读的 (常是出了故障), 请管理员查看, 重新挂载成可写的再试"),
	[ERR_DENIED] = N_("没有权限"),
	[ERR_DAMAGED] = N_("文件已损坏"),
	[ERR_IO] = N_("系统读写失败, 详见日志"),
};

const char *err_text(enum err e)
{
	return (unsigned)e < ERR__MAX ? tr(texts[e]) : tr(texts[ERR_IO]);
}

enum exit_code err_exit(enum err e)
{
	switch (e) {
	case OK:
		return EXIT_DONE;
	case ERR_INVALID:
	case ERR_NOT_FOUND:
	case ERR_EXISTS:
	case ERR_STATE:
		return EXIT_REFUSED;
	default:
		return EXIT_ENV;
	}
}
