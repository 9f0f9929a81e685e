#include "tests/faults/chance.h"

/* splitmix64 */
uint64_t chance_below(struct chance *c, uint64_t below)
{
	uint64_t z = c->state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	z ^= z >> 31;
	return below > 0 ? z % below : 0;
}
