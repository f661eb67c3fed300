#include "sim/live/agent.h"

#include "chain-mock/wire/envelope.h"
#include "chain-mock/wire/hex.h"
#include "sim/live/concern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL_BYTES 139264u /* words of 4,096 providers */

/* Sent, and not answered. */
struct sent {
    u64 nonce;
    struct bytes32 hash;
    enum tx_kind kind;
    u32 tag;
    const cJSON *receipt; /* while its block is handed on */
    struct sent *next;
};

struct agent {
    struct agent_config c;
    struct client *client;
    struct event *poll;
    struct concern concern;
    struct sent *sent, **end;
    u64 nonce; /* of the next one */
    u64 seen;  /* last block handed on */
    u64 head;  /* as far as it knows */
    /* the block that is being read */
    bool reading;
    cJSON *block, *logs, *receipts;
    u32 receipts_due;
};

static void poll_later(struct agent *a)
{
    struct timeval wait = {(time_t)(a->c.poll_ms / 1000),
                           (suseconds_t)(a->c.poll_ms % 1000 * 1000)};

    evtimer_add(a->poll, &wait);
}

/* ---- sending ---- */

static void on_sent(void *about, const cJSON *result, const cJSON *error)
{
    (void)about; /* what is known already, or too low, was sent in an earlier life */
    (void)result;
    (void)error;
}

/* Signed and asked to be taken. */
static struct bytes32 send_tx(struct agent *a, u64 nonce, const struct tx *tx, const u32 *words)
{
    static u8 call[CALL_BYTES], raw[CALL_BYTES + 512];
    static char text[2 * sizeof(raw) + 16];
    struct envelope e = {.type = ENVELOPE_FEE_MARKET,
                         .chain_id = a->c.chain_id,
                         .nonce = nonce,
                         .gas = tx_rows[tx->kind].gas,
                         .to = door_exact_address(tx_rows[tx->kind].contract)};

    e.data = SLICE(call, door_call_write(a->c.door, tx, words, call, sizeof(call)));
    bool made = envelope_sign(&e, a->c.signer, &a->c.secret, raw, sizeof(raw));
    check(made);
    size_t n = envelope_encode(raw, sizeof(raw), &e);
    memcpy(text, "[\"", 2);
    size_t k = 2 + hex_print_data(text + 2, SLICE(raw, n));
    memcpy(text + k, "\"]", 3);
    client_ask(a->client, "eth_sendRawTransaction", text, on_sent, a);
    return bytes32_keccak(SLICE(raw, n));
}

static void add_sent(struct agent *a, u64 nonce, const struct tx *tx, const u32 *words)
{
    struct sent *s = calloc(1, sizeof(*s));

    check(s != NULL);
    *s = (struct sent){.nonce = nonce, .kind = tx->kind, .tag = tx->tag};
    s->hash = send_tx(a, nonce, tx, words);
    *a->end = s;
    a->end = &s->next;
}

void agent_submit(struct agent *a, const struct tx *tx)
{
    add_sent(a, a->nonce++, tx, NULL);
}

/* Nobody waits for the answer. */
void agent_submit_words(struct agent *a, const struct tx *tx, const u32 *words)
{
    (void)send_tx(a, a->nonce++, tx, words);
}

void agent_resend(struct agent *a, u64 nonce, const struct tx *tx)
{
    add_sent(a, nonce, tx, NULL);
}

void agent_resume(struct agent *a, u64 seen, u64 sent)
{
    a->seen = seen;
    a->nonce = sent;
}

/* ---- reading: JSON to what the chain told ---- */

static struct text text_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsString(item))
        return (struct text){"", 0};
    return (struct text){item->valuestring, strlen(item->valuestring)};
}

static u64 number_of(struct text t)
{
    struct fault fault = {FAULT_NONE, 0};
    u64 v = 0;

    return hex_read_u64(&v, t, HEX_LENIENT, &fault) ? v : 0;
}

static bool hash_is(const struct bytes32 *hash, const cJSON *item)
{
    struct fault fault = {FAULT_NONE, 0};
    struct bytes32 its;

    return cJSON_IsString(item) &&
           hex_read_fixed(its.byte, 32, (struct text){item->valuestring, strlen(item->valuestring)},
                          &fault) &&
           memcmp(its.byte, hash->byte, 32) == 0;
}

/* False: it is none of the exact set. */
static bool read_log(const struct agent *a, const cJSON *json, struct log *out)
{
    static u8 data[4096];
    struct door_log l = {.data = {data, 0}};
    struct fault fault = {FAULT_NONE, 0};
    const cJSON *topics = cJSON_GetObjectItemCaseSensitive(json, "topics"), *topic;

    if (!hex_read_fixed(l.address.byte, 20, text_of(json, "address"), &fault) ||
        !hex_read_data(data, sizeof(data), &l.data.n, text_of(json, "data"), &fault))
        return false;
    cJSON_ArrayForEach(topic, topics)
    {
        if (l.topic_count == DOOR_TOPICS_MAX || !cJSON_IsString(topic) ||
            !hex_read_fixed(l.topics[l.topic_count].byte, 32,
                            (struct text){topic->valuestring, strlen(topic->valuestring)}, &fault))
            return false;
        l.topic_count++;
    }
    /* only names and tables are looked up */
    struct door door = *a->c.door;
    return door_log_read(&door, &l, out);
}

/* The answer of a transaction from its receipt: status, the reason of its revert, what it made. */
static enum err err_of(const struct agent *a, const cJSON *receipt)
{
    struct fault fault = {FAULT_NONE, 0};
    u8 data[DOOR_REVERT_BYTES];
    size_t n;

    if (number_of(text_of(receipt, "status")) == 1)
        return ERR_None;
    if (!hex_read_data(data, sizeof(data), &n, text_of(receipt, "revertReason"), &fault) || n == 0)
        return ERR_OutOfGas;
    return door_revert_read(a->c.door, SLICE(data, n));
}

static u64 made_by(const struct agent *a, const struct sent *s)
{
    const cJSON *logs = cJSON_GetObjectItemCaseSensitive(s->receipt, "logs"), *one;
    struct log l;

    cJSON_ArrayForEach(one, logs)
    {
        if (!read_log(a, one, &l))
            continue;
        if (s->kind == TX_CREATE_ORDER && l.kind == LOG_OrderCreated)
            return l.u.order_created.order;
        if (s->kind == TX_CREATE_WALLET && l.kind == LOG_WalletCreated)
            return l.u.wallet_created.wallet;
        if (s->kind == TX_PROPOSE && l.kind == LOG_ProviderProposed)
            return l.u.provider_proposed.provider;
        if (s->kind == TX_ACCEPT_UPDATE && l.kind == LOG_LeaseCreated)
            return l.u.lease_created.lease;
    }
    return 0;
}

/* ---- handing on ---- */

static void hand_on_results(struct agent *a)
{
    for (struct sent **at = &a->sent; *at != NULL;) {
        struct sent *s = *at;
        if (s->receipt == NULL) {
            at = &s->next;
            continue;
        }
        struct event e = {.kind = EVENT_RESULT};
        e.u.result.tx = s->kind;
        e.u.result.tag = s->tag;
        e.u.result.err = err_of(a, s->receipt);
        e.u.result.id = e.u.result.err == ERR_None ? made_by(a, s) : 0;
        *at = s->next;
        if (a->end == &s->next)
            a->end = at;
        free(s);
        a->c.event(a->c.about, &e);
    }
}

static void hand_on_logs(struct agent *a)
{
    const cJSON *one;
    struct event e = {.kind = EVENT_LOG};

    cJSON_ArrayForEach(one, a->logs)
    {
        if (read_log(a, one, &e.u.log) && concern_read(&a->concern, &e.u.log))
            a->c.event(a->c.about, &e);
    }
}

static void read_next(struct agent *a);

static void hand_on(struct agent *a)
{
    hand_on_results(a);
    hand_on_logs(a);
    cJSON_Delete(a->block);
    cJSON_Delete(a->logs);
    cJSON_Delete(a->receipts);
    a->block = a->logs = a->receipts = NULL;
    a->reading = false;
    a->seen++;
    a->c.seen(a->c.about, a->seen);
    read_next(a);
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
    for (struct sent *s = a->sent; s != NULL; s = s->next) {
        const cJSON *one;
        cJSON_ArrayForEach(one, a->receipts)
        {
            if (hash_is(&s->hash, cJSON_GetObjectItemCaseSensitive(one, "transactionHash")))
                s->receipt = one;
        }
    }
    hand_on(a);
}

static bool in_block(const struct agent *a, const struct sent *s)
{
    const cJSON *txs = cJSON_GetObjectItemCaseSensitive(a->block, "transactions"), *one;

    cJSON_ArrayForEach(one, txs)
    {
        if (hash_is(&s->hash, one))
            return true;
    }
    return false;
}

static void ask_receipts(struct agent *a)
{
    a->receipts = cJSON_CreateArray();
    check(a->receipts != NULL);
    a->receipts_due = 0;
    for (struct sent *s = a->sent; s != NULL; s = s->next)
        a->receipts_due += in_block(a, s);
    for (struct sent *s = a->sent; s != NULL; s = s->next) {
        char params[80] = "[\"";
        if (!in_block(a, s))
            continue;
        size_t n = hex_print_data(params + 2, SLICE(s->hash.byte, 32));
        memcpy(params + 2 + n, "\"]", 3);
        client_ask(a->client, "eth_getTransactionReceipt", params, on_receipt, a);
    }
    if (a->receipts_due == 0)
        hand_on(a);
}

static void on_block_part(struct agent *a)
{
    if (a->block != NULL && a->logs != NULL)
        ask_receipts(a);
}

/* A block that is not there was taken back (evm_revert): it is asked for again. */
static void give_up(struct agent *a)
{
    cJSON_Delete(a->block);
    cJSON_Delete(a->logs);
    a->block = a->logs = NULL;
    a->reading = false;
    poll_later(a);
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
    if (a->block == NULL || a->logs == NULL)
        give_up(a);
    else
        on_block_part(a);
}

static void read_next(struct agent *a)
{
    char params[192], number[HEX_QUANTITY_CHARS];

    if (a->reading)
        return;
    if (a->seen >= a->head) {
        poll_later(a);
        return;
    }
    a->reading = true;
    hex_print_u128(number, a->seen + 1);
    snprintf(params, sizeof(params), "[\"%s\",false]", number);
    client_ask(a->client, "eth_getBlockByNumber", params, on_block, a);
    snprintf(params, sizeof(params), "[{\"fromBlock\":\"%s\",\"toBlock\":\"%s\"}]", number, number);
    client_ask(a->client, "eth_getLogs", params, on_logs, a);
}

static void on_head(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;

    (void)error;
    if (cJSON_IsString(result))
        a->head = number_of((struct text){result->valuestring, strlen(result->valuestring)});
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

    if (a == NULL)
        return NULL;
    a->c = *config;
    a->end = &a->sent;
    concern_open(&a->concern, config->account);
    a->client = client_open(config->base, "127.0.0.1", config->port);
    a->poll = evtimer_new(config->base, on_poll, a);
    if (a->client != NULL && a->poll != NULL)
        return a;
    agent_close(a);
    return NULL;
}

static void on_recall(void *about, const cJSON *result, const cJSON *error)
{
    struct agent *a = about;
    const cJSON *one;
    struct log l;

    (void)error;
    cJSON_ArrayForEach(one, result)
    {
        if (read_log(a, one, &l))
            (void)concern_read(&a->concern, &l);
    }
    on_poll(-1, 0, a);
}

void agent_start(struct agent *a)
{
    char params[160], number[HEX_QUANTITY_CHARS];

    if (a->seen == 0) {
        on_poll(-1, 0, a);
        return;
    }
    hex_print_u128(number, a->seen);
    snprintf(params, sizeof(params), "[{\"fromBlock\":\"0x1\",\"toBlock\":\"%s\"}]", number);
    client_ask(a->client, "eth_getLogs", params, on_recall, a);
}

void agent_close(struct agent *a)
{
    if (a->client != NULL)
        client_close(a->client);
    if (a->poll != NULL)
        event_free(a->poll);
    cJSON_Delete(a->block);
    cJSON_Delete(a->logs);
    cJSON_Delete(a->receipts);
    while (a->sent != NULL) {
        struct sent *s = a->sent;
        a->sent = s->next;
        free(s);
    }
    concern_close(&a->concern);
    memset(&a->c.secret, 0, sizeof(a->c.secret));
    free(a);
}
