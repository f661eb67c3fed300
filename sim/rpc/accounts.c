/* Accounts whose keys the node holds, and what they sign. */
#include "sim/rpc/server.h"
#include "sim/rpc/typed_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNATURE_BYTES 65u /* r, s, and 27 with the parity */

bool method_accounts(struct call *c)
{
    json_begin(c->out, '[');
    for (u32 i = 0; i < node_keys(c->rpc->node); i++)
        json_address(c->out, node_key_address(c->rpc->node, i));
    json_end(c->out, ']');
    return true;
}

static bool put_signature(struct call *c, struct address from, struct bytes32 hash)
{
    struct signature s;
    u8 bytes[SIGNATURE_BYTES];

    if (!node_sign(c->rpc->node, from, hash, &s))
        return call_refuse(c, RPC_SERVER, "unknown account");
    memcpy(bytes, s.r.byte, 32);
    memcpy(bytes + 32, s.s.byte, 32);
    bytes[64] = (u8)(27 + s.y_parity);
    json_data(c->out, SLICE(bytes, sizeof(bytes)));
    return true;
}

/* EIP-191, version 0x45. */
static bool sign_message(struct call *c, struct address from, struct slice message)
{
    char head[64];
    int n = snprintf(head, sizeof(head),
                     "\x19"
                     "Ethereum Signed Message:\n%zu",
                     message.n);
    u8 *whole = malloc((size_t)n + message.n);

    if (whole == NULL)
        return call_refuse(c, RPC_SERVER, "no memory");
    memcpy(whole, head, (size_t)n);
    if (message.n != 0)
        memcpy(whole + n, message.at, message.n);
    struct bytes32 hash = bytes32_keccak(SLICE(whole, (size_t)n + message.n));
    free(whole);
    return put_signature(c, from, hash);
}

static bool sign_args(struct call *c, u32 address_at, u32 message_at)
{
    struct address from;
    struct slice message;

    return arg_address(&c->args, address_at, &from) && arg_data(&c->args, message_at, &message) &&
           sign_message(c, from, message);
}

bool method_sign(struct call *c)
{
    return sign_args(c, 0, 1);
}

bool method_personal_sign(struct call *c)
{
    return sign_args(c, 1, 0);
}

bool method_sign_typed_data(struct call *c)
{
    struct address from;
    struct bytes32 hash;

    return arg_address(&c->args, 0, &from) && typed_data_hash(&c->args, 1, &hash) &&
           put_signature(c, from, hash);
}
