/* market - the deployed contracts of market.def: their functions end as rows of tx.def, their
 * events are told beside the exact ones.
 *
 * A wallet here is one's own (wallet 0), a provider the caller's.  An order and its lease have one
 * number, the order's, as the published SDK presumes (spheron/sdk.md b.7); after an update it is
 * the new lease's.  Prices are per block, durations in blocks (rate.h).  What the chain has let go,
 * ended orders and leases of eras before, reads as zero.
 */
#ifndef CHAIN_MOCK_DOOR_MARKET_H
#define CHAIN_MOCK_DOOR_MARKET_H

#include "chain-mock/door/entries.h"
#include "chain-mock/door/field.h"
#include "chain-mock/door/spec.h"

/* So long a text that comes with an order or a provider may be: its event has it. */
#define MARKET_TEXT_MAX 2048u

/* One call.  A handler takes its arguments from `in`; one that reads puts its answer to `out`. */
struct market {
    struct door *d;
    const struct state *s;
    enum door_market at;
    u32 token; /* of a token's contract */
    u32 from;
    struct abi_reader in;
    struct abi_writer out;
};

#define MARKET_CALL(MARKET, name, signature)                                                       \
    must_use enum err market_##name(struct market *m, struct tx *out);
#define MARKET_READ(MARKET, name, signature) void market_##name(struct market *m);
#include "chain-mock/door/market.def"

/* False: none of these contracts is there.  *token: whose contract it is, of TOKEN. */
must_use bool market_contract(const struct door *d, struct address a, enum door_market *out,
                              u32 *token);

struct address market_address(enum door_market m); /* not of TOKEN */
const char *market_name(enum door_market m);

enum door_market market_of_call(enum door_market_call id);
enum door_market market_of_read(enum door_market_read id);
enum door_market market_of_event(enum door_market_event id);
const char *market_call_text(enum door_market_call id);
const char *market_read_text(enum door_market_read id);
const char *market_event_text(enum door_market_event id);

/* None, or why nobody takes it. */
must_use enum err market_tx(struct door *d, enum door_market at, u32 token,
                            const struct door_call *c, struct tx *out);

/* As door_returned(). */
size_t market_returned(const struct door *d, enum door_market at, struct slice data,
                       u8 out[DOOR_RETURN_BYTES]);

/* As door_view(). */
must_use bool market_view(struct door *d, enum door_market at, u32 token, const struct door_call *c,
                          u8 *out, size_t room, size_t *n);

/* As door_logs(), the exact one excepted. */
u32 market_logs(const struct door *d, const struct log *log, const struct door_call *told_in,
                struct door_log *out, u8 *room, size_t size, size_t *used);

/* 0: the contract has no name for it. */
size_t market_revert(const struct door *d, enum door_market at, u32 token,
                     const struct door_call *c, enum err e, u8 out[DOOR_REVERT_BYTES]);
must_use bool market_revert_text(struct slice data, struct sink *out);

void market_entries(enum door_market at, struct entries *e);

/* ---- for the handlers ---- */

/* None if all arguments are read and were such; else why nobody takes the call. */
must_use enum err market_read_all(struct market *m);

/* The token at an address; TOKENS_MAX: none. */
u32 market_token_at(const struct door *d, struct address a);
struct address market_token_address(const struct door *d, u32 token);

/* An account that is there; 0: nobody's. */
u32 market_find(struct market *m, struct address a);
/* Made where nobody has it; the zero address is nobody. */
u32 market_account(struct market *m, struct address a);

/* An id that was given in more bits than ids have; 0: no id is so large. */
u64 market_get_id(struct market *m);

/* Prices and times of the wire. */
struct amount market_price(const struct door *d, struct amount price, u32 token);
u64 market_blocks(const struct door *d, u64 seconds);
u32 market_unix(const struct door *d, u64 second); /* at most 2^32 - 1 */
u32 market_block_at(const struct door *d, u64 second);

/* The newest lease of an order that the chain still has: its place, or 0. */
u32 market_lease_of(const struct state *s, u64 order);

struct spec_regions market_regions(const struct door *d);

/* The order that a lease is to the deployed contracts, or a provider, as a text. */
#define MARKET_SPEC_CHARS 1024u
struct slice market_order_text(const struct door *d, const struct spec_order *o, u64 order,
                               char out[MARKET_SPEC_CHARS]);
struct slice market_machine_text(const struct door *d, u32 provider, char out[MARKET_SPEC_CHARS]);

/* Status of a provider: spheron/sdk.md b.5. */
enum {
    MARKET_UNREGISTERED,
    MARKET_REGISTERED,
    MARKET_ACTIVE,
    MARKET_MAINTENANCE,
    MARKET_SUSPENDED,
    MARKET_DEACTIVATED
};

/* Parts of a provider that more than one contract tells. */
void market_put_host(struct abi_writer *w, u32 provider);
void market_put_payments(const struct door *d, struct abi_writer *w, u32 provider);
u32 market_status(const struct state *s, u32 provider);
u32 market_tier(const struct state *s, u32 provider); /* value: one less than ours */

#endif /* CHAIN_MOCK_DOOR_MARKET_H */
