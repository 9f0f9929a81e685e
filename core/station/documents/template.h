/*
 * A template: the wording of a slip, in a text file that a hall can change. Facts (a JSON object)
 * put into it make a paper.
 *
 *	// a remark
 *	# 受理通知书                         the title; ## a heading
 *	* 办件编号 : {{case_no}}             label and value; left out when the value is empty
 *	_ 领取时间 : {{delivery_time}}       the same; a line to write on when it is empty
 *	+ 第一条                             an item, numbered
 *	|= 材料名称 40 | 份数 10             the head of a table, each column with its weight
 *	| {{name}} | {{copies}}              a row
 *	@issuer @number @to @note            lines of their own kind; @rule a line across
 *	@seal 机关 | 日期 | 盖章处           place for the seal; @sign 甲 | 乙  signature lines
 *	@qr {{query_url}} | 说明             left out when the address is empty
 *	{{#materials}} … {{/materials}}      on lines of their own: once for each of a list, or when
 *	{{^materials}} … {{/materials}}      there is one; when there is none. Also inside a line.
 *	{{#materials?}} … {{/materials?}}    once, when the list has any
 *
 * Any other line is a paragraph; one that begins with a blank goes on with the line before. Inside
 * a list {{n}} is the running number and {{.}} the element; an element that is a text is its name.
 * What a fact holds never becomes markup.
 */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_TEMPLATE_H
#define YIMEN_CORE_STATION_DOCUMENTS_TEMPLATE_H

#include "core/base/err.h"
#include "core/base/json.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct paper;
struct template;

/* Which names there are. list: the list whose elements are meant, "" for the facts themselves. */
struct template_names {
	bool (*known)(const char *list, const char *name);
	bool (*is_list)(const char *name);
};

/*
 * Reads a template. ERR_INVALID: faults has a line "file:line: what" for each fault; nothing is
 * made. file: how it is called in them. *out is the caller's: template_free.
 */
enum err template_parse(struct template **out, const char *file, const char *text, size_t len_bytes,
	const struct template_names *names, struct buf *faults);
void template_free(struct template *t); /* NULL does nothing */

/* Appends to paper. Facts that are absent are empty. chinese_dates: a fact that is a
 * date (YYYY-MM-DD) is written 2026年11月24日; a moment (RFC 3339) in local time. */
void template_render(
	const struct template *t, const json *facts, bool chinese_dates, struct paper *out);

/* There is something in it: not absent, null, false, 0, "", blank, [] or {}. */
bool template_holds(const json *v);

#endif
