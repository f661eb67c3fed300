/* Logs, and filters that wait for them. */
#include "sim/rpc/look.h"
#include "sim/rpc/shapes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- logs as they are visited --- */

struct listing {
    struct call *call;
    bool removed;
    bool has_block;
    struct node_block block; /* of the log before */
    bool no_memory;
    u8 *data; /* a copy, where it must outlive the question for the block */
};

/* The block of a log; its data are copied before, for they last until the next question only. */
static bool find_block(struct listing *l, struct node_log *log)
{
    if (l->has_block && l->block.number == log->block)
        return true;
    size_t n = log->log.data.n;
    u8 *data = realloc(l->data, n + 1);
    if (data == NULL) {
        l->no_memory = true;
        return false;
    }
    l->data = data;
    if (n != 0)
        memcpy(data, log->log.data.at, n);
    log->log.data.at = data;
    l->has_block = node_block_at(l->call->rpc->node, log->block, &l->block);
    return l->has_block;
}

static bool put_log(void *about, const struct node_log *log)
{
    struct listing *l = about;
    struct node_log copy = *log;

    if (find_block(l, &copy))
        shape_log(l->call->out, &copy, &l->block, l->removed);
    return !l->call->out->failed && !l->no_memory;
}

/* Elements of an array. */
static bool put_logs(struct call *c, const struct node_filter *f, bool removed)
{
    struct listing l = {.call = c, .removed = removed};

    if (f->from <= f->to)
        node_logs(c->rpc->node, f, put_log, &l);
    free(l.data);
    return !l.no_memory || call_refuse(c, RPC_SERVER, "no memory");
}

static bool put_all(struct call *c, const struct node_filter *f)
{
    json_begin(c->out, '[');
    bool ok = put_logs(c, f, false);
    json_end(c->out, ']');
    return ok;
}

/* --- eth_getLogs --- */

/* The blocks that a query means now. */
static bool set_blocks(struct call *c, struct query *q)
{
    struct node_block b;

    if (q->has_hash) {
        if (!node_block_of(c->rpc->node, &q->hash, &b))
            return call_refuse(c, RPC_SERVER, "unknown block");
        q->filter.from = q->filter.to = b.number;
        return true;
    }
    q->filter.from = look_number(c, &q->from);
    q->filter.to = look_number(c, &q->to);
    return q->filter.from <= q->filter.to || !q->has_from || !q->has_to ||
           call_refuse(c, RPC_INVALID_PARAMS, "invalid block range params");
}

bool method_logs(struct call *c)
{
    struct query q;

    if (!arg_query(&c->args, 0, &q))
        return false;
    bool ok = set_blocks(c, &q) && put_all(c, &q.filter);
    query_free(&q);
    return ok;
}

/* --- filters --- */

static struct filter *add_filter(struct call *c, enum filter_kind kind)
{
    struct filter *f = filters_add(&c->rpc->filters, kind, c->now_ms);

    if (f == NULL) {
        call_refuse(c, RPC_SERVER, "too many filters: %u are installed, the most there may be",
                    FILTERS_MAX);
        return NULL;
    }
    f->next = node_head(c->rpc->node) + 1;
    json_u64(c->out, f->id);
    return f;
}

static bool can_wait(struct call *c, struct query *q)
{
    if (q->has_hash)
        return arg_refuse(&c->args, 0, "a filter waits: it has no blockHash");
    return set_blocks(c, q);
}

bool method_new_filter(struct call *c)
{
    struct query q;

    if (!arg_query(&c->args, 0, &q))
        return false;
    struct filter *f = can_wait(c, &q) ? add_filter(c, FILTER_LOGS) : NULL;
    if (f == NULL) {
        query_free(&q);
        return false;
    }
    f->query = q;
    f->from = q.has_from ? look_number(c, &q.from) : f->next;
    f->to = q.has_to && (q.to.tag == BLOCK_NUMBER || q.to.tag == BLOCK_EARLIEST)
                ? look_number(c, &q.to)
                : UINT64_MAX;
    return true;
}

bool method_new_block_filter(struct call *c)
{
    return add_filter(c, FILTER_BLOCKS) != NULL;
}

bool method_new_pending_filter(struct call *c)
{
    bool whole = false;

    if (!arg_absent(&c->args, 0) && !arg_bool(&c->args, 0, &whole))
        return false;
    struct filter *f = add_filter(c, FILTER_PENDING);
    if (f != NULL)
        f->whole = whole;
    return f != NULL;
}

/* NULL: it is refused, with the reason. */
static struct filter *find_filter(struct call *c)
{
    struct filter *f;
    u64 id;

    if (!arg_u64(&c->args, 0, &id))
        return NULL;
    f = filters_find(&c->rpc->filters, id, c->now_ms);
    if (f == NULL)
        (void)call_refuse(c, RPC_SERVER, "filter not found");
    return f;
}

bool method_uninstall_filter(struct call *c)
{
    u64 id;

    if (!arg_u64(&c->args, 0, &id))
        return false;
    struct filter *f = filters_find(&c->rpc->filters, id, c->now_ms);
    json_bool(c->out, f != NULL);
    if (f != NULL)
        filter_remove(f);
    return true;
}

bool method_filter_logs(struct call *c)
{
    struct filter *f = find_filter(c);

    if (f == NULL)
        return false;
    if (f->kind != FILTER_LOGS)
        return call_refuse(c, RPC_SERVER, "filter not found: this one is not of logs");
    f->query.filter.from = f->from;
    f->query.filter.to = f->to;
    return put_all(c, &f->query.filter);
}

static u64 later(u64 a, u64 b)
{
    return a > b ? a : b;
}

static bool put_new_logs(struct call *c, struct filter *f)
{
    u64 head = node_head(c->rpc->node);

    if (f->removed.n != 0)
        json_value(c->out, (struct text){f->removed.at, f->removed.n});
    f->query.filter.from = later(f->next, f->from);
    f->query.filter.to = f->to < head ? f->to : head;
    if (!put_logs(c, &f->query.filter, false) || c->out->failed)
        return false;
    json_free(&f->removed);
    f->next = head + 1;
    return true;
}

static bool put_new_blocks(struct call *c, struct filter *f)
{
    u64 head = node_head(c->rpc->node);
    struct node_block b;

    for (u64 n = f->next; n <= head && !c->out->failed; n++)
        if (node_block_at(c->rpc->node, n, &b))
            json_hash(c->out, &b.hash);
    if (!c->out->failed)
        f->next = head + 1;
    return true;
}

static bool put_new_pending(struct call *c, struct filter *f)
{
    struct node_tx tx;
    struct node_block b;

    for (u32 i = 0; i < f->hash_count; i++) {
        if (!f->whole) {
            json_hash(c->out, &f->hashes[i]);
            continue;
        }
        if (!node_tx_of(c->rpc->node, &f->hashes[i], &tx))
            continue; /* dropped */
        if (!tx.mined)
            shape_tx(c->out, &tx, NULL);
        else if (node_block_at(c->rpc->node, tx.block, &b) &&
                 node_tx_at(c->rpc->node, b.number, tx.index, &tx))
            shape_tx(c->out, &tx, &b);
    }
    if (!c->out->failed)
        f->hash_count = 0;
    return true;
}

bool method_filter_changes(struct call *c)
{
    struct filter *f = find_filter(c);
    bool ok = false;

    if (f == NULL)
        return false;
    json_begin(c->out, '[');
    switch (f->kind) {
    case FILTER_LOGS:
        ok = put_new_logs(c, f);
        break;
    case FILTER_BLOCKS:
        ok = put_new_blocks(c, f);
        break;
    case FILTER_PENDING:
        ok = put_new_pending(c, f);
        break;
    }
    json_end(c->out, ']');
    return ok || c->out->failed;
}

bool method_subscribe(struct call *c)
{
    return call_refuse(c, RPC_NO_METHOD, "notifications not supported");
}

/* --- blocks that are taken back --- */

/* Logs of blocks above `number` that the filter's owner has heard of are told again, as removed. */
static void take_back(struct rpc *r, struct filter *f, u64 number)
{
    struct call c = {.rpc = r, .out = &f->removed};

    if (f->next <= number + 1)
        return;
    if (f->kind == FILTER_LOGS) {
        f->query.filter.from = later(number + 1, f->from);
        f->query.filter.to = f->next - 1 < f->to ? f->next - 1 : f->to;
        if (!put_logs(&c, &f->query.filter, true))
            f->removed.failed = true;
    }
    f->next = number + 1;
}

void server_take_back(struct rpc *r, u64 number)
{
    for (u32 i = 0; i < FILTERS_MAX; i++)
        if (r->filters.filter[i].id != 0)
            take_back(r, &r->filters.filter[i], number);
}
