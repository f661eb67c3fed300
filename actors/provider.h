/* provider - offers a machine, bids on orders, runs what it wins.
 *
 * Its life: PROPOSE, once approved STAKE, then a bid for each order that it hears of, that fits
 * what is free and whose maximum its price does not exceed.  A lease is a place in its table from
 * LeaseCreated to LeaseClosed: it waits for the tenant's manifest, starts the workload, confirms on
 * chain and tells the tenant, and closes the lease when the workload keeps crashing (settled 147).
 * An update moves the place to the new lease, the workload runs on.
 *
 * The host fills `config` and zeroes the rest before EVENT_START.  A log or message that comes
 * twice changes nothing in its state; at most it submits again what the chain refuses.
 */
#ifndef ACTORS_PROVIDER_H
#define ACTORS_PROVIDER_H

#include "actors/kinds.h"

/* Active leases that it can keep account of; when they are all taken it does not bid, and a lease
 * that arrives nevertheless (of an earlier bid) is closed at once and counted as turned away. */
#define PROVIDER_LEASES 64u

/* Tags of its transactions: which STAKE it is; of CLAIM_EARNINGS the tag is the token. */
enum { PROVIDER_STAKE_FIRST, PROVIDER_STAKE_AGAIN };

#define PROVIDER_ENDED 8u
#define PROVIDER_TOKENS 4u /* of the chain; bits of `tokens` */

STATE_BEGIN
struct provider_config {
    struct amount stake; /* SPON, at the start; 0: none */
    struct amount ask;   /* for any whole order in ask_token; 0: by the list prices */
    struct machine machine;
    /* List prices, 10^-8 USD an hour of one unit, at most USD_E8(1000000), times ask_bps. */
    u64 cpu_usd_e8, ram_gib_usd_e8, disk_gib_usd_e8, gpu_usd_e8[GPU_LINES];
    u64 token_usd_e8[PROVIDER_TOKENS]; /* of a whole token, as this provider reckons; 0: never */
    u64 closes_after_s; /* it closes a lease so long after the start, for no reason; 0: never */
    u64 claim_every_s;  /* income and rewards; 0: never */
    u64 crash_window_s; /* settled 147: "in 10 min" */
    u32 crash_restarts; /* settled 147: 5; 0: it lets them crash */
    u32 token_decimals[PROVIDER_TOKENS];
    u32 tokens; /* bit mask of accepted ones */
    u32 ask_token;
    u32 ask_bps;                              /* of the list price */
    u32 ask_spread_bps;                       /* drawn for each order, uniform in ask_bps +- this */
    u32 activation_min_ms, activation_max_ms; /* manifest to confirmation, uniform */
    bool8 auto_stake;
    bool8 bids;
    bool8 never_activates; /* its leases end as provider_breach */
    bool8 restakes;        /* what it claims of rewards becomes stake */
    bool8 ask_net;         /* its prices are what it wants to keep: it asks for the fees on top */
    u8 pad[15];
};

enum provider_lease_state {
    PROVIDER_LEASE_NONE,
    PROVIDER_LEASE_MADE,     /* no manifest yet */
    PROVIDER_LEASE_STARTING, /* its workload */
    PROVIDER_LEASE_RUNNING
};

struct provider_lease {
    u64 lease;
    u64 replaces;               /* the lease before, of which it is the update, or 0 */
    u64 counted;                /* the last lease here whose end by update was put to the books */
    u64 name;                   /* of the workload, in draws: the manifest's digest */
    u32 cpu, ram_gib, disk_gib; /* of all replicas */
    u32 fail_after_s;           /* 0: it does not crash */
    u32 tenant;                 /* account */
    u32 serial;                 /* of the place's use: what timers are about */
    u16 gpus;                   /* of all replicas */
    u8 gpu_line;
    u8 token;
    u8 state; /* enum provider_lease_state */
    bool8 image_failed;
    u8 pad[2];
};

struct provider {
    struct provider_config config;
    struct amount unclaimed[PROVIDER_TOKENS]; /* of ended leases, by token */
    struct amount asked[PROVIDER_TOKENS];     /* of it, in a claim under way */
    u64 bids, bids_refused;
    u64 turned_away;                           /* leases beyond PROVIDER_LEASES */
    u64 used_cpu, used_ram_gib, used_disk_gib; /* by the leases in the table */
    u64 used_gpus[GPU_LINES];
    u64 ended[PROVIDER_ENDED]; /* leases that ended last: a late LeaseCreated is not theirs */
    u32 id;                    /* 0: not registered */
    u32 tier;                  /* 0: not approved */
    u32 lease_count;
    u32 places;     /* of the table below: those from here on are empty */
    u32 serial;     /* of the last place taken */
    u32 ended_at;   /* next place in ended[] */
    bool8 stakes;   /* its first stake was submitted */
    bool8 open;     /* approved and staked: it bids */
    bool8 claiming; /* rewards, and has not heard how much it got */
    u8 pad[5];
    struct provider_lease leases[PROVIDER_LEASES];
};
STATE_END

enum provider_timer {
    PROVIDER_ACTIVATED, /* about a serial: its workload runs */
    PROVIDER_CRASHED,   /* about a serial: its workload has restarted too often */
    PROVIDER_CLOSES,    /* about a serial: closes_after_s is over */
    PROVIDER_CLAIMS,
    PROVIDER_BEGINS /* its registration or first stake failed for want of gas: again */
};

#endif /* ACTORS_PROVIDER_H */
