/* Transactions on their way in. */
#include "chain-mock/wire/hex.h"
#include "sim/rpc/ask.h"
#include "sim/rpc/receipt.h"
#include "sim/rpc/server.h"
#include "sim/rpc/shapes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SYNC_MS 2000u /* of eth_sendRawTransactionSync, where nothing else is asked for */
#define SYNC_MS_MAX 60000u

#define ELSEWHERE_MS 1000u /* after which who signed it is found out here */

/* --- who signed --- */

static bool take(struct call *c, struct slice raw)
{
    struct rpc *r = c->rpc;
    struct address from;
    struct bytes32 hash = bytes32_keccak(raw);
    bool known = signers_take(r->signers, &hash, &from);

    return node_send(r->node, raw, known ? &from : NULL, &c->sent, &c->why);
}

/* Other requests are there to be read meanwhile. */
static bool begun_elsewhere(struct call *c)
{
    c->sent = bytes32_keccak(c->raw);
    return c->alone && server_crowded(c->rpc) && c->raw.n <= NODE_TX_BYTES &&
           signers_ask(c->rpc->signers, c->raw, &c->sent, true);
}

static bool is_elsewhere(struct call *c)
{
    return c->now_ms < c->begun_ms + ELSEWHERE_MS && signers_busy(c->rpc->signers, &c->sent);
}

static const char *find(struct text in, const char *what)
{
    size_t n = strlen(what);

    for (size_t i = 0; i + n <= in.n; i++)
        if (memcmp(in.at + i, what, n) == 0)
            return in.at + i;
    return NULL;
}

/* The transaction of a request as it most likely is; n 0: there is none.  Whoever guesses wrong has
 * asked in vain. */
static struct text guess_raw(struct text request)
{
    if (find(request, "\"eth_sendRawTransaction") == NULL)
        return (struct text){"", 0};
    const char *begin = find(request, "\"0x");
    if (begin == NULL)
        return (struct text){"", 0};
    begin++;
    const char *end = memchr(begin, '"', (size_t)(request.at + request.n - begin));
    return end == NULL ? (struct text){"", 0} : (struct text){begin, (size_t)(end - begin)};
}

static void ask_ahead(struct rpc *r, struct text hex, u8 *room)
{
    struct fault fault;
    size_t n;

    if (hex.n == 0 || !hex_read_data(room, NODE_TX_BYTES, &n, hex, &fault))
        return;
    struct bytes32 hash = bytes32_keccak(SLICE(room, n));
    (void)signers_ask(r->signers, SLICE(room, n), &hash, false);
}

/* The last first: they are taken from the first on here, until both meet. */
void send_ahead(struct rpc *r, const struct scan_request *requests, size_t count)
{
    u8 *room = guess_raw(requests[count - 1].text).n == 0 ? NULL : malloc(NODE_TX_BYTES);

    for (size_t i = count - 1; room != NULL && i > 0; i--)
        ask_ahead(r, guess_raw(requests[i].text), room);
    free(room);
}

/* --- sending --- */

bool method_send_raw(struct call *c)
{
    if (!c->again && !arg_data(&c->args, 0, &c->raw))
        return false;
    if (c->again ? is_elsewhere(c) : begun_elsewhere(c)) {
        c->wait_until_ms = c->begun_ms + ELSEWHERE_MS;
        return true;
    }
    if (!take(c, c->raw))
        return false;
    hold_sent(&c->rpc->hold, &c->sent, c->now_ms);
    json_hash(c->out, &c->sent);
    return true;
}

/* EIP-7966: code 4, and the hash as data. */
static bool refuse_late(struct call *c, u64 timeout_ms)
{
    call_refuse(c, RPC_TIMED_OUT,
                "the transaction was added to the transaction pool but was not in a block "
                "within %" PRIu64 " ms",
                timeout_ms);
    c->why.has_data = true;
    c->why.data_size = sizeof(c->sent.byte);
    memcpy(c->why.data, c->sent.byte, sizeof(c->sent.byte));
    return false;
}

/* The receipt of c->sent, or later. */
static bool await_receipt(struct call *c, u64 timeout_ms)
{
    struct node_tx tx;
    struct node_block b;

    if (node_tx_of(c->rpc->node, &c->sent, &tx) && tx.mined &&
        node_block_at(c->rpc->node, tx.block, &b)) {
        receipt_put(c, &tx, &b);
        return true;
    }
    if (c->now_ms >= c->begun_ms + timeout_ms)
        return refuse_late(c, timeout_ms);
    c->wait_until_ms = c->begun_ms + timeout_ms;
    return true;
}

bool method_send_raw_sync(struct call *c)
{
    struct slice raw;
    u64 timeout_ms = SYNC_MS;

    if (!arg_absent(&c->args, 1) && !arg_u64(&c->args, 1, &timeout_ms))
        return false;
    if (timeout_ms == 0 || timeout_ms > SYNC_MS_MAX)
        return arg_refuse(&c->args, 1, "a time to wait is 1 to 60000 ms");
    if (!c->again && (!arg_data(&c->args, 0, &raw) || !take(c, raw)))
        return false;
    return await_receipt(c, timeout_ms);
}

static bool read_sender(struct call *c, struct ask *ask)
{
    if (!arg_ask(&c->args, 0, ask))
        return false;
    if (!ask->has_from)
        return call_refuse(c, RPC_INVALID_PARAMS,
                           "invalid argument 0: from: who sends is not said");
    return !ask->has_chain_id || ask->chain_id == node_chain_id(c->rpc->node) ||
           call_refuse(c, RPC_SERVER, "invalid chain id for signer: have %" PRIu64 " want %" PRIu64,
                       ask->chain_id, node_chain_id(c->rpc->node));
}

static bool send_as(struct call *c, bool anybody)
{
    struct bytes32 hash;
    struct ask ask;

    if (!read_sender(c, &ask) ||
        !(anybody ? node_send_unsigned : node_send_as)(c->rpc->node, &ask.node, &hash, &c->why))
        return false;
    hold_sent(&c->rpc->hold, &hash, c->now_ms);
    json_hash(c->out, &hash);
    return true;
}

bool method_send_transaction(struct call *c)
{
    return send_as(c, false);
}

bool method_send_unsigned(struct call *c)
{
    return send_as(c, true);
}

/* A filled envelope and its encoding, which is the caller's to free; NULL: refused. */
static u8 *encode(struct call *c, const struct envelope *e, struct slice *out)
{
    size_t room = envelope_room(e);
    u8 *bytes = malloc(room);

    if (bytes == NULL)
        call_refuse(c, RPC_SERVER, "no memory");
    else
        *out = SLICE(bytes, envelope_encode(bytes, room, e));
    return bytes;
}

bool method_fill(struct call *c)
{
    struct node_tx tx = {.mined = false};
    struct slice raw;
    struct ask ask;

    if (!read_sender(c, &ask) || !node_fill(c->rpc->node, &ask.node, &tx.envelope, &c->why))
        return false;
    u8 *bytes = encode(c, &tx.envelope, &raw);
    if (bytes == NULL)
        return false;
    tx.hash = bytes32_keccak(raw);
    tx.from = ask.node.from;
    json_begin(c->out, '{');
    json_name(c->out, "raw");
    json_data(c->out, raw);
    json_name(c->out, "tx");
    shape_tx(c->out, &tx, NULL);
    json_end(c->out, '}');
    free(bytes);
    return true;
}

/* Signs with a key that the node holds. */
static bool sign(struct call *c, struct address from, struct envelope *e)
{
    size_t room = envelope_room(e);
    u8 *scratch = malloc(room);

    if (scratch == NULL)
        return call_refuse(c, RPC_SERVER, "no memory");
    struct bytes32 hash = envelope_signing_hash(e, scratch, room);
    free(scratch);
    return node_sign(c->rpc->node, from, hash, &e->signature) ||
           call_refuse(c, RPC_SERVER, "unknown account");
}

bool method_sign_transaction(struct call *c)
{
    struct envelope e;
    struct slice raw;
    struct ask ask;

    if (!read_sender(c, &ask) || !node_fill(c->rpc->node, &ask.node, &e, &c->why) ||
        !sign(c, ask.node.from, &e))
        return false;
    u8 *bytes = encode(c, &e, &raw);
    if (bytes == NULL)
        return false;
    json_data(c->out, raw);
    free(bytes);
    return true;
}
