/* dev - going back to a snapshot, and balances and nonces that no transaction made.  Each is a
 * record of the process, so that a replay does it again. */
#include "sim/node/parts.h"

u64 node_snapshot(struct node *n)
{
    struct edit e = {.kind = EDIT_SNAPSHOT};
    struct node_kept *k;

    if (!process_edit(n->c.process, n->c.process->now, &e) || !reserve_grow(&n->kept, 1))
        return UINT64_MAX;
    k = (struct node_kept *)n->kept.base + n->kept.count - 1;
    *k = (struct node_kept){n->next_kept++, process_snapshots(n->c.process) - 1, n->head.number,
                            n->terms};
    return k->id;
}

static bool go_back(struct node *n, const struct node_kept *k)
{
    struct edit e = {.kind = EDIT_REVERT, .value = AMOUNT(k->edit)};
    struct node_block head;

    node_tell(n, NODE_TOLD_REVERTING, k->number, NULL);
    if (!process_edit(n->c.process, n->c.process->now, &e))
        return false;
    bool there = store_block_at_or_below(n->store, k->number, &head);
    check(there && head.number == k->number);
    n->head = head;
    n->slot = head.slot;
    n->terms = k->terms;
    n->unsaved = n->unblocked = true;
    node_went_back(n);
    node_clock_follow(n, false);
    n->interval_from = node_slot_now(n); /* blocks that are gone are not made up for */
    (void)store_cut(n->store, k->number);
    node_tell(n, NODE_TOLD_REVERTED, k->number, NULL);
    return true;
}

bool node_revert(struct node *n, u64 id)
{
    struct node_kept *kept = n->kept.base;

    for (size_t i = 0; i < n->kept.count; i++) {
        if (kept[i].id != id)
            continue;
        struct node_kept k = kept[i];
        n->kept.count = i; /* it and the newer ones are used up */
        return go_back(n, &k);
    }
    return false;
}

/* An account that nobody knew begins with an edit of its own. */
static bool edit(struct node *n, enum edit_kind kind, struct address a, u128 value,
                 struct refusal *why)
{
    struct edit e = {.kind = kind, .value = AMOUNT(value)};

    for (u32 i = 0; i < sizeof(a.byte); i++)
        e.address[i] = a.byte[i];
    if (!process_edit(n->c.process, n->c.process->now, &e))
        return node_refuse(why, -32602, "the chain cannot hold this");
    node_learn_accounts(n);
    n->unblocked = true;
    return true;
}

bool node_set_balance(struct node *n, struct address a, struct amount balance, struct refusal *why)
{
    return edit(n, EDIT_BALANCE, a, balance.wei, why);
}

bool node_set_nonce(struct node *n, struct address a, u64 nonce, struct refusal *why)
{
    if (nonce < node_nonce(n, a, false))
        return node_refuse(why, -32602, "nonce too low: a nonce never falls, state: %llu",
                           (unsigned long long)node_nonce(n, a, false));
    return edit(n, EDIT_NONCE, a, nonce, why);
}
