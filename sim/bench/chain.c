/* chain - how many calls a second the contracts take, typed and from the wire.
 *
 * The calls are those of the lives of leases, all of them accepted, a block for each stage: users
 * order, 12 of 16 providers bid for each order, the match, the winner confirms, the user extends
 * and closes; then everybody moves his money.  Ten minutes later the next 64 lives begin; closes of
 * eras are in it.  A typed call is a row of tx.def; an unsigned one is calldata that the wire door
 * makes a row of; a signed one an envelope whose signer is found first.
 * What a client would do, making calls and signing them, is not timed.  Every block goes through
 * process_step(): invariants of what each call touched, state hash, record and rolling hash.
 */
#include "chain-mock/wire/envelope.h"
#include "protocol/invariants/invariant.h"
#include "protocol/lease_money.h"
#include "protocol/tier.h"
#include "sim/bench/bench.h"
#include "sim/bench/participants.h"

#include <stdio.h>
#include <stdlib.h>

#define BIDS 12u /* an order */
#define USDT_UNITS(n) ((u128)(n)*1000000u)
#define PAUSE_S 590u /* between two lives: 144 of them an era */
#define CALL_BYTES 2048u
#define RAW_BYTES (1u << 20) /* of a block */
#define BLOCK_CALLS (USERS * BIDS)

enum { CHAIN_TYPED, CHAIN_UNSIGNED, CHAIN_SIGNED };

enum stage {
    STAGE_ORDER,
    STAGE_BID,
    STAGE_WINDOW,
    STAGE_MATCH,
    STAGE_CONFIRM,
    STAGE_EXTEND,
    STAGE_CLOSE,
    STAGE_DEPOSIT,
    STAGE_WITHDRAW,
    STAGE_CLAIM,
    STAGE_TRANSFER,
    STAGES
};

static const struct {
    const char *name;
    u32 calls;
} stages[STAGES] = {
    [STAGE_ORDER] = {"create an order", USERS},
    [STAGE_BID] = {"bid", USERS *BIDS},
    [STAGE_WINDOW] = {"second block of the window", 0},
    [STAGE_MATCH] = {"match an order (no call)", 0},
    [STAGE_CONFIRM] = {"confirm", USERS},
    [STAGE_EXTEND] = {"extend", USERS},
    [STAGE_CLOSE] = {"close a lease", USERS},
    [STAGE_DEPOSIT] = {"deposit", USERS},
    [STAGE_WITHDRAW] = {"withdraw", USERS},
    [STAGE_CLAIM] = {"claim earnings", PROVIDERS},
    [STAGE_TRANSFER] = {"transfer", USERS},
};

/* A call on its way. */
struct call_made {
    u32 from;
    struct tx tx;
    struct address to;
    struct slice bytes; /* calldata, or a signed envelope */
};

struct life {
    struct participants p;
    u64 mode;
    u64 first_order, first_lease;
    u64 nonces[ACCOUNTS];
    u32 count;
    struct call_made calls[BLOCK_CALLS];
    size_t raw_used;
    u8 raw[RAW_BYTES];
    u64 stage_ns[STAGES], stage_calls[STAGES];
};

/* ---- the calls ---- */

static struct tx order(u32 user)
{
    struct tx tx = {.kind = TX_CREATE_ORDER};

    tx.u.create_order.wallet = user + 1;
    tx.u.create_order.token = USDT;
    tx.u.create_order.specs = (struct specs){.cpu = 4, .ram_gib = 16, .disk_gib = 32};
    tx.u.create_order.replicas = 1;
    tx.u.create_order.max_price = AMOUNT(7200000);
    tx.u.create_order.duration_s = 3600;
    tx.u.create_order.tier_worst = TIER_LOWEST;
    return tx;
}

static u32 winner(const struct life *l, u64 lease)
{
    const struct lease_row *row = lease_at(&l->p.chain.state, lease_find(&l->p.chain.state, lease));

    return chain_provider_account(&l->p.chain, row->provider);
}

static bool earned(const struct life *l, u32 provider)
{
    const struct chain *c = &l->p.chain;
    u32 row = chain_account_provider(c, PROVIDER(provider));

    return provider_at(&c->state, row)->accrued[USDT].wei > 0;
}

/* Who calls what as the i-th of a stage; 0: there is nothing to call for.  All orders of a block
 * are matched in one, in order, so lease i is order i's. */
static u32 call_of(const struct life *l, enum stage stage, u32 i, struct tx *tx)
{
    switch (stage) {
    case STAGE_ORDER:
        *tx = order(i);
        return USER(i);
    case STAGE_BID:
        *tx = (struct tx){.kind = TX_PLACE_BID,
                          .u.place_bid = {l->first_order + i / BIDS, AMOUNT(3600000 + i)}};
        return PROVIDER((i / BIDS + i % BIDS) % PROVIDERS);
    case STAGE_CONFIRM:
        *tx = (struct tx){.kind = TX_CONFIRM, .u.confirm = {l->first_lease + i}};
        return winner(l, l->first_lease + i);
    case STAGE_EXTEND:
        *tx = (struct tx){.kind = TX_EXTEND, .u.extend = {l->first_lease + i, 3600}};
        return USER(i);
    case STAGE_CLOSE:
        *tx = (struct tx){.kind = TX_CLOSE_LEASE, .u.close_lease = {l->first_lease + i, 0}};
        return USER(i);
    case STAGE_DEPOSIT:
        *tx = (struct tx){.kind = TX_DEPOSIT, .u.deposit = {i + 1, USDT, AMOUNT(USDT_UNITS(20))}};
        return USER(i);
    case STAGE_WITHDRAW:
        *tx = (struct tx){.kind = TX_WITHDRAW, .u.withdraw = {i + 1, USDT, AMOUNT(USDT_UNITS(20))}};
        return USER(i);
    case STAGE_CLAIM:
        *tx = (struct tx){.kind = TX_CLAIM_EARNINGS, .u.claim_earnings = {USDT, AMOUNT(0)}};
        return earned(l, i) ? PROVIDER(i) : 0;
    case STAGE_TRANSFER:
        *tx = (struct tx){.kind = TX_TRANSFER,
                          .u.transfer = {USER((i + 1) % USERS), TOKEN_SPON, AMOUNT(1 + i)}};
        return USER(i);
    case STAGE_WINDOW:
    case STAGE_MATCH:
    case STAGES:
        break;
    }
    check_unreachable();
}

/* ---- what a client does: not timed ---- */

static struct slice encoded(struct life *l, const struct call_made *c)
{
    u8 *at = l->raw + l->raw_used;
    size_t n = door_call_write(&l->p.door, &c->tx, NULL, at, CALL_BYTES);

    check(n > 0 && n <= CALL_BYTES);
    l->raw_used += n;
    return SLICE(at, n);
}

static struct slice signed_envelope(struct life *l, const struct call_made *c, u64 nonce)
{
    u8 scratch[2 * CALL_BYTES];
    struct envelope e = {.type = ENVELOPE_FEE_MARKET,
                         .chain_id = CHAIN_ID,
                         .nonce = nonce,
                         .gas = tx_rows[c->tx.kind].gas,
                         .to = c->to,
                         .data = c->bytes};

    check(envelope_room(&e) <= sizeof(scratch));
    check(envelope_sign(&e, l->p.signer, &l->p.keys[c->from], scratch, sizeof(scratch)));
    u8 *at = l->raw + l->raw_used;
    size_t n = envelope_encode(at, sizeof(l->raw) - l->raw_used, &e);
    l->raw_used += n;
    return SLICE(at, n);
}

static void make(struct life *l, enum stage stage)
{
    l->count = 0;
    l->raw_used = 0;
    for (u32 i = 0; i < stages[stage].calls; i++) {
        struct call_made *c = &l->calls[l->count];
        c->from = call_of(l, stage, i, &c->tx);
        if (c->from == 0)
            continue;
        l->count++;
        if (l->mode == CHAIN_TYPED)
            continue;
        check(l->raw_used + 3 * CALL_BYTES <= sizeof(l->raw));
        c->to = door_exact_address(tx_rows[c->tx.kind].contract);
        c->bytes = encoded(l, c);
        if (l->mode == CHAIN_SIGNED)
            c->bytes = signed_envelope(
                l, c, chain_account_nonce(&l->p.chain, c->from) + l->nonces[c->from]++);
    }
    for (u32 i = 0; i < l->count; i++)
        l->nonces[l->calls[i].from] = 0;
}

/* ---- what the chain does ---- */

static void take_unsigned(struct life *l, const struct call_made *c)
{
    struct door_call call = {.from = c->from, .to = c->to, .data = c->bytes};
    struct tx tx;

    door_tx(&l->p.door, &call, &tx);
    participants_submit(&l->p, c->from, &tx);
}

static void take_signed(struct life *l, const struct call_made *c)
{
    u8 scratch[2 * CALL_BYTES];
    struct envelope e;
    struct fault fault;
    struct address from;

    check(envelope_decode(&e, c->bytes, &fault));
    check(envelope_sender(&from, &e, scratch, sizeof(scratch)) == FAULT_NONE);
    struct call_made call = {
        .from = l->p.door.find(l->p.door.about, from), .to = e.to, .bytes = e.data};
    check(call.from == c->from);
    take_unsigned(l, &call);
}

static void take_all(struct life *l)
{
    for (u32 i = 0; i < l->count; i++) {
        const struct call_made *c = &l->calls[i];
        if (l->mode == CHAIN_TYPED)
            participants_submit(&l->p, c->from, &c->tx);
        else if (l->mode == CHAIN_UNSIGNED)
            take_unsigned(l, c);
        else
            take_signed(l, c);
    }
    participants_step(&l->p);
}

static void live(struct life *l, bool in_parts, struct bench_result *out)
{
    const struct meta_row *meta = state_meta(&l->p.chain.state);

    l->p.slot += PAUSE_S; /* eras pass and are closed, here and there, in the block of orders */
    l->first_order = meta->next_order;
    l->first_lease = meta->next_lease;
    for (u32 s = 0; s < STAGES; s++) {
        make(l, (enum stage)s);
        u64 from_ns = in_parts ? stopwatch_now_ns() : 0;
        struct stopwatch w = stopwatch_start();
        take_all(l);
        stopwatch_stop(&w, out);
        l->stage_ns[s] += in_parts ? stopwatch_now_ns() - from_ns : 0;
        l->stage_calls[s] += s == STAGE_MATCH ? USERS : l->count + (l->count == 0);
        out->done += l->count;
    }
}

static void finish(struct life *l, const struct bench_case *c, bool in_parts,
                   struct bench_result *out)
{
    if (l->p.refused != 0)
        snprintf(out->error, sizeof(out->error), "%llu calls were refused",
                 (unsigned long long)l->p.refused);
    else if (l->p.tally->first.found)
        snprintf(out->error, sizeof(out->error), "an invariant was violated");
    out->hash = l->p.process.hash;
    out->rss_bytes = bench_rss_most_bytes();
    bench_figure_add(out, "leases", (double)(c->work * USERS));
    for (u32 s = 0; s < STAGES && in_parts; s++)
        bench_part_add(out, stages[s].name, l->stage_calls[s], l->stage_ns[s]);
}

void chain_measure(const struct bench_case *c, bool in_parts, struct bench_result *out)
{
    struct life *l = calloc(1, sizeof(*l));

    if (l == NULL || !participants_open(&l->p, true)) {
        snprintf(out->error, sizeof(out->error), "no memory for the chain");
        free(l);
        return;
    }
    l->mode = c->a;
    for (u64 i = 0; i < c->work; i++)
        live(l, in_parts, out);
    finish(l, c, in_parts, out);
    participants_close(&l->p);
    free(l);
}

void chain_cases(const struct bench_wish *wish, struct bench_cases *out)
{
    static const struct bench_case all[] = {
        {.name = "typed calls", .n = 1, .work = 600, .a = CHAIN_TYPED},
        {.name = "wire calls, unsigned", .n = 2, .work = 400, .a = CHAIN_UNSIGNED},
        {.name = "wire calls, signed", .n = 3, .work = 12, .a = CHAIN_SIGNED},
    };

    (void)wish;
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        bench_case_add(out, &all[i]);
}
