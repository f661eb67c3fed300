/* setup - a scenario becomes a world: genesis, accounts, actors, machines, timeline.
 *
 * Every attribute of a member is a keyed draw in its own name (design.md 2), so a further member,
 * group or draw moves nobody else's.
 */
#ifndef SIM_RUN_SETUP_H
#define SIM_RUN_SETUP_H

#include "protocol/invariants/invariant.h"
#include "sim/engine/host_sim.h"
#include "sim/run/cast.h"
#include "sim/run/run.h"

#define SETUP_SYSTEM_ACCOUNTS 6u

/* What a network of real sockets needs beyond a simulation: addresses whose keys somebody holds, a
 * coin for gas, and accounts of people.  With it setup_open() makes no virtual-time host. */
struct outside {
    void *about;
    void (*address)(void *about, const char *group, u32 ordinal, u8 out[20]);
    const char *coin;        /* symbol; 18 decimals */
    struct amount coin_each; /* every account begins with it */
    u32 people;              /* accounts of the group "person" */
    u64 person_tokens;       /* whole ones of each token of the scenario */
};

struct setup {
    const struct run_plan *plan;
    struct params params; /* of the arm */
    struct cast cast;
    struct reserve memory; /* of the chain */
    struct chain chain;
    struct tally tally;
    struct network network;
    u32 *rtt_us; /* as the chain takes it */
    struct record_head head;
    struct process process;
    struct host_sim *host;
    struct workload_source *demand;
    u64 mean_gpu_usd_e8; /* list price of any GPU: the population's mean */
    u32 *sample;         /* by provider: the machine of a trace that it is */
    u64 end_s;           /* nominal end of the last era */
    u64 *era_start;      /* eras + 1 of them, as the timeline's changes of era_seconds make them */
    bool process_is_open;
};

/* Accounts of the roles, in order of genesis. */
enum system_account {
    ACCOUNT_FOUNDATION = 1,
    ACCOUNT_TREASURY,
    ACCOUNT_GOVERNANCE,
    ACCOUNT_ORACLE,
    ACCOUNT_REPORTER,
    ACCOUNT_ISSUER
};

/* False: error (RUN_ERROR bytes) says why; setup_close() is due all the same. */
must_use bool setup_open(struct setup *s, const struct run_plan *plan,
                         const struct host_sinks *sinks, char error[RUN_ERROR]);
void setup_close(struct setup *s);

/* Parts of it, each a file of its own. */
must_use bool setup_accounts(struct setup *s, char error[RUN_ERROR]);
must_use bool setup_samples(struct setup *s, char error[RUN_ERROR]);
must_use bool setup_actors(struct setup *s, char error[RUN_ERROR]);
/* When each actor begins, and machines that go and come. */
void setup_facts(const struct setup *s,
                 void (*tell)(void *about, struct actor_id id, const struct host_actor *facts),
                 void *about);
void setup_timeline(struct setup *s); /* what the scenario does at a time */

/* What a member brings: drawn in its name. */
struct amount setup_stake(const struct provider_group *g, const struct drawer *d);
struct amount setup_deposit(const struct user_group *g, const struct drawer *d);

/* Of the coin, where there is one: its token. */
u32 setup_coin(const struct setup *s);

/* A provider was approved: what the scenario says of it beside the actor itself. */
void setup_approved(struct setup *s, u32 provider, struct instant now);

/* Of what the timeline sends in a member's name, who shall not take the answer for one of its own
 * asking. */
#define TIMELINE_TAG UINT32_MAX

/* When a moment of the scenario is, in this run. */
struct instant setup_instant(const struct setup *s, const struct when *w);

/* USD x 10^8 an hour that the price list asks for so much; any model: the population's mean. */
u64 setup_list_usd_e8(const struct setup *s, const struct specs *specs, u32 replicas);

/* A price in USD x 10^8 as base units of a token at its genesis price, at least 1. */
struct amount setup_price_of(const struct setup *s, u32 token, u128 usd_e8);

/* The drawer of a member. */
struct drawer setup_drawer(const struct setup *s, const char *group, u32 member);

/* Which region of a mix (0-based) a member is in; INDEX_NONE: none. */
u32 setup_region(const struct drawer *d, const struct mix *mix);

#endif /* SIM_RUN_SETUP_H */
