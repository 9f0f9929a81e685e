/* Two stations of one hall, and a file of letters between them. */
#ifndef YIMEN_TESTS_UNIT_CARRIED_H
#define YIMEN_TESTS_UNIT_CARRIED_H

#include "core/base/buf.h"
#include "core/station/outbox_file.h"
#include "tests/unit/world.h"

struct fake_centre;

struct road {
	struct world here, courier;
	struct buf file;
	struct buf told; /* of what could not go: "kind: why" a line, of the last export */
};

void road_open(struct road *r); /* here is 乡镇01 */
void road_close(struct road *r);
/* Of the letters of this number into the file; NULL: all that wait. why may be NULL. */
enum err road_export(
	struct road *r, const char *number, struct outbox_file_result *result, struct buf *why);
/* The same, all that wait, and it must come to a file. */
struct outbox_file_result road_export_all(struct road *r);
/* The courier takes the file in; it must be able to. */
struct outbox_file_result road_import_all(struct road *r);
void road_submit_with_paper(struct world *w, char id[ID_UUID_SIZE], unsigned number);
/* All that the station can bring to the centre now. */
void road_deliver(struct world *w, struct fake_centre *f);

#endif
