#include "chain-mock/wire/abi_reader.h"

#include <string.h>

static struct abi_read_frame *frame(struct abi_reader *r)
{
    return &r->frames[r->depth];
}

struct abi_reader abi_reader_at(struct text types, struct slice data, size_t at)
{
    struct abi_reader r = {.data = data};

    check(at <= data.n);
    r.words = (data.n - at) / ABI_WORD;
    r.frames[0] = (struct abi_read_frame){abi_members_of_list(types), at, at};
    return r;
}

struct abi_reader abi_reader_of_log(const struct abi_signature *s, struct slice data)
{
    struct abi_reader r = abi_reader_at(s->inputs, data, 0);

    r.frames[0].members = abi_members_of_data(s->inputs);
    return r;
}

bool abi_peek(const struct abi_reader *r, struct abi_param *out)
{
    struct abi_members members = r->frames[r->depth].members;

    return r->fault.kind == FAULT_NONE && abi_members_next(&members, out);
}

/* No encoding whose parts do not overlap has more words than its length. */
static void charge(struct abi_reader *r, size_t words, size_t at)
{
    if (words > r->words)
        fault_note(&r->fault, FAULT_ABI_AGAIN, at);
    else
        r->words -= words;
}

static struct bytes32 word_at(struct abi_reader *r, size_t at)
{
    if (r->fault.kind != FAULT_NONE || r->data.n < ABI_WORD || at > r->data.n - ABI_WORD) {
        fault_note(&r->fault, FAULT_ABI_SHORT, at);
        return (struct bytes32){{0}};
    }
    charge(r, 1, at);
    return bytes32_of_low(r->data.at + at, ABI_WORD);
}

/* The length, or offset, that stands at `at`: at most so large, else the fault. */
static size_t size_at(struct abi_reader *r, size_t at, size_t most, enum fault_kind beyond)
{
    u64 v = 0;

    if (!bytes32_to_u64(word_at(r, at), &v) || v > most)
        fault_note(&r->fault, beyond, at);
    return r->fault.kind == FAULT_NONE ? (size_t)v : 0;
}

/* Where the next member stands, of which the type is given: behind an offset or in the head. */
static size_t take(struct abi_reader *r, struct abi_type *type)
{
    struct abi_read_frame *f = frame(r);
    struct abi_param p;
    size_t at = f->at;

    check(abi_members_next(&f->members, &p));
    *type = p.type;
    f->at += abi_type_head_bytes(type);
    if (!abi_is_dynamic(type))
        return at;
    return f->base + size_at(r, at, r->data.n - f->base, FAULT_ABI_OFFSET);
}

/* A word of that kind; NULL: of any.  *at is where it stands. */
static struct bytes32 get(struct abi_reader *r, const enum abi_kind *kind, size_t *at)
{
    struct abi_type type;

    *at = 0;
    if (r->fault.kind != FAULT_NONE)
        return (struct bytes32){{0}};
    *at = take(r, &type);
    check(kind == NULL || type.kind == *kind);
    struct bytes32 word = word_at(r, *at);
    if (!abi_word_fits(&type, word))
        fault_note(&r->fault, FAULT_ABI_TYPE, *at);
    return r->fault.kind == FAULT_NONE ? word : (struct bytes32){{0}};
}

struct bytes32 abi_get_word(struct abi_reader *r)
{
    size_t at;

    return get(r, NULL, &at);
}

u64 abi_get_u64(struct abi_reader *r)
{
    size_t at;
    u64 v = 0;

    if (!bytes32_to_u64(get(r, &(enum abi_kind){ABI_UINT}, &at), &v))
        fault_note(&r->fault, FAULT_ABI_BEYOND_64, at);
    return v;
}

u128 abi_get_u128(struct abi_reader *r)
{
    size_t at;
    u128 v = 0;

    if (!bytes32_to_u128(get(r, &(enum abi_kind){ABI_UINT}, &at), &v))
        fault_note(&r->fault, FAULT_ABI_BEYOND_128, at);
    return v;
}

struct amount abi_get_amount(struct abi_reader *r)
{
    return AMOUNT(abi_get_u128(r));
}

i64 abi_get_i64(struct abi_reader *r)
{
    size_t at;
    i64 v = 0;

    if (!bytes32_to_i64(get(r, &(enum abi_kind){ABI_INT}, &at), &v))
        fault_note(&r->fault, FAULT_ABI_BEYOND_64, at);
    return v;
}

bool abi_get_bool(struct abi_reader *r)
{
    size_t at;

    return !bytes32_is_zero(get(r, &(enum abi_kind){ABI_BOOL}, &at));
}

struct address abi_get_address(struct abi_reader *r)
{
    struct address a = {{0}};
    size_t at;

    check(address_of_bytes32(get(r, &(enum abi_kind){ABI_ADDRESS}, &at), &a));
    return a;
}

struct slice abi_get_bytes(struct abi_reader *r)
{
    struct abi_type type;

    if (r->fault.kind != FAULT_NONE)
        return SLICE(NULL, 0);
    size_t at = take(r, &type);
    check(type.kind == ABI_BYTES || type.kind == ABI_STRING);
    size_t room = r->data.n - at < ABI_WORD ? 0 : r->data.n - at - ABI_WORD;
    size_t n = size_at(r, at, room, FAULT_ABI_LENGTH);
    charge(r, n / ABI_WORD, at);
    return r->fault.kind == FAULT_NONE ? SLICE(r->data.at + at + ABI_WORD, n) : SLICE(NULL, 0);
}

/* How many elements an array at *at has; *at moves to the first. */
static size_t elements(struct abi_reader *r, const struct abi_type *type, size_t *at)
{
    size_t head = abi_head_bytes(abi_members_of(type, 1));
    size_t room = r->data.n - *at < ABI_WORD ? 0 : r->data.n - *at - ABI_WORD;

    if (type->size != 0)
        return type->size;
    size_t n = size_at(r, *at, room / head, FAULT_ABI_LENGTH);
    *at += ABI_WORD;
    return n;
}

size_t abi_enter(struct abi_reader *r)
{
    struct abi_type type;
    size_t n = 0;

    if (r->fault.kind != FAULT_NONE)
        return 0;
    size_t at = take(r, &type);
    check(type.kind == ABI_TUPLE || type.kind == ABI_ARRAY);
    if (type.kind == ABI_ARRAY)
        n = elements(r, &type, &at);
    if (r->fault.kind != FAULT_NONE)
        return 0;
    check(r->depth < ABI_DEPTH_MAX);
    r->depth++;
    *frame(r) = (struct abi_read_frame){abi_members_of(&type, n), at, at};
    return n;
}

void abi_leave(struct abi_reader *r)
{
    struct abi_param p;

    if (r->fault.kind != FAULT_NONE)
        return;
    check(r->depth > 0 && !abi_peek(r, &p));
    r->depth--;
}

bool abi_done(struct abi_reader *r)
{
    struct abi_param p;

    if (r->fault.kind != FAULT_NONE)
        return false;
    check(r->depth == 0 && !abi_peek(r, &p));
    return true;
}
