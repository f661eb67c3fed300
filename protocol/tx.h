/* tx - what can be asked of the chain, as the typed door takes it.
 *
 * Struct, number, gas, roles, encoder, decoder and dispatcher come from the rows of tx.def.  A
 * transaction inside a simulation is this struct: no ABI, no signature (design.md 3).
 */
#ifndef PROTOCOL_TX_H
#define PROTOCOL_TX_H

#include "protocol/field.h"

enum role {
    ROLE_GOVERNANCE = 1,
    ROLE_ORACLE = 2,
    ROLE_REPORTER = 4,
    ROLE_FOUNDATION = 8,
    ROLE_TREASURY = 16,
    ROLE_ISSUER = 32
};

enum contract {
    CONTRACT_TOKEN,
    CONTRACT_ORACLE,
    CONTRACT_REGISTRY,
    CONTRACT_STAKING,
    CONTRACT_REWARDER,
    CONTRACT_ESCROW,
    CONTRACT_ORDER,
    CONTRACT_BID,
    CONTRACT_LEASE,
    CONTRACT_LIVENESS,
    CONTRACT_GOVERNANCE,
    CONTRACT_COIN, /* of none: plain transfers, and calls that no contract takes */
    CONTRACT_KINDS
};

enum tx_kind {
#define TX(NAME, name, contract, gas, roles, fields, doc) TX_##NAME,
#include "protocol/tx.def"
#undef TX
    TX_KINDS
};

#define FIELD(type, name) FIELD_TYPE_##type name;
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    struct tx_##name {                                                                             \
        fields                                                                                     \
    };
#include "protocol/tx.def"
#undef TX
#undef FIELD

struct tx {
    enum tx_kind kind;
    u32 tag; /* the sender's own; comes back with the answer */
    union {
#define TX(NAME, name, contract, gas, roles, fields, doc) struct tx_##name name;
#include "protocol/tx.def"
#undef TX
    } u;
};

struct tx_row {
    const char *name; /* as in tx.def */
    enum contract contract;
    u32 gas, roles;
};

extern const struct tx_row tx_rows[TX_KINDS];

#define TX_BYTES_MAX 128u

void tx_encode(struct writer *w, const struct tx *tx);

/* Take one transaction off r.  False: not a transaction, *tx is not to be read. */
must_use bool tx_decode(struct reader *r, struct tx *tx);

#endif /* PROTOCOL_TX_H */
