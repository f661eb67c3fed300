#include "sim/node/parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_BYTES (4u << 20)
#define ACCOUNTS_MAX (1u << 23)

/* ---- refusals ---- */

bool node_refuse(struct refusal *why, int code, const char *format, ...)
{
    va_list args;

    *why = (struct refusal){.code = code};
    va_start(args, format);
    vsnprintf(why->message, sizeof(why->message), format, args);
    va_end(args);
    return false;
}

/* ---- who is who ---- */

u32 node_account(const struct node *n, struct address a)
{
    size_t at = 0;
    u64 key = index_key(a.byte, sizeof(a.byte));
    u32 i = index_first(&n->accounts, key, &at);

    while (i != INDEX_NONE &&
           memcmp(chain_account_address(n->c.process->chain, i), a.byte, 20) != 0)
        i = index_next(&n->accounts, key, &at);
    return i == INDEX_NONE ? 0 : i;
}

struct address node_address(const struct node *n, u32 account)
{
    struct address a;

    memcpy(a.byte, chain_account_address(n->c.process->chain, account), sizeof(a.byte));
    return a;
}

void node_learn_accounts(struct node *n)
{
    u32 now = chain_accounts(n->c.process->chain);

    while (n->accounts_known < now) {
        const u8 *address = chain_account_address(n->c.process->chain, ++n->accounts_known);
        check(index_put(&n->accounts, index_key(address, 20), n->accounts_known));
    }
}

/* After the chain went back. */
static void learn_anew(struct node *n)
{
    index_clear(&n->accounts);
    n->accounts_known = 0;
    node_learn_accounts(n);
}

static u32 account_or_newcomer(void *about, struct address a)
{
    struct node *n = about;
    u32 account = node_account(n, a), known = n->accounts_known;
    const struct newcomer *fresh = n->newcomers.base;

    if (account != 0)
        return account;
    for (u32 i = 0; i < n->newcomers.count; i++) {
        if (memcmp(fresh[i].address, a.byte, sizeof(a.byte)) == 0)
            return known + 1 + i;
    }
    if (known + n->newcomers.count >= ACCOUNTS_MAX - 2 || !reserve_grow(&n->newcomers, 1))
        return 0;
    memcpy(((struct newcomer *)n->newcomers.base)[n->newcomers.count - 1].address, a.byte, 20);
    return known + (u32)n->newcomers.count;
}

static u32 find_account(void *about, struct address a)
{
    return node_account(about, a);
}

static u32 add_word(void *about, u32 word)
{
    struct node *n = about;

    check(reserve_grow(&n->words, 1)); /* as many as a block's calldata can hold */
    ((u32 *)n->words.base)[n->words.count - 1] = word;
    return (u32)n->words.count - 1;
}

void node_forget_newcomers(struct node *n)
{
    n->newcomers.count = 0;
    n->words.count = 0;
}

/* ---- watchers ---- */

void node_watch(struct node *n, const struct node_watch *w)
{
    check(n->watch_count < NODE_WATCHES);
    n->watches[n->watch_count++] = *w;
}

void node_tell(struct node *n, enum node_told what, u64 number, const struct bytes32 *hash)
{
    for (u32 i = 0; i < n->watch_count; i++) {
        const struct node_watch *w = &n->watches[i];
        if (what == NODE_TOLD_BLOCK && w->block != NULL)
            w->block(w->about, number);
        else if (what == NODE_TOLD_PENDING && w->pending != NULL)
            w->pending(w->about, hash);
        else if (what == NODE_TOLD_REVERTING && w->reverting != NULL)
            w->reverting(w->about, number);
        else if (what == NODE_TOLD_REVERTED && w->reverted != NULL)
            w->reverted(w->about, number);
    }
}

/* ---- beginning and end ---- */

static void make_genesis(struct node *n)
{
    const struct chain *c = n->c.process->chain;
    struct node_block *b = &n->head;

    *b = (struct node_block){.timestamp_s = n->c.genesis_ms / 1000,
                             .base_fee = n->c.base_fee,
                             .gas_limit = chain_params(c)->block_gas_limit,
                             .state_root = bytes32_of_u128(chain_hash(c))};
    if (state_meta(&c->state)->treasury != 0)
        b->miner = node_address(n, state_meta(&c->state)->treasury);
    b->txs_root = b->receipts_root = node_root(SLICE(NULL, 0));
    node_seal(b);
}

static bool put_u64_note(struct node *n, const char *name, u64 v)
{
    u8 bytes[8];
    struct writer w = {bytes, sizeof(bytes)};

    put_u64(&w, v);
    return store_put_note(n->store, name, SLICE(bytes, sizeof(bytes)));
}

static bool u64_note(struct node *n, const char *name, u64 *v)
{
    struct slice bytes;

    if (!store_note(n->store, name, &bytes) || bytes.n != 8)
        return false;
    struct reader r = {bytes.at, bytes.n, true};
    *v = get_u64(&r);
    return true;
}

/* An empty store gets the genesis. */
static bool begin_store(struct node *n, char error[256])
{
    make_genesis(n);
    n->unsaved = n->unsaved_impersonated = true;
    bool put = put_u64_note(n, "chain_id", n->c.chain_id) &&
               put_u64_note(n, "genesis_ms", n->c.genesis_ms) && node_settings_save(n) &&
               store_put_note(n->store, "genesis", SLICE(n->head.hash.byte, 32)) &&
               store_put_block(n->store, &n->head) && store_sync(n->store);
    if (!put)
        snprintf(error, 256, "%s", store_error(n->store));
    return put;
}

static void back_to_pool(void *about, const struct node_tx *tx)
{
    (void)pool_add(&((struct node *)about)->pool, tx);
}

/* A store that was left: its records are fed to the process again. */
static bool take_up_store(struct node *n, char error[256])
{
    struct node_block genesis;
    u64 chain_id = 0, told_ms = 0;

    if (!u64_note(n, "chain_id", &chain_id) || !u64_note(n, "genesis_ms", &n->c.genesis_ms) ||
        !store_block_at_or_below(n->store, 0, &genesis)) {
        snprintf(error, 256, "the state file lacks its beginning");
        return false;
    }
    make_genesis(n);
    if (chain_id != n->c.chain_id || memcmp(&genesis.hash, &n->head.hash, 32) != 0) {
        snprintf(error, 256,
                 "the state file is of another chain: its chain id is %llu, or its "
                 "genesis has other accounts, tokens or parameters",
                 (unsigned long long)chain_id);
        return false;
    }
    if (!node_settings_load(n, &told_ms, error) || !node_replay(n, error))
        return false;
    if (!store_last_block(n->store, &n->head)) {
        snprintf(error, 256, "%s", store_error(n->store));
        return false;
    }
    if (!node_ends_together(n, error))
        return false;
    n->slot = n->head.slot;
    node_clock_resume(n, told_ms);
    node_learn_accounts(n);
    store_pool(n->store, back_to_pool, n);
    return store_error(n->store)[0] == '\0' ||
           store_refused(n->store, store_error(n->store), error);
}

/* Known once the store has been looked at: the deployed contracts tell seconds of the world's
 * clock. */
static void name_genesis(struct node *n)
{
    n->door.genesis_unix_s = n->c.genesis_ms / 1000;
}

bool node_learn_genesis(struct node *n, u64 *chain_id)
{
    if (!u64_note(n, "chain_id", chain_id) || !u64_note(n, "genesis_ms", &n->c.genesis_ms))
        return false;
    make_genesis(n);
    name_genesis(n);
    return true;
}

static bool open_memory(struct node *n)
{
    n->txs = calloc(BLOCK_TXS_MAX, sizeof(*n->txs));
    n->picked = calloc(BLOCK_TXS_MAX, sizeof(struct pooled *));
    n->room_size = ROOM_BYTES;
    n->room = malloc(n->room_size);
    n->signer = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    return n->txs != NULL && n->picked != NULL && n->room != NULL && n->signer != NULL &&
           pool_open(&n->pool) &&
           reserve_open(&n->newcomers, "new accounts of a block", sizeof(struct newcomer),
                        1u << 20) &&
           reserve_open(&n->words, "words of a block", sizeof(u32), 1u << 24) &&
           reserve_open(&n->turns, "senders", sizeof(struct node_turn),
                        ACCOUNTS_MAX + (1u << 20)) &&
           reserve_open(&n->impersonated, "impersonated accounts", sizeof(struct address),
                        IMPERSONATED_MAX) &&
           reserve_open(&n->kept, "snapshots", sizeof(struct node_kept), 1u << 16);
}

struct node *node_new(const struct node_config *config)
{
    struct node *n = calloc(1, sizeof(*n));

    if (n == NULL)
        return NULL;
    n->c = *config;
    n->store = config->store;
    n->mining = config->mining;
    n->interval_ms = config->mining == NODE_INTERVAL ? config->interval_ms : 0;
    n->terms.base_fee = config->base_fee;
    n->door = (struct door){.chain = config->process->chain,
                            .about = n,
                            .account = account_or_newcomer,
                            .find = find_account,
                            .tokens = config->tokens,
                            .token_count = config->token_count,
                            .regions = config->regions,
                            .region_count = config->region_count,
                            .word = add_word};
    door_open(&n->door);
    if (open_memory(n)) {
        node_learn_accounts(n);
        return n;
    }
    node_close(n);
    return NULL;
}

struct node *node_open(const struct node_config *config, char error[256])
{
    struct node *n = node_new(config);

    if (n == NULL) {
        snprintf(error, 256, "out of memory");
        return NULL;
    }
    if (store_whole(n->store, error)) {
        n->c.process->on_record = store_take_record;
        n->c.process->record_about = n->store;
        if (store_records(n->store) > 0 || store_note(n->store, "genesis", &(struct slice){0, 0})
                ? take_up_store(n, error)
                : begin_store(n, error)) {
            name_genesis(n);
            return n;
        }
    }
    node_close(n);
    return NULL;
}

void node_close(struct node *n)
{
    pool_close(&n->pool);
    index_free(&n->accounts);
    reserve_close(&n->newcomers);
    reserve_close(&n->words);
    reserve_close(&n->turns);
    reserve_close(&n->impersonated);
    reserve_close(&n->kept);
    if (n->signer != NULL)
        secp256k1_context_destroy(n->signer);
    memset(n->keys, 0, sizeof(n->keys));
    free(n->txs);
    free(n->picked);
    free(n->room);
    free(n);
}

void node_went_back(struct node *n)
{
    learn_anew(n);
}

/* ---- reading ---- */

u64 node_chain_id(const struct node *n)
{
    return n->c.chain_id;
}

u64 node_head(const struct node *n)
{
    return n->head.number;
}

const struct chain *node_chain(const struct node *n)
{
    return n->c.process->chain;
}

struct door *node_door(struct node *n)
{
    return &n->door;
}

bool node_block_at(struct node *n, u64 number, struct node_block *out)
{
    if (number == n->head.number) {
        *out = n->head;
        return true;
    }
    return number < n->head.number && store_block_at_or_below(n->store, number, out) &&
           out->number == number;
}

bool node_block_of(struct node *n, const struct bytes32 *hash, struct node_block *out)
{
    if (memcmp(hash, &n->head.hash, sizeof(*hash)) == 0) {
        *out = n->head;
        return true;
    }
    return store_block_of(n->store, hash, out);
}

bool node_tx_of(struct node *n, const struct bytes32 *hash, struct node_tx *out)
{
    const struct pooled *t = pool_of_hash(&n->pool, hash);

    if (t == NULL)
        return store_tx(n->store, hash, out);
    *out = t->tx;
    return true;
}

bool node_tx_at(struct node *n, u64 block, u32 index, struct node_tx *out)
{
    return store_tx_at(n->store, block, index, out);
}

void node_logs(struct node *n, const struct node_filter *f,
               bool (*visit)(void *about, const struct node_log *log), void *about)
{
    store_logs(n->store, f, visit, about);
}

void node_block_logs(struct node *n, u64 number,
                     bool (*visit)(void *about, const struct node_log *log), void *about)
{
    struct node_filter one = {.from = number, .to = number};

    store_logs(n->store, &one, visit, about);
}

struct amount node_balance(const struct node *n, struct address a)
{
    const struct chain *c = n->c.process->chain;
    u32 account = node_account(n, a), coin = chain_coin(c);

    return account == 0 || coin == 0 ? AMOUNT(0) : chain_account_balance(c, account, coin - 1);
}

u64 node_nonce(const struct node *n, struct address a, bool pending)
{
    u32 account = node_account(n, a);
    u64 nonce = account == 0 ? 0 : chain_account_nonce(n->c.process->chain, account);

    while (pending && pool_of_nonce(&n->pool, a, nonce) != NULL)
        nonce++;
    return nonce;
}

bool node_has_code(const struct node *n, struct address a)
{
    return door_contract(&n->door, a);
}

/* ---- the pool, by sender and nonce ---- */

static int by_sender(const void *left, const void *right)
{
    const struct pooled *const *a = left, *const *b = right;
    int order = memcmp((*a)->tx.from.byte, (*b)->tx.from.byte, sizeof((*a)->tx.from.byte));
    u64 na = (*a)->tx.envelope.nonce, nb = (*b)->tx.envelope.nonce;

    return order != 0 ? order : (na > nb) - (na < nb);
}

void node_pool(struct node *n, bool (*visit)(void *about, const struct node_tx *tx, bool queued),
               void *about)
{
    u32 count = 0;
    struct address last = {{0}};
    u64 next = 0;
    bool more = true;

    for (struct pooled *t = pool_oldest(&n->pool); t != NULL; t = pool_newer(&n->pool, t))
        n->picked[count++] = t;
    qsort(n->picked, count, sizeof(struct pooled *), by_sender);
    for (u32 i = 0; i < count && more; i++) {
        const struct node_tx *tx = &n->picked[i]->tx;
        if (i == 0 || !address_equal(last, tx->from)) {
            last = tx->from;
            next = node_nonce(n, last, false);
        }
        more = visit(about, tx, tx->envelope.nonce != next);
        next += tx->envelope.nonce == next;
    }
}
