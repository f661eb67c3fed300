/* slashing - step 3 of a close: which slashes are due, what they take and who gets it. */
#ifndef CHAIN_MOCK_CONTRACTS_SLASHING_H
#define CHAIN_MOCK_CONTRACTS_SLASHING_H

#include "chain-mock/state/ledger.h"

/* V at a second of this or a closed era: one hour's liveness of the provider (settled, The close of
 * an era 2). */
struct amount slashing_hour_value(const struct state *s, u32 provider, u64 second);

/* A lease's gross price of one whole hour in SPON at the prices given (settled 53, 59). */
struct amount slashing_fee(const struct state *s, const struct lease_row *l, u64 token_usd_e8,
                           u64 native_usd_e8);

/* Slashes known and not yet taken, at the last era's hourly value (settled 58). */
struct amount slashing_reserve(const struct state *s, u32 provider, u64 now_s);

/* The prices of a provider's outages that began in the second of their record: settled 59, "the
 * last oracle price at or before the outage's counted start" may be told after the record, in that
 * second. */
void slashing_reprice(struct state *s, u32 provider);

/* Collect all slashes whose instant lies before end_s into the workspace, in order of instant, then
 * evidence; how many. */
u32 slashing_collect(struct state *s, u64 end_s);

/* What a close's slashes came to. */
struct slash_totals {
    struct amount taken, bad_debt;
    u32 count;
};

/* Take one of the collected ones. */
void slashing_take(struct state *s, const struct slash_due *due, u64 era, struct slash_totals *sum);

/* What the close has dealt with is not looked at again. */
void slashing_done(struct state *s, u32 provider, u64 end_s);

#endif /* CHAIN_MOCK_CONTRACTS_SLASHING_H */
