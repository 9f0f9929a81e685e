#include "core/central/outlook.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/letter_log.h"
#include "core/central/papers.h"
#include "core/central/store.h"

enum {
	SLACK_MS = 600000, /* a clock is set right by so much without a word */
	MB_BYTES = 1 << 20
};

/* 2026-01-01: this program is younger. A machine without a battery wakes in 1970. */
static const int64_t earliest_ms = INT64_C(1767225600000);

static void see(void *arg, const struct event_record *e)
{
	int64_t *last_ms = arg;

	if (e->at_ms > *last_ms)
		*last_ms = e->at_ms;
}

/* When the newest event was; 0: nobody can tell. */
static int64_t last_event_ms(struct central_store *s)
{
	int64_t seq = 0, next, at_ms = 0;

	if (s->ops->last_seq(s, &seq) == OK && seq > 0)
		s->ops->changes(s, 0, false, seq - 1, 1, see, &at_ms, &next);
	return at_ms;
}

void outlook_clock(struct central_store *s, int64_t now_ms, struct buf *out)
{
	int64_t last_ms = last_event_ms(s);
	char now[32], last[32];

	clock_format(now_ms, "%Y-%m-%d %H:%M", now, sizeof now);
	clock_format(last_ms, "%Y-%m-%d %H:%M", last, sizeof last);
	if (now_ms + SLACK_MS < last_ms)
		buf_printf(out,
			tr("提醒: 本机的钟是 %s, 比最后一次收件、办理的时间 %s 还早。办件编号和期限都按本机的"
			   "日期, 请先校准 (timedatectl), 再重启中心\n"),
			now, last);
	else if (now_ms < earliest_ms)
		buf_printf(out,
			tr("提醒: 本机的钟是 %s, 显然不对。办件编号和期限都按本机的日期, 请先校准 "
			   "(timedatectl), 再重启中心\n"),
			now);
}

/* Megabytes; -1: enough, or nobody can tell. */
static long long scarce_mb(const char *folder, dev_t *disk)
{
	struct statvfs fs;
	struct stat st;
	int64_t free_bytes;

	if (stat(folder, &st) != 0 || statvfs(folder, &fs) != 0)
		return -1;
	*disk = st.st_dev;
	free_bytes = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	return free_bytes < PAPERS_ROOM_BYTES ? (long long)(free_bytes / MB_BYTES) : -1;
}

void outlook_disks(struct central_store *s, const char *dir, struct buf *out)
{
	char *papers = paths_join(dir, "papers");
	dev_t of_data = 0, of_papers = 0;
	long long data_mb = scarce_mb(dir, &of_data), papers_mb = scarce_mb(papers, &of_papers);

	if (data_mb >= 0 && !s->ops->shared)
		buf_printf(out,
			tr("提醒: 数据目录 %s 所在的磁盘只剩 %lld MB: 要给信件留 64 MB, 附件、事项目录和"
			   "备份现在不收不做。请腾出空间\n"),
			dir, data_mb);
	if (papers_mb >= 0 && (s->ops->shared || of_papers != of_data))
		buf_printf(out,
			tr("提醒: 附件目录 %s 所在的磁盘只剩 %lld MB: 要留 64 MB, 附件现在不收。请腾出空间\n"),
			papers, papers_mb);
	free(papers);
}

static int is_aside(const struct dirent *d)
{
	static const char begin[] = "letters.log" LETTER_LOG_ASIDE;

	return strncmp(d->d_name, begin, sizeof begin - 1) == 0;
}

void outlook_letters(const char *dir, struct buf *out)
{
	struct dirent **found = NULL;
	int count = scandir(dir, &found, is_aside, alphasort), i;

	for (i = 0; i < count; i++) {
		buf_printf(out,
			tr("提醒: %s/%s 里有没收进数据文件的申请, 是搁到一边的: 请在各窗口机对那几天运行 "
			   "yimen reconcile 日期 --send-again, 中心缺的会补送; 都对上了, 再删这个文件\n"),
			dir, found[i]->d_name);
		free(found[i]);
	}
	free(found);
}
