#include "sim/rpc/look.h"

#include <inttypes.h>

u64 look_number(struct call *c, const struct block_ref *ref)
{
    switch (ref->tag) {
    case BLOCK_LATEST:
    case BLOCK_PENDING:
    case BLOCK_SAFE:
    case BLOCK_FINALIZED:
        return node_head(c->rpc->node);
    case BLOCK_EARLIEST:
        return 0;
    case BLOCK_NUMBER:
        return ref->number;
    case BLOCK_HASH:
        break;
    }
    check_unreachable();
}

bool look_block(struct call *c, const struct block_ref *ref, struct node_block *out)
{
    if (ref->tag == BLOCK_HASH)
        return node_block_of(c->rpc->node, &ref->hash, out);
    if (ref->tag == BLOCK_PENDING) {
        node_block_pending(c->rpc->node, out);
        return true;
    }
    return node_block_at(c->rpc->node, look_number(c, ref), out);
}

bool look_state(struct call *c, const struct block_ref *ref)
{
    u64 head = node_head(c->rpc->node);
    struct node_block b;

    if (ref->tag != BLOCK_HASH && look_number(c, ref) == head)
        return true;
    if (!look_block(c, ref, &b)) {
        if (ref->tag == BLOCK_HASH)
            return call_refuse(c, RPC_SERVER, "header not found: no block has this hash");
        return call_refuse(c, RPC_SERVER,
                           "header not found: the head is block %" PRIu64 ", asked for %" PRIu64,
                           head, ref->number);
    }
    return b.number == head ||
           call_refuse(c, RPC_SERVER,
                       "state of block %" PRIu64
                       " is not available: only the head's, of block %" PRIu64 ", is kept",
                       b.number, head);
}

bool look_state_arg(struct call *c, u32 i)
{
    struct block_ref ref;

    return arg_block(&c->args, i, &ref) && look_state(c, &ref);
}
