/* rpc - how many requests a second the JSON-RPC server answers, and how long each takes.
 *
 * The server is a process of its own: a node with instant or manual mining whose store does not
 * last, and the chain of participants.h at its genesis.  The client has CONNECTIONS connections
 * over loopback that are kept alive and sends the next request of one when its answer has come; a
 * request is a call or a batch of calls.  Transactions (escrow deposits of 64 users) are signed
 * before; where mining is manual they are mined by the last request, and that counts too.
 */
#include "chain-mock/wire/envelope.h"
#include "chain-mock/wire/hex.h"
#include "metrics/statistics.h"
#include "sim/bench/bench.h"
#include "sim/bench/connection.h"
#include "sim/bench/participants.h"
#include "sim/bench/rpc_server.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS 4u
#define BATCH 100u
#define PRELOADED 200u /* transactions before eth_getLogs and the rest ask */
#define CALL_CHARS 1200u

enum ask { ASK_CHAIN_ID, ASK_BALANCE, ASK_CALL, ASK_LOGS, ASK_SEND, ASK_SEND_MANUAL };

struct client {
    struct participants p; /* of the same genesis as the server's */
    struct rpc_server server;
    struct connection connections[CONNECTIONS];
    char *text;     /* of all requests */
    size_t *starts; /* requests + 1 places in it */
    size_t used, requests;
    double *latency_us;
    char *error; /* BENCH_ERROR */
};

/* ---- requests ---- */

static size_t put(struct client *l, const char *piece)
{
    size_t n = strlen(piece);

    memcpy(l->text + l->used, piece, n);
    return l->used += n;
}

/* A deposit of a user, signed: the i-th of all. */
static void put_deposit(struct client *l, size_t i)
{
    u32 user = USER((u32)(i % USERS));
    struct tx tx = {.kind = TX_DEPOSIT, .u.deposit = {0, USDT, AMOUNT(20000000)}};
    u8 data[256], raw[512], scratch[512];
    char hex[HEX_DATA_CHARS(sizeof(raw))];
    struct envelope e = {.type = ENVELOPE_FEE_MARKET,
                         .chain_id = CHAIN_ID,
                         .nonce = i / USERS,
                         .gas = tx_rows[TX_DEPOSIT].gas,
                         .to = door_exact_address(CONTRACT_ESCROW)};

    e.data = SLICE(data, door_call_write(&l->p.door, &tx, NULL, data, sizeof(data)));
    check(envelope_room(&e) <= sizeof(raw));
    check(envelope_sign(&e, l->p.signer, &l->p.keys[user], scratch, sizeof(scratch)));
    hex_print_data(hex, SLICE(raw, envelope_encode(raw, sizeof(raw), &e)));
    put(l, "[\"");
    put(l, hex);
    put(l, "\"]");
}

/* Twenty blocks of the first, a deposit in each. */
static void put_filter(struct client *l)
{
    struct address escrow = door_exact_address(CONTRACT_ESCROW);
    char hex[HEX_DATA_CHARS(sizeof(escrow.byte))];

    hex_print_data(hex, SLICE(escrow.byte, sizeof(escrow.byte)));
    put(l, "[{\"fromBlock\":\"0x51\",\"toBlock\":\"0x64\",\"address\":\"");
    put(l, hex);
    put(l, "\"}]");
}

/* balanceOf(address,uint32) of a user's USDT. */
static void put_view(struct client *l, const char *user)
{
    static const char signature[] = "balanceOf(address,uint32)";
    struct address token = door_exact_address(CONTRACT_TOKEN);
    struct bytes32 hash = bytes32_keccak(SLICE((const u8 *)signature, sizeof(signature) - 1));
    char to[HEX_DATA_CHARS(sizeof(token.byte))], selector[HEX_DATA_CHARS(4)], call[400];

    hex_print_data(to, SLICE(token.byte, sizeof(token.byte)));
    hex_print_data(selector, SLICE(hash.byte, 4));
    snprintf(call, sizeof(call), "[{\"to\":\"%s\",\"data\":\"%s%024d%s%064d\"},\"latest\"]", to,
             selector, 0, user + 2, 1);
    put(l, call);
}

static void put_params(struct client *l, enum ask ask, size_t i)
{
    u32 user = USER((u32)(i % USERS));
    char address[HEX_DATA_CHARS(20)];

    hex_print_data(address, SLICE(l->p.addresses[user].byte, 20));
    switch (ask) {
    case ASK_CHAIN_ID:
        put(l, "[]");
        break;
    case ASK_BALANCE:
        put(l, "[\"");
        put(l, address);
        put(l, "\",\"latest\"]");
        break;
    case ASK_CALL:
        put_view(l, address);
        break;
    case ASK_LOGS:
        put_filter(l);
        break;
    case ASK_SEND:
    case ASK_SEND_MANUAL:
        put_deposit(l, i);
        break;
    }
}

static void put_call(struct client *l, enum ask ask, size_t i)
{
    static const char *const methods[] = {
        "eth_chainId", "eth_getBalance",         "eth_call",
        "eth_getLogs", "eth_sendRawTransaction", "eth_sendRawTransaction"};
    char head[96];

    snprintf(head, sizeof(head), "{\"jsonrpc\":\"2.0\",\"id\":%zu,\"method\":\"%s\",\"params\":", i,
             methods[ask]);
    put(l, head);
    put_params(l, ask, i);
    put(l, "}");
}

/* `calls` calls from the first on, in batches of so many; the text of each request is its own. */
static bool make(struct client *l, enum ask ask, size_t first, size_t calls, size_t batch)
{
    size_t requests = calls / batch;

    free(l->text);
    free(l->starts);
    l->text = malloc(calls * CALL_CHARS + 64 * requests);
    l->starts = calloc(requests + 1, sizeof(*l->starts));
    l->used = l->requests = 0;
    if (l->text == NULL || l->starts == NULL)
        return false;
    for (; l->requests < requests; l->requests++) {
        l->starts[l->requests] = l->used;
        for (size_t k = 0; k < batch; k++) {
            put(l, batch == 1 ? "" : k == 0 ? "[" : ",");
            put_call(l, ask, first + l->requests * batch + k);
        }
        put(l, batch == 1 ? "" : "]");
    }
    l->starts[requests] = l->used;
    return true;
}

/* ---- asking ---- */

static bool fail(struct client *l, const char *what, const char *answer)
{
    snprintf(l->error, BENCH_ERROR, "%s%.300s", what, answer);
    return false;
}

static bool send_next(struct client *l, struct connection *c, size_t *next)
{
    if (*next == l->requests)
        return true;
    c->number = (*next)++;
    size_t from = l->starts[c->number];
    return connection_send(c, l->text + from, l->starts[c->number + 1] - from) ||
           fail(l, "the server hung up", "");
}

static bool take_answer(struct client *l, struct connection *c)
{
    const char *body = c->answer + c->body;

    l->latency_us[c->number] = (double)(stopwatch_now_ns() - c->sent_ns) / 1e3;
    if (strstr(body, "\"result\":") == NULL || strstr(body, "\"error\":") != NULL)
        return fail(l, "an answer is ", body);
    return true;
}

/* Every request of l->text; the next on a connection when its answer has come. */
static bool ask_all(struct client *l)
{
    struct pollfd polls[CONNECTIONS];
    size_t next = 0, done = 0;

    for (u32 i = 0; i < CONNECTIONS; i++) {
        polls[i] = (struct pollfd){.fd = l->connections[i].socket, .events = POLLIN};
        if (!send_next(l, &l->connections[i], &next))
            return false;
    }
    while (done < l->requests) {
        if (poll(polls, CONNECTIONS, -1) < 0)
            return fail(l, "poll", "");
        for (u32 i = 0; i < CONNECTIONS; i++) {
            struct connection *c = &l->connections[i];
            if (polls[i].revents == 0)
                continue;
            enum connection_got got = connection_read(c);
            if (got == CONNECTION_LOST)
                return fail(l, "the server hung up", "");
            if (got == CONNECTION_DONE) {
                if (!take_answer(l, c) || !send_next(l, c, &next))
                    return false;
                done++;
            }
        }
    }
    return true;
}

static bool ask_one(struct client *l, const char *json)
{
    free(l->text);
    l->text = strdup(json);
    l->starts[0] = 0;
    l->starts[1] = strlen(json);
    l->requests = 1;
    return l->text != NULL && ask_all(l);
}

/* ---- the measurement ---- */

static void take_figures(struct client *l, const struct bench_case *c, size_t requests,
                         u64 server_ns, struct bench_result *out)
{
    sort_values(l->latency_us, requests);
    bench_figure_add(out, "median us", quantile_of_sorted(l->latency_us, requests, 0.5));
    bench_figure_add(out, "p99 us", quantile_of_sorted(l->latency_us, requests, 0.99));
    bench_figure_add(out, "server CPU us a call", (double)server_ns / 1e3 / (double)c->work);
}

static bool measure(struct client *l, const struct bench_case *c, struct bench_result *out)
{
    enum ask ask = (enum ask)c->a;
    bool sends = ask == ASK_SEND || ask == ASK_SEND_MANUAL;
    size_t requests = c->work / c->n;

    l->latency_us = calloc(requests + PRELOADED, sizeof(*l->latency_us));
    if (l->latency_us == NULL)
        return fail(l, "out of memory", "");
    if (!sends && (!make(l, ASK_SEND, 0, PRELOADED, 1) || !ask_all(l)))
        return false;
    if (!make(l, ask, 0, c->work, c->n))
        return fail(l, "out of memory", "");
    u64 server_ns = rpc_server_cpu_ns(&l->server);
    struct stopwatch w = stopwatch_start();
    if (!ask_all(l))
        return false;
    double first_us = l->latency_us[0]; /* evm_mine is no request of the case */
    if (ask == ASK_SEND_MANUAL &&
        !ask_one(l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"evm_mine\",\"params\":[]}"))
        return false;
    stopwatch_stop(&w, out);
    l->latency_us[0] = first_us;
    take_figures(l, c, requests, rpc_server_cpu_ns(&l->server) - server_ns, out);
    out->done = c->work;
    return true;
}

static bool connect_all(struct client *l)
{
    for (u32 i = 0; i < CONNECTIONS; i++)
        if (!connection_open(&l->connections[i], l->server.port))
            return fail(l, "the server takes no connection", "");
    return true;
}

void rpc_measure(const struct bench_case *c, bool in_parts, struct bench_result *out)
{
    struct client *l = calloc(1, sizeof(*l));

    (void)in_parts; /* nothing here has kinds */
    if (l == NULL || !participants_open(&l->p, false)) {
        snprintf(out->error, sizeof(out->error), "out of memory");
        free(l);
        return;
    }
    l->error = out->error;
    if (rpc_server_start(&l->server, &l->p, c->a == ASK_SEND_MANUAL, out->error)) {
        (void)(connect_all(l) && measure(l, c, out));
        for (u32 i = 0; i < CONNECTIONS; i++)
            connection_close(&l->connections[i]);
        out->rss_bytes = rpc_server_stop(&l->server);
    }
    participants_close(&l->p);
    free(l->text);
    free(l->starts);
    free(l->latency_us);
    free(l);
}

static void add(struct bench_cases *out, const char *name, enum ask ask, u32 batch, u32 calls)
{
    struct bench_case c = {.n = batch, .work = calls, .a = ask};

    snprintf(c.name, sizeof(c.name), "%s, %s", name, batch == 1 ? "one by one" : "batches of 100");
    bench_case_add(out, &c);
}

void rpc_cases(const struct bench_wish *wish, struct bench_cases *out)
{
    (void)wish;
    add(out, "eth_chainId", ASK_CHAIN_ID, 1, 20000);
    add(out, "eth_chainId", ASK_CHAIN_ID, BATCH, 200000);
    add(out, "eth_getBalance", ASK_BALANCE, 1, 20000);
    add(out, "eth_getBalance", ASK_BALANCE, BATCH, 100000);
    add(out, "eth_call", ASK_CALL, 1, 20000);
    add(out, "eth_call", ASK_CALL, BATCH, 50000);
    add(out, "eth_getLogs of 20 blocks", ASK_LOGS, 1, 5000);
    add(out, "eth_getLogs of 20 blocks", ASK_LOGS, BATCH, 5000);
    add(out, "deposit, mined at once", ASK_SEND, 1, 5000);
    add(out, "deposit, mined at once", ASK_SEND, BATCH, 10000);
    add(out, "deposit, mined last", ASK_SEND_MANUAL, 1, 10000);
    add(out, "deposit, mined last", ASK_SEND_MANUAL, BATCH, 10000);
}
