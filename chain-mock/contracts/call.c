#include "chain-mock/contracts/call.h"

enum err contract_call(struct call *c, const struct tx *tx)
{
    u32 roles = tx_rows[tx->kind].roles;

    if (roles != 0 && (account_at(c->s, c->from)->roles & roles) == 0)
        return ERR_MissingRole;
    switch (tx->kind) {
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    case TX_##NAME:                                                                                \
        return call_##name(c, &tx->u.name);
#include "protocol/tx.def"
#undef TX
    case TX_KINDS:
        break;
    }
    check_unreachable();
}
