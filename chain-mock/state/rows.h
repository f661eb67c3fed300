/* rows - what the chain keeps, one struct a table.
 *
 * Rows are flat and have no padding: a row's bytes are its encoding, for the state hash, the
 * journal and the export (the machine is little-endian, base.h).  Row 0 of every table is nobody,
 * so 0 ends a list and means "none".  Accounts, wallets, purses and providers are never freed and
 * their place is their id; orders, leases, outages and verdicts have ids that only grow, in places
 * that are used again.  Times are whole seconds since genesis, ends INTERVAL_OPEN while open.
 */
#ifndef CHAIN_MOCK_STATE_ROWS_H
#define CHAIN_MOCK_STATE_ROWS_H

#include "protocol/interval.h"
#include "protocol/lease_money.h"
#include "protocol/log.h"
#include "protocol/rating.h"
#include "protocol/tier.h"
#include "protocol/tx.h"

#define TOKENS_MAX 4u
#define SLASH_WINDOW 30u
#define FEEDBACK_WINDOW 10u /* §4.2.3: "average of 10" */

enum order_state { ORDER_OPEN = 1, ORDER_LEASED, ORDER_CANCELLED, ORDER_EXPIRED };

enum provider_status {
    PROVIDER_PROPOSED = 1,
    PROVIDER_APPROVED,
    PROVIDER_EXITING,
    PROVIDER_STRUCK
};

_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic error \"-Wpadded\"")

    /* One for the chain. */
    struct meta_row {
    u8 world_secret[32]; /* behind the seeds of matching, settled 125 */
    u64 slot;            /* last stepped */
    u64 now_s;           /* its timestamp */
    u64 era, era_start_s, era_end_s;
    u64 next_order, next_lease, next_slash;
    u64 next_evidence;        /* of outages, breaches and verdicts alike */
    u64 halted_until_s;       /* end of the last halt */
    u64 next_match;           /* least order that may still be matched */
    u32 foundation, treasury; /* accounts */
    u32 coin;                 /* token in which gas is paid, plus one; 0: there is none */
    u32 pad;
};

struct token_row {
    struct amount minted, burned;
    struct amount commission, fees, dust; /* inside the escrow, unclaimed */
    struct amount slark_pool;             /* of the native token */
    u64 usd_e8, price_s;                  /* last price and its second */
    u32 price_head;                       /* history, newest first */
    u32 decimals;
    u32 transfer_fee_bps; /* the token keeps it of every deposit (settled 113) */
    u32 index;            /* of the token: its row less one */
    u32 pad[2];
    bool8 registered, enabled, has_price;
    u8 pad2[5];
};

struct price_row {
    u64 second, usd_e8;
    u32 next, pad;
};

struct account_row {
    struct amount balance[TOKENS_MAX];
    u64 nonce; /* of the next transaction */
    u32 roles, provider;
    u8 address[20];
    u32 region;       /* of its owner, for the region score (settled 120) */
    u32 wallets;      /* made */
    u32 initial_tier; /* its provider starts in this one; 0: in the parameter's (settled 18) */
    u32 wallet;       /* its own: what calls mean by wallet 0; 0: it has none */
    u32 allowance_head;
    u32 pad[2];
};

struct wallet_row {
    u64 cpu, ram_gib, disk_gib, gpu_units; /* of its active leases, settled 111 */
    u64 orders_made;
    u32 owner, purse[TOKENS_MAX];
    u32 active_leases, gpu_leases, open_orders;
    u8 address[20];
    u32 owner_head; /* former owners, latest first */
};

/* What an owner lets a spender take of one token; without end: U128_MAX. */
struct allowance_row {
    struct amount amount;
    u32 owner, spender; /* spender 0: the escrow */
    u32 token, next;    /* next: of the owner */
};

/* Who owned a wallet until a second: restitution goes to the owner at the instant (settled 112). */
struct owner_row {
    u64 until_s;
    u32 account, next;
};

struct purse_row {
    struct amount deposited, unlocked, locked, debited, user_fees, withdrawn;
    struct amount shrunk; /* what a shrinking token took (settled 150) */
    u32 wallet, token;
    u64 pad;
};

struct order_row {
    struct amount max_price, hold;
    u64 id, block, second, duration_s;
    u64 wallet_orders; /* made by the wallet before this one: the order key */
    struct specs specs;
    u32 wallet, creator, replicas, token, region, tier_worst, state;
    u32 bid_head, bids;
    u32 pad;
};

struct bid_row {
    struct amount price;
    u64 order, block;
    u32 provider, next;
    u64 pad;
};

struct lease_row {
    struct amount price;
    struct amount gross_lock, user_fee_lock; /* of the agreed time */
    struct amount gross_held, user_fee_held; /* less what shrank */
    struct amount gross;                     /* debited */
    struct amount update_max_price;
    u64 id, order, start_s, agreed_s, settled_s;
    u64 ended_s;      /* INTERVAL_OPEN while it runs */
    u64 closed_s;     /* timestamp of the block that closed it */
    u64 warned_s;     /* the end for which LeaseEnding was given */
    u64 confirm_by_s; /* settled 116, by the timeout in force at its start */
    u64 update_block, update_duration_s;
    struct specs specs, update_specs;
    u32 provider, wallet, tenant, token, replicas, update_replicas;
    u32 next;     /* of the provider */
    u32 gpu_line; /* of the provider's machine; specs.gpu_model is its model */
    u32 commission_bps, provider_fee_bps, user_fee_bps;
    u32 reason;    /* enum lease_end */
    u32 gpu_units; /* mid-tier GPUs that it counts for in the bracket (settled 111) */
    bool8 confirmed, image_failed, rated, task_failed;
    u32 outage_s; /* the longest outage that affected it, of those that are put away */
    u32 pad[3];
};

struct provider_row {
    struct amount accrued[TOKENS_MAX]; /* lease income, unclaimed */
    struct machine machine;
    u64 registered_s;
    u64 active_from_s, active_until_s; /* settled 28: counts for W and liveness */
    u64 audit_era;                     /* of the last report, plus one */
    u64 down_outage;                   /* id of the open outage, or 0 */
    u32 account, tokens;
    u32 lease_head, outage_head, rating_head, unbonding_head;
    u32 cpu_reserved, ram_reserved, disk_reserved;
    u32 leases; /* active ones */
    u16 gpu_reserved[GPU_LINES];
    u8 contract[20];
    u8 status; /* enum provider_status */
    bool8 auto_stake;
    bool8 frozen; /* a verdict waits */
    u8 pad;
};

/* What closes of eras work on, same place as the provider. */
struct standing_row {
    struct amount own, unbonding; /* unbonding: sum of its rows */
    struct amount rewards;        /* claimable liveness and bonus */
    struct amount staked_ever, auto_staked, paid_out, slashed, bad_debt;
    u64 response_us; /* of this era; 0: none */
    struct tier_record tier;
    u16 slash_counts[SLASH_WINDOW]; /* by era modulo */
    u16 pad;
    u32 tasks, tasks_done;
    u32 feedbacks;
    u8 feedback[FEEDBACK_WINDOW];
    u8 pad2[6];
};

struct outage_row {
    u64 id, start_s, end_s;
    u64 known_s, up_known_s; /* timestamps of the blocks with the records */
    u64 dealt_until_s;       /* slashes of instants before it have been dealt with */
    u64 usd_e8[TOKENS_MAX];  /* prices at the start, settled 59 */
    u32 provider, next;
    bool8 announced, standby_done;
    bool8 cooldown_kept; /* the parameter has changed since the up record: cooldown_s holds */
    u8 pad;
    u32 cooldown_s;
};

/* A lease that was never confirmed, settled 116: slashed at the close. */
struct breach_row {
    struct amount fee; /* its gross price of one hour in SPON, then */
    u64 id, instant_s;
    u32 provider, account; /* who is paid: the wallet's owner then */
    u64 pad;
};

struct rating_row {
    struct rating rating;
    u64 points; /* an hour, in 10^-5: of the machine, the tier and the parameters then */
    u64 from_s;
    u32 tier, next;
    u32 compute, storage, connectivity; /* classes of the machine, §4.3.6 */
    u32 pad;
};

struct unbonding_row {
    struct amount amount;
    u64 requested_s, due_era; /* whose close pays it */
    u32 provider, next;
    u64 pad;
};

struct halt_row {
    u64 start_s, end_s;
};

struct era_row {
    u128 weight;
    struct amount emission;
    u64 start_s, end_s;
};

/* A parameter change that waits for the close. */
struct change_row {
    u128 value;
    u64 made; /* 1, 2, ... in the order of their making; 0: a free place */
    u32 param, pad;
};

struct verdict_row {
    u64 id, instant_s;
    u32 provider, damage_head;
    u64 pad;
};

struct damage_row {
    struct amount damage;
    u32 account, next;
    u64 pad;
};

_Pragma("GCC diagnostic pop")

#endif /* CHAIN_MOCK_STATE_ROWS_H */
