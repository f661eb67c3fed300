/* What gas costs and has cost. */
#include "sim/rpc/look.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#define BLOCKS_MAX 1024u
#define PERCENTILES_MAX 100u

bool method_gas_price(struct call *c)
{
    json_amount(c->out, node_base_fee(c->rpc->node));
    return true;
}

/* Blocks take transactions in the order in which they come: a tip buys nothing. */
bool method_priority_fee(struct call *c)
{
    json_u64(c->out, 0);
    return true;
}

bool method_blob_base_fee(struct call *c)
{
    json_u64(c->out, 1); /* EIP-4844: MIN_BASE_FEE_PER_BLOB_GAS */
    return true;
}

/* --- fee history --- */

struct percentiles {
    double percent[PERCENTILES_MAX]; /* never falling, 0 to 100 */
    u32 count;
};

static bool read_percentiles(struct call *c, struct percentiles *out)
{
    const cJSON *item = c->args.first->next->next;

    *out = (struct percentiles){.count = 0};
    if (arg_absent(&c->args, 2))
        return true;
    if (!cJSON_IsArray(item))
        return arg_refuse(&c->args, 2, "not an array");
    for (item = item->child; item != NULL; item = item->next) {
        double least = out->count == 0 ? 0 : out->percent[out->count - 1];
        if (out->count == PERCENTILES_MAX)
            return call_refuse(c, RPC_INVALID_PARAMS, "too many reward percentiles, at most %u",
                               PERCENTILES_MAX);
        if (!cJSON_IsNumber(item) || !(item->valuedouble >= least) || item->valuedouble > 100)
            return call_refuse(c, RPC_INVALID_PARAMS,
                               "invalid reward percentile: they go from 0 to 100 and never fall");
        out->percent[out->count++] = item->valuedouble;
    }
    return true;
}

/* What a transaction gave beyond the base fee, and how much gas it used. */
struct tip {
    struct amount tip;
    u64 gas;
};

static int compare_tips(const void *a, const void *b)
{
    const struct tip *left = a, *right = b;

    return amount_cmp(left->tip, right->tip);
}

/* Those of a block, lowest first; the caller's to free.  NULL: no memory. */
static struct tip *tips_of(struct call *c, const struct node_block *b)
{
    struct tip *tips = calloc(b->txs + 1u, sizeof(*tips));
    struct node_tx tx;

    for (u32 i = 0; tips != NULL && i < b->txs; i++)
        if (node_tx_at(c->rpc->node, b->number, i, &tx)) {
            tips[i].gas = tx.gas_used;
            if (!amount_sub(&tips[i].tip, tx.gas_price, b->base_fee))
                tips[i].tip = AMOUNT(0);
        }
    if (tips != NULL)
        qsort(tips, b->txs, sizeof(*tips), compare_tips);
    return tips;
}

/* At each percentile of the gas, the tip of the transaction that used it; 0 where there is none. */
static bool put_rewards(struct call *c, const struct node_block *b, const struct percentiles *p)
{
    struct tip *tips = tips_of(c, b);
    u64 gas = 0;
    u32 i = 0;

    if (tips == NULL)
        return call_refuse(c, RPC_SERVER, "no memory");
    json_begin(c->out, '[');
    for (u32 k = 0; k < p->count; k++) {
        while (i + 1 < b->txs &&
               (double)(gas + tips[i].gas) < (double)b->gas_used * p->percent[k] / 100)
            gas += tips[i++].gas;
        json_amount(c->out, tips[i].tip);
    }
    json_end(c->out, ']');
    free(tips);
    return true;
}

/* One column of the answer over its blocks. */
enum column { BASE_FEES, RATIOS, REWARDS };

static bool put_column(struct call *c, u64 first, u64 count, enum column column,
                       const struct percentiles *p)
{
    struct node_block b;

    json_begin(c->out, '[');
    for (u64 n = first; n < first + count; n++) {
        if (!node_block_at(c->rpc->node, n, &b))
            continue;
        if (column == BASE_FEES)
            json_amount(c->out, b.base_fee);
        else if (column == RATIOS)
            json_ratio(c->out, b.gas_used < b.gas_limit ? b.gas_used : b.gas_limit, b.gas_limit);
        else if (!put_rewards(c, &b, p))
            return false;
    }
    return true;
}

static bool put_history(struct call *c, u64 first, u64 count, const struct percentiles *p)
{
    struct node_block next;

    json_begin(c->out, '{');
    json_name(c->out, "oldestBlock");
    json_u64(c->out, first);
    json_name(c->out, "baseFeePerGas"); /* rpc.md 3: "one base fee more than blocks" */
    if (!put_column(c, first, count, BASE_FEES, p))
        return false;
    if (node_block_at(c->rpc->node, first + count, &next))
        json_amount(c->out, next.base_fee);
    else
        json_amount(c->out, node_base_fee(c->rpc->node));
    json_end(c->out, ']');
    json_name(c->out, "gasUsedRatio");
    if (!put_column(c, first, count, RATIOS, p))
        return false;
    json_end(c->out, ']');
    if (p->count > 0) {
        json_name(c->out, "reward");
        if (!put_column(c, first, count, REWARDS, p))
            return false;
        json_end(c->out, ']');
    }
    json_end(c->out, '}');
    return true;
}

bool method_fee_history(struct call *c)
{
    struct block_ref newest;
    struct percentiles p;
    u64 count, head = node_head(c->rpc->node);

    if (!arg_u64(&c->args, 0, &count) || !arg_block_number(&c->args, 1, &newest) ||
        !read_percentiles(c, &p))
        return false;
    u64 last = look_number(c, &newest);
    if (last > head)
        return call_refuse(c, RPC_SERVER, "request beyond head block: requested %llu, head %llu",
                           (unsigned long long)last, (unsigned long long)head);
    if (count > BLOCKS_MAX)
        count = BLOCKS_MAX;
    if (count > last + 1)
        count = last + 1;
    return put_history(c, count == 0 ? 0 : last + 1 - count, count, &p); /* as geth has it */
}
