#include "core/base/err.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

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

const char *err_cause(int cause)
{
	static const struct {
		int cause;
		const char *text;
	} table[] = {
		{ENOENT, N_("没有这个文件或目录")},
		{EACCES, N_("没有权限")},
		{EPERM, N_("没有权限")},
		{ENOSPC, N_("磁盘已满")},
		{EDQUOT, N_("磁盘配额用完了")},
		{EFBIG, N_("文件太大, 超过了允许的大小")},
		{EROFS, N_("磁盘是只读的 (常是出了故障)")},
		{EIO, N_("磁盘读写出错, 可能坏了")},
		{ENOTDIR, N_("路径中间有一段不是目录")},
		{EISDIR, N_("这是一个目录")},
		{EEXIST, N_("已经有了")},
		{ENAMETOOLONG, N_("名称太长")},
		{ELOOP, N_("符号链接绕成了圈")},
		{ENOMEM, N_("内存不够")},
		{EMFILE, N_("打开的文件太多")},
		{ENFILE, N_("打开的文件太多")},
		{EBADF, N_("没有打开")},
		{EBUSY, N_("正被占用")},
		{ETXTBSY, N_("正被占用")},
		{EADDRINUSE, N_("这个端口已被别的程序占用")},
		{EADDRNOTAVAIL, N_("这台机器没有这个地址")},
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].cause == cause)
			return tr(table[i].text);
	return strerror(cause);
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
