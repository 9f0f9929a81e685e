/*
 * Inside of the identifier checks: one function a kind, over a value that is normalised already.
 */
#ifndef YIMEN_CORE_DOMAIN_IDENTIFIER_RULES_H
#define YIMEN_CORE_DOMAIN_IDENTIFIER_RULES_H

#include "core/domain/identifier.h"

/* Sets the verdict, the rule's name and the sentence. Returns the verdict. */
enum verdict rule_say(struct finding *out, enum verdict v, const char *rule, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* A person's name in one way of writing, for check_person_name; appends. */
void normalise_person_name(const char *value, struct buf *out);
/* How many characters from the first on are ASCII; what else is there has no place in a number. */
size_t rule_plain(const char *s);
bool rule_digits(const char *s, size_t n); /* the first n are digits */
/* Says which place holds no digit, and what it holds; false: all are digits, nothing is said. */
bool rule_say_no_digit(struct finding *out, const char *rule, const char *s);
/* A whole credit code that no person's number is by chance: letters in it, or a 9 before it. */
bool rule_is_company(const char *s);
/* Behind +86, 0086, or 86 where it cannot be the number's own; s itself: none stands here. */
const char *rule_without_country(const char *s);
/* +852 5123 4567, 00852…: people from abroad keep their own number (ITU-T E.164: at most 15
 * digits).
 */
bool rule_is_from_abroad(const char *s);
size_t rule_area_code(const char *s); /* length of 010, 02x, 03xx to 09xx; 0: none stands here */
bool rule_area_given(const char *s);  /* the area code that stands here is some place's */
/* Luhn over all digits (ISO/IEC 7812-1 annex B). */
bool rule_luhn(const char *digits);
/* Is the 6-digit code, or its province at least, in some table of some year? */
bool rule_region_known(const char *six);
const char *rule_province(const char *two); /* NULL: no such province code */

enum verdict check_id_card(const char *s, int32_t today, struct finding *out);
enum verdict check_uscc(const char *s, int32_t today, struct finding *out);
enum verdict check_org_code(const char *s, int32_t today, struct finding *out);
enum verdict check_contact(const char *s, int32_t today, struct finding *out);
enum verdict check_mobile(const char *s, int32_t today, struct finding *out);
enum verdict check_phone(const char *s, int32_t today, struct finding *out);
enum verdict check_postcode(const char *s, int32_t today, struct finding *out);
enum verdict check_bank_card(const char *s, int32_t today, struct finding *out);
enum verdict check_passport(const char *s, int32_t today, struct finding *out);
enum verdict check_hkm_permit(const char *s, int32_t today, struct finding *out);
enum verdict check_tw_permit(const char *s, int32_t today, struct finding *out);
enum verdict check_foreigner_id(const char *s, int32_t today, struct finding *out);
enum verdict check_business_reg(const char *s, int32_t today, struct finding *out);
enum verdict check_region(const char *s, int32_t today, struct finding *out);
enum verdict check_person_id(const char *s, int32_t today, struct finding *out);
/* As identifier_person_type; v: what check_person_id found. */
const char *person_id_type(const char *s, enum verdict v);
enum verdict check_person_name(const char *s, int32_t today, struct finding *out);

#endif
