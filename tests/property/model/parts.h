/* parts - what the files of the model ask of one another.  Read model.h first. */
#ifndef TESTS_PROPERTY_MODEL_PARTS_H
#define TESTS_PROPERTY_MODEL_PARTS_H

#include "tests/property/model/model.h"

/* One more in a list of the model. */
#define PUSH(m, list) (check((m)->n_##list < ARRAY_LEN((m)->list)), &(m)->list[(m)->n_##list++])

#define AT(pocket, row) ((struct model_place){IN_##pocket, (row)})

/* The first thing that is wrong stays. */
__attribute__((format(printf, 2, 3))) void model_wrong(struct model *m, const char *format, ...);

/* What was accepted must have been allowed: `that` is the rule. */
#define MUST(m, cond, that) ((cond) ? (void)0 : model_wrong((m), "accepted though not: %s", (that)))

/* Why stake moved, as the chain numbers it in StakeMoved. */
enum told_cause {
#define CAUSE(NAME, text) TOLD_##NAME,
#include "chain-mock/state/causes.def"
#undef CAUSE
};

/* ---- arithmetic ---- */

/* floor(a x num / den) and the ceiling; exact, den not 0. */
u128 model_floor(u128 a, u128 num, u128 den);
u128 model_ceil(u128 a, u128 num, u128 den);
u128 model_less(u128 a, u128 b);
u64 model_second_of(const struct model *m, u64 slot);

/* ---- money ---- */

void model_pay(struct model *m, u32 token, struct model_place from, struct model_place to,
               u128 amount, enum model_why why, u64 lease);

/* ---- what is expected to be told ---- */

/* A log of this kind, zeroed: told by a moment or a match, or by the transaction of `by`. */
struct log *model_expect(struct model *m, enum log_kind kind);
struct log *model_expect_by(struct model *m, enum log_kind kind, const struct log *by);

/* ---- read: what somebody decided ----
 *
 * Checked against the rules that had to allow it, kept in the lists, and expected to be told with
 * every figure that follows.  False: not a log of theirs. */
bool model_read_market(struct model *m, const struct log *l);
bool model_read_provider(struct model *m, const struct log *l);
bool model_read_money(struct model *m, const struct log *l);

/* ---- registry ---- */

bool model_papers(const struct model *m, u32 provider);
void model_check_active(struct model *m, u32 provider, u64 second, const struct log *by);
void model_rate(struct model *m, u32 provider, u64 from_s, const struct log *by);
void model_hold_tier(struct model *m, u32 provider, u32 tier, u64 from_s);
u128 model_stake_of_tier(const struct model *m, u32 tier);
u64 model_multiplier_of(const struct params *p, u16 model); /* of a GPU model, bps */
const struct params *model_params_at(const struct model *m, u64 second);

/* ---- oracle and brackets ---- */

bool model_fresh(const struct model *m, u32 token);
u64 model_gpu_units(const struct model *m, const struct specs *s, u32 replicas);
bool model_bracket(const struct model *m, u32 wallet, const struct specs *s, u32 replicas);
bool model_deposits_fresh(const struct model *m, u32 wallet);

/* ---- leases ---- */

struct model_offer {
    u64 order, replaces, start_s, agreed_s;
    u32 provider, wallet, token, replicas, gpu_line;
    struct specs specs;
    u128 price;
};
u128 model_lock_of(const struct model *m, u32 token, u128 price, u64 seconds); /* G + U */
/* by: the log of the transaction that makes it, or NULL in a match. */
void model_lease_make(struct model *m, const struct model_offer *o, const struct log *by);
void model_lease_close(struct model *m, struct model_lease *l, u64 second, u32 reason,
                       const struct log *by);
void model_confirm(struct model *m, struct model_lease *l);
/* What is locked for it and not debited: of the gross lock, of the user fee's. */
void model_left(const struct model *m, const struct model_lease *l, u128 *gross, u128 *fee);
void model_settle(struct model *m, struct model_lease *l, u64 second);
u64 model_lease_end(const struct model *m, const struct model_lease *l, u32 *reason);
u64 model_warning(const struct model *m, const struct model_lease *l); /* MODEL_OPEN: told */
void model_warn(struct model *m, struct model_lease *l, u64 second);
u128 model_fee(const struct model *m, const struct model_lease *l, u64 price_at_s); /* in SPON */
bool model_task_failed(const struct model *m, const struct model_lease *l);
/* Whether it is active for a second of [from, to). */
bool model_active_in(const struct model_lease *l, u64 from_s, u64 to_s);

/* ---- orders ---- */

/* The GPU line of the provider that serves, and whether all that an order asks is there: settled
 * Matching, exactly 2; without: a lease whose capacity counts as free, or NULL. */
bool model_room(const struct model *m, u32 provider, const struct specs *s, u32 replicas,
                const struct model_lease *without, u32 *line);
bool model_may_bid(const struct model *m, u32 provider);
bool model_eligible(const struct model *m, const struct log_order_created *o, u32 provider,
                    u32 *line);
u32 model_bids(const struct model *m, u64 order);
u64 model_order_name(const struct model *m, const struct log_order_created *o);
void model_expect_contract(struct model *m, u32 provider, const struct log *by);
void model_order_end(struct model *m, struct model_order *o);
void model_match(struct model *m, struct model_order *o);
void model_keccak(u8 out[32], const u8 *bytes, size_t n);

/* ---- closes ---- */

struct model_hours {
    bool pot[MODEL_HOURS], ok[MODEL_HOURS];
    u64 down, cooling; /* hours lost so, for the record */
};
void model_hours_of(const struct model *m, u32 provider, struct model_span era,
                    struct model_hours *h);
void model_uptime(const struct model *m, u32 provider, struct model_span era, u64 *up_s,
                  u64 *counted_s);
u128 model_hour_value(const struct model *m, u32 provider, u64 second);
void model_slashes_take(struct model *m, u64 era, struct model_span span,
                        struct log_era_closed *sum);
u128 model_reserve(const struct model *m, u32 provider);
/* Step 5 for one provider; fills what ProviderEra says of it. */
void model_judge(struct model *m, u32 provider, struct model_span era, struct log_provider_era *e);
void model_close(struct model *m);

#endif /* TESTS_PROPERTY_MODEL_PARTS_H */
