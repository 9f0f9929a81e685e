/*
 * One matter (事项, an entry of the 实施清单) as a guide holds it: the fields most used as members,
 * the whole document beside them. The keys are the national exchange columns; absent keys are
 * normal, unknown ones are kept and can be walked. Codes are opaque texts of any length.
 */
#ifndef YIMEN_CORE_STATION_MATTER_H
#define YIMEN_CORE_STATION_MATTER_H

#include "core/base/err.h"
#include "core/base/json.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum matter_need {
	MATTER_NEED_REQUIRED,	/* 必要; also when nothing is said */
	MATTER_NEED_OPTIONAL,	/* 非必要 */
	MATTER_NEED_DEFERRABLE, /* 容缺后补 */
	MATTER_NEED__MAX
};

struct matter_material {
	const char *name, *kind; /* kind: 原件, 复印件, 原件和复印件 */
	const char *format;	 /* 纸质, 电子, 纸质或电子 */
	const char *source, *source_explain, *issuer;
	const char *accept_stand, *fill_explain, *by_law;
	const char *certificate; /* the e-certificate that replaces it */
	const char *relevant;	 /* expression over the situation; "" = always asked for */
	enum matter_need need;
	bool exempt;	       /* 免提交: obtained by data sharing */
	int originals, copies; /* -1: not said */
	int deferral_days;     /* working days to supply it later; 0: not said */
	const char **faults;   /* common_faults */
	size_t fault_count;
	const char **uses; /* in a bundle: the names of the matters that ask for it */
	size_t use_count;
	const json *doc;
};

struct matter_fee {
	const char *name, *stand, *by_law, *desc_explain;
	bool is_desc;
	const json *doc;
};

struct matter_question {
	const char *question, *answer;
};

struct matter_choice {
	const char *name, *label, *label_en;
};

/* A question about the situation (情形), asked before the checklist. */
struct matter_situation {
	const char *name, *type; /* select_one select_multiple text integer date */
	const char *label, *label_en, *hint, *hint_en;
	const char *relevant;
	struct matter_choice *choices;
	size_t choice_count;
	const json *doc;
};

/*
 * Texts are never NULL: "" when the key is absent. All of it lives as long as the matter. Numbers
 * are -1 when absent. Codes given as numbers or texts (real data has both) are texts here.
 */
struct matter {
	const char *code, *name; /* task_code, task_name: never "" */
	const char *catalog_code, *version, *type, *level;
	const char *dept_code, *dept_name, *region_code, *region_name;
	const char *project_type; /* "1" 即办件 "2" 承诺件 */
	const char *anticipate_type, *anticipate_explain, *promise_type, *promise_explain;
	const char *accept_condition, *handle_flow, *special_procedure, *fee_basis, *by_law;
	const char *transact_addr, *transact_time, *link_way, *supervise_way;
	const char *handle_area, *online_handle_depth, *limit_explain, *result_type, *result_name;
	const char *effective_date, *cancel_date; /* YYYY-MM-DD or "" */
	const char *form;			  /* "" = the general form */
	int anticipate_day, promise_day, limit_scene_num;
	int is_fee, is_online, is_express, is_schedule, is_entry_center; /* 0, 1, -1 not said */
	bool for_person, for_body; /* server_type has 1; has anything else */
	struct matter_material *materials;
	size_t material_count;
	struct matter_fee *fees;
	size_t fee_count;
	struct matter_question *questions;
	size_t question_count;
	struct matter_situation *situation;
	size_t situation_count;
	const char **aliases;
	size_t alias_count;
	const char **topics; /* user_topic, then corp_topic */
	size_t topic_count;
	const char **bundle; /* 一件事: the codes of its matters (core/station/bundle.h) */
	size_t bundle_count;

	/* From the catalogue; 0 and "" for a matter that was only parsed. */
	int seq;	       /* which version of it the catalogue holds, from 1 */
	char *source;	       /* file or centre it came from */
	long long imported_ms; /* wall time */
	json *doc;	       /* the whole document */
	void *memory;	       /* private */
};

/*
 * Reads one object of the exchange format. ERR_INVALID: not JSON, not an object, no code, no name,
 * or a key of the wrong type; why says which. *out is the caller's: matter_free.
 */
enum err matter_parse(struct matter **out, const char *text, size_t len_bytes, struct buf *why);
void matter_free(struct matter *m); /* NULL does nothing */

/* A key that a member above stands for, or that is shown in a section of its own. */
bool matter_knows(const char *key);
/* The next member of the document, after `after` (NULL: from the start), whose key is not known;
 * NULL at the end. */
const json *matter_unknown(const struct matter *m, const json *after);

/* The content without regard to the order of keys, as hexadecimal SHA-256 (65 bytes). */
void matter_digest(const struct matter *m, char out[65]);

/* Appends what `v` says in plain words: texts as they are, arrays joined by "、". */
void matter_value_text(struct buf *out, const json *v);
/* In a word or two where a paper comes from: its source, or what says more than 其他. */
const char *matter_material_source(const struct matter_material *m);

#endif
