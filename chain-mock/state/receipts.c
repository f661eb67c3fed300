#include "chain-mock/state/receipts.h"

/* Each array begins where 16 divides. */
static size_t rounded(size_t n)
{
    return (n + 15) / 16 * 16;
}

size_t receipts_bytes(struct receipt_limits limits)
{
    return rounded((size_t)limits.txs * sizeof(struct receipt)) +
           rounded((size_t)limits.logs * sizeof(struct log)) +
           rounded((size_t)limits.blocks * sizeof(struct receipt_block));
}

void receipts_init(struct receipts *r, struct receipt_limits limits, void *memory,
                   struct chain *chain)
{
    u8 *at = memory;

    check(limits.blocks > 0 && limits.txs > 0 && limits.logs > 0);
    *r = (struct receipts){.limits = limits};
    r->txs = (struct receipt *)(void *)at;
    at += rounded((size_t)limits.txs * sizeof(struct receipt));
    r->logs = (struct log *)(void *)at;
    at += rounded((size_t)limits.logs * sizeof(struct log));
    r->blocks = (struct receipt_block *)(void *)at;
    r->horizon = chain->blocks > 0 ? state_meta(&chain->state)->slot + 1 : 0;
    chain->receipts = r;
}

static struct receipt_block *block_of(const struct receipts *r, u64 number)
{
    return &r->blocks[number % r->limits.blocks];
}

static void drop_first(struct receipts *r)
{
    r->horizon = block_of(r, r->first)->slot + 1;
    r->first++;
}

/* Places that the kept blocks hold of transactions and logs. */
static u64 held_txs(const struct receipts *r)
{
    return r->first == r->next ? 0 : r->next_tx - block_of(r, r->first)->tx;
}

static u64 held_logs(const struct receipts *r)
{
    return r->first == r->next ? 0 : r->next_log - block_of(r, r->first)->log;
}

void receipts_keep(struct receipts *r, const struct block *b, u32 taken, const struct log *logs,
                   u32 log_count)
{
    u64 gas = 0;

    check(taken <= b->count);
    while (r->first < r->next &&
           (r->next - r->first == r->limits.blocks || held_txs(r) + taken > r->limits.txs ||
            held_logs(r) + log_count > r->limits.logs))
        drop_first(r);
    if (taken > r->limits.txs || log_count > r->limits.logs) {
        r->horizon = b->slot + 1;
        return;
    }
    *block_of(r, r->next) = (struct receipt_block){
        .slot = b->slot, .tx = r->next_tx, .log = r->next_log, .txs = taken, .logs = log_count};
    r->next++;
    for (u32 i = 0; i < taken; i++) {
        gas += b->txs[i].gas;
        r->txs[r->next_tx++ % r->limits.txs] =
            (struct receipt){.tx = b->txs[i], .cumulative_gas = gas};
    }
    for (u32 i = 0; i < log_count; i++)
        r->logs[r->next_log++ % r->limits.logs] = logs[i];
}

void receipts_revert(struct receipts *r, u64 slot)
{
    while (r->first < r->next && block_of(r, r->next - 1)->slot > slot) {
        r->next--;
        r->next_tx = block_of(r, r->next)->tx;
        r->next_log = block_of(r, r->next)->log;
    }
    if (r->horizon > slot + 1)
        r->horizon = slot + 1;
}

/* The first kept block at or after a slot; r->next: there is none. */
static u64 first_from(const struct receipts *r, u64 slot)
{
    u64 low = r->first, high = r->next;

    while (low < high) {
        u64 middle = low + (high - low) / 2;
        if (block_of(r, middle)->slot < slot)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum receipt_end receipt_at(const struct receipts *r, u64 slot, u32 index, struct receipt *out)
{
    u64 number = first_from(r, slot);

    if (slot < r->horizon)
        return RECEIPT_GONE;
    if (number == r->next || block_of(r, number)->slot != slot)
        return RECEIPT_NO_BLOCK;
    if (index >= block_of(r, number)->txs)
        return RECEIPT_NO_TX;
    *out = r->txs[(block_of(r, number)->tx + index) % r->limits.txs];
    return RECEIPT_FOUND;
}

/* A log's field that names somebody; 0: it has none of this name. */
static u64 named(const struct log *l, const char *field)
{
    u64 number;

    return log_number(l, field, &number) ? number : 0;
}

static bool passes(const struct receipt_filter *f, const struct log *l)
{
    return (f->kinds == 0 || (f->kinds >> l->kind & 1) != 0) &&
           (f->tx == 0 || (l->tx != LOG_NO_TX && l->tx + 1 == f->tx)) &&
           (f->order == 0 || named(l, "order") == f->order) &&
           (f->provider == 0 || named(l, "provider") == f->provider) &&
           (f->wallet == 0 || named(l, "wallet") == f->wallet);
}

bool receipt_logs(const struct receipts *r, const struct receipt_filter *f,
                  void (*visit)(void *about, u64 slot, const struct log *log), void *about)
{
    if (f->from < r->horizon)
        return false;
    for (u64 n = first_from(r, f->from); n < r->next && block_of(r, n)->slot <= f->to; n++) {
        const struct receipt_block *b = block_of(r, n);
        for (u32 i = 0; i < b->logs; i++) {
            const struct log *l = &r->logs[(b->log + i) % r->limits.logs];
            if (passes(f, l))
                visit(about, b->slot, l);
        }
    }
    return true;
}
