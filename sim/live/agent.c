#include "sim/live/agent.h"

#include "chain-mock/wire/hex.h"
#include "chain-mock/wire/signature.h"
#include "sim/live/outgoing.h"
#include "sim/live/standing.h"
#include "sim/live/told.h"
#include "sim/live/trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_BLOCKS 2u     /* a transaction that waits so long is looked for */
#define RECALL_BLOCKS 4096u /* whose logs are asked for at once */
#define PRICE_MOST (1ull << 32)

struct agent {
    struct agent_config c;
    char address[ADDRESS_CHARS];
    struct client *client;
    struct event *poll;
    struct concern concern;
    struct outgoing out;
    struct trail trail;
    u64 seen; /* last block handed on */
    u64 head; /* as far as it knows */
    /* the block that is being read */
    bool reading;
    cJSON *block, *logs, *receipts;
    u32 receipts_due;
    /* whether the first that waits is lost */
    bool checked_nonce;
    u64 chain_nonce, gas_price;
    /* what is read again: logs up to `seen`, from recalled + 1 on */
    u64 recalled;
    struct standing standing;
    /* going back: the last block that is still there is from `lower` on and below `upper` */
    bool going_back;
    u64 lower, upper;
};

static void poll_later(struct agent *a)
{
    struct timeval wait = {(time_t)(a->c.poll_ms / 1000),
                           (suseconds_t)(a->c.poll_ms % 1000 * 1000)};

    evtimer_add(a->poll, &wait);
}

static void tell_place(struct agent *a)
{
    struct agent_place p = {.seen = a->seen, .skew = a->out.skew, .price = a->out.price};

    if (a->block != NULL && !told_hash(cJSON_GetObjectItemCaseSensitive(a->block, "hash"), &p.hash))
        p.hash = (struct bytes32){{0}};
    a->c.place(a->c.about, &p);
}

/* ---- sending ---- */

void agent_submit(struct agent *a, const struct tx *tx)
{
    outgoing_add(&a->out, tx, NULL, 0, a->seen);
}

void agent_submit_words(struct agent *a, const struct tx *tx, const u32 *words, u32 count)
{
    outgoing_add(&a->out, tx, words, count, a->seen);
}

void agent_resend(struct agent *a, u64 count, const struct tx *tx)
{
    outgoing_again(&a->out, count, tx, a->seen);
}

void agent_resume(struct agent *a, const struct agent_place *place, u64 sent)
{
    static const struct bytes32 none;

    a->seen = place->seen;
    a->out.count = sent;
    a->out.skew = place->skew;
    a->out.price = place->price;
    if (memcmp(&place->hash, &none, sizeof(none)) != 0)
        trail_add(&a->trail, place->seen, &place->hash);
}

/* ---- is the first that waits lost? ---- */

static bool check_due(const struct agent *a)
{
    const struct outgoing_tx *t = a->out.first;

    return t != NULL && (a->out.underpriced || t->since + CHECK_BLOCKS <= a->seen);
}

/* Twice what the next block takes, for its fee may rise; nothing where it takes nothing. */
static u64 price_now(const struct agent *a)
{
    u64 price = a->out.underpriced ? 2 * a->out.price + 1 : 0;

    if (a->gas_price > price / 2)
        price = 2 * a->gas_price;
    return price < PRICE_MOST ? price : PRICE_MOST;
}

static void on_looked_for(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;
    struct outgoing_tx *t = a->out.first;

    (void)error;
    if (a->checked_nonce && t != NULL) {
        bool pays = !a->out.underpriced && a->gas_price <= a->out.price;
        if (cJSON_IsObject(result) && t->nonce == a->chain_nonce && pays) {
            t->since = a->seen;
        } else {
            outgoing_from(&a->out, a->chain_nonce, price_now(a), a->seen);
            tell_place(a);
        }
    }
    poll_later(a);
}

/* Refused where there is a newer block than `seen`: what is in it may be his. */
static void on_nonce(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;

    (void)error;
    a->checked_nonce = cJSON_IsString(result);
    a->chain_nonce = told_quantity(result);
}

static void on_gas_price(void *about, const cJSON *result, const cJSON *error)
{
    (void)error;
    ((struct agent *)about)->gas_price = told_quantity(result);
}

static void ask_nonce(struct agent *a, const char *block, client_answer *answer)
{
    char params[160];

    snprintf(params, sizeof(params), "[\"%s\",\"%s\"]", a->address, block);
    client_ask(a->client, "eth_getTransactionCount", params, answer, a);
}

static void ask_by_hash(struct agent *a, const char *method, const struct bytes32 *hash,
                        client_answer *answer)
{
    char params[80] = "[\"";
    size_t n = hex_print_data(params + 2, SLICE(hash->byte, 32));

    memcpy(params + 2 + n, "\"]", 3);
    client_ask(a->client, method, params, answer, a);
}

static void check_first(struct agent *a)
{
    char number[HEX_QUANTITY_CHARS];

    hex_print_u128(number, a->seen);
    ask_nonce(a, number, on_nonce);
    client_ask(a->client, "eth_gasPrice", "[]", on_gas_price, a);
    ask_by_hash(a, "eth_getTransactionByHash", &a->out.first->hash, on_looked_for);
}

/* ---- handing on ---- */

static void hand_on_results(struct agent *a)
{
    for (struct outgoing_tx **at = &a->out.first; *at != NULL;) {
        struct outgoing_tx *t = *at;
        if (t->receipt == NULL) {
            at = &t->next;
            continue;
        }
        struct event e = {.kind = EVENT_RESULT};
        e.u.result.tx = t->tx.kind;
        e.u.result.tag = t->tx.tag;
        e.u.result.err = told_err(a->c.door, t->receipt);
        if (e.u.result.err == ERR_None)
            e.u.result.id = told_made(a->c.door, t->receipt, t->tx.kind);
        outgoing_drop(&a->out, at);
        a->c.event(a->c.about, &e);
    }
}

static void hand_on_logs(struct agent *a)
{
    const cJSON *one;
    struct event e = {.kind = EVENT_LOG};

    cJSON_ArrayForEach(one, a->logs)
    {
        if (told_log(a->c.door, one, &e.u.log) && concern_read(&a->concern, &e.u.log))
            a->c.event(a->c.about, &e);
    }
}

static void forget_block(struct agent *a)
{
    cJSON_Delete(a->block);
    cJSON_Delete(a->logs);
    cJSON_Delete(a->receipts);
    a->block = a->logs = a->receipts = NULL;
    a->reading = false;
}

static void read_next(struct agent *a);

static void hand_on(struct agent *a)
{
    struct bytes32 hash;

    hand_on_results(a);
    hand_on_logs(a);
    a->seen++;
    if (told_hash(cJSON_GetObjectItemCaseSensitive(a->block, "hash"), &hash))
        trail_add(&a->trail, a->seen, &hash);
    tell_place(a);
    forget_block(a);
    read_next(a);
}

/* ---- what is read again: who is whose, and what he has ---- */

static void ask_recalled(struct agent *a);

/* Answered up to a nonce: what he has left, and then as on any day. */
static void on_nonce_back(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;
    struct event e = {.kind = EVENT_REVERTED, .u.reverted = a->standing.facts};

    (void)error;
    outgoing_void(&a->out);
    outgoing_from(&a->out, told_quantity(result), 0, a->seen);
    a->c.event(a->c.about, &e);
    e.kind = EVENT_STANDS;
    for (size_t i = 0; i < a->standing.count; i++) {
        e.u.log = a->standing.open[i];
        if (standing_his(&a->concern, &e.u.log))
            a->c.event(a->c.about, &e);
    }
    a->going_back = false;
    standing_close(&a->standing);
    tell_place(a);
    read_next(a);
}

static void on_poll(evutil_socket_t fd, short what, void *about);

static void on_recall(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;
    const cJSON *one;
    struct log l;

    (void)error;
    cJSON_ArrayForEach(one, result)
    {
        if (!told_log(a->c.door, one, &l))
            continue;
        (void)concern_read(&a->concern, &l);
        standing_read(&a->standing, &a->concern, &l);
    }
    ask_recalled(a);
}

static void ask_logs(struct agent *a, u64 from, u64 to, client_answer *answer)
{
    char params[192], number[2][HEX_QUANTITY_CHARS];

    hex_print_u128(number[0], from);
    hex_print_u128(number[1], to);
    snprintf(params, sizeof(params), "[{\"fromBlock\":\"%s\",\"toBlock\":\"%s\"}]", number[0],
             number[1]);
    client_ask(a->client, "eth_getLogs", params, answer, a);
}

static void ask_recalled(struct agent *a)
{
    u64 from = a->recalled + 1, to = a->recalled + RECALL_BLOCKS;

    if (from <= a->seen) {
        a->recalled = to < a->seen ? to : a->seen;
        ask_logs(a, from, a->recalled, on_recall);
    } else if (a->going_back) {
        ask_nonce(a, "latest", on_nonce_back);
    } else {
        standing_close(&a->standing);
        on_poll(-1, 0, a);
    }
}

static void recall(struct agent *a)
{
    concern_close(&a->concern);
    concern_open(&a->concern, a->c.account);
    standing_close(&a->standing);
    a->recalled = 0;
    ask_recalled(a);
}

/* ---- the chain went back ---- */

static void find_last(struct agent *a);

static void on_probe(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;
    u64 middle = a->lower + (a->upper - a->lower) / 2;
    struct bytes32 hash;

    (void)error;
    if (told_hash(cJSON_GetObjectItemCaseSensitive(result, "hash"), &hash) &&
        trail_is(&a->trail, middle, &hash))
        a->lower = middle;
    else
        a->upper = middle;
    find_last(a);
}

static void ask_block(struct agent *a, u64 block, client_answer *answer)
{
    char params[96], number[HEX_QUANTITY_CHARS];

    hex_print_u128(number, block);
    snprintf(params, sizeof(params), "[\"%s\",false]", number);
    client_ask(a->client, "eth_getBlockByNumber", params, answer, a);
}

static void find_last(struct agent *a)
{
    if (a->upper - a->lower > 1) {
        ask_block(a, a->lower + (a->upper - a->lower) / 2, on_probe);
        return;
    }
    trail_cut(&a->trail, a->lower);
    a->seen = a->lower;
    recall(a);
}

/* `seen` is not there any more, or all that is known is that the head is lower. */
static void go_back(struct agent *a)
{
    u64 known = a->trail.count > 0 && a->trail.first > 0 ? a->trail.first - 1 : 0;

    forget_block(a);
    a->going_back = true;
    a->upper = a->head < a->seen ? a->head + 1 : a->seen;
    a->lower = known < a->upper ? known : a->upper - 1;
    find_last(a);
}

/* ---- reading a block: head and logs, then the receipts of what is his in it ---- */

static void on_receipt(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;

    (void)error;
    if (cJSON_IsObject(result))
        cJSON_AddItemToArray(a->receipts, cJSON_Duplicate(result, true));
    if (--a->receipts_due > 0)
        return;
    for (struct outgoing_tx *t = a->out.first; t != NULL; t = t->next) {
        const cJSON *one;
        cJSON_ArrayForEach(one, a->receipts)
        {
            if (told_is_hash(cJSON_GetObjectItemCaseSensitive(one, "transactionHash"), &t->hash))
                t->receipt = one;
        }
    }
    hand_on(a);
}

static bool in_block(const struct agent *a, const struct outgoing_tx *t)
{
    const cJSON *txs = cJSON_GetObjectItemCaseSensitive(a->block, "transactions"), *one;

    cJSON_ArrayForEach(one, txs)
    {
        if (told_is_hash(one, &t->hash))
            return true;
    }
    return false;
}

static void ask_receipts(struct agent *a)
{
    a->receipts = cJSON_CreateArray();
    check(a->receipts != NULL);
    a->receipts_due = 0;
    for (struct outgoing_tx *t = a->out.first; t != NULL; t = t->next) {
        if (!in_block(a, t))
            continue;
        a->receipts_due++;
        ask_by_hash(a, "eth_getTransactionReceipt", &t->hash, on_receipt);
    }
    if (a->receipts_due == 0)
        hand_on(a);
}

static bool follows(const struct agent *a)
{
    struct bytes32 parent;

    return !trail_has(&a->trail, a->seen) ||
           (told_hash(cJSON_GetObjectItemCaseSensitive(a->block, "parentHash"), &parent) &&
            trail_is(&a->trail, a->seen, &parent));
}

static void on_block(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;

    (void)error;
    if (cJSON_IsObject(result))
        a->block = cJSON_Duplicate(result, true);
}

static void on_logs(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;

    (void)error;
    if (cJSON_IsArray(result))
        a->logs = cJSON_Duplicate(result, true);
    if (a->block == NULL || a->logs == NULL) {
        forget_block(a); /* it was taken back: the head is lower now */
        poll_later(a);
    } else if (follows(a)) {
        ask_receipts(a);
    } else {
        go_back(a);
    }
}

static void read_next(struct agent *a)
{
    if (a->reading || a->going_back)
        return;
    if (a->head < a->seen) {
        go_back(a);
        return;
    }
    if (a->seen == a->head) {
        if (check_due(a))
            check_first(a);
        else
            poll_later(a);
        return;
    }
    a->reading = true;
    ask_block(a, a->seen + 1, on_block);
    ask_logs(a, a->seen + 1, a->seen + 1, on_logs);
}

static void on_head(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;

    (void)error;
    if (cJSON_IsString(result))
        a->head = told_quantity(result);
    else
        a->head = a->seen;
    read_next(a);
}

static void on_poll(evutil_socket_t fd, short what, void *about)
{
    struct agent *a = about;

    (void)fd;
    (void)what;
    client_ask(a->client, "eth_blockNumber", "[]", on_head, a);
}

/* ---- beginning and end ---- */

struct agent *agent_open(const struct agent_config *config)
{
    struct agent *a = calloc(1, sizeof(*a));
    struct address address;

    if (a == NULL)
        return NULL;
    a->c = *config;
    concern_open(&a->concern, config->account);
    a->client = client_open(config->base, "127.0.0.1", config->port);
    a->poll = evtimer_new(config->base, on_poll, a);
    struct outgoing_config out = {.chain_id = config->chain_id,
                                  .door = config->door,
                                  .signer = config->signer,
                                  .secret = config->secret,
                                  .client = a->client};
    outgoing_open(&a->out, &out);
    bool is_key = signature_address(&address, config->signer, &config->secret);
    check(is_key);
    address_print(a->address, address);
    if (a->client != NULL && a->poll != NULL)
        return a;
    agent_close(a);
    return NULL;
}

void agent_start(struct agent *a)
{
    recall(a);
}

void agent_close(struct agent *a)
{
    if (a->client != NULL)
        client_close(a->client);
    if (a->poll != NULL)
        event_free(a->poll);
    forget_block(a);
    outgoing_close(&a->out);
    trail_close(&a->trail);
    standing_close(&a->standing);
    concern_close(&a->concern);
    memset(&a->c.secret, 0, sizeof(a->c.secret));
    free(a);
}
