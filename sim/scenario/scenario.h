/* scenario - one question to the network, as a file states it: who takes part, what
 * they want, what happens to them, and what must come of it.
 *
 * Everything is resolved: defaults are filled in, names are places in the lists of
 * this struct, amounts are base units, spans nanoseconds.  Nothing is drawn yet: a
 * distribution is what an attribute of each member is drawn from; its unit is the last word of
 * the field's name (_ns, _bps).  Members of a
 * group are (group name, ordinal): that pair is their name in draws, and order of
 * groups in the file decides nothing.  All pointers point into the scenario's store.
 */
#ifndef SIM_SCENARIO_SCENARIO_H
#define SIM_SCENARIO_SCENARIO_H

#include "protocol/machine.h"
#include "protocol/params.h"
#include "sim/scenario/arrivals.h"
#include "sim/scenario/expect.h"
#include "sim/scenario/param_table.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/store.h"
#include "sim/scenario/trace.h"
#include "sim/scenario/when.h"

#define INDEX_NONE UINT32_MAX /* nothing named */

#define SCENARIO_TOKENS_MAX 4u /* as the actors keep account of; a provider's are a bit mask */
#define SCENARIO_MEMBERS_MAX 4000000u
#define TOKEN_NATIVE 0u /* tokens[0] is always SPON */

enum profile { PROFILE_WHITEPAPER };

struct names {
    const char *const *at;
    const struct name_place { /* where each stands in the file */
        u32 line, column;
    } * place;
    u32 count;
};

/* Amount of a stated token. */
struct money {
    struct amount amount;
    u32 token; /* place in scenario.tokens */
};

/* Weighted choice among names: regions (index into scenario.regions). */
struct mix {
    const struct mix_part {
        u32 index, weight;
    } * at;
    u32 count; /* 0: whatever the default of the field says */
};

/* GPUs as a trace names them: models.name[i] is our gpu[i] (protocol/machine.h). */
struct gpu_map {
    struct trace_models models;
    u16 gpu[TRACE_MODELS_MAX];
};

/* Machines of a trace; already read into machine_kinds. */
struct node_trace {
    const char *file; /* under --data; NULL: none */
    struct trace_machine_columns columns;
    struct gpu_map gpus;
};

/* Complete but for the region, which the group's mix gives. */
struct machine_kind {
    u32 weight;
    struct machine machine;
};

enum machine_draw {
    MACHINES_WEIGHTED, /* each member draws a kind */
    MACHINES_EACH_ONCE /* drawn without replacement by keyed draws: a sample of a trace's nodes */
};

enum availability_kind {
    AVAILABLE_ALWAYS, /* only the timeline takes it down */
    AVAILABLE_DRAWN   /* up and down periods from the two distributions */
};

struct provider_group {
    const char *name;
    u32 count, first; /* first: index of member 0 among all providers of the file */
    struct node_trace nodes;
    const struct machine_kind *machines; /* given, fitted, or read from nodes */
    u32 machine_count;                   /* each once: at least count */
    enum machine_draw machine_draw;
    struct machine common; /* what all its machines have: disk, score, network, compliance */
    struct mix regions;
    bool8 audited;                               /* an audit report is on chain in era 0 */
    bool8 auto_stake;                            /* opted in */
    u32 initial_tier;                            /* 0: the parameter's */
    struct amount stake;                         /* SPON */
    const struct distribution *stake_factor_bps; /* of it */
    u32 tokens;                                  /* bit mask of accepted ones */
    /* Ask: `ask` for the whole order if stated, else the price list's sum x ratio. */
    struct money ask;                           /* .token INDEX_NONE: by the price list */
    const struct distribution *ask_ratio_bps;   /* of a member */
    struct bps ask_spread;                      /* of an order: uniform in its ratio +- this */
    bool8 ask_net;                              /* the ask is what it keeps; fees come on top */
    struct span activation_min, activation_max; /* from the manifest to the confirmation, uniform */
    bool8 activates; /* no: never confirms, the lease ends as provider_breach */
    enum availability_kind availability;
    const struct distribution *up_ns, *down_ns;
    struct bps announced_share;             /* of drawn outages: the session is closed, not lost */
    const struct distribution *response_us; /* of the provider itself, beside the network's */
    u32 crash_loop_restarts; /* of a failing workload in crash_loop_window, then it closes; 0: never
                              */
    struct span crash_loop_window;
    struct span
        closes_after; /* it closes a lease so long after its start, for no reason; 0: never */
    struct span claims_every; /* income and rewards; 0: never */
    bool8 restakes;           /* what it claims of rewards becomes stake */
    struct span joins;        /* after genesis */
};

enum deposit_policy {
    DEPOSIT_ONCE,     /* `deposit` at the start */
    DEPOSIT_AS_NEEDED /* besides, before an order, what it lacks, and at least `deposit` */
};

struct user_group {
    const char *name;
    u32 count, first;
    u32 weight; /* share of the workload's orders, a member */
    u32 token;
    struct money deposit; /* of that token */
    const struct distribution *deposit_factor_bps;
    enum deposit_policy deposit_policy;
    const struct distribution *max_price_ratio_bps; /* of the price list's sum for what is asked */
    struct mix regions;
    struct bps region_stated_share; /* of orders: they demand the user's region */
    u32 tier_worst;                 /* 7: any */
    const struct distribution
        *patience_ns;            /* an order that found nobody is tried again until then */
    struct span outage_patience; /* settled 143 */
    struct span breach_wait, breach_wait_most; /* actors/user.h */
    /* Agreed time over the time the workload needs: above 1 the user closes early, below 1 the
     * lease is extended at the odds of extend_odds, or expires. */
    const struct distribution *agreed_ratio_bps;
    struct bps extend_odds, update_odds; /* of one demand */
    struct bps update_by;                /* CPU and RAM of the update over those of the order */
    bool8 reorders; /* again when a provider closes or never starts a healthy workload */
    struct span joins;
};

/* Who is meant: one, a group, all, or a part of either drawn by key. */
struct selector {
    bool8 users;      /* of the users instead of the providers */
    u32 group;        /* INDEX_NONE: all groups */
    u32 member;       /* INDEX_NONE: all members */
    struct bps share; /* of them: BPS_WHOLE unless "30% of ..." */
};

/* What one order asks.  Times count from the lease's start; 0: it does not happen. */
struct order_spec {
    struct when at;
    struct selector user; /* one */
    struct specs specs;
    u32 replicas;
    struct money max_price; /* base units per 3,600 s for the whole order */
    struct span duration;
    u32 region;               /* place in scenario.regions, INDEX_NONE: not stated */
    u32 tier_worst;           /* 7: any */
    struct span lifetime;     /* the workload is done, and the user closes the lease */
    struct span patience;     /* no lease so long after the moment: given up */
    struct span fail_after;   /* the workload begins to crash */
    bool8 image_failed;       /* the user's image is at fault (settled 42) */
    bool8 extend;             /* lifetime over duration: extend instead of letting it expire */
    struct span update_after; /* asks for update_specs, update_max_price */
    struct specs update_specs;
    struct money update_max_price;
};

enum workload_kind { WORKLOAD_NONE, WORKLOAD_GENERATED, WORKLOAD_TRACE };

struct workload {
    enum workload_kind kind;
    u32 disk_gib; /* asked by each order that states none: traces and fitted requests do not */
    struct bps image_fail_share; /* of failing workloads: the user's image is at fault */
    /* generated; the tables are found beside the scenario */
    u64 orders_per_day;
    u32 hour_weights[HOURS_A_DAY]; /* arrivals.h */
    struct bps burst_variance;     /* in 1/10000, may be above one */
    const struct request_kind {
        u32 weight;
        struct specs specs;
    } * requests;
    u32 request_count;
    const struct distribution *lifetime_cpu_ns, *lifetime_gpu_ns, *lifetime_multi_gpu_ns;
    struct bps fail_share;
    const struct distribution *fail_after_ns;
    /* trace */
    const char *trace;        /* under --data */
    struct trace_content is;  /* what it holds; hash 0: not read, nor stated */
    struct span from, length; /* window of the trace; length 0: to its end */
    struct trace_job_columns columns;
    struct gpu_map gpus;
    struct trace_jobs jobs;
};

struct token {
    const char *symbol;
    u32 decimals;
    bool8 enabled;
    u64 usd_e8;               /* at genesis; 0: it has no price */
    const struct price_step { /* later ones, by time, after genesis */
        u64 at_ns, usd_e8;
    } * steps;
    u32 step_count;
    struct bps transfer_fee; /* taken by the token on each transfer (settled 113) */
};

struct network_spec {
    struct names regions; /* scenario.regions */
    const u64 *rtt_us;    /* [from * regions.count + to], medians; 0: not known */
    u64 unknown_rtt_us;
    const struct distribution *jitter; /* factor on the median, in 2^-32 */
    u32 loss_ppm;
};

enum timeline_kind {
    TIMELINE_DOWN,    /* who, length, announced */
    TIMELINE_PRICE,   /* token, usd_e8 */
    TIMELINE_SET,     /* sets: in effect from the close of the era it happens in */
    TIMELINE_HALT,    /* length: no blocks */
    TIMELINE_SHRINK,  /* token, keep: every balance of it (settled 150) */
    TIMELINE_TOKEN,   /* token, enabled */
    TIMELINE_APPROVE, /* who: has effect where auto_approve is off */
    TIMELINE_LOSE,    /* these: sim/engine/mishap.h; who, length and what each needs */
    TIMELINE_DELAY,
    TIMELINE_TWICE,
    TIMELINE_LAG,
    TIMELINE_HOLD,
    TIMELINE_REFUSE,
    TIMELINE_CRASH,
    TIMELINE_EXIT,    /* who; from here on: one transaction of each of them */
    TIMELINE_STAKE,   /* who, amount */
    TIMELINE_UNSTAKE, /* who, amount */
    TIMELINE_AUTO,    /* who, enabled */
    TIMELINE_CLAIM,   /* who */
    TIMELINE_DEPOSIT, /* who, money */
    TIMELINE_WITHDRAW,
    TIMELINE_TRANSFER, /* who, to, money */
    TIMELINE_GIVE,     /* who, to: his wallet */
    TIMELINE_RATE,     /* who, tenths */
    TIMELINE_VERDICT   /* who, to, amount: by governance */
};

struct timeline_entry {
    struct when at;
    enum timeline_kind kind;
    struct selector who;
    struct span length, by;
    struct bps met; /* share of what passes that a mishap meets */
    u32 nth;        /* it meets only the n-th; 0: that share */
    bool8 announced, enabled;
    struct selector to; /* one user */
    struct money money;
    struct amount amount; /* SPON */
    u32 tenths;           /* of a rating */
    u32 token;
    u64 usd_e8;
    struct bps keep;
    const struct param_set *sets;
    u32 set_count;
    u32 ordinal; /* place in the file: its name in draws */
};

struct arm {
    const char *name, *doc;
    const struct param_set *sets;
    u32 set_count;
    const struct group_count {
        u32 group; /* of providers or users */
        bool8 users;
        u32 count;
    } * counts;
    u32 count_count;
    u64 orders_per_day;                    /* 0: as the workload says */
    const struct timeline_entry *timeline; /* besides the scenario's */
    u32 timeline_count;
};

/* A file under --data that was read. */
struct data_file {
    const char *name;
    struct trace_content content;
    const struct data_file *next; /* in the order of reading */
};

struct output {
    struct names tables; /* count 0: all that have content but the opt-in ones */
    bool8 events;        /* events.jsonl */
    bool8 transfers;     /* transfers.csv */
    bool8 log;           /* run.log */
};

struct scenario {
    struct store store;
    const char *path; /* as opened */
    const char *name, *question;
    struct names covers;
    enum profile profile;
    struct params params; /* of the profile, then the file's, then --set */
    u32 eras;
    u64 seed_first, seed_last;
    const struct token *tokens; /* [0]: SPON */
    u32 token_count;
    struct network_spec network;
    const struct provider_group *providers;
    u32 provider_groups, provider_count;
    const struct user_group *users;
    u32 user_groups, user_count;
    struct workload workload;
    const struct order_spec *orders; /* explicit ones, in the file's order */
    u32 order_count;
    u32 order_fanout;                      /* 0: all (settled 141) */
    u32 check_interval_eras;               /* settled 161 */
    const struct timeline_entry *timeline; /* in the file's order */
    u32 timeline_count;
    const struct arm *arms;
    u32 arm_count; /* 0: one run, without a name */
    /* List prices of 720 hours, 10^-8 USD; those of GPUs stand in protocol/gpu.def, by the hour. */
    u64 cpu_month_usd_e8, ram_gib_month_usd_e8, disk_gib_month_usd_e8;
    struct expectations expect;
    struct output output;
    const struct data_file *data; /* the first; NULL: none was read */
};

struct scenario_options {
    const char *data_dir;    /* --data; NULL: none was given */
    const char *profile;     /* --profile; NULL: the file's */
    const char *const *sets; /* --set name=value, applied last */
    u32 set_count;
    const char *folder; /* where files beside it are; NULL: the scenario's own */
    bool8 no_files;     /* files that it names are not opened, their tables are empty */
};

/* Read and resolve a scenario.  False: *why says file, line, column, what was expected
 * and the nearest name; *out holds nothing. */
must_use bool scenario_read(const char *path, const struct scenario_options *options,
                            struct scenario *out, struct problem *why);

/* The same from memory; path is only for messages and for files beside it. */
must_use bool scenario_parse(const char *path, const char *text, size_t size,
                             const struct scenario_options *options, struct scenario *out,
                             struct problem *why);

void scenario_free(struct scenario *s);

/* Parameters of one arm (index < arm_count, or 0 where there are none).  Ranges were
 * checked at reading. */
void scenario_arm(const struct scenario *s, u32 index, struct params *out);

/* Members of a group in one arm. */
u32 scenario_providers(const struct scenario *s, u32 arm, u32 group);
u32 scenario_users(const struct scenario *s, u32 arm, u32 group);

/* Everything as resolved, canonical JSON: keys in the order of the tables, LF, numbers
 * as the scenario would write them.  The caller frees it.  NULL: out of memory. */
char *scenario_resolved_json(const struct scenario *s);

#endif /* SIM_SCENARIO_SCENARIO_H */
