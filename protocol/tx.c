#include "protocol/tx.h"

#include "protocol/field.h"

const struct tx_row tx_rows[TX_KINDS] = {
#define TX(NAME, name_, contract_, gas_, roles_, fields, doc)                                      \
    [TX_##NAME] = {#name_, CONTRACT_##contract_, gas_, roles_},
#include "protocol/tx.def"
#undef TX
};

void tx_encode(struct writer *w, const struct tx *tx)
{
    put_u32(w, (u32)tx->kind);
    put_u32(w, tx->tag);
    switch (tx->kind) {
#define FIELD(type, name) FIELD_PUT_##type(w, body->name);
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    case TX_##NAME: {                                                                              \
        const struct tx_##name *body = &tx->u.name;                                                \
        fields return;                                                                             \
    }
#include "protocol/tx.def"
#undef TX
#undef FIELD
    case TX_KINDS:
        break;
    }
    check_unreachable();
}

bool tx_decode(struct reader *r, struct tx *tx)
{
    u32 kind = get_u32(r);

    if (!r->ok || kind >= TX_KINDS)
        return false;
    tx->kind = (enum tx_kind)kind;
    tx->tag = get_u32(r);
    switch (tx->kind) {
#define FIELD(type, name) FIELD_GET_##type(r, body->name);
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    case TX_##NAME: {                                                                              \
        struct tx_##name *body = &tx->u.name;                                                      \
        fields break;                                                                              \
    }
#include "protocol/tx.def"
#undef TX
#undef FIELD
    case TX_KINDS:
        check_unreachable();
    }
    return r->ok;
}
