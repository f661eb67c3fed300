/* chain - one chain in a test, and what it told. */
#include "tests/chain.h"

#include "protocol/invariants/invariant.h"

#include "chain-mock/watch/watch.h"
#include "sim/engine/reserve.h"
#include "tests/property/model/model.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK_TXS 1000u
#define TEXT_BYTES 65536u

struct chain chain;

static struct tally tally;
static struct reserve memory;
static struct model twin; /* the rules once more: what is told must be what follows */
static bool modelled;
static struct block_tx txs[BLOCK_TXS];
static u32 tx_count;
static u32 responses[ACCOUNTS];
static u32 response_count;
static struct told *tape;
static u32 tape_used, tape_cap, tape_seen;
static void (*listener)(void *about, const struct log *log, u64 slot, struct instant now);
static void *listener_about;

/* ---- beginnings ---- */

struct params story_params(void)
{
    struct params p = params_default;

    p.block_time_ms = 1000;
    p.oracle_stale_eras = 10000;
    return p;
}

void story_emission(struct params *p, u64 units)
{
    p->supply0 = AMOUNT((u128)units * 7300);
}

static void add_accounts(void)
{
    static const u32 roles[ACCOUNTS] = {[STATE] = ROLE_GOVERNANCE | ROLE_ORACLE | ROLE_REPORTER |
                                                  ROLE_ISSUER,
                                        [FOUNDATION] = ROLE_FOUNDATION,
                                        [TREASURY] = ROLE_TREASURY};
    struct amount funds[TOKENS_MAX] = {SPONS(1000000), USDXS(1000000)};
    struct amount none[TOKENS_MAX] = {{0}};
    u8 address[20] = {0};

    for (u32 a = STATE; a < ACCOUNTS; a++) {
        address[19] = (u8)a;
        u32 id =
            chain_add_account(&chain, address, roles[a], a >= U1 ? 1 : 0, a >= U1 ? funds : none);
        EXPECT(id == a);
    }
}

static void begin_model(const struct genesis *g)
{
    static struct model_genesis x;

    x = (struct model_genesis){.params = *g->params,
                               .tokens = g->token_count,
                               .accounts = ACCOUNTS - 1,
                               .regions = g->regions,
                               .foundation = FOUNDATION,
                               .treasury = TREASURY};
    memcpy(x.world_secret, g->world_secret, sizeof(x.world_secret));
    memcpy(x.rtt_us, g->rtt_us, g->regions * g->regions * sizeof(*g->rtt_us));
    for (u32 t = 0; t < g->token_count; t++) {
        const struct genesis_token *k = &g->tokens[t];
        x.token[t] = (struct model_token){k->decimals, k->transfer_fee_bps, k->usd_e8, k->enabled};
    }
    for (u32 a = STATE; a < ACCOUNTS; a++) {
        struct model_account *k = &x.account[a];
        memcpy(k->address, chain_account_address(&chain, a), sizeof(k->address));
        k->region = a >= U1 ? 1 : 0;
        for (u32 t = 0; t < g->token_count; t++)
            k->funds[t] = chain_account_balance(&chain, a, t).wei;
    }
    model_begin(&twin, &x);
    modelled = true;
}

void story_grant(u32 account, u32 tier)
{
    chain_grant_tier(&chain, account, tier);
    twin.genesis.account[account].initial_tier = tier;
}

void story_unmodelled(void)
{
    modelled = false;
}

void chain_begin(const struct params *p)
{
    static const struct genesis_token tokens[] = {{18, 0, true, USD_E8(6) / 100},
                                                  {6, 0, true, USD_E8(1)}};
    static const u32 rtt_us[] = {1000, 240000, 240000, 1000}; /* between two regions */
    struct genesis g = {.params = p,
                        .tokens = tokens,
                        .token_count = ARRAY_LEN(tokens),
                        .rtt_us = rtt_us,
                        .regions = 2};

    reserve_close(&memory);
    EXPECT(reserve_open(&memory, "the chain", 1, state_bytes()));
    memset(&tally, 0, sizeof(tally));
    tx_count = response_count = tape_used = tape_seen = 0;
    listener = NULL;
    g.world_secret[31] = 1;
    chain_init(&chain, memory.base, &g, &tally);
    chain.state.full_every = 1;
    add_accounts();
    begin_model(&g);
}

void chain_listen(void (*on_log)(void *about, const struct log *log, u64 slot, struct instant now),
                  void *about)
{
    listener = on_log;
    listener_about = about;
}

/* ---- blocks ---- */

static void expect_sound(void)
{
    const struct violation *v = &tally.first;

    watch_all(&chain.state);
    EXPECT(state_hash_full(&chain.state) == chain_hash(&chain));
    EXPECT(chain_full(&chain) == NULL);
    if (!v->found)
        return;
    printf("not ok - violation of %s: %llu, not %llu, of %s %llu in slot %llu\n",
           invariant_rows[v->id].id, (unsigned long long)v->left, (unsigned long long)v->right,
           v->subject, (unsigned long long)v->subject_id,
           (unsigned long long)state_meta(&chain.state)->slot);
    exit(EXIT_FAILURE);
}

static void keep_logs(u64 second)
{
    u32 n;
    const struct log *logs = chain_logs(&chain, &n);

    if (tape_used + n > tape_cap) {
        tape_cap = 2 * (tape_used + n);
        tape = realloc(tape, tape_cap * sizeof(*tape));
        EXPECT(tape != NULL);
    }
    for (u32 i = 0; i < n; i++) {
        tape[tape_used++] = (struct told){second, logs[i]};
        if (listener != NULL)
            listener(listener_about, &logs[i], second, (struct instant){SEC(second)});
    }
}

static void expect_model(u64 at_s)
{
    u32 n;
    const struct log *logs = chain_logs(&chain, &n);

    if (!modelled || model_block(&twin, at_s, logs, n))
        return;
    printf("not ok - at %llu the model differs: %s\n", (unsigned long long)at_s, twin.wrong);
    exit(EXIT_FAILURE);
}

static void run_block(u64 second, u32 count)
{
    struct block b = {.slot = second,
                      .count = count,
                      .txs = txs,
                      .data = responses,
                      .data_count = response_count};

    EXPECT(chain_step(&chain, &b) == count);
    keep_logs(second);
    expect_sound();
    expect_model(second);
}

static void take_due_before(u64 second)
{
    for (u64 due = chain_due_slot(&chain); due < second; due = chain_due_slot(&chain))
        run_block(due, 0);
}

void put(u32 from, struct tx tx)
{
    u64 nonce = chain_account_nonce(&chain, from);

    EXPECT(tx_count < BLOCK_TXS);
    for (u32 i = 0; i < tx_count; i++)
        nonce += txs[i].from == from;
    txs[tx_count++] = (struct block_tx){.from = from, .nonce = nonce, .tx = tx};
}

u64 step_after_halt(u64 second)
{
    u32 n = tx_count;

    run_block(second, n);
    tx_count = response_count = 0;
    for (u32 i = 0; i < n; i++) {
        if (txs[i].err != ERR_None) {
            printf("not ok - %s at %llu: %s\n", tx_rows[txs[i].tx.kind].name,
                   (unsigned long long)second, err_text(txs[i].err));
            exit(EXIT_FAILURE);
        }
    }
    return n == 0 ? 0 : txs[n - 1].id;
}

u64 step(u64 second)
{
    take_due_before(second);
    return step_after_halt(second);
}

u64 call_at(u64 second, u32 from, struct tx tx)
{
    put(from, tx);
    return step(second);
}

void advance(u64 second)
{
    EXPECT(tx_count == 0);
    take_due_before(second + 1);
}

void empty_block(u64 second)
{
    EXPECT(tx_count == 0);
    step(second);
}

/* ---- a refused call ---- */

struct outcome {
    u128 hash;
    struct pocket_sums pockets;
    u32 logs;
};

static struct outcome outcome_now(void)
{
    struct outcome o;

    memset(&o, 0, sizeof(o));
    o.hash = state_hash_full(&chain.state);
    state_pockets(&chain.state, &o.pockets);
    (void)chain_logs(&chain, &o.logs);
    return o;
}

/* What the next block comes to without calls: found out by a child process, in which it happens. */
static struct outcome without_calls(u64 second)
{
    struct outcome o;
    int ends[2], status;

    EXPECT(pipe(ends) == 0);
    fflush(stdout);
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        run_block(second, 0);
        o = outcome_now();
        _exit(write(ends[1], &o, sizeof(o)) == (ssize_t)sizeof(o) ? 0 : 1);
    }
    EXPECT(read(ends[0], &o, sizeof(o)) == (ssize_t)sizeof(o));
    EXPECT(waitpid(child, &status, 0) == child && status == 0);
    close(ends[0]);
    close(ends[1]);
    return o;
}

void refused(u64 second, u32 from, struct tx tx, enum err want)
{
    struct account_row *sender =
        (struct account_row *)(void *)chain.state.tables[TABLE_ACCOUNT].rows + from;

    EXPECT(tx_count == 0);
    take_due_before(second);
    struct outcome without = without_calls(second);
    put(from, tx);
    run_block(second, 1);
    tx_count = 0;
    if (txs[0].err != want) {
        printf("not ok - %s at %llu: \"%s\", not \"%s\"\n", tx_rows[tx.kind].name,
               (unsigned long long)second, err_text(txs[0].err), err_text(want));
        exit(EXIT_FAILURE);
    }
    sender->nonce--; /* all that a refused call may change */
    struct outcome with = outcome_now();
    sender->nonce++;
    EXPECT(with.hash == without.hash && with.logs == without.logs);
    EXPECT(memcmp(&with.pockets, &without.pockets, sizeof(with.pockets)) == 0);
}

/* ---- the usual beginnings ---- */

struct machine cpus(u32 n)
{
    return (struct machine){.cpu = n, .ram_gib = 4 * n, .disk_gib = 16 * n};
}

struct machine gpus(u16 model, u16 n)
{
    return (struct machine){.ram_gib = 256, .disk_gib = 1024, .gpu = {{model, n}}};
}

void put_provider(u32 account, struct machine machine, struct amount stake)
{
    put(account, CALL(PROPOSE, propose, .machine = machine, .tokens = 3));
    put(account, CALL(STAKE, stake, .amount = stake));
}

void put_wallet(u32 user, u32 wallet, u32 token, struct amount deposit)
{
    put(user, CALL(CREATE_WALLET, create_wallet, .reserved = 0));
    put(user, CALL(DEPOSIT, deposit, .wallet = wallet, .token = token, .amount = deposit));
}

u64 lease_all(u64 second, const struct want *wants, u32 n)
{
    u64 order = state_meta(&chain.state)->next_order;
    u64 first = state_meta(&chain.state)->next_lease;

    for (u32 i = 0; i < n; i++)
        put(wants[i].user,
            CALL(CREATE_ORDER, create_order, .wallet = wants[i].wallet, .token = wants[i].token,
                 .specs = wants[i].specs, .replicas = 1, .max_price = AMOUNT(wants[i].price),
                 .duration_s = wants[i].duration_s, .tier_worst = TIER_LOWEST));
    step(second - 3);
    for (u32 i = 0; i < n; i++)
        put(wants[i].provider,
            CALL(PLACE_BID, place_bid, .order = order + i, .price = AMOUNT(wants[i].price)));
    step(second - 2);
    for (u32 i = 0; i < n; i++) {
        if (!wants[i].unconfirmed)
            put(wants[i].provider, CALL(CONFIRM, confirm, .lease = first + i));
    }
    step(second);
    EXPECT(state_meta(&chain.state)->next_lease == first + n);
    return first;
}

u64 lease(u64 second, struct want want)
{
    return lease_all(second, &want, 1);
}

void put_responses(u32 us)
{
    response_count = chain_providers(&chain);
    EXPECT(response_count <= ARRAY_LEN(responses));
    for (u32 i = 0; i < response_count; i++)
        responses[i] = us;
    put(STATE, CALL(REPORT_RESPONSES, report_responses, .first = 1, .count = response_count));
}

/* ---- what was told ---- */

u32 told_count(enum log_kind kind)
{
    u32 n = 0;

    for (u32 i = 0; i < tape_used; i++)
        n += tape[i].log.kind == kind;
    return n;
}

const struct log *told(enum log_kind kind, u32 nth)
{
    for (u32 i = 0; i < tape_used; i++) {
        if (tape[i].log.kind == kind && nth-- == 0)
            return &tape[i].log;
    }
    printf("not ok - no such log: %s\n", log_names[kind]);
    exit(EXIT_FAILURE);
}

const struct log *told_last(enum log_kind kind)
{
    u32 n = told_count(kind);

    return told(kind, n == 0 ? 0 : n - 1);
}

static void write_log(char *out, size_t room, const struct told *t)
{
    static const char *const ends[] = {"",     "expired",  "insufficient", "provider_breach",
                                       "user", "provider", "updated"};
    static const char *const cancels[] = {"by the tenant", "insufficient", "bracket"};
    static const char *const slashes[] = {"standby", "deployment", "breach", "misconduct"};
    const struct log *l = &t->log;
    int n = snprintf(out, room, "%llu %s", (unsigned long long)t->second, log_names[l->kind]);

    out += n;
    room -= (size_t)n;
    if (l->kind == LOG_LeaseClosed)
        snprintf(out, room, " %s", ends[l->u.lease_closed.reason]);
    else if (l->kind == LOG_OrderCancelled)
        snprintf(out, room, " %s", cancels[l->u.order_cancelled.reason]);
    else if (l->kind == LOG_Slashed)
        snprintf(out, room, " %s %llu", slashes[l->u.slashed.cause],
                 (unsigned long long)l->u.slashed.amount.wei);
    else if (l->kind == LOG_TierChanged)
        snprintf(out, room, " %u to %u", l->u.tier_changed.from, l->u.tier_changed.to);
}

void told_skip(void)
{
    tape_seen = tape_used;
}

void expect_told(const char *want, const char *file, int line)
{
    static char is[TEXT_BYTES];
    char row[160];
    size_t used = 0;

    is[0] = '\0';
    for (; tape_seen < tape_used; tape_seen++) {
        if (log_audiences[tape[tape_seen].log.kind] == TO_NOBODY)
            continue;
        write_log(row, sizeof(row), &tape[tape_seen]);
        used += (size_t)snprintf(is + used, sizeof(is) - used, "%s\n", row);
        EXPECT(used < sizeof(is));
    }
    if (strcmp(is, want) == 0)
        return;
    printf("not ok - %s:%d was told\n%snot\n%s", file, line, is, want);
    exit(EXIT_FAILURE);
}

/* ---- what is there ---- */

static const char *decimal(u128 n, char text[40])
{
    char *at = text + 39;

    *at = '\0';
    do {
        *--at = (char)('0' + (int)(n % 10));
        n /= 10;
    } while (n != 0);
    return at;
}

void expect_is(const char *what, u128 is, u128 want, const char *file, int line)
{
    char a[40], b[40];

    if (is == want)
        return;
    printf("not ok - %s:%d %s is %s, not %s\n", file, line, what, decimal(is, a), decimal(want, b));
    exit(EXIT_FAILURE);
}

const struct purse_row *purse_of(u32 wallet, u32 token)
{
    return purse_at(&chain.state, wallet_at(&chain.state, wallet)->purse[token]);
}

u128 balance_of(u32 account, u32 token)
{
    return account_at(&chain.state, account)->balance[token].wei;
}

u128 pocket_sum(u32 token, enum pocket pocket)
{
    struct pocket_sums sums;

    state_pockets(&chain.state, &sums);
    return sums.at[token][pocket];
}

u32 provider_of(u32 account)
{
    u32 id = chain_account_provider(&chain, account);

    EXPECT(id != 0);
    return id;
}

const struct standing_row *standing_of(u32 account)
{
    return standing_at(&chain.state, provider_of(account));
}

const struct log_provider_era *era_of(u32 account, u64 era)
{
    u32 provider = provider_of(account);

    for (u32 i = 0; i < told_count(LOG_ProviderEra); i++) {
        const struct log_provider_era *l = &told(LOG_ProviderEra, i)->u.provider_era;
        if (l->provider == provider && l->era == era)
            return l;
    }
    printf("not ok - no close of era %llu\n", (unsigned long long)era);
    exit(EXIT_FAILURE);
}

const struct log_era_closed *closed_era(u64 era)
{
    return &told(LOG_EraClosed, (u32)era)->u.era_closed;
}
