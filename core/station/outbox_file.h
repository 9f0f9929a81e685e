/*
 * Letters that travel by hand when the line is dead for days: out of one outbox into a sealed file
 * (core/base/seal.h, core/domain/parcel.h), into another station's outbox or the centre's. Both
 * ways may be done any number of times: a letter is its key, and the centre takes each key once.
 * The exporting station keeps its letters and goes on trying; whichever way is first, it hears the
 * same answer.
 */
#ifndef YIMEN_CORE_STATION_OUTBOX_FILE_H
#define YIMEN_CORE_STATION_OUTBOX_FILE_H

#include "core/base/err.h"

#include <stddef.h>

struct buf;
struct letter;
struct store;

struct outbox_file_result {
	size_t letters, papers; /* written, or taken in */
	size_t carried;		/* of those taken in: of another station, not ours */
	size_t skipped;		/* letters that were here already */
	size_t left;		/* that were to be written and cannot be */
};

struct outbox_order {
	const char *path;
	const char *const *ids;
	size_t count;
	const char *operator_name;
	/* Each letter that was to go and cannot: why, and what to do now, a sentence. Both are
	 * borrowed. NULL: nobody is told. */
	void (*left)(void *arg, const struct letter *l, const char *why);
	void *arg;
};

/*
 * Writes the letters of these ids, each once, with their papers, to path: whole or not at all,
 * durable, 0600. An id is a letter's (what its case has to send before it goes along; one that a
 * newer version has replaced stands for that one), or a case's number or a bundle's: then all of
 * them that are not at their end. count 0: all that wait, or are held because this station is not
 * admitted, and need nothing first that is refused or kept back.
 *
 * A letter whose scan is not here as it should be, and what stands behind it, is left out and told;
 * the others go. One whose own copy is lost is held for a correction, as the deliverer would hold
 * it; a newer version of it goes in its stead. OK: the file is there, also when some were left out.
 *
 * ERR_NOT_FOUND: no letter of such an id, or none that waits. ERR_STATE: it is at its end.
 * ERR_INVALID: none of them can go. ERR_EXISTS: a file stands there that is no export. No file was
 * written then.
 */
enum err outbox_export(struct store *s, const struct outbox_order *order,
	struct outbox_file_result *result, struct buf *why);

/*
 * Takes a file's letters in as carried ones. The file is read whole first: what was cut or changed
 * leaves nothing behind. Letters that are here already are skipped, but for those that were
 * given up (act_take_back), which are carried again, and those that were held here because a scan
 * was lost, which the file has: they wait again.
 */
enum err outbox_import(struct store *s, const char *path, const char *operator_name,
	struct outbox_file_result *result, struct buf *why);

#endif
