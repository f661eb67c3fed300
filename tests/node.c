#include "tests/node.h"

#include "chain-mock/wire/hex.h"
#include "protocol/invariants/invariant.h"
#include "sim/engine/reserve.h"

#include <stdlib.h>
#include <string.h>

struct node *node;
u64 clock_ms, net_slot_ms = 1000, net_speed = 1;

static struct chain chain;
static struct tally tally;
static struct reserve memory;
static struct process process;
static struct store *store;
static secp256k1_context *signer;

static u64 now_ms(void *about)
{
    (void)about;
    return clock_ms;
}

struct bytes32 person_key(u32 i)
{
    u8 name[10] = "person";

    name[6] = (u8)i;
    return bytes32_keccak(SLICE(name, sizeof(name)));
}

struct address person(u32 i)
{
    struct bytes32 key = person_key(i);
    struct address a;

    EXPECT(signature_address(&a, signer, &key));
    return a;
}

static void open_chain(void)
{
    static const struct genesis_token tokens[] = {
        {18, 0, true, USD_E8(6) / 100}, {6, 0, true, USD_E8(1)}, {18, 0, false, 0}};
    struct params p = params_default;
    struct genesis g = {.params = &p, .tokens = tokens, .token_count = 3, .coin = COIN + 1};
    struct amount funds[TOKENS_MAX] = {{WEI_E18(1000000)}, {(u128)1 << 60}, {WEI_E18(1000)}};
    u8 treasury[20] = {1};

    p.block_time_ms = (u32)net_slot_ms;
    p.oracle_stale_eras = 10000;
    EXPECT(reserve_open(&memory, "the chain", 1, state_bytes()));
    memset(&tally, 0, sizeof(tally));
    chain_init(&chain, memory.base, &g, &tally);
    EXPECT(chain_add_account(&chain, treasury, ROLE_TREASURY, 0, funds) == 1);
    for (u32 i = 0; i < PEOPLE; i++)
        EXPECT(chain_add_account(&chain, person(i).byte, 0, 0, funds) == i + 2);
}

bool net_try_open(enum node_mining mining, const char *state, char error[256])
{
    static const struct record_head head = {7, 0, 0};
    struct node_config c = {.process = &process,
                            .chain_id = 31337,
                            .genesis_ms = 1000000,
                            .now_ms = now_ms,
                            .speed = net_speed,
                            .mining = mining,
                            .tokens = door_tokens_known,
                            .token_count = 2};

    if (signer == NULL)
        signer = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    if (state == NULL || clock_ms < 1000000)
        clock_ms = 1000000;
    open_chain();
    EXPECT(process_open(&process, &head, &chain, 1));
    store = store_open(state, error);
    c.store = store;
    node = store == NULL ? NULL : node_open(&c, error);
    if (node != NULL)
        return true;
    if (store != NULL)
        store_close(store);
    process_close(&process);
    reserve_close(&memory);
    return false;
}

void net_open(enum node_mining mining, const char *state)
{
    char error[256] = "";

    bool opened = net_try_open(mining, state, error);
    if (!opened)
        printf("not ok - %s\n", error);
    EXPECT(opened);
}

void net_close(void)
{
    EXPECT(!tally.first.found);
    EXPECT(state_hash_full(&chain.state) == chain_hash(&chain));
    node_close(node);
    store_close(store);
    process_close(&process);
    reserve_close(&memory);
}

struct slice sign(const struct send *s)
{
    static u8 raw[1u << 16], scratch[1u << 16], call[1u << 15];
    struct envelope e = {.type = s->type,
                         .chain_id = s->chain_id != 0 ? s->chain_id : 31337,
                         .nonce = s->nonce,
                         .gas = s->gas,
                         .gas_price = AMOUNT(s->gas_price),
                         .max_fee = AMOUNT(s->max_fee),
                         .max_tip = AMOUNT(s->tip),
                         .to = s->to,
                         .value = AMOUNT(s->value)};
    struct bytes32 key = person_key(s->from);

    if (s->call.kind != TX_KINDS) {
        e.to = door_exact_address(tx_rows[s->call.kind].contract);
        e.data = SLICE(call, door_call_write(node_door(node), &s->call, NULL, call, sizeof(call)));
        e.gas = s->gas != 0 ? s->gas : tx_rows[s->call.kind].gas;
    } else if (s->gas == 0) {
        e.gas = 21000;
    }
    EXPECT(envelope_sign(&e, signer, &key, scratch, sizeof(scratch)));
    return SLICE(raw, envelope_encode(raw, sizeof(raw), &e));
}

struct bytes32 sent(const struct send *s)
{
    struct bytes32 hash;
    struct refusal why;
    bool taken = node_send(node, sign(s), NULL, &hash, &why);

    if (!taken)
        printf("not ok - refused: %s\n", why.message);
    EXPECT(taken && node_sync(node, &why));
    return hash;
}

void refused_as(const struct send *s, int code, const char *words)
{
    struct bytes32 hash;
    struct refusal why;

    EXPECT(!node_send(node, sign(s), NULL, &hash, &why));
    if (why.code != code || strncmp(why.message, words, strlen(words)) != 0)
        printf("not ok - %d %s, not %d %s\n", why.code, why.message, code, words);
    EXPECT(why.code == code && strncmp(why.message, words, strlen(words)) == 0);
}

struct node_tx tx_of(struct bytes32 hash)
{
    struct node_tx tx;

    EXPECT(node_tx_of(node, &hash, &tx));
    return tx;
}
