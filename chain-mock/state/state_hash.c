/* state_hash - the hash of the tables, brought up to date when somebody asks for it.
 *
 * Most rows change many times between two questions, and bids come and go: a commit notes which
 * rows are stale, and a question hashes each of them once. */
#include "chain-mock/state/state.h"
#include "protocol/hash.h"

#define STALE_MAX ((u32)1 << 24)

size_t state_hash_bytes(void)
{
    return sizeof(struct state_hashing) + STALE_MAX * sizeof(u64);
}

struct state_hashing *state_hash_init(void *memory)
{
    struct state_hashing *h = memory;

    h->stale = (u64 *)(void *)(h + 1);
    return h;
}

static u128 part(const struct chain_table *table, u32 t, u32 row)
{
    if ((table->flags[row] & ROW_USED) == 0)
        return 0;
    return hash_row((u64)t << 32 | row, table->rows + (size_t)row * table->row_size,
                    table->row_size);
}

#define FETCH_AHEAD 4u

static void fetch(const struct state *s, u64 name)
{
    const struct chain_table *table = &s->tables[name >> 32];
    const u8 *at = table->rows + (size_t)(u32)name * table->row_size;

    for (size_t line = 0; line < table->row_size; line += 64)
        __builtin_prefetch(at + line);
    __builtin_prefetch(&table->part[(u32)name]);
}

static void bring_up_to_date(const struct state *s)
{
    struct state_hashing *h = s->hashing;

    for (u32 i = 0; i < h->count; i++) {
        u32 t = (u32)(h->stale[i] >> 32), row = (u32)h->stale[i];
        const struct chain_table *table = &s->tables[t];
        if (i + FETCH_AHEAD < h->count)
            fetch(s, h->stale[i + FETCH_AHEAD]);
        u128 fresh = part(table, t, row), change = fresh - table->part[row];
        table->part[row] = fresh;
        table->flags[row] &= (u8)~ROW_STALE;
        h->modules[t] += change;
        h->whole += change;
    }
    h->count = 0;
}

void state_hash_stale(struct state *s, enum chain_table_id t, u32 row)
{
    struct state_hashing *h = s->hashing;
    u8 *flags = &s->tables[t].flags[row];

    if ((*flags & ROW_STALE) != 0)
        return;
    *flags |= ROW_STALE;
    h->stale[h->count++] = (u64)t << 32 | row;
    if (h->count == STALE_MAX)
        bring_up_to_date(s);
}

void state_hash_params(struct state *s)
{
    struct state_hashing *h = s->hashing;
    u8 bytes[PARAMS_BYTES];
    struct writer w = {bytes, sizeof(bytes)};

    params_encode(&w, &s->params);
    h->whole -= h->params;
    h->params = hash_row((u64)CHAIN_TABLES << 32, bytes, sizeof(bytes) - w.left);
    h->whole += h->params;
}

u128 state_hash(const struct state *s)
{
    bring_up_to_date(s);
    return s->hashing->whole;
}

u128 state_module_hash(const struct state *s, enum chain_table_id t)
{
    bring_up_to_date(s);
    return s->hashing->modules[t];
}

struct hashing {
    u32 table, size;
    u128 sum;
};

static void add(void *about, u32 row, const void *bytes)
{
    struct hashing *h = about;

    h->sum += hash_row((u64)h->table << 32 | row, bytes, h->size);
}

u128 state_hash_full(const struct state *s)
{
    u128 sum = s->hashing->params;

    for (u32 t = 0; t < CHAIN_TABLES; t++) {
        struct hashing h = {.table = t, .size = s->tables[t].row_size};
        state_each(s, (enum chain_table_id)t, add, &h);
        sum += h.sum;
    }
    return sum;
}

static void use(void *about, u32 row, const void *bytes)
{
    const struct chain_table *table = about;

    (void)bytes;
    table->flags[row] |= ROW_USED;
}

void state_hash_imported(struct state *s)
{
    for (u32 t = 0; t < CHAIN_TABLES; t++) {
        state_each(s, (enum chain_table_id)t, use, &s->tables[t]);
        for (u32 row = 1; row < s->tables[t].count; row++)
            state_hash_stale(s, (enum chain_table_id)t, row);
    }
}
