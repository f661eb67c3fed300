/* call - one call of a contract function, whoever encoded it.
 *
 * A handler finds the rows, lets the rules of protocol/ work on them and answers.  It may leave a
 * half done change behind when it answers an error: the chain reverts it.
 */
#ifndef CHAIN_MOCK_CONTRACTS_CALL_H
#define CHAIN_MOCK_CONTRACTS_CALL_H

#include "chain-mock/state/ledger.h"
#include "chain-mock/state/state.h"

struct call {
    struct state *s;
    u32 from; /* account */
    u64 now_s, slot;
    const u32 *data; /* words that came with the block */
    u32 data_count;
    u64 id; /* out: of what was made */
};

/* Checks the roles of the row and runs the handler. */
must_use enum err contract_call(struct call *c, const struct tx *tx);

#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    must_use enum err call_##name(struct call *c, const struct tx_##name *a);
#include "protocol/tx.def"
#undef TX

#endif /* CHAIN_MOCK_CONTRACTS_CALL_H */
