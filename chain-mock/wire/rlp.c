#include "chain-mock/wire/rlp.h"

#include <string.h>

/* First bytes: below STRING one byte that is itself; from STRING and from LIST on, length up to
 * SHORT_MAX, then the number of bytes in which the length follows. */
#define STRING 0x80u
#define LIST 0xc0u
#define SHORT_MAX 55u

/* --- writing --- */

static u8 *take(struct rlp_writer *w, size_t n)
{
    u8 *at = w->bytes + w->n;

    check(w->room - w->n >= n);
    w->n += n;
    return at;
}

/* The bytes before n bytes of a string or a list: how many. */
static size_t header(u8 out[RLP_HEADER_MAX], u8 base, size_t n)
{
    struct bytes32 length = bytes32_of_u128(n);
    size_t size = bytes32_length(length);

    if (n <= SHORT_MAX) {
        out[0] = (u8)(base + n);
        return 1;
    }
    out[0] = (u8)(base + SHORT_MAX + size);
    memcpy(out + 1, length.byte + sizeof(length.byte) - size, size);
    return 1 + size;
}

void rlp_put_bytes(struct rlp_writer *w, struct slice bytes)
{
    u8 head[RLP_HEADER_MAX];

    if (bytes.n != 1 || bytes.at[0] >= STRING) {
        size_t n = header(head, STRING, bytes.n);
        memcpy(take(w, n), head, n);
    }
    rlp_put_item(w, bytes);
}

void rlp_put_u256(struct rlp_writer *w, struct bytes32 v)
{
    size_t n = bytes32_length(v);

    rlp_put_bytes(w, SLICE(v.byte + sizeof(v.byte) - n, n));
}

void rlp_put_u128(struct rlp_writer *w, u128 v)
{
    rlp_put_u256(w, bytes32_of_u128(v));
}

void rlp_put_item(struct rlp_writer *w, struct slice item)
{
    if (item.n != 0)
        memcpy(take(w, item.n), item.at, item.n);
}

void rlp_begin(struct rlp_writer *w)
{
    check(w->depth < RLP_DEPTH_MAX);
    w->begun[w->depth++] = w->n;
}

void rlp_end(struct rlp_writer *w)
{
    u8 head[RLP_HEADER_MAX];

    check(w->depth > 0);
    size_t begun = w->begun[--w->depth];
    size_t inside = w->n - begun;
    size_t n = header(head, LIST, inside);
    take(w, n); /* the header's length is known only now: what is inside moves */
    memmove(w->bytes + begun + n, w->bytes + begun, inside);
    memcpy(w->bytes + begun, head, n);
}

/* --- reading --- */

struct item {
    bool list;
    size_t body, n; /* where what is inside begins, and its length */
};

static size_t end_of_list(const struct rlp_reader *r)
{
    return r->depth == 0 ? r->bytes.n : r->ends[r->depth - 1];
}

struct rlp_reader rlp_reader_at(struct slice bytes, size_t at)
{
    check(at <= bytes.n);
    return (struct rlp_reader){.bytes = bytes, .at = at};
}

bool rlp_more(const struct rlp_reader *r)
{
    return r->fault.kind == FAULT_NONE && r->at < end_of_list(r);
}

bool rlp_is_list(const struct rlp_reader *r)
{
    return rlp_more(r) && r->bytes.at[r->at] >= LIST;
}

/* The length that follows in size bytes after the first. */
static enum fault_kind long_length(const struct rlp_reader *r, size_t size, u64 *n)
{
    const u8 *at = r->bytes.at + r->at + 1;

    if (end_of_list(r) - r->at - 1 < size)
        return FAULT_RLP_SHORT;
    if (at[0] == 0)
        return FAULT_RLP_LENGTH_ZERO;
    *n = 0;
    for (size_t i = 0; i < size; i++)
        *n = *n << 8 | at[i];
    return *n <= SHORT_MAX ? FAULT_RLP_LENGTH_LONG : FAULT_NONE;
}

/* The item at r->at, which must be there. */
static enum fault_kind look(const struct rlp_reader *r, struct item *item)
{
    const u8 *at = r->bytes.at + r->at;
    u8 base = at[0] >= LIST ? LIST : STRING;
    u64 n = (u64)(at[0] - base);
    size_t size = 0;

    *item = (struct item){false, r->at, 1};
    if (at[0] < STRING)
        return FAULT_NONE;
    if (n > SHORT_MAX) {
        size = (size_t)n - SHORT_MAX;
        enum fault_kind kind = long_length(r, size, &n);
        if (kind != FAULT_NONE)
            return kind;
    }
    *item = (struct item){base == LIST, r->at + 1 + size, (size_t)n};
    if (n > end_of_list(r) - item->body)
        return FAULT_RLP_SHORT;
    if (!item->list && n == 1 && at[1] < STRING)
        return FAULT_RLP_SINGLE;
    return FAULT_NONE;
}

/* The next item, if it is there, sound, and of the kind that is wanted. */
static bool expect(struct rlp_reader *r, bool list, struct item *item)
{
    enum fault_kind kind = FAULT_RLP_MISSING;

    if (rlp_more(r))
        kind = look(r, item);
    if (kind == FAULT_NONE && item->list != list)
        kind = list ? FAULT_RLP_NOT_LIST : FAULT_RLP_NOT_STRING;
    if (kind != FAULT_NONE)
        fault_note(&r->fault, kind, r->at); /* after a fault, there is no more: the first stays */
    return kind == FAULT_NONE;
}

struct slice rlp_get_bytes(struct rlp_reader *r)
{
    struct item item;

    if (!expect(r, false, &item))
        return SLICE(NULL, 0);
    r->at = item.body + item.n;
    return SLICE(r->bytes.at + item.body, item.n);
}

void rlp_get_fixed(struct rlp_reader *r, u8 *out, size_t n)
{
    size_t at = r->at;
    struct slice s = rlp_get_bytes(r);

    if (s.n != n)
        fault_note(&r->fault, FAULT_RLP_SIZE, at);
    memset(out, 0, n);
    if (r->fault.kind == FAULT_NONE && s.at != NULL)
        memcpy(out, s.at, n);
}

/* An integer of at most so many bytes, else the fault beyond. */
static struct bytes32 get_integer(struct rlp_reader *r, size_t most, enum fault_kind beyond)
{
    size_t at = r->at;
    struct slice s = rlp_get_bytes(r);

    if (s.n > 0 && s.at[0] == 0)
        fault_note(&r->fault, FAULT_RLP_LEADING_ZERO, at);
    else if (s.n > most)
        fault_note(&r->fault, beyond, at);
    return r->fault.kind == FAULT_NONE ? bytes32_of_low(s.at, s.n) : (struct bytes32){{0}};
}

u64 rlp_get_u64(struct rlp_reader *r)
{
    u64 v = 0;

    check(bytes32_to_u64(get_integer(r, sizeof(v), FAULT_RLP_BEYOND_64), &v));
    return v;
}

u128 rlp_get_u128(struct rlp_reader *r)
{
    u128 v = 0;

    check(bytes32_to_u128(get_integer(r, sizeof(v), FAULT_RLP_BEYOND_128), &v));
    return v;
}

struct bytes32 rlp_get_u256(struct rlp_reader *r)
{
    return get_integer(r, sizeof(struct bytes32), FAULT_RLP_BEYOND_256);
}

void rlp_enter(struct rlp_reader *r)
{
    struct item item;

    if (!expect(r, true, &item))
        return;
    if (r->depth == RLP_DEPTH_MAX) {
        fault_note(&r->fault, FAULT_RLP_DEPTH, r->at);
        return;
    }
    r->ends[r->depth++] = item.body + item.n;
    r->at = item.body;
}

void rlp_leave(struct rlp_reader *r)
{
    if (rlp_more(r))
        fault_note(&r->fault, FAULT_RLP_EXTRA, r->at);
    if (r->fault.kind != FAULT_NONE)
        return;
    check(r->depth > 0);
    r->depth--;
}

struct slice rlp_get_item(struct rlp_reader *r)
{
    size_t from = r->at;
    u32 outside = r->depth;

    do {
        if (rlp_is_list(r))
            rlp_enter(r);
        else
            (void)rlp_get_bytes(r);
        while (r->depth > outside && r->fault.kind == FAULT_NONE && !rlp_more(r))
            rlp_leave(r);
    } while (r->depth > outside && r->fault.kind == FAULT_NONE);
    if (r->fault.kind != FAULT_NONE)
        return SLICE(NULL, 0);
    return SLICE(r->bytes.at + from, r->at - from);
}

bool rlp_done(struct rlp_reader *r)
{
    if (r->fault.kind != FAULT_NONE)
        return false;
    check(r->depth == 0);
    if (r->at < r->bytes.n)
        fault_note(&r->fault, FAULT_RLP_TRAILING, r->at);
    return r->fault.kind == FAULT_NONE;
}
