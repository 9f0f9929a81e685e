/*
 * Files of a backup, on their way to a disk that may be the one that letters come to: under another
 * name until they are whole and flushed, and never into its last 64 MB.
 */
#ifndef YIMEN_CORE_CENTRAL_BACKUP_FILES_H
#define YIMEN_CORE_CENTRAL_BACKUP_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/crypto.h"
#include "core/base/err.h"

struct buf;

/* A regular file of that name is in the folder, of that size; -1: of any. */
bool backup_has(const char *folder, const char *name, int64_t size_bytes);
/* Made 0700 when absent, and its name is on the disk then. ERR_DENIED: it is not this user's alone.
 */
enum err backup_folder(const char *path, bool *made, struct buf *why);
/* Whole and flushed, or not at all. sum: the SHA-256 of the bytes that were copied; NULL: not
 * wanted. */
enum err backup_copy(const char *from, const char *to, char sum[CRYPTO_HEX_SIZE], struct buf *why);
/* half becomes to, in place of what was there; half is gone in any case. */
enum err backup_name(const char *half, const char *to, struct buf *why);
/* The names in it are on the disk; what was renamed is there after a power cut when this is OK, and
 * not before. */
enum err backup_sync(const char *folder, struct buf *why);

#endif
