/* Chance from a seed: the same seed draws the same numbers. */
#ifndef YIMEN_TESTS_FAULTS_CHANCE_H
#define YIMEN_TESTS_FAULTS_CHANCE_H

#include <stdint.h>

struct chance {
	uint64_t state;
};

/* 0 <= n < below; below 0 gives 0. */
uint64_t chance_below(struct chance *c, uint64_t below);

#endif
