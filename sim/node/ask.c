/* ask - what a call would answer and cost in the coming block; nothing of it stays. */
#include "sim/node/parts.h"

#include <string.h>

struct question {
    struct door_call call;
    struct block_tx tx;
};

/* The call as a transaction of the coming block; its newcomers are forgotten by the caller. */
static bool put_question(struct node *n, const struct node_ask *ask, struct question *q,
                         struct refusal *why)
{
    node_forget_newcomers(n);
    q->call = (struct door_call){.from = n->door.account(n->door.about, ask->from),
                                 .creates = ask->creates,
                                 .to = ask->to,
                                 .value = ask->value,
                                 .data = ask->data};
    if (ask->creates)
        return node_refuse(why, -32000,
                           "contract creation is not supported: the contracts of this chain are "
                           "native and have no bytecode");
    if (ask->has_gas && ask->gas < NODE_GAS_LEAST)
        return node_refuse(why, -32000, "intrinsic gas too low: gas %llu, minimum needed %u",
                           (unsigned long long)ask->gas, NODE_GAS_LEAST);
    if (ask->has_tip && ask->has_max_fee && amount_cmp(ask->max_tip, ask->max_fee) > 0)
        return node_refuse(why, -32000, "max priority fee per gas higher than max fee per gas");
    q->tx = (struct block_tx){.from = q->call.from, .gas_limit = ask->has_gas ? ask->gas : 0};
    door_tx(&n->door, &q->call, &q->tx.tx);
    return true;
}

static void try_it(struct node *n, struct question *q)
{
    chain_try(n->c.process->chain, node_next_slot(n), n->newcomers.base, (u32)n->newcomers.count,
              n->words.base, (u32)n->words.count, &q->tx);
    node_forget_newcomers(n);
}

/* geth's "execution reverted", with the error's name and arguments, for we know the ABI. */
static bool reverted(struct node *n, const struct question *q, struct refusal *why)
{
    char text[160];
    struct sink words = SINK(text, sizeof(text));

    (void)node_refuse(why, 3, "execution reverted");
    why->has_data = true;
    why->data_size = (u32)door_revert(&n->door, &q->call, q->tx.err, why->data);
    if (door_revert_text(&n->door, SLICE(why->data, why->data_size), &words)) {
        (void)sink_end(&words);
        u8 data[DOOR_REVERT_BYTES];
        u32 size = why->data_size;
        memcpy(data, why->data, size);
        (void)node_refuse(why, 3, "execution reverted: %s", text);
        why->has_data = true;
        why->data_size = size;
        memcpy(why->data, data, size);
    }
    return false;
}

static bool is_funds(const struct question *q)
{
    return q->tx.tx.kind == TX_SEND && q->tx.err == ERR_InsufficientBalance;
}

/* What the coin has to do with it: a balance that is stated for this call only counts instead. */
static bool covered(const struct node_ask *ask)
{
    return ask->has_balance && amount_cmp(ask->balance, ask->value) >= 0;
}

static bool judge(struct node *n, const struct node_ask *ask, const struct question *q,
                  struct refusal *why)
{
    if (q->tx.err == ERR_None || (is_funds(q) && covered(ask)))
        return true;
    if (is_funds(q))
        return node_refuse(why, -32000, "insufficient funds for transfer");
    return reverted(n, q, why);
}

/* Nothing is given to an account that runs no code: nothing happens, whoever that is. */
static bool is_plain(const struct node *n, const struct node_ask *ask)
{
    return ask->value.wei == 0 && !door_contract(&n->door, ask->to);
}

bool node_call(struct node *n, const struct node_ask *ask, struct slice *answer,
               struct refusal *why)
{
    struct question q;
    size_t size;

    if (!put_question(n, ask, &q, why))
        return false;
    if (door_contract(&n->door, ask->to) &&
        door_view(&n->door, &q.call, n->room, n->room_size, &size)) {
        node_forget_newcomers(n);
        if (size > n->room_size)
            return node_refuse(why, -32000, "the answer of %zu bytes is too large", size);
        *answer = SLICE(n->room, size);
        return true;
    }
    *answer = SLICE(n->room, 0);
    if (is_plain(n, ask)) {
        node_forget_newcomers(n);
        return true;
    }
    try_it(n, &q);
    if (q.tx.err == ERR_OutOfGas)
        return node_refuse(why, -32000, "out of gas");
    if (!judge(n, ask, &q, why))
        return false;
    *answer = SLICE(n->room, door_returned(&n->door, &q.call, n->room));
    return true;
}

bool node_estimate(struct node *n, const struct node_ask *ask, u64 *gas, struct refusal *why)
{
    struct question q;

    if (!put_question(n, ask, &q, why))
        return false;
    try_it(n, &q);
    *gas = tx_rows[q.tx.tx.kind].gas;
    if (q.tx.err == ERR_OutOfGas)
        return node_refuse(why, -32000, "gas required exceeds allowance (%llu)",
                           (unsigned long long)ask->gas);
    return judge(n, ask, &q, why);
}
