#include "sim/bench/participants.h"

#include "protocol/invariants/invariant.h"

#include <stdlib.h>
#include <string.h>

static void make_key(struct participants *p, u32 account)
{
    u8 name[] = {'b', 'e', 'n', 'c', 'h', (u8)account};

    p->keys[account] = bytes32_keccak(SLICE(name, sizeof(name)));
    check(signature_address(&p->addresses[account], p->signer, &p->keys[account]));
    u32 i = account;
    for (; i > 1 &&
           memcmp(p->addresses[p->by_address[i - 1]].byte, p->addresses[account].byte, 20) > 0;
         i--)
        p->by_address[i] = p->by_address[i - 1];
    p->by_address[i] = account;
}

static u32 find(void *about, struct address a)
{
    const struct participants *p = about;
    u32 low = 1, high = ACCOUNTS;

    while (low < high) {
        u32 middle = (low + high) / 2;
        int order = memcmp(p->addresses[p->by_address[middle]].byte, a.byte, sizeof(a.byte));
        if (order == 0)
            return p->by_address[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* No call of a benchmark has words of its own. */
static u32 no_word(void *about, u32 word)
{
    (void)about;
    (void)word;
    return 0;
}

static void chain_begin(struct participants *p)
{
    static const u32 roles[PROVIDER(0)] = {
        0, ROLE_GOVERNANCE | ROLE_ORACLE | ROLE_REPORTER | ROLE_ISSUER, ROLE_FOUNDATION,
        ROLE_TREASURY};
    static const u32 rtt_us[1] = {1000};
    static const struct genesis_token tokens[] = {
        {18, 0, true, USD_E8(6) / 100}, {6, 0, true, USD_E8(1)}, {18, 0, false, 0}};
    struct params params = params_default;
    struct genesis g = {.params = &params,
                        .tokens = tokens,
                        .token_count = ARRAY_LEN(tokens),
                        .coin = ARRAY_LEN(tokens),
                        .rtt_us = rtt_us,
                        .regions = 1};
    struct amount funds[TOKENS_MAX] = {AMOUNT(WEI_E18(1000000)), AMOUNT((u128)1 << 60),
                                       AMOUNT(WEI_E18(1000))};

    params.block_time_ms = 1000;
    params.oracle_stale_eras = 10000;
    params.block_gas_limit = 100000000000;
    g.world_secret[31] = 1;
    chain_init(&p->chain, p->memory.base, &g, p->tally);
    for (u32 a = 1; a < ACCOUNTS; a++) {
        make_key(p, a);
        check(chain_add_account(&p->chain, p->addresses[a].byte, a < PROVIDER(0) ? roles[a] : 0, 0,
                                funds) == a);
    }
}

static void door_begin(struct participants *p)
{
    p->door = (struct door){.chain = &p->chain,
                            .about = p,
                            .account = find,
                            .find = find,
                            .word = no_word,
                            .tokens = door_tokens_known,
                            .token_count = 2};
    door_open(&p->door);
}

static void register_all(struct participants *p)
{
    struct tx propose = {.kind = TX_PROPOSE}, stake = {.kind = TX_STAKE};
    struct tx wallet = {.kind = TX_CREATE_WALLET}, deposit = {.kind = TX_DEPOSIT};

    propose.u.propose.machine = (struct machine){.cpu = 4096, .ram_gib = 16384, .disk_gib = 65536};
    propose.u.propose.tokens = 3;
    stake.u.stake.amount = AMOUNT(WEI_E18(600));
    for (u32 i = 0; i < PROVIDERS; i++) {
        participants_submit(p, PROVIDER(i), &propose);
        participants_submit(p, PROVIDER(i), &stake);
    }
    for (u32 i = 0; i < USERS; i++) {
        deposit.u.deposit.wallet = i + 1;
        deposit.u.deposit.token = USDT;
        deposit.u.deposit.amount = AMOUNT(1000000000000);
        participants_submit(p, USER(i), &wallet);
        participants_submit(p, USER(i), &deposit);
    }
    participants_step(p);
}

bool participants_open(struct participants *p, bool registered)
{
    static const struct record_head head = {.seed = 1};

    memset(p, 0, sizeof(*p));
    p->signer = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    p->tally = calloc(1, sizeof(*p->tally));
    if (p->signer == NULL || p->tally == NULL ||
        !reserve_open(&p->memory, "bytes of the chain", 1, state_bytes()))
        return false;
    chain_begin(p);
    door_begin(p);
    if (!process_open(&p->process, &head, &p->chain, 1))
        return false;
    if (registered)
        register_all(p);
    check(p->refused == 0);
    return true;
}

void participants_close(struct participants *p)
{
    process_close(&p->process);
    reserve_close(&p->memory);
    secp256k1_context_destroy(p->signer);
    free(p->tally);
}

void participants_submit(struct participants *p, u32 from, const struct tx *tx)
{
    check(process_submit(&p->process, from, tx)); /* there is room for millions */
}

void participants_step(struct participants *p)
{
    struct block b;
    u32 taken;

    p->slot++;
    process_step(&p->process, (struct instant){SEC(p->slot)}, p->slot, &b, &taken);
    check(taken == b.count && chain_full(&p->chain) == NULL);
    for (u32 i = 0; i < taken; i++)
        p->refused += b.txs[i].err != ERR_None;
    process_stepped(&p->process, taken);
}
