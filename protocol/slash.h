/* slash - when an outage is slashed, how much, from which pots, to whom.
 *
 * settled "The close of an era, exactly" 3; 51-60; §4.3.8.  V is one hour's liveness at the
 * instant (liveness.h).  Who was affected and what is in the pots is looked up by the
 * caller; here is the arithmetic.
 */
#ifndef PROTOCOL_SLASH_H
#define PROTOCOL_SLASH_H

#include "protocol/interval.h"
#include "protocol/params.h"

/* Standby, settled 54: true if the outage, as far as it is known at second now_s, lasts
 * longer (strictly) than standby_slash_after_s.  *idle is [a, a + that): the slash is due if
 * no lease was active in it, at the instant idle->to_s, once per outage. */
must_use bool slash_standby(const struct params *p, struct interval outage, u64 now_s,
                            struct interval *idle);

/* Deployment, settled 53: the k-th started hour of an outage, cut at its end and at now_s;
 * its instant is hour->from_s.  False: there is no such hour. */
must_use bool slash_hour(struct interval outage, u64 now_s, u64 k, struct interval *hour);

/* The first k whose hour starts at from_s or later: where an era's close goes on. */
u64 slash_first_hour(struct interval outage, u64 from_s);

/* Price of one whole hour in the native token: settled "exactly" 3, "floor(price x P_token x
 * 10^18 / (P_SPON x 10^decimals))", the price itself for the native token, 0 where either
 * price never existed (is 0).  decimals <= 18.  False: it does not fit. */
must_use bool slash_fee(struct amount price, bool is_native, u64 token_usd_e8, u64 native_usd_e8,
                        u32 decimals, struct amount *fee);

/* settled 53: max(V, sum of fees) */
struct amount slash_deployment(struct amount hour_value, struct amount fees);

enum slash_pot_kind { POT_OWN, POT_UNBONDING, POT_DELEGATED, POT_REWARDS, POT_KINDS };

/* One place money can be taken from.  taken is set by slash_take and slash_misconduct. */
struct slash_pot {
    enum slash_pot_kind kind;
    u64 requested_s; /* of unbonding */
    struct amount held, taken;
};

struct slash_result {
    struct amount taken, bad_debt; /* together the amount */
};

/* settled 58: "own stake, then own unbonding (latest request first), then delegated … never
 * rewards"; of unbonding only what was requested after offence_s.  The unbonding pots stand
 * in the order of their requests, the pots of each kind together sum up without overflow. */
struct slash_result slash_take(struct slash_pot *pots, size_t n, struct amount amount,
                               u64 offence_s);

/* settled 57, 58: misconduct_slash_bps of every pot, each floored; the sum.  False: overflow. */
must_use bool slash_misconduct(const struct params *p, struct slash_pot *pots, size_t n,
                               struct amount *sum);

/* settled 56: shares[i] = floor(taken x fees[i] / sum of fees), *rest the dust.  False: all
 * fees are 0 (or their sum does not fit): nobody has a share, *rest is all. */
must_use bool slash_share(struct amount taken, const struct amount *fees, size_t n,
                          struct amount *shares, struct amount *rest);

/* settled 57: each his damage, or floor(taken x damage / sum) if that is short; *rest, to the
 * treasury, what is left.  False: the sum of damages does not fit. */
must_use bool slash_restitution(struct amount taken, const struct amount *damages, size_t n,
                                struct amount *shares, struct amount *rest);

#endif /* PROTOCOL_SLASH_H */
