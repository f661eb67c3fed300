/* provider_lease - the leases of a provider and the workloads on them. */
#ifndef ACTORS_PROVIDER_LEASE_H
#define ACTORS_PROVIDER_LEASE_H

#include "actors/provider.h"

/* The place of a lease in the table.  NULL: it is not (or no longer) there. */
struct provider_lease *provider_lease_find(struct provider *p, u64 lease);

void provider_on_lease(struct provider *p, struct env *env, const struct log_lease_created *l);
void provider_on_closed(struct provider *p, const struct log_lease_closed *l);
void provider_on_manifest(struct provider *p, struct env *env, u32 tenant,
                          const struct msg_manifest *m);

/* A timer about a workload; one whose lease has ended is passed over. */
void provider_on_workload(struct provider *p, struct env *env, enum provider_timer timer,
                          u32 serial);

/* The chain went back (actor.h) to where this was the last lease: later ones are forgotten; then,
 * of each that stands, what was under way is done again. */
void provider_leases_reverted(struct provider *p, u64 last_lease);
void provider_lease_stands(struct provider *p, struct env *env, const struct log_lease_created *l);

/* Seconds from a workload's first crash to the restart with which it counts as crash-looping.
 * False: its restarts are never that close. */
must_use bool provider_crash_loop_s(u32 restarts, u64 window_s, u64 *after_s);

#endif /* ACTORS_PROVIDER_LEASE_H */
