#include "tests/unit/sender.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/station/delivery.h"

static void begin(struct sender *s)
{
	s->d = delivery_new(s->w.store, fake_centre_transport(s->f), NULL);
}

void sender_open(struct sender *s, uint64_t seed)
{
	world_open(&s->w, seed);
	s->f = calloc(1, sizeof *s->f);
	fake_centre_init(s->f, &s->w);
	begin(s);
}

void sender_close(struct sender *s)
{
	delivery_free(s->d);
	world_close(&s->w);
	fake_centre_fini(s->f);
	free(s->f);
}

void sender_kill(struct sender *s)
{
	delivery_free(s->d);
	fake_centre_forget_flying(s->f);
	world_restart(&s->w);
	begin(s);
}

void sender_turns(struct sender *s, int n)
{
	while (n-- > 0)
		assert_int_equal(delivery_turn(s->d, 1000, NULL, 0), OK);
}
