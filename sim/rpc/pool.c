/* What waits in the pool, and what became of a transaction. */
#include "sim/rpc/server.h"
#include "sim/rpc/shapes.h"

#include "chain-mock/wire/abi_print.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* One of the two lists, by sender and nonce. */
struct list {
    struct json *out;
    bool queued, words; /* words: as txpool_inspect says it */
    bool of_one;        /* of this sender, and without his name */
    bool begun;         /* a sender */
    struct address sender;
};

static void put_words(struct json *out, const struct node_tx *tx)
{
    const struct envelope *e = &tx->envelope;
    char text[320], to[ADDRESS_CHARS], value[ABI_DECIMAL_CHARS], price[ABI_DECIMAL_CHARS];
    bool typed = e->type == ENVELOPE_FEE_MARKET;

    address_print(to, e->to);
    abi_print_u256(value, bytes32_of_amount(e->value));
    abi_print_u256(price, bytes32_of_amount(typed ? e->max_fee : e->gas_price));
    snprintf(text, sizeof(text), "%s: %s wei + %" PRIu64 " gas × %s wei",
             e->creates ? "contract creation" : to, value, e->gas, price);
    json_chars(out, text);
}

static void begin_sender(struct list *l, struct address sender)
{
    char name[ADDRESS_CHARS];

    if (l->begun && !l->of_one)
        json_end(l->out, '}');
    l->begun = true;
    l->sender = sender;
    if (l->of_one)
        return;
    address_print(name, sender);
    json_name(l->out, name);
    json_begin(l->out, '{');
}

static bool put_one(void *about, const struct node_tx *tx, bool queued)
{
    struct list *l = about;
    char nonce[24];

    if (queued != l->queued || (l->of_one && !address_equal(tx->from, l->sender)))
        return true;
    if (!l->begun || !address_equal(tx->from, l->sender))
        begin_sender(l, tx->from);
    snprintf(nonce, sizeof(nonce), "%" PRIu64, tx->envelope.nonce);
    json_name(l->out, nonce);
    if (l->words)
        put_words(l->out, tx);
    else
        shape_tx(l->out, tx, NULL);
    return !l->out->failed;
}

static void put_list(struct call *c, const char *name, struct list l)
{
    json_name(c->out, name);
    json_begin(c->out, '{');
    node_pool(c->rpc->node, put_one, &l);
    if (l.begun && !l.of_one)
        json_end(c->out, '}');
    json_end(c->out, '}');
}

static bool put_both(struct call *c, struct list l)
{
    l.out = c->out;
    json_begin(c->out, '{');
    put_list(c, "pending", l);
    l.queued = true;
    put_list(c, "queued", l);
    json_end(c->out, '}');
    return true;
}

bool method_pool_content(struct call *c)
{
    return put_both(c, (struct list){.words = false});
}

bool method_pool_inspect(struct call *c)
{
    return put_both(c, (struct list){.words = true});
}

bool method_pool_content_from(struct call *c)
{
    struct list l = {.of_one = true};

    return arg_address(&c->args, 0, &l.sender) && put_both(c, l);
}

struct counts {
    u64 pending, queued;
};

static bool count(void *about, const struct node_tx *tx, bool queued)
{
    struct counts *n = about;

    (void)tx;
    *(queued ? &n->queued : &n->pending) += 1;
    return true;
}

bool method_pool_status(struct call *c)
{
    struct counts n = {0, 0};

    node_pool(c->rpc->node, count, &n);
    json_begin(c->out, '{');
    json_name(c->out, "pending");
    json_u64(c->out, n.pending);
    json_name(c->out, "queued");
    json_u64(c->out, n.queued);
    json_end(c->out, '}');
    return true;
}

/* --- debug_traceTransaction --- */

static bool is_call_tracer(struct call *c)
{
    const cJSON *options = NULL;

    if (!arg_absent(&c->args, 1) && !arg_object(&c->args, 1, &options))
        return false;
    const cJSON *tracer = options == NULL ? NULL : read_member(options, "tracer");
    return (tracer != NULL && cJSON_IsString(tracer) &&
            strcmp(tracer->valuestring, "callTracer") == 0) ||
           call_refuse(c, RPC_UNSUPPORTED,
                       "contracts here are native and have no steps: only the callTracer can tell "
                       "of them");
}

/* A native contract calls no other by address: there is one call. */
static void put_frame(struct call *c, const struct node_tx *tx)
{
    struct json *out = c->out;

    json_begin(out, '{');
    json_name(out, "type");
    json_chars(out, tx->envelope.creates ? "CREATE" : "CALL");
    json_name(out, "from");
    json_address(out, tx->from);
    if (!tx->envelope.creates) {
        json_name(out, "to");
        json_address(out, tx->envelope.to);
    }
    json_name(out, "value");
    json_amount(out, tx->envelope.value);
    json_name(out, "gas");
    json_u64(out, tx->envelope.gas);
    json_name(out, "gasUsed");
    json_u64(out, tx->gas_used);
    json_name(out, "input");
    json_data(out, tx->envelope.data);
    if (tx->err != ERR_None) {
        json_name(out, "error");
        json_chars(out, tx->err == ERR_OutOfGas ? "out of gas" : "execution reverted");
        json_name(out, "revertReason");
        json_chars(out, err_text(tx->err));
    }
    json_end(out, '}');
}

bool method_trace(struct call *c)
{
    struct bytes32 hash;
    struct node_tx tx;

    if (!arg_hash(&c->args, 0, &hash) || !is_call_tracer(c))
        return false;
    if (!node_tx_of(c->rpc->node, &hash, &tx) || !tx.mined)
        return call_refuse(c, RPC_SERVER, "transaction not found");
    put_frame(c, &tx);
    return true;
}
