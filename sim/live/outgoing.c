#include "sim/live/outgoing.h"

#include "chain-mock/wire/envelope.h"
#include "chain-mock/wire/hex.h"

#include <stdlib.h>
#include <string.h>

#define CALL_BYTES 139264u /* words of 4,096 providers */

void outgoing_open(struct outgoing *o, const struct outgoing_config *config)
{
    *o = (struct outgoing){.c = *config};
    o->end = &o->first;
}

void outgoing_close(struct outgoing *o)
{
    outgoing_void(o);
    memset(&o->c.secret, 0, sizeof(o->c.secret));
}

/* What is known already, or too low, was sent in an earlier life; what is refused for another
 * reason is found missing later.  Of two of one nonce the chain keeps the one that pays a tenth
 * more, so this one must pay more than what a past that was taken back left there. */
static void on_sent(void *about, const cJSON *result, const cJSON *error)
{
    struct outgoing *o = about;
    const cJSON *words = cJSON_GetObjectItemCaseSensitive(error, "message");

    (void)result;
    if (cJSON_IsString(words) && strstr(words->valuestring, "replacement") != NULL)
        o->underpriced = true;
}

/* Signed and asked to be taken. */
static void send_it(struct outgoing *o, struct outgoing_tx *t)
{
    static u8 call[CALL_BYTES], raw[CALL_BYTES + 512];
    static char text[2 * sizeof(raw) + 16];
    struct envelope e = {.type = ENVELOPE_FEE_MARKET,
                         .chain_id = o->c.chain_id,
                         .nonce = t->nonce,
                         .gas = tx_rows[t->tx.kind].gas,
                         .max_fee = AMOUNT(o->price),
                         .max_tip = AMOUNT(o->price),
                         .to = door_exact_address(tx_rows[t->tx.kind].contract)};

    e.data = SLICE(call, door_call_write(o->c.door, &t->tx, t->words, call, sizeof(call)));
    bool made = envelope_sign(&e, o->c.signer, &o->c.secret, raw, sizeof(raw));
    check(made);
    size_t n = envelope_encode(raw, sizeof(raw), &e);
    memcpy(text, "[\"", 2);
    size_t k = 2 + hex_print_data(text + 2, SLICE(raw, n));
    memcpy(text + k, "\"]", 3);
    t->hash = bytes32_keccak(SLICE(raw, n));
    client_ask(o->c.client, "eth_sendRawTransaction", text, on_sent, o);
}

static struct outgoing_tx *add(struct outgoing *o, u64 count, const struct tx *tx, u64 since)
{
    struct outgoing_tx *t = calloc(1, sizeof(*t));

    check(t != NULL);
    t->nonce = count + o->skew;
    t->tx = *tx;
    t->since = since;
    *o->end = t;
    o->end = &t->next;
    return t;
}

void outgoing_add(struct outgoing *o, const struct tx *tx, const u32 *words, u32 word_count,
                  u64 since)
{
    struct outgoing_tx *t = add(o, o->count++, tx, since);

    if (words != NULL) {
        t->words = malloc((word_count + 1u) * sizeof(*words));
        check(t->words != NULL);
        memcpy(t->words, words, word_count * sizeof(*words));
    }
    send_it(o, t);
}

void outgoing_again(struct outgoing *o, u64 count, const struct tx *tx, u64 since)
{
    send_it(o, add(o, count, tx, since));
}

void outgoing_drop(struct outgoing *o, struct outgoing_tx **at)
{
    struct outgoing_tx *t = *at;

    *at = t->next;
    if (o->end == &t->next)
        o->end = at;
    free(t->words);
    free(t);
}

void outgoing_void(struct outgoing *o)
{
    while (o->first != NULL)
        outgoing_drop(o, &o->first);
}

void outgoing_from(struct outgoing *o, u64 nonce, u64 price, u64 since)
{
    o->price = price;
    o->underpriced = false;
    for (struct outgoing_tx *t = o->first; t != NULL; t = t->next) {
        t->nonce = nonce++;
        t->since = since;
        send_it(o, t);
    }
    o->skew = nonce - o->count;
}
