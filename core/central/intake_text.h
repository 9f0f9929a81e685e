/*
 * The texts of a letter: what nobody can see has no place in them. A name with an end of line in it
 * breaks every list that shows it, and one with a bidirectional override reads as another name.
 */
#ifndef YIMEN_CORE_CENTRAL_INTAKE_TEXT_H
#define YIMEN_CORE_CENTRAL_INTAKE_TEXT_H

#include "core/base/json.h"

struct problem;

/*
 * Every text and every name of a member in the letter, however deep, is plain (text_is_plain);
 * remarks ("/note", "/reason") may have several lines. Each that is not goes into p by its pointer,
 * with the rule "control-character".
 */
void intake_check_texts(const json *letter, struct problem *p);

#endif
