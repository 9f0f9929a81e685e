/*
 * The matching rules written plainly, character by character with every reading tried in turn: what
 * pattern.h must agree with, and what answers while there is no index.
 */
#ifndef YIMEN_CORE_STATION_PLAIN_H
#define YIMEN_CORE_STATION_PLAIN_H

#include "core/station/pattern.h"

#include <stddef.h>
#include <stdint.h>

/* How well text[0..len) holds typed[0..n), both folded. */
enum pattern_level plain_match(const uint32_t *typed, size_t n, const uint32_t *text, size_t len);

/* The places in typed (bit i = before typed[i], bit n = the end; n at most 63) that can be reached
 * from `start` by consuming the whole text without gaps. */
uint64_t plain_consume(
	const uint32_t *typed, size_t n, size_t start, const uint32_t *text, size_t len);

#endif
