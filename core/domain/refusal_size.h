/*
 * How long the centre's refusal of a letter may be. A station takes a longer one for no answer and
 * comes again (design: nothing over its limit is believed), so the centre never says more.
 */
#ifndef YIMEN_CORE_DOMAIN_REFUSAL_SIZE_H
#define YIMEN_CORE_DOMAIN_REFUSAL_SIZE_H

enum {
	REFUSAL_BYTES_MAX = 256 << 10 /* of the whole problem document */
};

#endif
