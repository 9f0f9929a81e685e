/* What shim_record.c writes and power.c reads. */
#ifndef YIMEN_TESTS_FAULTS_RECORD_H
#define YIMEN_TESTS_FAULTS_RECORD_H

#include <stdint.h>

enum record_kind {
	RECORD_CREATE,
	RECORD_WRITE,  /* len bytes at `at` */
	RECORD_LENGTH, /* the file is cut or grown to `at` */
	RECORD_FLUSH,  /* of a file, or of the folder (path "" or a folder's) */
	RECORD_REMOVE,
	RECORD_RENAME, /* the bytes are the new path */
	RECORD_PROMISE /* the bytes are a local receipt; at 0: given to a person, 1: by the centre
			*/
};

struct record {
	uint64_t kind, at, len, path_len;
};

#endif
