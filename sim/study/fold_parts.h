/* fold_parts - what the files of the fold share; nobody else includes this. */
#ifndef SIM_STUDY_FOLD_PARTS_H
#define SIM_STUDY_FOLD_PARTS_H

#include "protocol/lease_money.h"
#include "sim/study/fold.h"
#include "sim/study/places.h"

/* A quantity over time, and its integral since it was last taken. */
struct level {
    u64 value, since_s, area;
};

struct open_order {
    struct row_orders row;
    u32 token, wallet;
    u32 newest_bid; /* place + 1; the list goes back in time */
    u32 unscored; /* place + 1: the match tells scores newest bid first; of this or an older one */
};

struct waiting_bid {
    struct row_bids row;
    u32 next; /* place + 1 */
};

struct open_lease {
    struct row_leases row;
    u32 token;
};

/* A lease's part in an era, for those who earn by it. */
struct lease_part {
    struct amount price;
    u64 lease_s;
    u32 provider, user, token;
};

/* What a purse's row does not say at the end of the run: what its leases owe it, its holds. */
struct purse_rest {
    struct amount gross, user_fee, held;
};

#define RATING_LINES (GPU_LINES + 1)

struct fold_provider {
    struct machine machine;
    struct amount own, unbonding;                     /* as last told */
    struct amount own_slashed, slashed, bad_debt;     /* in the close at hand */
    struct amount gross[TOKENS_MAX], net[TOKENS_MAX]; /* of the era, by leases */
    struct tier_record tier;                          /* after the last close */
    struct row_ratings ratings[RATING_LINES];         /* told in the slot at hand */
    u64 points_start, points_last;                    /* at the era's start, and as last told */
    u64 rated_slot;
    u64 audit_era; /* of the last report, plus one */
    u64 slashes, lease_s, bonus_lease_s, payers;
    u32 rating_lines; /* 0: none waits */
    bool8 approved, active;
    bool8 here; /* its machine counts as capacity: registered, and has not left */
};

struct fold_account {
    struct row_users row;
    bool8 is_user;
};

struct fold {
    struct fold_config c;
    const struct state *state;
    u32 tokens;
    u32 decimals[TOKENS_MAX];
    u64 usd_e8[TOKENS_MAX];  /* 0: no price */
    u64 usd_s[TOKENS_MAX];   /* the second of its price */
    u64 usd_was[TOKENS_MAX]; /* the price before that second */
    struct amount genesis[TOKENS_MAX];
    struct amount supply;       /* of the native token, after the last close */
    struct params params, next; /* of the era at hand, and as changes of its close leave them */
    struct amount slash_dust;

    struct places orders, leases, outages; /* open_order, open_lease, row_outages */
    struct reserve bids;                   /* waiting_bid */
    u32 bids_free;                         /* place + 1 */
    struct reserve providers;              /* fold_provider, by id */
    struct reserve accounts;               /* fold_account, by number */
    struct reserve closes;                 /* row_providers of the close at hand */
    struct reserve parts;                  /* lease_part of leases that ended in this era */
    struct reserve ended;                  /* row_leases of the same: its close may judge them */
    struct reserve rated;                  /* u32: providers with ratings told in this slot */
    struct reserve evidence;               /* u64 by id: when it began */
    struct reserve pairs;                  /* u64: provider and payer */
    struct reserve rests;                  /* purse_rest by purse, at the end */

    struct row_eras era; /* of the era at hand */
    u64 era_start_s;
    struct level cpu_used, gpu_used, cpu_total, gpu_total, open_leases;
    u64 slot, second; /* of the log at hand */
    const char *error;
};

/* ---- fold.c ---- */

/* The limit of r is reached. */
void fold_full(struct fold *f, const struct reserve *r);

void level_move(struct level *l, u64 at_s, u64 plus, u64 minus);
u64 level_take(struct level *l, u64 at_s);

const char *fold_token(const struct fold *f, u32 token);
const char *fold_region(const struct fold *f, u32 region);

/* *sum += a; sums of what exists fit. */
void fold_add(struct amount *sum, struct amount a);

/* A token's last price before a second that is not over; 0: there was none. */
u64 fold_price_before(const struct fold *f, u32 token, u64 second);

/* An amount of a token in 10^-8 USD at that price, floor. */
u64 fold_usd_e8(const struct fold *f, u32 token, struct amount a, u64 second);

/* NULL: the limit is reached. */
struct fold_provider *fold_provider_at(struct fold *f, u32 provider);
struct fold_account *fold_account_at(struct fold *f, u32 account);

/* ---- fold_market.c: orders, bids, leases ---- */

void fold_order_created(struct fold *f, const struct log_order_created *l);
void fold_order_cancelled(struct fold *f, const struct log_order_cancelled *l);
void fold_order_expired(struct fold *f, const struct log_order_expired *l);
void fold_order_matched(struct fold *f, const struct log_order_matched *l);
void fold_bid_placed(struct fold *f, const struct log_bid_placed *l);
void fold_bid_scored(struct fold *f, const struct log_bid_scored *l);
void fold_lease_created(struct fold *f, const struct log_lease_created *l);
void fold_lease_confirmed(struct fold *f, const struct log_lease_confirmed *l);
void fold_lease_extended(struct fold *f, const struct log_lease_extended *l);
void fold_lease_closed(struct fold *f, const struct log_lease_closed *l);
void fold_task_judged(struct fold *f, const struct log_task_judged *l);

/* The era is closed: rows of the leases that ended in it. */
void fold_ended_flush(struct fold *f);

/* The open ones, at the end of the run; f->rests is there for every purse. */
void fold_market_end(struct fold *f);

/* ---- fold_standing.c: providers, stake, slashes, outages ---- */

void fold_proposed(struct fold *f, const struct log_provider_proposed *l);
void fold_approved(struct fold *f, const struct log_provider_approved *l);
void fold_contract(struct fold *f, const struct log_provider_contract *l);
void fold_machine(struct fold *f, const struct log_machine_updated *l);
void fold_rating(struct fold *f, const struct log_rating_set *l);
void fold_ratings_flush(struct fold *f);
void fold_standing_change(struct fold *f, u32 provider, u64 second_s, const char *change,
                          u64 papers_era);
void fold_evidence(struct fold *f, u64 evidence, u64 second);
void fold_exited(struct fold *f, const struct log_provider_exited *l);
void fold_stake_moved(struct fold *f, const struct log_stake_moved *l);
void fold_slashed(struct fold *f, const struct log_slashed *l);
void fold_down(struct fold *f, const struct log_provider_down *l);
void fold_up(struct fold *f, const struct log_provider_up *l);
void fold_standing_end(struct fold *f);

/* ---- fold_era.c: the close of an era ---- */

void fold_provider_era(struct fold *f, const struct log_provider_era *l);
void fold_era_closed(struct fold *f, const struct log_era_closed *l);

/* What a lease that ends at end_s did in the era at hand; held: of its lock, what never shrank. */
void fold_lease_part(struct fold *f, const struct open_lease *l, u64 end_s, struct amount held);

/* ---- fold_end.c ---- */

void fold_start(struct fold *f);

#endif /* SIM_STUDY_FOLD_PARTS_H */
