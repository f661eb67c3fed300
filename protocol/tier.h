/* tier - the seven trust tiers: what each asks, and the move at the close of an era.
 *
 * 1 is the best, 7 the lowest; everywhere here a tier is 1..7.  A provider keeps two
 * streaks for each tier, of eras that met it and of eras that failed it.  Stake is own plus
 * delegated after the slashes of the close, without unbonding and without the era's
 * rewards (settled 153).  Rule: settled "The close of an era, exactly", step 5; §4.3.6b,
 * §4.3.7a.
 */
#ifndef PROTOCOL_TIER_H
#define PROTOCOL_TIER_H

#include "protocol/params.h"

#define TIERS 7u
#define TIER_LOWEST TIERS

/* What a tier asks for.  Strict all of them (settled 38, 39, 43). */
struct tier_terms {
    struct amount stake; /* more than */
    u64 uptime_bps;      /* more than */
    u64 tasks_bps;       /* more than, if there were tasks */
    u64 response_us;     /* less than */
    u64 feedback_tenths; /* more than, where feedback is enabled */
    u64 multiplier_bps;  /* m_trust */
};

/* What a provider did in one era. */
struct tier_era {
    u64 up_s, counted_s;   /* settled "exactly" 5; up_s <= counted_s <= 2^40 */
    u64 tasks_done, tasks; /* settled 42; tasks <= 2^40 */
    u64 response_us;       /* mean; without a success the limit of tier 7 (settled 43) */
    u64 feedback_tenths;   /* 0..50 */
    bool papers_valid;     /* SOC2 and an audit report, settled 144 */
    bool registered_all;   /* all of the era; if not it is neutral (settled 16) */
};

/* What is kept of a provider between closes.  No padding. */
struct tier_record {
    u8 tier;
    bool8 suspended;   /* settled 48 */
    u16 met[TIERS];    /* [t - 1]: eras in a row that met tier t; stops at UINT16_MAX */
    u16 failed[TIERS]; /* [t - 1]: eras in a row that failed tier t */
};
_Static_assert(sizeof(struct tier_record) == 2 + 2 * TIERS * 2, "padding in struct tier_record");

enum tier_reason {
    TIER_STAYS,
    TIER_PROMOTED,
    TIER_DEMOTED_PERFORMANCE, /* a streak of failing eras */
    TIER_DEMOTED_STAKE,       /* to the tier that the stake allows */
    TIER_DEMOTED_BOTH,        /* both, to the lower of the two */
    TIER_SUSPENDED,           /* a streak of failing eras in tier 7 */
    TIER_REASONS
};

/* What a close did and why; enough to explain it. */
struct tier_move {
    enum tier_reason reason;
    u8 from, to;
    u8 stake_tier;   /* best tier whose X the stake exceeds, 7 if none */
    bool8 neutral;   /* the era counted for no streak */
    bool8 resumed;   /* the suspension ended with this era */
    u8 meets;        /* bit t - 1: the era met tier t's performance; 0 if neutral */
    u16 met_better;  /* met[] of the next better tier with this era, 0 in tier 1 */
    u16 failed_held; /* failed[] of the tier held, with this era */
};

/* The terms of tier t, 1..7. */
struct tier_terms tier_terms(const struct params *p, u32 t);

/* "demoted: stake", ... */
const char *tier_reason_text(enum tier_reason r);

/* A provider that has just been approved. */
struct tier_record tier_record_new(const struct params *p);

bool tier_era_neutral(const struct tier_era *e);

/* Whether the era, not neutral, meets tier t's performance: uptime, tasks, response, feedback. */
bool tier_meets(const struct params *p, u32 t, const struct tier_era *e);

/* Best tier whose X the stake exceeds; 7 if there is none. */
u32 tier_of_stake(const struct params *p, struct amount stake);

/* The close of one era: step 5 exactly, one move at most. */
struct tier_move tier_judge(const struct params *p, struct tier_record *r, const struct tier_era *e,
                            struct amount stake);

/* "Bidding is on when stake > X of the tier held and not suspended." */
bool tier_may_bid(const struct params *p, const struct tier_record *r, struct amount stake);

#endif /* PROTOCOL_TIER_H */
