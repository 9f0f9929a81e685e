/*
 * The centre's own work between the transport and the store: which request is which, who may ask,
 * what is wrong with it, when its answer is due. The table of routes is the whole interface;
 * data/openapi.yaml describes it for others.
 *
 * Letters go into the store in groups, each durable with one flush, and only then are they
 * answered: as soon as they are checked to a store that has a thread of its own, otherwise those of
 * one look at the lines together, by api_round.
 */
#ifndef YIMEN_CORE_CENTRAL_API_H
#define YIMEN_CORE_CENTRAL_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct api;
struct central_store;
struct clock;
struct entropy;
struct exchange;
struct fault;
struct papers;

/* A copy of the store, in the data folder, until who asked for it has taken it. */
#define API_BACKUP_NAME "backup.db"
/* Which centre it is, in the store's small facts: a backup is told by it. */
#define API_META_CENTRE "centre.id"

struct api_config {
	struct central_store *store;
	struct papers *papers;
	const char *data; /* the folder of both */
	const struct clock *clock;
	const struct entropy *entropy;
	struct fault *fault; /* NULL: none */
	bool open;	     /* requests without a token are taken too */
	/* The same as long as no station has been added: nobody but this machine can call. */
	bool open_until_stations;
	/* Letters are left to the store's own thread, if it has one (post); whoever drives the
	 * rounds looks at api_descriptor as well. */
	bool posts;
	unsigned waiters_max; /* so many may wait for changes; 0: no limit */
	/* For the metrics; NULL: there is no transport. */
	unsigned (*connections)(void *arg);
	int64_t (*certificate_until_ms)(void *arg); /* 0: no certificate */
	void *transport;			    /* their arg */
};

/* Borrows all of config. */
struct api *api_new(const struct api_config *config);
void api_free(struct api *a);

/* The service of core/central/http.h, with the api as arg. */
void api_begin(void *api, struct exchange *x);
void api_finish(void *api, struct exchange *x);
void api_ended(void *api, const struct exchange *x, int64_t took_us, size_t bytes);
int64_t api_round(void *api, int64_t mono_ms);
int api_descriptor(void *api);
void api_stopping(void *api);
void api_refuse(void *api, struct exchange *x, int status);

#endif
