/* door - the wire door: what the outside calls the chain's functions, events and errors.
 *
 *     calldata ──▶ door_tx() ──▶ struct tx ──▶ chain_step()    which takes it as it is
 *     topics, data ◀── door_logs() ◀── struct log ◀──┤
 *     revert data ◀── door_revert() ◀── enum err ◀───┘
 *     door_view()    reads the state and changes nothing
 *
 * Two sets of contracts stand behind it.  The deployed network's (generation 1.3.5) at their real
 * addresses with their real ABI, as far as the market goes (market.def).  And one for each contract
 * of tx.def, exact and whole: each row of tx.def is a function, each of log.def an event, each of
 * err.def an error, in camel case and with the names of their fields; accounts are addresses,
 * amounts uint256.  Either way the call ends as a row of tx.def, and gas follows from that row
 * (design.md 3).
 */
#ifndef CHAIN_MOCK_DOOR_DOOR_H
#define CHAIN_MOCK_DOOR_DOOR_H

#include "chain-mock/state/chain.h"
#include "chain-mock/wire/address.h"
#include "chain-mock/wire/sink.h"

/* The functions that read: rows of view.def. */
enum door_view_id {
#define VIEW(contract, name, signature) DOOR_VIEW_##name,
#include "chain-mock/door/view.def"
#undef VIEW
    DOOR_VIEWS
};

/* The deployed contracts, their functions and events: rows of market.def. */
enum door_market {
#define MARKET(NAME, name, address) DOOR_MARKET_##NAME,
#include "chain-mock/door/market.def"
    DOOR_MARKETS
};

enum door_market_call {
#define MARKET_CALL(MARKET, name, signature) DOOR_CALL_##name,
#include "chain-mock/door/market.def"
    DOOR_MARKET_CALLS
};

enum door_market_read {
#define MARKET_READ(MARKET, name, signature) DOOR_READ_##name,
#include "chain-mock/door/market.def"
    DOOR_MARKET_READS
};

enum door_market_event {
#define MARKET_EVENT(MARKET, name, signature) DOOR_EVENT_##name,
#include "chain-mock/door/market.def"
    DOOR_MARKET_EVENTS
};

/* A token of the chain as the deployed contracts name it. */
struct door_token {
    const char *symbol;
    struct address address;
};

/* Those that the published SDK knows, and SPON at an address of its own. */
#define DOOR_TOKENS_KNOWN 6u
extern const struct door_token door_tokens_known[DOOR_TOKENS_KNOWN];

/* Selectors and topics of all rows, found once. */
struct door_tables {
    u32 views[DOOR_VIEWS];
    u32 market_calls[DOOR_MARKET_CALLS], market_reads[DOOR_MARKET_READS];
    struct bytes32 market_topics[DOOR_MARKET_EVENTS];
    struct address markets[DOOR_MARKETS];
    u32 selectors[TX_KINDS];
    u32 errors[ERR_KINDS];
    struct bytes32 topics[LOG_KINDS];
};

struct door {
    const struct chain *chain;
    void *about; /* the host's */
    /* The account of an address, made with the coming block where nobody has it; 0: no more can be
     * made. */
    u32 (*account)(void *about, struct address a);
    /* The account of an address, for what only reads; 0: nobody's. */
    u32 (*find)(void *about, struct address a);
    /* A word that REPORT_RESPONSES will refer to, for the coming block; its offset.  Words that are
     * given one after the other lie so. */
    u32 (*word)(void *about, u32 word);
    const struct door_token *tokens; /* of the chain, by number; those beyond have no contract */
    u32 token_count;
    const char *const *regions; /* names of regions 1, 2, ...; NULL: they have none */
    u32 region_count;
    u64 genesis_unix_s; /* second of slot 0, where clients look at clocks */
    struct door_tables tables;
};

/* Finds the tables; the other members are the caller's. */
void door_open(struct door *d);

struct door_call {
    u32 from; /* account */
    bool creates;
    struct address to;
    struct amount value;
    struct slice data;
};

/* What the call asks of the chain.  Always something: what no contract takes is TX_REFUSED with
 * its reason, for such a transaction is mined too.  Calls of the deployed contracts are
 * completed from the state (an order's lease, a provider's machine), so ask when the block is
 * made and not before. */
void door_tx(struct door *d, const struct door_call *c, struct tx *out);

/* Is this one of our contracts?  Such addresses have code (rpc.md 3: 0xfe). */
bool door_contract(const struct door *d, struct address a);

/* Reads, at the chain's present state.  True: a function that reads, whose answer of *n bytes is in
 * out if they fit into room (else call again with more); false: no such function, or not so
 * encoded. */
must_use bool door_view(struct door *d, const struct door_call *c, u8 *out, size_t room, size_t *n);

#define DOOR_TOPICS_MAX 4u
#define DOOR_LOGS_MAX 5u /* that one typed log may be */

struct door_log {
    struct address address;
    u32 topic_count;
    struct bytes32 topics[DOOR_TOPICS_MAX];
    struct slice data; /* a piece of the room that was given */
};

/* The Solidity logs of a typed one, told in a transaction to `to` with this calldata (both zero for
 * moments and matches: what only a caller said, an order's text, is then made of what the order
 * asks).  How many, the exact one first; their data lie in room, *used bytes of it.  A room of
 * DOOR_LOGS_BYTES always suffices.  What the deployed contracts say in their own units is completed
 * from the state, so ask after the block that told it; of what the chain has let go since, the
 * exact log is all. */
#define DOOR_LOGS_BYTES 4096u
u32 door_logs(const struct door *d, const struct log *log, const struct door_call *told_in,
              struct door_log out[DOOR_LOGS_MAX], u8 *room, size_t size, size_t *used);

/* What a call that succeeded returns: true of a token's transfer, transferFrom and approve, and
 * nothing of all others.  How many bytes. */
#define DOOR_RETURN_BYTES 32u
size_t door_returned(const struct door *d, const struct door_call *c, u8 out[DOOR_RETURN_BYTES]);

/* Revert data of an answer to a call: the error as the called contract names it, with its
 * arguments; none for UnknownCall and NotPayable, as Solidity's dispatcher gives none.  At most 256
 * bytes; how many. */
#define DOOR_REVERT_BYTES 256u
size_t door_revert(const struct door *d, const struct door_call *c, enum err e,
                   u8 out[DOOR_REVERT_BYTES]);

/* The same of a transaction that is long mined: the exact set's error, which has no arguments that
 * the present state would give otherwise than the past one. */
size_t door_revert_exact(const struct door *d, enum err e, u8 out[DOOR_REVERT_BYTES]);

/* "InsufficientBalance(5, 100)" of revert data that one of our contracts gives; false: not ours. */
must_use bool door_revert_text(const struct door *d, struct slice data, struct sink *out);

/* The exact set, the other way: what a client of ours sends and reads. */
size_t door_call_write(const struct door *d, const struct tx *tx, const u32 *words, u8 *out,
                       size_t room);
struct address door_exact_address(enum contract c);
/* False: no log of the exact set. */
must_use bool door_log_read(struct door *d, const struct door_log *in, struct log *out);
/* The answer that revert data of the exact set stands for; None: none of it. */
enum err door_revert_read(const struct door *d, struct slice data);

/* ---- every contract, for `orrery abi` ---- */

u32 door_contracts(void);
const char *door_contract_name(u32 i);
struct address door_contract_address(u32 i);
/* Its JSON ABI, and its signatures as people write them, a line each; false: it does not fit. */
must_use bool door_contract_json(u32 i, struct sink *out);
must_use bool door_contract_lines(u32 i, struct sink *out);

#endif /* CHAIN_MOCK_DOOR_DOOR_H */
