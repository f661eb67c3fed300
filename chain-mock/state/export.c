#include "chain-mock/state/export.h"

#include "chain-mock/watch/watch.h"
#include "protocol/hash.h"
#include "protocol/mutant.h"

#include <string.h>

static const u8 magic[8] = {'O', 'R', 'R', 'E', 'R', 'Y', 'S', 'T'};

const char *export_err_text(enum export_err e)
{
    switch (e) {
    case EXPORT_OK:
        return "ok";
    case EXPORT_SHORT:
        return "the bytes end before the state does";
    case EXPORT_NOT_A_STATE:
        return "not the export of a chain's state";
    case EXPORT_OTHER_VERSION:
        return "the export of another version";
    case EXPORT_BAD_PARAMETERS:
        return "a parameter is out of its range";
    case EXPORT_OTHER_ROWS:
        return "rows of another size, or none where one must be";
    case EXPORT_TOO_MANY_ROWS:
        return "more rows than a table holds";
    case EXPORT_BAD_FREE_LIST:
        return "a free place is named twice or is none";
    case EXPORT_BAD_IDS:
        return "two rows have one id, or an id that was never given";
    case EXPORT_BAD_CHECKSUM:
        return "the checksum is wrong";
    case EXPORT_OTHER_HASH:
        return "the rows do not have the hash that the header states";
    case EXPORT_ERRS:
        break;
    }
    check_unreachable();
}

/* ---- out ---- */

struct out {
    const struct export_sink *sink;
    u64 sum;
    u32 size; /* of a row */
};

static void put(struct out *o, const void *bytes, size_t n)
{
    o->sum = hash_bytes(o->sum, bytes, n);
    o->sink->put(o->sink->about, bytes, n);
}

static void put_word(struct out *o, u64 v)
{
    put(o, &v, sizeof(v));
}

static void put_row(void *about, u32 row, const void *bytes)
{
    struct out *o = about;

    (void)row;
    put(o, bytes, o->size);
}

static void put_table(struct out *o, const struct state *s, enum chain_table_id t)
{
    const struct chain_table *table = &s->tables[t];

    put_word(o, table->row_size);
    put_word(o, table->count);
    put_word(o, table->count - 1 - table->used);
    for (u32 row = table->free; row != 0; row = table->free_next[row])
        put(o, &row, sizeof(row));
    o->size = table->row_size;
    state_each(s, t, put_row, o);
}

static void put_history(struct out *o, const struct state *s)
{
    const struct watch *w = s->watch;

    put_word(o, w->oldest_order);
    put_word(o, w->window_most);
    put_word(o, w->timeout_most);
    put(o, &w->totals, sizeof(w->totals));
    put(o, w->provider, sizeof(*w->provider) * s->tables[TABLE_PROVIDER].count);
    put(o, w->outage, sizeof(*w->outage) * s->tables[TABLE_OUTAGE].count);
    put(o, w->lease, sizeof(*w->lease) * s->tables[TABLE_LEASE].count);
}

void chain_export(const struct chain *c, bool history, const struct export_sink *sink)
{
    const struct state *s = &c->state;
    struct out o = {.sink = sink, .sum = HASH_START};
    u8 params[PARAMS_BYTES];
    struct writer w = {params, sizeof(params)};

    check(s->journal.rows == 0);
    params_encode(&w, &s->params);
    put(&o, magic, sizeof(magic));
    put_word(&o, EXPORT_VERSION);
    u128 hash = state_hash(s);
    put(&o, &hash, sizeof(hash));
    put_word(&o, c->blocks);
    put_word(&o, c->txs);
    put_word(&o, sizeof(params) - w.left);
    put(&o, params, sizeof(params) - w.left);
    for (u32 t = 0; t < CHAIN_TABLES; t++)
        put_table(&o, s, (enum chain_table_id)t);
    put_word(&o, history);
    if (history)
        put_history(&o, s);
    put_word(&o, o.sum);
}

/* ---- in ---- */

struct in {
    const struct export_source *source;
    u64 sum;
    enum export_err err; /* the first */
};

static void wrong(struct in *i, enum export_err e)
{
    if (i->err == EXPORT_OK)
        i->err = e;
}

static bool take(struct in *i, void *bytes, size_t n)
{
    if (i->err != EXPORT_OK || !i->source->take(i->source->about, bytes, n)) {
        wrong(i, EXPORT_SHORT);
        return false;
    }
    i->sum = hash_bytes(i->sum, bytes, n);
    return true;
}

static u64 take_word(struct in *i)
{
    u64 v;

    return take(i, &v, sizeof(v)) ? v : 0;
}

/* Free places are marked while the rows are read: those have no bytes. */
static void take_free(struct in *i, struct chain_table *table, u64 n)
{
    u32 last = 0, row;

    for (u64 k = 0; k < n && take(i, &row, sizeof(row)); k++) {
        if (row == 0 || row >= table->count || table->mark[row] != 0) {
            wrong(i, EXPORT_BAD_FREE_LIST);
            return;
        }
        table->mark[row] = 1;
        if (MUTATED(EXPORT_REORDERS)) {
            table->free_next[row] = table->free;
            table->free = row;
            continue;
        }
        *(last == 0 ? &table->free : &table->free_next[last]) = row;
        last = row;
    }
}

static void take_rows(struct in *i, struct chain_table *table)
{
    for (u32 row = 1; row < table->count && i->err == EXPORT_OK; row++) {
        if (table->mark[row] != 0) {
            table->mark[row] = 0;
            continue;
        }
        (void)take(i, table->rows + (size_t)row * table->row_size, table->row_size);
    }
}

static void take_table(struct in *i, struct state *s, enum chain_table_id t)
{
    struct chain_table *table = &s->tables[t];
    u64 size = take_word(i), count = take_word(i), n = take_word(i);

    if (size != table->row_size || count == 0)
        wrong(i, EXPORT_OTHER_ROWS);
    else if (count > table->cap)
        wrong(i, EXPORT_TOO_MANY_ROWS);
    else if (n >= count)
        wrong(i, EXPORT_BAD_FREE_LIST);
    if (i->err != EXPORT_OK)
        return;
    table->count = (u32)count;
    table->used = (u32)(count - 1 - n);
    take_free(i, table, n);
    take_rows(i, table);
}

static void take_params(struct in *i, struct params *p)
{
    u8 bytes[PARAMS_BYTES];
    u64 n = take_word(i);

    if (i->err == EXPORT_OK && n > sizeof(bytes))
        wrong(i, EXPORT_BAD_PARAMETERS);
    if (i->err != EXPORT_OK || !take(i, bytes, (size_t)n))
        return;
    struct reader r = {bytes, (size_t)n, true};
    if (!params_decode(&r, p) || r.left != 0)
        wrong(i, EXPORT_BAD_PARAMETERS);
}

/* ---- what follows from the rows ---- */

struct placing {
    struct in *in;
    struct state *s;
    u32 *place;
    u64 next;
    size_t id_at; /* in a row */
};

static void place_id(void *about, u32 row, const void *bytes)
{
    struct placing *p = about;
    u64 id;

    memcpy(&id, (const u8 *)bytes + p->id_at, sizeof(id));
    if (id == 0 || id >= p->next || p->place[id] != 0)
        wrong(p->in, EXPORT_BAD_IDS);
    else
        p->place[id] = row;
}

static void place_ids(struct in *i, struct state *s)
{
    const struct meta_row *m = state_meta(s);
    struct placing orders = {i, s, s->order_place, m->next_order, offsetof(struct order_row, id)};
    struct placing leases = {i, s, s->lease_place, m->next_lease, offsetof(struct lease_row, id)};

    if (m->next_order > s->ids_cap || m->next_lease > s->ids_cap) {
        wrong(i, EXPORT_BAD_IDS);
        return;
    }
    state_each(s, TABLE_ORDER, place_id, &orders);
    state_each(s, TABLE_LEASE, place_id, &leases);
}

/* Without a history the checkers have seen nothing yet: only what follows from the rows. */
static void take_history(struct in *i, struct state *s, bool *told)
{
    struct watch *w = s->watch;

    *told = take_word(i) != 0;
    if (!*told)
        return;
    w->oldest_order = take_word(i);
    w->window_most = take_word(i);
    w->timeout_most = take_word(i);
    (void)take(i, &w->totals, sizeof(w->totals));
    (void)take(i, w->provider, sizeof(*w->provider) * s->tables[TABLE_PROVIDER].count);
    (void)take(i, w->outage, sizeof(*w->outage) * s->tables[TABLE_OUTAGE].count);
    (void)take(i, w->lease, sizeof(*w->lease) * s->tables[TABLE_LEASE].count);
}

struct bounds {
    struct in *in;
    u32 tokens;
    enum chain_table_id table;
};

/* What the making anew of moments and sums looks up by. */
static void in_bounds(void *about, u32 row, const void *bytes)
{
    struct bounds *b = about;
    bool fits = true;

    if (b->table == TABLE_TOKEN) {
        fits = ((const struct token_row *)bytes)->index == row - 1;
    } else if (b->table == TABLE_PURSE) {
        fits = ((const struct purse_row *)bytes)->token < b->tokens;
    } else if (b->table == TABLE_LEASE) {
        const struct lease_row *l = bytes;
        fits = l->token < b->tokens && l->price.wei > 0 && l->gross.wei <= l->gross_held.wei &&
               (u64)l->commission_bps + l->provider_fee_bps <= BPS_WHOLE &&
               l->start_s < INTERVAL_OPEN / 2 && l->agreed_s < INTERVAL_OPEN / 2;
    }
    if (!fits)
        wrong(b->in, EXPORT_OTHER_ROWS);
}

static void check_bounds(struct in *i, struct state *s)
{
    static const enum chain_table_id tables[] = {TABLE_TOKEN, TABLE_PURSE, TABLE_LEASE};

    for (u32 t = 0; t < ARRAY_LEN(tables); t++) {
        struct bounds b = {i, s->tables[TABLE_TOKEN].count - 1, tables[t]};
        state_each(s, tables[t], in_bounds, &b);
    }
}

static u128 take_header(struct in *i, struct chain *c, struct params *p)
{
    u8 name[sizeof(magic)];
    u128 hash = 0;

    if (take(i, name, sizeof(name)) && memcmp(name, magic, sizeof(name)) != 0)
        wrong(i, EXPORT_NOT_A_STATE);
    if (take_word(i) != EXPORT_VERSION)
        wrong(i, EXPORT_OTHER_VERSION);
    (void)take(i, &hash, sizeof(hash));
    c->blocks = take_word(i);
    c->txs = take_word(i);
    *p = params_default;
    take_params(i, p);
    return hash;
}

enum export_err chain_import(struct chain *c, void *memory, const u32 *rtt_us, u32 regions,
                             struct tally *tally, const struct export_source *source)
{
    struct in i = {.source = source, .sum = HASH_START};
    struct state *s = &c->state;
    struct params params;
    u128 hash = take_header(&i, c, &params);
    bool told = false;

    state_init(s, memory, &params, tally);
    s->rtt_us = rtt_us;
    s->regions = regions;
    s->log_tx = LOG_NO_TX;
    for (u32 t = 0; t < CHAIN_TABLES; t++)
        take_table(&i, s, (enum chain_table_id)t);
    if (i.err == EXPORT_OK && (s->tables[TABLE_META].used != 1 || s->tables[TABLE_TOKEN].used == 0))
        wrong(&i, EXPORT_OTHER_ROWS);
    take_history(&i, s, &told);
    u64 sum = i.sum;
    if (take_word(&i) != sum)
        wrong(&i, EXPORT_BAD_CHECKSUM);
    if (i.err != EXPORT_OK)
        return i.err;
    state_hash_imported(s);
    if (state_hash(s) != hash)
        wrong(&i, EXPORT_OTHER_HASH);
    check_bounds(&i, s);
    place_ids(&i, s);
    if (i.err == EXPORT_OK) {
        watch_restart(s, told);
        state_owe_all(s);
    }
    return i.err;
}
