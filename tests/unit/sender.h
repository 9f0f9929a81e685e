/* A station that sends to a centre in memory: its world, that centre, and the deliverer between
 * them. */
#ifndef YIMEN_TESTS_UNIT_SENDER_H
#define YIMEN_TESTS_UNIT_SENDER_H

#include "tests/unit/fake_centre.h"
#include "tests/unit/world.h"

struct delivery;

struct sender {
	struct world w;
	struct fake_centre *f;
	struct delivery *d;
};

void sender_open(struct sender *s, uint64_t seed);
void sender_close(struct sender *s);
/* The station dies in the middle of whatever it does and starts again; what was in the air never
 * arrives back. The centre goes on. */
void sender_kill(struct sender *s);
/* So many turns of the deliverer, of a second at most; each must go well. */
void sender_turns(struct sender *s, int n);

#endif
