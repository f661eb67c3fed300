#include "sim/engine/record.h"

#include "protocol/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0x4f52524552594c32u /* "ORRERYL2" */
#define HEAD_BYTES 28u
#define MARK_BYTES 12u /* before a record: size, hash after it */
#define BUFFER_BYTES (1u << 20)

u64 record_start(const struct record_head *head)
{
    return hash_mix(hash_mix(hash_mix(HASH_START, head->seed), head->replicate), head->arm);
}

void record_dispatch(struct writer *w, struct instant now, struct actor_id to,
                     const struct event *event, const struct outbox *out)
{
    put_u32(w, RECORD_DISPATCH);
    put_u64(w, now.ns);
    put_u32(w, to.v);
    event_encode(w, event);
    outbox_encode(w, out);
}

size_t record_step_bytes(const struct block *b, u32 taken)
{
    return 32u + (size_t)taken * RECORD_TX_BYTES_MAX + 4u * (size_t)b->data_count +
           (size_t)b->newcomer_count * sizeof(struct newcomer) + RECORD_STATES_BYTES;
}

void record_step(struct writer *w, struct instant now, const struct block *b, u32 taken)
{
    put_u32(w, RECORD_STEP);
    put_u64(w, now.ns);
    put_u64(w, b->slot);
    put_u32(w, b->newcomer_count);
    for (u32 i = 0; i < b->newcomer_count; i++)
        put_bytes(w, b->newcomers[i].address, sizeof(b->newcomers[i].address));
    put_u32(w, b->data_count);
    for (u32 i = 0; i < b->data_count; i++)
        put_u32(w, b->data[i]);
    put_u32(w, taken);
    for (u32 i = 0; i < taken; i++) {
        const struct block_tx *t = &b->txs[i];
        put_u32(w, t->from);
        put_u64(w, t->nonce);
        put_u64(w, t->gas_limit);
        put_amount(w, t->gas_price);
        tx_encode(w, &t->tx);
        put_u32(w, (u32)t->err);
        put_u64(w, t->id);
        put_u32(w, t->gas);
    }
}

static bool read_newcomers(struct reader *r, struct record_block *b)
{
    u32 count = get_u32(r);

    if (!r->ok || count > r->left / sizeof(*b->newcomers))
        return false;
    b->newcomers = calloc((size_t)count + 1, sizeof(*b->newcomers));
    if (b->newcomers == NULL)
        return false;
    get_bytes(r, (u8 *)b->newcomers, count * sizeof(*b->newcomers));
    b->block.newcomers = b->newcomers;
    b->block.newcomer_count = count;
    return r->ok;
}

static bool read_words(struct reader *r, struct record_block *b)
{
    u32 count = get_u32(r);

    if (!r->ok || count > r->left / 4)
        return false;
    b->words = calloc((size_t)count + 1, sizeof(*b->words));
    if (b->words == NULL)
        return false;
    for (u32 i = 0; i < count; i++)
        b->words[i] = get_u32(r);
    b->block.data = b->words;
    b->block.data_count = count;
    return r->ok;
}

static bool read_tx(struct reader *r, struct block_tx *t)
{
    *t = (struct block_tx){.from = get_u32(r)};
    t->nonce = get_u64(r);
    t->gas_limit = get_u64(r);
    t->gas_price = get_amount(r);
    if (!tx_decode(r, &t->tx))
        return false;
    u32 err = get_u32(r);
    t->err = err < ERR_KINDS ? (enum err)err : ERR_None;
    t->id = get_u64(r);
    t->gas = get_u32(r);
    return r->ok && err < ERR_KINDS;
}

bool record_step_read(struct reader *r, struct record_block *out)
{
    *out = (struct record_block){.block = {.slot = get_u64(r)}};
    if (!read_newcomers(r, out) || !read_words(r, out))
        return false;
    u32 count = get_u32(r);
    if (!r->ok || count > r->left / 16)
        return false;
    out->txs = calloc((size_t)count + 1, sizeof(*out->txs));
    if (out->txs == NULL)
        return false;
    out->block.txs = out->txs;
    out->block.count = count;
    for (u32 i = 0; i < count; i++)
        if (!read_tx(r, &out->txs[i]))
            return false;
    return true;
}

void record_step_free(struct record_block *b)
{
    free(b->txs);
    free(b->newcomers);
    free(b->words);
    *b = (struct record_block){0};
}

void record_edit(struct writer *w, struct instant now, const struct edit *e, u128 after)
{
    put_u32(w, RECORD_EDIT);
    put_u64(w, now.ns);
    put_u32(w, (u32)e->kind);
    put_bytes(w, e->address, sizeof(e->address));
    put_amount(w, e->value);
    put_u128(w, after);
}

bool record_edit_read(struct reader *r, struct edit *out, u128 *after)
{
    u32 kind = get_u32(r);

    *out = (struct edit){.kind = (enum edit_kind)kind};
    get_bytes(r, out->address, sizeof(out->address));
    out->value = get_amount(r);
    *after = get_u128(r);
    return r->ok && kind < EDIT_KINDS;
}

bool record_recognise(struct record *r)
{
    struct reader body = {r->bytes, r->size, true};
    u32 kind = get_u32(&body);

    if (!body.ok || kind >= RECORD_KINDS)
        return false;
    r->kind = (enum record_kind)kind;
    return true;
}

/* ---- the file, written ---- */

static void write_bytes(struct record_log *log, const u8 *bytes, size_t size)
{
    if (log->error == 0 && fwrite(bytes, 1, size, log->file) != size)
        log->error = errno != 0 ? errno : EIO;
}

bool record_log_open(struct record_log *log, const char *path, const struct record_head *head)
{
    u8 bytes[HEAD_BYTES];
    struct writer w = {bytes, sizeof(bytes)};

    *log = (struct record_log){.file = fopen(path, "wb")};
    if (log->file == NULL) {
        log->error = errno;
        return false;
    }
    setvbuf(log->file, NULL, _IOFBF, BUFFER_BYTES);
    put_u64(&w, MAGIC);
    put_u64(&w, head->seed);
    put_u64(&w, head->replicate);
    put_u32(&w, head->arm);
    write_bytes(log, bytes, sizeof(bytes));
    return log->error == 0;
}

void record_log_put(void *about, const u8 *bytes, size_t size, u64 hash)
{
    struct record_log *log = about;
    u8 mark[MARK_BYTES];
    struct writer w = {mark, sizeof(mark)};

    check(size <= RECORD_BYTES_MAX);
    put_u32(&w, (u32)size);
    put_u64(&w, hash);
    write_bytes(log, mark, sizeof(mark));
    write_bytes(log, bytes, size);
    log->count++;
}

bool record_log_close(struct record_log *log)
{
    u8 end[4];
    struct writer w = {end, sizeof(end)};
    u64 count = log->count;

    put_u32(&w, RECORD_END);
    record_log_put(log, end, sizeof(end), count);
    if (fclose(log->file) != 0 && log->error == 0)
        log->error = errno != 0 ? errno : EIO;
    log->file = NULL;
    return log->error == 0;
}

/* ---- the file, read ---- */

bool record_reader_open(struct record_reader *r, const char *path)
{
    return record_reader_of(r, fopen(path, "rb"));
}

bool record_reader_of(struct record_reader *r, FILE *file)
{
    u8 bytes[HEAD_BYTES];
    struct reader in = {bytes, sizeof(bytes), true};

    *r = (struct record_reader){.file = file};
    if (r->file == NULL)
        return false;
    if (reserve_open(&r->bytes, "bytes of a record", 1, RECORD_BYTES_MAX) &&
        fread(bytes, 1, sizeof(bytes), r->file) == sizeof(bytes) && get_u64(&in) == MAGIC) {
        r->head.seed = get_u64(&in);
        r->head.replicate = get_u64(&in);
        r->head.arm = get_u32(&in);
        return true;
    }
    record_reader_close(r);
    return false;
}

void record_reader_close(struct record_reader *r)
{
    if (r->file != NULL)
        fclose(r->file);
    reserve_close(&r->bytes);
    r->file = NULL;
}

/* Piece by piece: a size that is wrong must not cost the memory that it names. */
static bool read_body(struct record_reader *r, size_t size)
{
    for (size_t got = 0; got < size;) {
        size_t piece = size - got < BUFFER_BYTES ? size - got : BUFFER_BYTES;
        if (!reserve_reach(&r->bytes, got + piece) ||
            fread((u8 *)r->bytes.base + got, 1, piece, r->file) != piece)
            return false;
        got += piece;
    }
    return true;
}

/* The file is over within a record: whoever has an end mark was not killed, so a size is wrong. */
static enum record_end ends_early(struct record_reader *r)
{
    u8 last[MARK_BYTES + 4];
    struct reader in = {last, sizeof(last), true};

    if (fseek(r->file, -(long)sizeof(last), SEEK_END) != 0 ||
        fread(last, 1, sizeof(last), r->file) != sizeof(last))
        return RECORD_CUT;
    u32 size = get_u32(&in);
    u64 count = get_u64(&in);
    if (get_u32(&in) != RECORD_END)
        return RECORD_CUT;
    return count == r->count || (size == 4 && count > r->count) ? RECORD_BAD : RECORD_CUT;
}

enum record_end record_read(struct record_reader *r, struct record *out)
{
    u8 mark[MARK_BYTES];
    size_t n = fread(mark, 1, sizeof(mark), r->file);
    struct reader in = {mark, n, true};

    *out = (struct record){.number = r->count};
    if (n == 0 && feof(r->file))
        return RECORD_CUT;
    size_t size = get_u32(&in);
    out->hash = get_u64(&in);
    if (!in.ok || size > RECORD_BYTES_MAX || !read_body(r, size))
        return feof(r->file) ? ends_early(r) : RECORD_BAD;
    out->bytes = r->bytes.base;
    out->size = size;
    if (!record_recognise(out))
        return RECORD_BAD;
    if (out->kind == RECORD_END)
        return out->size == 4 && out->hash == r->count && fgetc(r->file) == EOF ? RECORD_DONE
                                                                                : RECORD_BAD;
    r->count++;
    return RECORD_MORE;
}

static enum record_end read_next(void *about, struct record *out)
{
    return record_read(about, out);
}

struct record_source record_reader_source(struct record_reader *r)
{
    return (struct record_source){r->head, read_next, r};
}
