/* user_job - what a user does for one demand: order, pay, send, keep, leave. */
#ifndef ACTORS_USER_JOB_H
#define ACTORS_USER_JOB_H

#include "actors/user.h"

/* Why an order ended without a lease: the reasons of OrderCancelled in log.def; an expired one
 * found nobody. */
enum { UNMATCHED_NOBODY, UNMATCHED_FUNDS, UNMATCHED_BRACKET };

/* NULL: the place of this serial is used by another job, or by none. */
struct user_job *user_job_find(struct user *u, u64 serial);
struct user_job *user_job_of_order(struct user *u, u64 order);
struct user_job *user_job_of_lease(struct user *u, u64 lease);
struct demand *user_job_demand(struct user *u, const struct user_job *j);

/* A new job for a demand, ordered at once where the user is ready; beyond USER_JOBS it is counted
 * as turned away. */
void user_job_begin(struct user *u, struct env *env, const struct demand *d);

/* Places at the end of the table whose jobs are over are put away; after each event. */
void user_jobs_trim(struct user *u);

/* Order what is queued, as many as the outbox has room for; a timer does the rest. */
void user_jobs_order(struct user *u, struct env *env);

/* Before the lease */
void user_job_created(struct user *u, struct env *env, struct user_job *j, enum err err, u64 id);
void user_job_unmatched(struct user *u, struct env *env, struct user_job *j, u32 reason);
void user_job_funded(struct user *u, struct env *env, struct user_job *j, enum err err);
void user_job_retry(struct user *u, struct env *env, struct user_job *j);
void user_job_impatient(struct user *u, struct env *env, struct user_job *j);
void user_job_drop(struct user *u, struct user_job *j); /* given up */

/* Deposit what an order or an extension of so many seconds may lack.  False: there is no money for
 * it, or enough was tried. */
must_use bool user_job_top_up(struct user *u, struct env *env, struct user_job *j, u64 seconds);

/* Order what a lease that served so many seconds has left of the demand, with new patience: at
 * once, or after a wait where that lease and the one before it were breached. */
void user_job_again(struct user *u, struct env *env, struct user_job *j, u64 served_s,
                    bool breached);

/* With a lease (user_lease.c) */
void user_job_leased(struct user *u, struct env *env, const struct log_lease_created *l);
void user_job_manifest(struct user *u, struct env *env, struct user_job *j); /* no answer yet */
void user_job_ending(struct user *u, struct env *env, const struct log_lease_ending *l);
void user_job_extend(struct user *u, struct env *env, struct user_job *j);
void user_job_extended(struct user *u, struct env *env, struct user_job *j, enum err err);
void user_job_lifetime(struct user *u, struct env *env, struct user_job *j);
void user_job_update(struct user *u, struct env *env, struct user_job *j);
void user_job_closed(struct user *u, struct env *env, const struct log_lease_closed *l);

/* Its provider: settled 143 */
void user_jobs_down(struct user *u, struct env *env, const struct log_provider_down *l);
void user_jobs_up(struct user *u, const struct log_provider_up *l);
void user_jobs_leave(struct user *u, struct env *env, u64 outage); /* patience is over */

/* The chain went back (actor.h): jobs whose order or lease is gone order again; then, of each that
 * stands, what was under way is done again, and what no job needs is given up. */
void user_jobs_reverted(struct user *u, struct env *env, const struct reverted *r);
void user_job_stands(struct user *u, struct env *env, const struct log *l); /* user_lease.c */
void user_job_cancel(struct env *env, struct user_job *j);

#endif /* ACTORS_USER_JOB_H */
