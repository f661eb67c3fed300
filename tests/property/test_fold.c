/* The fold of a random market, judged by the audit: what the tables say is what happened.
 *
 * Transactions are drawn and many are refused; tests/audit/audit.py then recomputes the run from
 * its tables alone.  With an argument the folder is left there, to be looked at. */
#include "protocol/invariants/invariant.h"
#include "sim/engine/reserve.h"
#include "sim/study/fold.h"
#include "sim/study/remove_tree.h"
#include "sim/study/run_folder.h"
#include "tests/test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROVIDERS 6u
#define USERS 4u
#define SYSTEM 1u
#define PROVIDER_ACCOUNT(i) (2u + (i))
#define USER_ACCOUNT(i) (2u + PROVIDERS + (i))
#define LEASES_MAX 4096u
#define ERA 14400u

struct lease {
    u64 id;
    u32 provider, wallet; /* provider: its account */
};

struct market {
    struct chain chain;
    struct tally tally;
    struct reserve memory;
    struct fold *fold;
    struct block_tx txs[64];
    u32 count;
    u64 slot, draws;
    struct lease leases[LEASES_MAX]; /* open ones */
    u32 n_leases;
    u64 order;                /* that takes bids in the next slot */
    u64 down_from[PROVIDERS]; /* 0: up */
};

static u64 draw(struct market *m, u64 n)
{
    m->draws = m->draws * 6364136223846793005u + 1442695040888963407u;
    return (m->draws >> 33) % n;
}

static struct tx *send(struct market *m, u32 from, enum tx_kind kind)
{
    struct block_tx *t = &m->txs[m->count++];
    u64 nonce = chain_account_nonce(&m->chain, from);

    EXPECT(m->count <= ARRAY_LEN(m->txs));
    for (u32 i = 0; i + 1 < m->count; i++)
        nonce += m->txs[i].from == from;
    *t = (struct block_tx){.from = from, .nonce = nonce, .tx = {.kind = kind}};
    return &t->tx;
}

static void remember(struct market *m, const struct log *log)
{
    if (log->kind == LOG_LeaseCreated && m->n_leases < LEASES_MAX)
        m->leases[m->n_leases++] =
            (struct lease){log->u.lease_created.lease, log->u.lease_created.provider_account,
                           log->u.lease_created.wallet};
    if (log->kind != LOG_LeaseClosed)
        return;
    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].id == log->u.lease_closed.lease)
            m->leases[i] = m->leases[--m->n_leases];
}

/* One block with what was sent, and the fold hears of it. */
static void step(struct market *m, u64 slot)
{
    struct block b = {.slot = slot, .count = m->count, .txs = m->txs};
    struct instant now = {SEC(slot * 2)};
    const struct log *logs;
    u32 n, taken = chain_step(&m->chain, &b);

    EXPECT(taken == m->count && chain_full(&m->chain) == NULL);
    m->slot = slot;
    m->count = 0;
    m->order = 0;
    logs = chain_logs(&m->chain, &n);
    for (u32 i = 0; i < n; i++) {
        remember(m, &logs[i]);
        fold_on_log(m->fold, &logs[i], slot, now);
    }
    fold_on_block(m->fold, &b, taken, now);
    for (u32 i = 0; i < taken; i++)
        if (m->txs[i].tx.kind == TX_CREATE_ORDER && m->txs[i].err == ERR_None)
            m->order = m->txs[i].id;
}

/* ---- what may happen ---- */

static void create_order(struct market *m)
{
    u32 user = (u32)draw(m, USERS);
    struct tx *tx = send(m, USER_ACCOUNT(user), TX_CREATE_ORDER);

    tx->u.create_order.wallet = user + 1;
    tx->u.create_order.token = (u32)draw(m, 2);
    tx->u.create_order.specs = (struct specs){
        .cpu = 1 + (u32)draw(m, 4), .ram_gib = 4, .disk_gib = 10, .gpus = (u16)draw(m, 2)};
    tx->u.create_order.replicas = 1 + (u32)draw(m, 2);
    tx->u.create_order.max_price =
        AMOUNT(tx->u.create_order.token == 0 ? WEI_E18(2) : (u128)1500007);
    tx->u.create_order.duration_s = 900 + draw(m, 20000);
    tx->u.create_order.tier_worst = 7;
}

static void place_bids(struct market *m, u64 order, bool native)
{
    for (u32 i = 0; i < PROVIDERS; i++) {
        if (draw(m, 2) == 0)
            continue;
        struct tx *tx = send(m, PROVIDER_ACCOUNT(i), TX_PLACE_BID);
        tx->u.place_bid.order = order;
        tx->u.place_bid.price =
            AMOUNT(native ? WEI_E18(1) + draw(m, 1u << 30) : 700000 + (u128)draw(m, 800000));
    }
}

static void extend_or_update(struct market *m, const struct lease *l)
{
    struct tx *tx;

    if (draw(m, 2) == 0) {
        tx = send(m, USER_ACCOUNT(l->wallet - 1), TX_EXTEND);
        tx->u.extend.lease = l->id;
        tx->u.extend.seconds = 1 + draw(m, 5000);
        return;
    }
    tx = send(m, USER_ACCOUNT(l->wallet - 1), TX_REQUEST_UPDATE);
    tx->u.request_update.lease = l->id;
    tx->u.request_update.specs = (struct specs){.cpu = 1, .ram_gib = 2, .disk_gib = 5};
    tx->u.request_update.replicas = 1;
    tx->u.request_update.max_price = AMOUNT(WEI_E18(1));
    step(m, m->slot + 1);
    tx = send(m, l->provider, TX_ACCEPT_UPDATE);
    tx->u.accept_update.lease = l->id;
    tx->u.accept_update.price = AMOUNT(600001);
}

static void touch_lease(struct market *m)
{
    struct lease l;
    struct tx *tx;

    if (m->n_leases == 0)
        return;
    l = m->leases[draw(m, m->n_leases)];
    switch (draw(m, 4)) {
    case 0:
        tx = send(m, draw(m, 3) == 0 ? l.provider : USER_ACCOUNT(l.wallet - 1), TX_CLOSE_LEASE);
        tx->u.close_lease.lease = l.id;
        tx->u.close_lease.image_failed = (u32)draw(m, 2);
        break;
    case 1:
        extend_or_update(m, &l);
        break;
    default:
        break;
    }
}

static void claim(struct market *m)
{
    u32 provider = PROVIDER_ACCOUNT((u32)draw(m, PROVIDERS));

    send(m, provider, TX_CLAIM_EARNINGS)->u.claim_earnings.token = (u32)draw(m, 2);
    send(m, provider, TX_CLAIM_REWARDS);
    send(m, SYSTEM, TX_CLAIM_FEES)->u.claim_fees.token = (u32)draw(m, 2);
}

static void go_down_or_up(struct market *m)
{
    u32 i = (u32)draw(m, PROVIDERS);
    u64 now_s = m->slot * 2;
    struct tx *tx;

    if (m->down_from[i] == 0) {
        tx = send(m, SYSTEM, TX_REPORT_DOWN);
        tx->u.report_down.provider = i + 1;
        tx->u.report_down.start_s = now_s - 60;
        tx->u.report_down.announced = (u32)draw(m, 2);
        m->down_from[i] = now_s - 60;
    } else {
        tx = send(m, SYSTEM, TX_REPORT_UP);
        tx->u.report_up.provider = i + 1;
        tx->u.report_up.end_s = now_s - 1;
        m->down_from[i] = 0;
    }
}

static void move_stake(struct market *m)
{
    u32 provider = PROVIDER_ACCOUNT((u32)draw(m, PROVIDERS));
    bool out = draw(m, 2) == 0;
    struct tx *tx = send(m, provider, out ? TX_UNSTAKE : TX_STAKE);

    if (out)
        tx->u.unstake.amount = AMOUNT(WEI_E18(1) + draw(m, 1000));
    else
        tx->u.stake.amount = AMOUNT(WEI_E18(2));
}

static void move_funds(struct market *m)
{
    u32 user = (u32)draw(m, USERS);
    bool out = draw(m, 3) == 0;
    struct tx *tx = send(m, USER_ACCOUNT(user), out ? TX_WITHDRAW : TX_DEPOSIT);

    if (out) {
        tx->u.withdraw.wallet = user + 1;
        tx->u.withdraw.token = 1;
        tx->u.withdraw.amount = AMOUNT(1 + draw(m, 3000000));
    } else {
        tx->u.deposit.wallet = user + 1;
        tx->u.deposit.token = 1;
        tx->u.deposit.amount = AMOUNT(1000000 + (u128)draw(m, 9000000));
    }
}

/* What happens once a run: a wallet changes hands, a provider is struck, one leaves, a fee changes.
 */
static bool rare(struct market *m, u64 turn)
{
    struct tx *tx;

    if (turn == 150) {
        tx = send(m, USER_ACCOUNT(0), TX_TRANSFER_WALLET);
        tx->u.transfer_wallet.wallet = 1;
        tx->u.transfer_wallet.to = USER_ACCOUNT(1);
    } else if (turn == 200) {
        tx = send(m, SYSTEM, TX_VERDICT);
        tx->u.verdict.provider = 5;
        tx->u.verdict.user = USER_ACCOUNT(2);
        tx->u.verdict.damage = AMOUNT(WEI_E18(77));
    } else if (turn == 250) {
        send(m, PROVIDER_ACCOUNT(5), TX_EXIT);
    } else if (turn == 300) {
        tx = send(m, SYSTEM, TX_SET_PARAM);
        tx->u.set_param.param = PARAM_commission_bps;
        tx->u.set_param.value = 1500;
    } else if (turn == 350) {
        tx = send(m, PROVIDER_ACCOUNT(1), TX_UPDATE_MACHINE);
        tx->u.update_machine.machine =
            (struct machine){.cpu = 32, .ram_gib = 128, .disk_gib = 400, .compliance = 1};
        tx->u.update_machine.machine.gpu[0] = (struct gpu_line){2, 4};
    } else if (turn == 360) {
        send(m, SYSTEM, TX_PUBLISH_AUDIT)->u.publish_audit.provider = 2;
    }
    return m->count > 0;
}

static void set_price(struct market *m, u32 token, u64 usd_e8)
{
    struct tx *tx = send(m, SYSTEM, TX_SET_PRICE);

    tx->u.set_price.token = token;
    tx->u.set_price.usd_e8 = usd_e8;
}

static void act(struct market *m)
{
    switch (draw(m, 8)) {
    case 0:
    case 1:
    case 2:
        create_order(m);
        break;
    case 3:
        touch_lease(m);
        break;
    case 4:
        claim(m);
        break;
    case 5:
        go_down_or_up(m);
        break;
    case 6:
        move_stake(m);
        break;
    default:
        move_funds(m);
        set_price(m, (u32)draw(m, 2), USD_E8(1) + draw(m, 100000));
        break;
    }
}

/* ---- the world ---- */

static void open_market(struct market *m, u64 seed)
{
    static const u32 no_regions[1];
    struct params params = params_default;
    struct genesis_token tokens[] = {{.decimals = 18, .enabled = true, .usd_e8 = USD_E8(1) / 4},
                                     {.decimals = 6, .enabled = true, .usd_e8 = USD_E8(1)}};
    struct genesis g = {
        .params = &params, .tokens = tokens, .token_count = 2, .rtt_us = no_regions};
    struct amount funds[TOKENS_MAX] = {{WEI_E18(1000000)}, {(u128)1000000 * 1000000}};
    u8 address[20] = {0};

    memset(m, 0, sizeof *m);
    m->draws = seed;
    EXPECT(params_set(&params, PARAM_era_seconds, ERA));
    EXPECT(params_set(&params, PARAM_initial_tier, 6));
    EXPECT(params_set(&params, PARAM_unbonding_eras, 1));
    EXPECT(params_set(&params, PARAM_bonus_amount, WEI_E18(3)));
    EXPECT(params_set(&params, PARAM_bonus_lease_hours, 8));
    EXPECT(params_set(&params, PARAM_order_hold, seed % 2));
    EXPECT(reserve_open(&m->memory, "bytes of the chain", 1, state_bytes()));
    chain_init(&m->chain, m->memory.base, &g, &m->tally);
    m->chain.state.trace_scores = true;
    m->chain.state.trace_moves = true;
    for (u32 i = SYSTEM; i < USER_ACCOUNT(USERS); i++) {
        address[19] = (u8)i;
        EXPECT(chain_add_account(&m->chain, address, i == SYSTEM ? 63 : 0, 0, funds) == i);
    }
}

static void register_all(struct market *m)
{
    struct tx *tx;

    for (u32 i = 0; i < PROVIDERS; i++) {
        tx = send(m, PROVIDER_ACCOUNT(i), TX_PROPOSE);
        tx->u.propose.machine = (struct machine){
            .cpu = 16, .ram_gib = 64, .disk_gib = 200, .up_mbps = 100, .down_mbps = 100};
        tx->u.propose.machine.gpu[0] = (struct gpu_line){(u16)(1 + i), 3};
        tx->u.propose.tokens = 3;
        tx->u.propose.auto_stake = i % 2;
        tx = send(m, PROVIDER_ACCOUNT(i), TX_STAKE);
        tx->u.stake.amount = AMOUNT(WEI_E18(50000 + 40 * i));
    }
    for (u32 i = 0; i < USERS; i++) {
        send(m, USER_ACCOUNT(i), TX_CREATE_WALLET);
        for (u32 t = 0; t < 2; t++) {
            tx = send(m, USER_ACCOUNT(i), TX_DEPOSIT);
            tx->u.deposit.wallet = i + 1;
            tx->u.deposit.token = t;
            tx->u.deposit.amount = AMOUNT(t == 0 ? WEI_E18(5000) : (u128)900 * 1000000);
        }
    }
    step(m, 5);
}

/* Every lease of the last match is confirmed now and then. */
static void confirm_some(struct market *m)
{
    for (u32 i = 0; i < m->n_leases && i < 8; i++)
        if (draw(m, 6) != 0)
            send(m, m->leases[m->n_leases - 1 - i].provider, TX_CONFIRM)->u.confirm.lease =
                m->leases[m->n_leases - 1 - i].id;
}

static void run_market(struct market *m, u64 eras)
{
    u64 due, next, turn = 0;

    register_all(m);
    while (m->slot * 2 <= eras * ERA + 4000) {
        if (m->order != 0) {
            u32 place = order_find(&m->chain.state, m->order);
            place_bids(m, m->order, order_at(&m->chain.state, place)->token == 0);
            step(m, m->slot + 1);
            continue;
        }
        due = chain_due_slot(&m->chain);
        next = m->slot + 1 + draw(m, 90);
        if (due <= next) {
            step(m, due);
            confirm_some(m);
            step(m, due + 1);
            continue;
        }
        if (!rare(m, turn++))
            act(m);
        step(m, next > m->slot ? next : m->slot + 1);
    }
}

/* ---- the tables and their judge ---- */

static const char *const token_names[] = {"SPON", "USDX"};

static void put_run(struct tables *t, const struct market *m, u64 eras)
{
    const struct token_row *native = token_at(&m->chain.state, 1);
    struct row_runs run = {.seed = 1,
                           .scenario = "fold",
                           .profile = "whitepaper",
                           .eras = eras,
                           .end_s = m->slot * 2,
                           .native_token = "SPON",
                           .providers = PROVIDERS,
                           .users = USERS,
                           .blocks = m->chain.blocks,
                           .supply_start_spon =
                               AMOUNT(WEI_E18(1000000) * (USER_ACCOUNT(USERS) - 1)),
                           .supply_end_spon = native->minted};

    put_runs(t, &run);
}

static void audit(const char *folder)
{
    char program[] = "python3", script[] = "tests/audit/audit.py", path[1024];
    char *argv[] = {program, script, path, NULL};
    int status;
    pid_t child;

    snprintf(path, sizeof path, "%s", folder);
    fflush(stdout);
    child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        execvp(program, argv);
        _exit(127);
    }
    EXPECT(waitpid(child, &status, 0) == child);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void test_market(const char *out, u64 seed)
{
    static struct market m;
    static struct run_folder folder;
    const struct provenance from = {"", "", "", "", "whitepaper", "", seed, 1, 0, "", ""};
    char id[24];
    struct run_folder_plan plan = {out, "fold", id, "Do the tables tell it?", NULL, 1};
    const u64 eras = 5;

    snprintf(id, sizeof id, "%llu", (unsigned long long)seed);
    open_market(&m, seed);
    EXPECT(run_folder_open(&folder, &plan));
    m.fold = fold_open(&(struct fold_config){
        .tables = &folder.tables, .chain = &m.chain, .token_names = token_names});
    EXPECT(m.fold != NULL);
    run_market(&m, eras);
    EXPECT(!m.tally.first.found);
    fold_end(m.fold);
    EXPECT(fold_error(m.fold) == NULL);
    put_run(&folder.tables, &m, chain_era(&m.chain));
    EXPECT(folder.tables.rows[TABLE_leases] > 20 && folder.tables.rows[TABLE_slashes] > 3);
    EXPECT(run_folder_finish(&folder, &from));
    audit(folder.whole);
    fold_close(m.fold);
    reserve_close(&m.memory);
    printf("ok - seed %llu: the audit agrees with %llu leases, %llu slashes, %llu provider eras\n",
           (unsigned long long)seed, (unsigned long long)folder.tables.rows[TABLE_leases],
           (unsigned long long)folder.tables.rows[TABLE_slashes],
           (unsigned long long)folder.tables.rows[TABLE_providers]);
}

int main(int argc, char **argv)
{
    const char *tmp = getenv("TMPDIR");
    char out[200];

    if (argc > 1) {
        snprintf(out, sizeof out, "%s", argv[1]);
    } else {
        snprintf(out, sizeof out, "%.40s/orrery.XXXXXX", tmp == NULL ? "/tmp" : tmp);
        EXPECT(mkdtemp(out) != NULL);
    }
    for (u64 seed = 1; seed <= 3; seed++)
        test_market(out, seed);
    EXPECT(argc > 1 || remove_tree(out));
    return 0;
}
