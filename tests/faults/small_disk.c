#include "tests/faults/small_disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include "tests/faults/report.h"
#include "tests/faults/stage.h"

enum {
	LEAVE_TRIES = 100,
	WHOLE_BYTES = 512 << 20 /* tmpfs: of memory only what is written */
};

static void run(const char *command)
{
	if (system(command) != 0)
		exit(3);
}

/* rounded up to pages by the kernel */
static int mount_sized(const struct stage *s, unsigned long flags, size_t bytes)
{
	char options[64];

	snprintf(options, sizeof options, "size=%zu,mode=700", bytes);
	return mount("tmpfs", s->folder, "tmpfs", flags, options);
}

bool small_disk_mount(const struct stage *s)
{
	char from[128], command[400];
	int failed = 0;

	snprintf(from, sizeof from, "%s.disk", s->folder);
	snprintf(command, sizeof command, "mv '%s' '%s' && mkdir -m 700 '%s'", s->folder, from,
		s->folder);
	run(command);
	if (mount_sized(s, 0, WHOLE_BYTES) != 0) {
		failed = errno;
		snprintf(command, sizeof command, "rmdir '%s' && mv '%s' '%s'", s->folder, from,
			s->folder);
	} else {
		snprintf(command, sizeof command, "cp -a '%s/.' '%s/' && rm -rf '%s'", from,
			s->folder, from);
	}
	run(command);
	errno = failed;
	return failed == 0;
}

void small_disk_unmount(const struct stage *s)
{
	if (umount(s->folder) != 0)
		umount2(s->folder, MNT_DETACH);
}

static void remount(const struct stage *s, unsigned long flags, size_t bytes)
{
	if (mount_sized(s, MS_REMOUNT | flags, bytes) == 0)
		return;
	report_note("remount: %s", strerror(errno));
	exit(3);
}

static size_t used(const struct stage *s)
{
	struct statvfs v;

	return statvfs(s->folder, &v) == 0 ? (size_t)(v.f_blocks - v.f_bfree) * v.f_frsize : 0;
}

/* What runs on it may write between the look and the mount, which is refused where less than is
 * used would be left: looked at again. */
void small_disk_leave(const struct stage *s, size_t bytes)
{
	int tries;

	for (tries = 0; tries < LEAVE_TRIES; tries++)
		if (mount_sized(s, MS_REMOUNT, used(s) + bytes) == 0)
			return;
	remount(s, 0, used(s) + bytes);
}

void small_disk_clear(const struct stage *s)
{
	remount(s, 0, WHOLE_BYTES);
}

void small_disk_read_only(const struct stage *s)
{
	remount(s, MS_RDONLY, WHOLE_BYTES);
}

size_t small_disk_room(const struct stage *s)
{
	struct statvfs v;

	return statvfs(s->folder, &v) == 0 ? (size_t)v.f_bavail * v.f_frsize : 0;
}

void small_disk_lock(const char *folder)
{
	if (mount(folder, folder, NULL, MS_BIND, NULL) == 0 &&
		mount(NULL, folder, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0)
		return;
	report_note("lock: %s", strerror(errno));
	exit(3);
}

void small_disk_unlock(const char *folder)
{
	if (umount(folder) != 0)
		umount2(folder, MNT_DETACH);
}
