/* lease - the life of a lease: made, settled, confirmed, changed, ended. */
#ifndef CHAIN_MOCK_CONTRACTS_LEASE_H
#define CHAIN_MOCK_CONTRACTS_LEASE_H

#include "chain-mock/state/ledger.h"

/* What a new lease is made of. */
struct lease_offer {
    u64 order, start_s, agreed_s, replaces;
    u32 provider, wallet, token, replicas, gpu_line;
    struct specs specs; /* with the line's model */
    struct amount price;
    bool confirmed;
};

/* Lock the money, take the capacity, write the row: settled "Money of a lease, exactly", 2.
 * None (then *row is the lease, or 0 if a table is full), Overflow or InsufficientBalance. */
must_use enum err lease_create(struct state *s, const struct lease_offer *o, u32 *row);

/* Post what is due at a second; at most to the lease's end.  Nothing changes if it has ended. */
void lease_settle(struct state *s, u32 row, u64 second);

/* The user fee that has been taken. */
struct amount lease_user_fee_spent(const struct lease_row *l);

/* Settle, give back, release; the row stays for late records until lease_forget(). */
void lease_end(struct state *s, u32 row, u64 second, u32 reason);
void lease_forget(struct state *s, u32 row);

/* The moment at which the lease ends by itself, and how (settled 106, 116). */
u64 lease_end_s(const struct lease_row *l, const struct params *p, u32 *reason);

/* The second of its warning for the present end; INTERVAL_OPEN if it has been given. */
u64 lease_warning_s(const struct lease_row *l, const struct params *p);
void lease_warn(struct state *s, u32 row, u64 second);

/* After a change of lease_warning_s: each running lease that is to be warned is so at its new
 * second, or now, at `second`, where that has passed. */
void lease_warnings_moved(struct state *s, u64 second);

#endif /* CHAIN_MOCK_CONTRACTS_LEASE_H */
