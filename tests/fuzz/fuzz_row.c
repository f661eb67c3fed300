/* Any bytes as a row of msg.def, log.def, tx.def or params.def, a machine, an edit or a block of a
 * record; the first byte says which.  What is taken, written again, is the bytes that were read: so
 * no two encodings say the same, and a rolling hash over bytes is one over what they say. */
#include "protocol/msg.h"
#include "sim/engine/record.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u8 again[PARAMS_BYTES + LOG_BYTES_MAX + TX_BYTES_MAX + RECORD_EDIT_BYTES_MAX];

/* What was taken off `r` is what `w` has. */
static void check_same(const u8 *data, const struct reader *r, const struct writer *w)
{
    size_t n = (size_t)(w->at - again);

    check(r->at == data + n && memcmp(data, again, n) == 0);
}

static void read_msg(const u8 *data, struct reader r, struct writer w)
{
    struct msg m = {.kind = MSG_KINDS};

    if (!msg_decode(&r, &m))
        return;
    msg_encode(&w, &m);
    check_same(data, &r, &w);
    (void)msg_about(&m);
}

static void read_log(const u8 *data, struct reader r, struct writer w)
{
    struct log l;
    u64 n;

    memset(&l, 0, sizeof(l));
    if (!log_decode(&r, &l))
        return;
    log_encode(&w, &l);
    check_same(data, &r, &w);
    check(log_names[l.kind] != NULL && !log_number(&l, "no such field", &n));
}

static void read_tx(const u8 *data, struct reader r, struct writer w)
{
    struct tx t;

    memset(&t, 0, sizeof(t));
    if (!tx_decode(&r, &t))
        return;
    tx_encode(&w, &t);
    check_same(data, &r, &w);
}

static void read_params(const u8 *data, struct reader r, struct writer w)
{
    struct params p = params_default, kept = params_default;

    if (!params_decode(&r, &p)) {
        check(memcmp(&p, &kept, sizeof(p)) == 0);
        return;
    }
    params_encode(&w, &p);
    check_same(data, &r, &w);
    for (u32 id = 0; id < PARAM_KINDS; id++)
        check(params_get(&p, (enum param_id)id) <= params_most((enum param_id)id));
}

static void read_machine(const u8 *data, struct reader r, struct writer w)
{
    struct machine m;

    get_machine(&r, &m);
    if (!r.ok)
        return;
    put_machine(&w, &m);
    check_same(data, &r, &w);
}

static void read_edit(const u8 *data, struct reader r, struct writer w)
{
    struct edit e;
    u128 after;
    u8 head[16];

    (void)data;
    if (!record_edit_read(&r, &e, &after))
        return;
    record_edit(&w, (struct instant){0}, &e, after);
    /* Before the edit stand the record's kind and instant. */
    size_t n = (size_t)(w.at - again), body = (size_t)(r.at - data);
    check(n >= body && n - body <= sizeof(head));
    check(memcmp(again + (n - body), data, body) == 0);
}

static void read_block(const u8 *data, struct reader r, struct writer w)
{
    struct record_block b;

    (void)w;
    if (record_step_read(&r, &b)) {
        size_t n = record_step_bytes(&b.block, (u32)b.block.count);
        u8 *bytes = malloc(n);
        check(bytes != NULL);
        struct writer to = {bytes, n};
        record_step(&to, (struct instant){0}, &b.block, (u32)b.block.count);
        size_t wrote = (size_t)(to.at - bytes), body = (size_t)(r.at - data);
        check(wrote >= body && memcmp(bytes + (wrote - body), data, body) == 0);
        free(bytes);
    }
    record_step_free(&b);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static void (*const readers[])(const u8 *, struct reader, struct writer) = {
        read_msg, read_log, read_tx, read_params, read_machine, read_edit, read_block,
    };

    if (size == 0)
        return 0;
    /* A copy of its own size: reads beyond it are seen. */
    u8 *copy = malloc(size);
    check(copy != NULL);
    memcpy(copy, data + 1, size - 1);
    readers[data[0] % ARRAY_LEN(readers)](copy, (struct reader){copy, size - 1, true},
                                          (struct writer){again, sizeof(again)});
    free(copy);
    return 0;
}
