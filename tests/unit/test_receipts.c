/* Receipts of the last blocks against a list of all blocks ever stepped, with room for few, over
 * random runs that also go back; then those of a chain. */
#include "chain-mock/state/receipts.h"

#include "chain-mock/state/snapshot.h"
#include "sim/engine/reserve.h"
#include "tests/any.h"
#include "tests/chain.h"

#include <string.h>

#define RUNS 40u
#define STEPS 120u
#define MANY 6u /* transactions of a block, and logs */

/* ---- the naive list ---- */

struct stepped {
    u64 slot;
    u32 txs, logs;
    struct block_tx tx[MANY];
    struct log log[MANY];
};

static struct {
    struct stepped all[STEPS];
    u32 count, kept_from; /* those from kept_from on are still there */
    u64 gone_to;          /* slots before it are gone */
} list;

static void list_keep(struct receipt_limits limits)
{
    u32 blocks = 0, txs = 0, logs = 0, i = list.count;

    for (; i > list.kept_from; i--) {
        const struct stepped *s = &list.all[i - 1];
        blocks++;
        txs += s->txs;
        logs += s->logs;
        if (blocks > limits.blocks || txs > limits.txs || logs > limits.logs)
            break;
    }
    if (i > list.kept_from) {
        list.kept_from = i;
        list.gone_to = list.all[i - 1].slot + 1;
    }
}

static void list_revert(u64 slot)
{
    while (list.count > 0 && list.all[list.count - 1].slot > slot)
        list.count--;
    if (list.kept_from > list.count)
        list.kept_from = list.count;
    if (list.gone_to > slot + 1)
        list.gone_to = slot + 1;
}

static const struct stepped *list_find(u64 slot)
{
    for (u32 i = list.kept_from; i < list.count; i++) {
        if (list.all[i].slot == slot)
            return &list.all[i];
    }
    return NULL;
}

/* ---- any block ---- */

static u64 serial; /* tells everything apart */

static struct log any_log(struct any *a, u32 txs)
{
    struct log l = {.kind = LOG_BidPlaced};
    u64 n = ++serial;

    l.tx = txs == 0 || any_below(a, 4) == 0 ? LOG_NO_TX : (u32)any_below(a, txs);
    switch (any_below(a, 3)) {
    case 0:
        l.u.bid_placed = (struct log_bid_placed){
            .order = 1 + any_below(a, 3), .provider = 1 + (u32)any_below(a, 3), .price = AMOUNT(n)};
        break;
    case 1:
        l.kind = LOG_Deposited;
        l.u.deposited =
            (struct log_deposited){.wallet = 1 + (u32)any_below(a, 3), .amount = AMOUNT(n)};
        break;
    default:
        l.kind = LOG_OrderCancelled;
        l.u.order_cancelled = (struct log_order_cancelled){
            .order = 1 + any_below(a, 3), .wallet = 1 + (u32)any_below(a, 3), .second = n};
    }
    return l;
}

/* More transactions than fit, now and then. */
static void step_any(struct any *a, struct receipts *r)
{
    struct stepped *s = &list.all[list.count];
    u64 last = list.count > 0 ? list.all[list.count - 1].slot : 0;
    struct block b = {.slot = last + 1 + any_below(a, 3)};

    s->slot = b.slot;
    s->txs = (u32)any_below(a, MANY);
    s->logs = (u32)any_below(a, MANY + 1);
    for (u32 i = 0; i <= s->txs; i++) {
        serial++;
        s->tx[i] = (struct block_tx){.from = (u32)any_below(a, 9),
                                     .nonce = serial,
                                     .tx = {.kind = TX_CLAIM_REWARDS, .tag = (u32)serial},
                                     .err = (enum err)any_below(a, 3),
                                     .id = any_below(a, 5),
                                     .gas = (u32)any_below(a, 100000)};
    }
    for (u32 i = 0; i < s->logs; i++)
        s->log[i] = any_log(a, s->txs);
    b.txs = s->tx;
    b.count = s->txs + (u32)any_below(a, 2);
    receipts_keep(r, &b, s->txs, s->log, s->logs);
    list.count++;
}

/* ---- the comparison ---- */

static void same_receipts(const struct receipts *r, u64 slot)
{
    const struct stepped *s = list_find(slot);
    u64 gas = 0;

    for (u32 i = 0; i <= MANY; i++) {
        struct receipt got;
        enum receipt_end end = receipt_at(r, slot, i, &got);
        if (slot < list.gone_to) {
            EXPECT(end == RECEIPT_GONE);
        } else if (s == NULL) {
            EXPECT(end == RECEIPT_NO_BLOCK);
        } else if (i >= s->txs) {
            EXPECT(end == RECEIPT_NO_TX);
        } else {
            const struct block_tx *want = &s->tx[i];
            gas += want->gas;
            EXPECT(end == RECEIPT_FOUND && got.cumulative_gas == gas);
            EXPECT(got.tx.from == want->from && got.tx.nonce == want->nonce);
            EXPECT(got.tx.tx.kind == want->tx.kind && got.tx.tx.tag == want->tx.tag);
            EXPECT(got.tx.err == want->err && got.tx.id == want->id && got.tx.gas == want->gas);
        }
    }
}

static bool wanted(const struct receipt_filter *f, const struct log *l)
{
    u64 order = 0;
    u32 provider = 0, wallet = 0;

    if (l->kind == LOG_BidPlaced) {
        order = l->u.bid_placed.order;
        provider = l->u.bid_placed.provider;
    } else if (l->kind == LOG_Deposited) {
        wallet = l->u.deposited.wallet;
    } else {
        order = l->u.order_cancelled.order;
        wallet = l->u.order_cancelled.wallet;
    }
    if (f->kinds != 0 && (f->kinds & (u64)1 << l->kind) == 0)
        return false;
    if (f->tx != 0 && l->tx != f->tx - 1)
        return false;
    return (f->order == 0 || f->order == order) && (f->provider == 0 || f->provider == provider) &&
           (f->wallet == 0 || f->wallet == wallet);
}

struct seen {
    u32 count;
    u64 slot[STEPS * MANY];
    struct log log[STEPS * MANY];
};

static void see(void *about, u64 slot, const struct log *l)
{
    struct seen *seen = about;

    EXPECT(seen->count < ARRAY_LEN(seen->log));
    seen->slot[seen->count] = slot;
    seen->log[seen->count++] = *l;
}

static bool same_log(const struct log *a, const struct log *b)
{
    u8 left[LOG_BYTES_MAX] = {0}, right[LOG_BYTES_MAX] = {0};
    struct writer w = {left, sizeof(left)}, x = {right, sizeof(right)};

    log_encode(&w, a);
    log_encode(&x, b);
    return memcmp(left, right, sizeof(left)) == 0;
}

/* How many logs passed. */
static u32 same_logs(const struct receipts *r, const struct receipt_filter *f)
{
    static struct seen seen;
    u32 n = 0;

    seen.count = 0;
    bool whole = receipt_logs(r, f, see, &seen);
    EXPECT(whole == (f->from >= list.gone_to));
    for (u32 i = list.kept_from; whole && i < list.count; i++) {
        const struct stepped *s = &list.all[i];
        for (u32 k = 0; k < s->logs; k++) {
            if (s->slot < f->from || s->slot > f->to || !wanted(f, &s->log[k]))
                continue;
            EXPECT(n < seen.count && seen.slot[n] == s->slot && same_log(&seen.log[n], &s->log[k]));
            n++;
        }
    }
    EXPECT(n == seen.count);
    return n;
}

static u32 same_any_logs(struct any *a, const struct receipts *r, u64 end)
{
    struct receipt_filter f = {.from = any_below(a, 2) ? list.gone_to : any_below(a, end),
                               .to = any_below(a, 2) ? UINT64_MAX : any_below(a, end)};

    if (any_below(a, 2))
        f.kinds = (u64)1 << LOG_BidPlaced | (any_below(a, 2) ? (u64)1 << LOG_OrderCancelled : 0);
    if (any_below(a, 3) == 0)
        f.order = 1 + any_below(a, 4);
    if (any_below(a, 4) == 0)
        f.provider = 1 + (u32)any_below(a, 4);
    if (any_below(a, 4) == 0)
        f.wallet = 1 + (u32)any_below(a, 4);
    if (any_below(a, 4) == 0)
        f.tx = 1 + (u32)any_below(a, MANY);
    return same_logs(r, &f);
}

static void any_run(struct any *a, u32 *found, u32 *gone, u32 *cut)
{
    static _Alignas(16) u8 memory[1u << 16];
    /* less room than one block may need, up to more than all need */
    struct receipt_limits limits = {1 + (u32)any_below(a, 12), 1 + (u32)any_below(a, 30),
                                    1 + (u32)any_below(a, 30)};
    struct chain chain_before = {.blocks = 0};
    struct receipts r;

    EXPECT(receipts_bytes(limits) <= sizeof(memory));
    receipts_init(&r, limits, memory, &chain_before);
    EXPECT(chain_before.receipts == &r);
    memset(&list, 0, sizeof(list));
    for (u32 i = 0; i < STEPS; i++) {
        step_any(a, &r);
        list_keep(limits);
        if (any_below(a, 15) == 0 && list.count > 5) {
            u64 back = list.all[list.count - 1 - any_below(a, 5)].slot;
            receipts_revert(&r, back);
            list_revert(back);
            ++*cut;
        }
        u64 end = list.all[list.count - 1].slot + 3;
        for (u64 slot = 0; slot < end; slot++)
            same_receipts(&r, slot);
        *found += same_any_logs(a, &r, end);
        *gone += list.kept_from > 0;
    }
}

static void random_runs(void)
{
    struct any a = ANY(1);
    u32 found = 0, gone = 0, cut = 0;

    for (u32 i = 0; i < RUNS; i++)
        any_run(&a, &found, &gone, &cut);
    EXPECT(found > RUNS * STEPS / 4 && gone > RUNS * STEPS / 4 && cut > RUNS);
    printf("ok - receipts and logs of the last blocks are those of a list of all\n");
}

/* ---- of a chain ---- */

static void receipts_of_a_chain(void)
{
    static _Alignas(16) u8 memory[1u << 16];
    const struct receipt_limits limits = {4, 16, 64};
    struct params p = story_params();
    static struct snapshots snapshots;
    struct reserve room = {0};
    struct receipts r;
    struct receipt got;

    chain_begin(&p);
    put_wallet(U1, 1, USDX, USDXS(15));
    step(0);
    EXPECT(receipts_bytes(limits) <= sizeof(memory));
    receipts_init(&r, limits, memory, &chain);
    EXPECT(receipt_at(&r, 0, 0, &got) == RECEIPT_GONE);
    EXPECT(receipt_at(&r, 10, 0, &got) == RECEIPT_NO_BLOCK);
    u128 before = chain_hash(&chain);

    size_t size = snapshot_bytes(&chain);
    EXPECT(reserve_open(&room, "a snapshot", 1, size));
    snapshots_init(&snapshots, room.base, size);
    u64 id = snapshot_take(&snapshots, &chain);
    call_at(10, U1, CALL(DEPOSIT, deposit, .wallet = 1, .token = USDX, .amount = USDXS(2)));
    EXPECT(receipt_at(&r, 10, 0, &got) == RECEIPT_FOUND);
    EXPECT(got.tx.from == U1 && got.tx.err == ERR_None && got.tx.tx.kind == TX_DEPOSIT);
    EXPECT(got.tx.gas == tx_rows[TX_DEPOSIT].gas && got.cumulative_gas == got.tx.gas);
    EXPECT(receipt_at(&r, 10, 1, &got) == RECEIPT_NO_TX);
    EXPECT(receipt_at(&r, 9, 0, &got) == RECEIPT_NO_BLOCK);
    static struct seen seen;
    struct receipt_filter f = {.from = 10, .to = 10, .wallet = 1, .tx = 1};
    EXPECT(receipt_logs(&r, &f, see, &seen) && seen.count == 1);
    EXPECT(seen.log[0].kind == LOG_Deposited && seen.log[0].u.deposited.amount.wei == USDXS(2).wei);

    EXPECT(snapshot_revert(&snapshots, &chain, id));
    EXPECT(chain.receipts == &r && chain_hash(&chain) == before);
    EXPECT(receipt_at(&r, 10, 0, &got) == RECEIPT_NO_BLOCK);
    reserve_close(&room);
    printf("ok - a chain keeps them where it has room, and forgets those that it went back on\n");
}

int main(void)
{
    random_runs();
    receipts_of_a_chain();
    return 0;
}
