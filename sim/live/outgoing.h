/* outgoing - what an account has sent and not been answered: signed, asked to be taken, and sent
 * again where the chain has lost it.
 *
 * Transactions are counted from 0 on over all lives; a nonce is the count and `skew`, so what was
 * sent before a crash has the same bytes, and so the same hash, when it is sent again.  Only where
 * the chain forgot something (evm_revert, a dropped pool, somebody else's transaction in this
 * account's name) the account begins at another nonce: outgoing_from().
 */
#ifndef SIM_LIVE_OUTGOING_H
#define SIM_LIVE_OUTGOING_H

#include "chain-mock/door/door.h"
#include "sim/live/client.h"

#include <secp256k1.h>

struct outgoing_tx {
    u64 nonce;
    struct bytes32 hash;
    struct tx tx;
    u32 *words;           /* that REPORT_RESPONSES refers to; malloc, or NULL */
    u64 since;            /* the reader's block when it was last seen to be on its way */
    const cJSON *receipt; /* while its block is handed on */
    struct outgoing_tx *next;
};

struct outgoing_config {
    u64 chain_id;
    const struct door *door; /* for its tables and names only */
    const secp256k1_context *signer;
    struct bytes32 secret;
    struct client *client; /* the caller's */
};

struct outgoing {
    struct outgoing_config c;
    struct outgoing_tx *first, **end; /* in order */
    u64 count;                        /* so far */
    u64 skew;                         /* nonce - count */
    u64 price;                        /* wei of the coin that it pays for each gas */
    bool underpriced; /* the chain has others of this nonce and would have had more for it */
};

void outgoing_open(struct outgoing *o, const struct outgoing_config *config);
void outgoing_close(struct outgoing *o);

/* The next one, with the words that it refers to from offset 0 on, or NULL. */
void outgoing_add(struct outgoing *o, const struct tx *tx, const u32 *words, u32 word_count,
                  u64 since);
/* One of an earlier life, by its count. */
void outgoing_again(struct outgoing *o, u64 count, const struct tx *tx, u64 since);

/* Answered: *at is taken out. */
void outgoing_drop(struct outgoing *o, struct outgoing_tx **at);
/* None of them will ever be answered. */
void outgoing_void(struct outgoing *o);

/* The account's next nonce on chain is this one and all that has no answer is lost: it is sent
 * again from there on, and pays at least `price`. */
void outgoing_from(struct outgoing *o, u64 nonce, u64 price, u64 since);

#endif /* SIM_LIVE_OUTGOING_H */
