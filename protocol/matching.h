/* matching - which bid wins an order: settled "Matching, exactly", §4.2.3.
 *
 * A bid's weight is the product of seven scores of 0.01..1, each to the power of its parameter; the
 * winner is drawn in proportion to the weights.  In integers: L = log2 of the weight, and each bid
 * has a draw G of its own, -log2(-ln u); the largest L + G wins (Gumbel's way of drawing in
 * proportion).  So the order of bids never matters, and a further bidder changes nobody's draw.
 * L, G and the key are in units of 2^-32 bit.
 *
 * The caller has filtered: every bid here has 0 < price <= the maximum and stake > 0.
 */
#ifndef PROTOCOL_MATCHING_H
#define PROTOCOL_MATCHING_H

#include "protocol/params.h"

#define MATCH_WORD_BYTES 32u
#define MATCH_ADDRESS_BYTES 20u

enum match_criterion {
    MATCH_REGION,
    MATCH_PRICE,
    MATCH_FEEDBACK,
    MATCH_AVAILABILITY,
    MATCH_SLASHES,
    MATCH_TRUST,
    MATCH_STAKE,
    MATCH_CRITERIA
};

/* An exact fraction, 0..1.  of is not zero. */
struct match_part {
    u64 part, of;
};

struct match_order {
    struct amount max_price;
    u8 seed[MATCH_WORD_BYTES]; /* match_seed() of the last block of the bid window */
    u8 key[MATCH_WORD_BYTES];  /* match_order_key() */
    bool region_stated;
};

struct match_bid {
    struct amount price;
    struct amount stake;     /* own + delegated, reserve included */
    struct match_part spare; /* match_least_spare() over the dimensions asked for */
    struct span rtt;     /* tenant -> provider, median; unknown pair: match_rtt_max_ms or more */
    u32 slash_records;   /* applied in the last match_slash_window_eras closed eras */
    u32 feedback_tenths; /* 0..50; looked at only while feedback is enabled */
    u32 tier;            /* 1..7 */
    u8 address[MATCH_ADDRESS_BYTES]; /* of the provider's contract */
    bool same_region;                /* as the tenant's */
};

/* How one bid stands: what a transcript or a check wants to see. */
struct match_score {
    u64 q[MATCH_CRITERIA]; /* Q32, after the floor of 0.01 */
    u64 x;                 /* the draw, its lowest bit set */
    i64 l, g;
    i64 key; /* floor(l x 10000 / match_randomness) + g; l if match_randomness is 0 */
};

/* What the stake score needs to know of all bids: cap = sum x num / den (settled 121). */
struct match_stakes {
    struct amount sum, largest;
    u64 num, den;
};

/* seed(b) = keccak256(abi.encode(uint256 world secret, uint256 b)) */
void match_seed(u8 out[MATCH_WORD_BYTES], const u8 world_secret[MATCH_WORD_BYTES], u64 block);

/* keccak256(abi.encode(address wallet, uint256 orders that this wallet made before)) */
void match_order_key(u8 out[MATCH_WORD_BYTES], const u8 wallet[MATCH_ADDRESS_BYTES],
                     u64 orders_before);

/* The draw x of a provider, and its G. */
u64 match_draw(const struct match_order *o, const u8 address[MATCH_ADDRESS_BYTES]);
i64 match_gumbel(u64 x);

/* 2^32 x log2(x), truncated; x is not zero. */
u64 match_log2_q32(u64 x);

/* The lesser of *least and what one dimension leaves: (registered - reserved - asked) / registered,
 * asked > 0 with all replicas.  Starts as {1, 1}.  False: it does not fit, *least is left alone. */
must_use bool match_least_spare(struct match_part *least, u64 registered, u64 reserved, u64 asked);

/* n >= 1 bids; O(n), no memory. */
struct match_stakes match_stakes_of(const struct params *p, const struct match_bid *bids, size_t n);
struct match_score match_score_of(const struct params *p, const struct match_order *o,
                                  const struct match_stakes *stakes, const struct match_bid *bid);

/* Index of the winner among n >= 1 bids of different addresses. */
size_t match_winner(const struct params *p, const struct match_order *o,
                    const struct match_bid *bids, size_t n);

#endif /* PROTOCOL_MATCHING_H */
