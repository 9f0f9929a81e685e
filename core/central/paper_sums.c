#include "core/central/paper_sums.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"

enum {
	REMEMBERED_MAX = 64,
	COPY_BYTES = 64 << 10
};

struct file_mark {
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct paper_sum {
	struct paper_sum *next;
	char *sha256;
	int64_t done; /* bytes */
	struct file_mark left;
	struct crypto_run *sum, *sum_sm3;
};

static void free_sum(struct paper_sum *r)
{
	if (r == NULL)
		return;
	crypto_run_free(r->sum);
	crypto_run_free(r->sum_sm3);
	free(r->sha256);
	free(r);
}

void paper_sums_fini(struct paper_sums *s)
{
	struct paper_sum *r;

	while ((r = s->first) != NULL) {
		s->first = r->next;
		free_sum(r);
	}
}

static struct paper_sum **place_of(struct paper_sums *s, const char *sha256)
{
	struct paper_sum **at = &s->first;

	while (*at != NULL && strcmp((*at)->sha256, sha256) != 0)
		at = &(*at)->next;
	return at;
}

/* Out of the list, or new. */
static struct paper_sum *take(struct paper_sums *s, const char *sha256)
{
	struct paper_sum **at = place_of(s, sha256), *r = *at;

	if (r != NULL) {
		*at = r->next;
		return r;
	}
	r = mem_alloc(sizeof *r);
	r->sha256 = mem_strdup(sha256);
	r->sum = crypto_run_new(DIGEST_SHA256);
	r->sum_sm3 = crypto_run_new(DIGEST_SM3);
	return r;
}

/* Back as the last used; the one that was not used for longest is forgotten. */
static void keep(struct paper_sums *s, struct paper_sum *r)
{
	struct paper_sum **at = &s->first;
	int n = 0;

	r->next = s->first;
	s->first = r;
	while (*at != NULL && n++ < REMEMBERED_MAX)
		at = &(*at)->next;
	free_sum(*at);
	*at = NULL;
}

void paper_sums_forget(struct paper_sums *s, const char *sha256)
{
	free_sum(take(s, sha256));
}

static struct file_mark mark_of(int fd)
{
	struct stat st = {0};

	if (fstat(fd, &st) != 0)
		st.st_size = -1;
	return (struct file_mark){st.st_ino, st.st_size, st.st_mtim};
}

void paper_sums_left(struct paper_sums *s, const char *sha256, int fd)
{
	struct paper_sum *r = *place_of(s, sha256);

	if (r != NULL)
		r->left = mark_of(fd);
}

void paper_sums_found(struct paper_sums *s, const char *sha256, int fd)
{
	const struct paper_sum *r = *place_of(s, sha256);
	struct file_mark now = mark_of(fd);

	if (r != NULL && (r->left.inode != now.inode || r->left.size != now.size ||
				 r->left.changed.tv_sec != now.changed.tv_sec ||
				 r->left.changed.tv_nsec != now.changed.tv_nsec))
		paper_sums_forget(s, sha256);
}

static void add(struct paper_sum *r, const void *data, size_t len_bytes)
{
	crypto_run_add(r->sum, data, len_bytes);
	crypto_run_add(r->sum_sm3, data, len_bytes);
	r->done += (int64_t)len_bytes;
}

void paper_sums_add(
	struct paper_sums *s, const char *sha256, int64_t at, const void *data, size_t len_bytes)
{
	struct paper_sum *r = take(s, sha256);

	if (r->done == at)
		add(r, data, len_bytes);
	keep(s, r);
}

static enum err read_on(struct paper_sum *r, int fd, int64_t until)
{
	char *piece = mem_alloc(COPY_BYTES);
	enum err e = OK;

	while (e == OK && r->done < until) {
		size_t want = (size_t)(until - r->done < COPY_BYTES ? until - r->done : COPY_BYTES);
		ssize_t n = pread(fd, piece, want, (off_t)r->done);
		if (n > 0) {
			add(r, piece, (size_t)n);
		} else if (n == 0) {
			e = ERR_DAMAGED;
		} else if (errno != EINTR) {
			log_error("papers", "read: %s", strerror(errno));
			e = ERR_IO;
		}
	}
	free(piece);
	return e;
}

enum err paper_sums_catch_up(
	struct paper_sums *s, const char *sha256, int fd, int64_t until, int64_t most_bytes)
{
	struct paper_sum *r = take(s, sha256);
	int64_t to = r->done + most_bytes < until ? r->done + most_bytes : until;
	enum err e = read_on(r, fd, to);

	keep(s, r);
	return e;
}

enum err paper_sums_end(struct paper_sums *s, const char *sha256, int fd, int64_t size,
	char sum[CRYPTO_HEX_SIZE], char sum_sm3[CRYPTO_HEX_SIZE])
{
	struct paper_sum *r = take(s, sha256);
	enum err e = read_on(r, fd, size);

	if (e == OK) {
		crypto_run_end(r->sum, sum);
		crypto_run_end(r->sum_sm3, sum_sm3);
	}
	free_sum(r);
	return e;
}
