/* actor_host - one actor alone with a host that hands it events and writes down what it wants, for
 * tests that are transcripts.  Every event runs on two copies of the state: both must do the same.
 */
#ifndef TESTS_STORY_ACTOR_HOST_H
#define TESTS_STORY_ACTOR_HOST_H

#include "actors/actor.h"
#include "tests/test.h"

#include <string.h>

#define PARTNER 77u /* account of the other side */
#define PROVIDER 5u /* id on chain */

#define LLU(n) ((unsigned long long)(n))

extern const struct drawer host_drawer;

extern struct params host_params; /* as on chain; the defaults after host_begin() */

/* Start an actor whose state is configured. */
void host_begin(const struct actor_kind *kind, void *state);

void give(const struct event *e);
void at_s(u64 s); /* the time of all that follows */
void timer(u32 tag, u64 about);
void result(enum tx_kind tx, u32 tag, enum err err, u64 id);

#define GIVE_LOG(NAME, name, ...)                                                                  \
    give(&(struct event){.kind = EVENT_LOG, .u.log = {.kind = LOG_##NAME, .u.name = {__VA_ARGS__}}})
/* What was said since the last time is exactly this. */
#define SAID(want) expect_said(want, __LINE__)
void expect_said(const char *want, int line);
void skip(void);            /* ... is anything */
u32 said(const char *word); /* so often since then */

/* Logs: a small lease between PROVIDER and PARTNER that starts now, and its end. */
struct log_lease_created lease_of(u64 id);
struct log_lease_created update_of(u64 id, u64 replaces, u32 cpu);
void leased(struct log_lease_created l);
void closed(u64 lease, enum lease_end reason, u64 to_provider);

/* The chain went back to where this is what is left; one of the logs that stand. */
void goes_back(struct reverted r);
void stands(const struct log *l);

unsigned long long units(struct amount a);

#endif /* TESTS_STORY_ACTOR_HOST_H */
