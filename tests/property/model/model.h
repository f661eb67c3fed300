/* model - the protocol once more, slow and obvious, from the log alone.
 *
 * The model is told the genesis and then, block by block, what chain_logs() gave.  It keeps all of
 * it in lists and reckons every figure from the start of those lists: a balance is the sum of all
 * movements that there ever were, a streak is counted back through all closes, a second is down if
 * a record says so.  Of a log it takes what somebody decided (who ordered, bid, staked, reported)
 * and finds out itself what follows (matches, ends, slashes, rewards, tiers); what it expects to be
 * told is held against what was told, field by field.  Each rule stands beside its § or its row of
 * ../shared/protocol/settled.md.
 *
 * It shares number types, log structs and the rows of params.def and gpu.def with the engine, and
 * no rule.  What the log does not say is named in README.md.
 */
#ifndef TESTS_PROPERTY_MODEL_MODEL_H
#define TESTS_PROPERTY_MODEL_MODEL_H

#include "protocol/log.h"
#include "protocol/params.h"

#define MODEL_TOKENS 4u
#define MODEL_ACCOUNTS 24u
#define MODEL_PROVIDERS 8u
#define MODEL_WALLETS 16u
#define MODEL_TIERS 7u
#define MODEL_OPEN UINT64_MAX
#define MODEL_HOUR_S 3600u
#define MODEL_HOURS 168u /* of the longest era */

/* ---- what is known before the first block ---- */

struct model_account {
    u8 address[20];
    u32 region, initial_tier; /* initial_tier 0: the parameter's (settled 18) */
    u128 funds[MODEL_TOKENS];
};

struct model_token {
    u32 decimals, transfer_fee_bps;
    u64 usd_e8; /* 0: no price */
    bool enabled;
};

struct model_genesis {
    struct params params;
    u8 world_secret[32];
    bool scores_told; /* BidScored, which a chain may leave out */
    u32 tokens, accounts, regions;
    u32 foundation, treasury;                     /* accounts */
    struct model_token token[MODEL_TOKENS];       /* [0] is SPON */
    struct model_account account[MODEL_ACCOUNTS]; /* ids from 1 */
    u32 rtt_us[9];                                /* [from * regions + to], 0: not known */
};

/* ---- money: each movement there ever was ---- */

enum model_pocket {
    IN_OUTSIDE, /* before mint, after burn */
    IN_ACCOUNT,
    IN_UNLOCKED, /* row: wallet */
    IN_LOCKED,
    IN_LEASE, /* row: lease; debited and not yet anybody's */
    IN_ACCRUED,
    IN_COMMISSION,
    IN_FEES,
    IN_DUST,
    IN_STAKE,
    IN_UNBONDING, /* row: place of the request, from 1 */
    IN_REWARDS,
    IN_SLARKS
};

enum model_why {
    FOR_GENESIS,
    FOR_TRANSFER,
    FOR_DEPOSIT,
    FOR_TRANSFER_FEE,
    FOR_WITHDRAWAL,
    FOR_HOLD,
    FOR_RELEASE,
    FOR_LOCK,
    FOR_DEBIT,
    FOR_USER_FEE,
    FOR_COMMISSION,
    FOR_PROVIDER_FEE,
    FOR_NET,
    FOR_REST,
    FOR_REFUND,
    FOR_CLAIM,
    FOR_STAKE,
    FOR_UNBONDING,
    FOR_PAYMENT,
    FOR_LIVENESS,
    FOR_BONUS,
    FOR_AUTO_STAKE,
    FOR_SLASH,
    FOR_SHRINK
};

struct model_place {
    enum model_pocket pocket;
    u64 row;
};

struct model_move {
    u32 token;
    enum model_why why;
    struct model_place from, to;
    u64 lease; /* for which it is, or 0 */
    u128 amount;
};

/* ---- facts, in the order in which they were told ---- */

struct model_order {
    struct log_order_created told;
    u64 closed; /* 0: open */
    u128 hold;  /* what is left of it */
};

struct model_bid {
    u64 order, block;
    u32 provider;
    u128 price;
};

struct model_lease {
    u64 id, order, start_s, agreed_s, confirm_by_s;
    u64 end_s; /* MODEL_OPEN while it runs */
    u64 close_block;
    u32 provider, wallet, token, replicas, gpu_line, reason;
    u32 commission_bps, provider_fee_bps, user_fee_bps;
    u64 gpu_units; /* mid-tier GPUs, settled 111 */
    struct specs specs;
    u128 price;
    u128 lost_gross, lost_fee; /* of the locks, to a shrinking token */
    u64 shrunk_s;              /* of the last loss */
    u64 warned_end_s;          /* the end that LeaseEnding was last told for */
    u64 era;                   /* of its end as a task, settled 42 */
    u64 update_block, update_duration_s;
    u128 update_max_price;
    u32 update_replicas;
    struct specs update_specs;
    bool confirmed, image_failed, task_failed, rated;
};

struct model_machine {
    u32 provider;
    u64 second;
    struct machine machine;
};

struct model_tier_held {
    u32 provider, tier;
    u64 from_s;
};

struct model_provider {
    u32 account, tokens, proposed_tx;
    u64 proposed_s, approved_s, active_from_s, active_until_s; /* MODEL_OPEN: not (yet) */
    u64 proposed_slot, audit_era; /* audit_era: of the last report, plus one */
    u32 judged_from; /* place in the judgements: those before the approval do not count */
    bool auto_stake, exited, struck, frozen;
};

/* What one close found of one provider. */
struct model_judgement {
    u32 provider;
    bool neutral, moved, suspended;
    u8 met, failed; /* bit t - 1 */
};

struct model_request { /* of unbonding */
    u32 provider;
    u64 second, due_era;
    bool paid;
};

struct model_outage {
    u64 id, start_s, end_s; /* end_s: MODEL_OPEN */
    u64 cooldown_s;         /* as it was when the reconnect was heard of */
    u32 provider;
    u64 known_to_s; /* end of the last close that knew of it, or 0 */
    bool standby_judged;
};

struct model_span {
    u64 from_s, to_s;
};

struct model_price {
    u32 token;
    u64 second, usd_e8;
};

struct model_owner {
    u32 wallet, account;
    u64 from_s;
};

struct model_wallet {
    u32 account; /* that made it */
    u32 nth;     /* of the account's, from 0 */
};

/* What a provider's hours were said to be worth. */
struct model_worth {
    u32 provider, tier, compute, storage, connectivity;
    u64 points, of_lines, of_units, boosts;
};

struct model_rated {
    u32 provider, tenths;
};

struct model_era {
    u64 start_s, end_s;
    u128 emission, weight;
};

struct model_breach {
    u64 id, instant_s;
    u32 provider, account;
    u128 fee;
    bool done;
};

struct model_verdict {
    u64 id, instant_s;
    u32 provider;
    bool done;
};

struct model_damage {
    u64 verdict;
    u32 account;
    u128 damage;
};

struct model_slash { /* one that was taken */
    u32 provider, cause;
    u64 close_era;
    u128 taken_stake, bad_debt;
};

struct model_params {
    u64 from_s;
    struct params p;
};

/* ---- what is counted to show that it was reached ---- */

struct model_reached {
#define REACHED(name, text) u64 name;
#include "tests/property/model/reached.def"
#undef REACHED
};

/* ---- the model ---- */

#define MODEL_TEXT 512u

struct model {
    struct model_genesis genesis;
    struct params p; /* in force */
    u64 slot, now_s, era, era_start_s, era_end_s;
    u64 next_order, next_lease, next_slash, next_evidence;
    bool enabled[MODEL_TOKENS];

#define LIST(type, name, most)                                                                     \
    struct type name[most];                                                                        \
    u32 n_##name;
    LIST(model_move, moves, 60000)
    LIST(model_order, orders, 1500)
    LIST(model_bid, bids, 4000)
    LIST(model_lease, leases, 1500)
    LIST(model_machine, machines, 600)
    LIST(model_tier_held, tiers, 1000)
    LIST(model_provider, providers, MODEL_PROVIDERS + 1) /* [0] is nobody */
    LIST(model_judgement, judgements, 6000)
    LIST(model_request, requests, 600)
    LIST(model_outage, outages, 1000)
    LIST(model_span, halts, 400)
    LIST(model_price, prices, 1500)
    LIST(model_owner, owners, 400)
    LIST(model_wallet, wallets, MODEL_WALLETS + 1) /* [0] is nobody */
    LIST(model_worth, worths, 2000)
    LIST(model_rated, ratings, 1000)
    LIST(model_era, eras, 1000)
    LIST(model_breach, breaches, 500)
    LIST(model_verdict, verdicts, 64)
    LIST(model_damage, damages, 200)
    LIST(model_slash, slashes, 5000)
    LIST(model_params, params, 400)

    /* of the block: what was told, and what should have been */
    const struct log *told;
    u32 n_told;
    LIST(log, expected, 3000)
#undef LIST

    struct model_reached reached;
    char wrong[MODEL_TEXT]; /* the first difference; empty: none */
};

void model_begin(struct model *m, const struct model_genesis *g);

/* One block with all its logs.  False: what was told is not what follows; m->wrong says. */
must_use bool model_block(struct model *m, u64 slot, const struct log *logs, u32 count);

/* What a log says, for a reader: its name and the figures in it, in `text`. */
void model_log_text(char text[MODEL_TEXT], const struct log *l);

/* The fields in which it is not what the model expects, with both values. */
void model_log_differences(char text[MODEL_TEXT], const struct log *l, const struct log *other);

/* ---- figures ---- */

u128 model_balance(const struct model *m, enum model_pocket pocket, u64 row, u32 token);
/* All that ever moved for a reason from or to a row of a pocket. */
u128 model_moved_from(const struct model *m, enum model_pocket pocket, u64 row, u32 token,
                      enum model_why why);
u128 model_moved_to(const struct model *m, enum model_pocket pocket, u64 row, u32 token,
                    enum model_why why);
u128 model_unbonding(const struct model *m, u32 provider);

u32 model_tier(const struct model *m, u32 provider);
u32 model_met(const struct model *m, u32 provider, u32 tier);
u32 model_failed(const struct model *m, u32 provider, u32 tier);
bool model_suspended(const struct model *m, u32 provider);
u32 model_feedback(const struct model *m, u32 provider);
u64 model_price_at(const struct model *m, u32 token, u64 second); /* 0: none */
u64 model_points(const struct model *m, u32 provider, u64 hour_s);
u32 model_down(const struct model *m, u32 provider); /* place of the open outage plus one, or 0 */
const struct machine *model_machine_of(const struct model *m, u32 provider);

/* What is reserved of a provider's machine by its running leases. */
struct model_use {
    u64 cpu, ram_gib, disk_gib, gpus[GPU_LINES], leases;
};
struct model_use model_reserved(const struct model *m, u32 provider);

struct model_lease *model_lease(struct model *m, u64 id); /* NULL: there is none */
u128 model_gross_lock(const struct model_lease *l);       /* G(d) */
u128 model_fee_lock(const struct model_lease *l);         /* U(d) */
u128 model_gross_at(const struct model_lease *l, u64 second);

u32 model_owner_at(const struct model *m, u32 wallet, u64 second);
u64 model_tasks(const struct model *m, u32 provider, u64 era, bool done_only);
u64 model_slash_records(const struct model *m, u32 provider, u64 era);

#endif /* TESTS_PROPERTY_MODEL_MODEL_H */
