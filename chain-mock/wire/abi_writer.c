#include "chain-mock/wire/abi_writer.h"

#include <string.h>

static struct abi_write_frame *frame(struct abi_writer *w)
{
    return &w->frames[w->depth];
}

static void store(struct abi_writer *w, size_t at, const u8 *bytes, size_t n)
{
    if (n != 0 && at <= w->room && n <= w->room - at)
        memcpy(w->bytes + at, bytes, n);
}

static void store_word(struct abi_writer *w, size_t at, struct bytes32 v)
{
    store(w, at, v.byte, sizeof(v.byte));
}

static struct abi_writer begin(struct abi_members members, u8 *bytes, size_t room, size_t prefix)
{
    struct abi_writer w = {.bytes = bytes, .room = room};

    w.frames[0] = (struct abi_write_frame){members, prefix, prefix};
    w.n = prefix + abi_head_bytes(members);
    return w;
}

struct abi_writer abi_writer_of(struct text types, u8 *bytes, size_t room)
{
    return begin(abi_members_of_list(types), bytes, room, 0);
}

struct abi_writer abi_writer_of_log(const struct abi_signature *s, u8 *bytes, size_t room)
{
    return begin(abi_members_of_data(s->inputs), bytes, room, 0);
}

struct abi_writer abi_writer_of_call(const struct abi_signature *s, u8 *bytes, size_t room)
{
    struct abi_writer w = begin(abi_members_of_list(s->inputs), bytes, room, ABI_SELECTOR_BYTES);
    struct bytes32 topic = abi_topic(s);

    store(&w, 0, topic.byte, ABI_SELECTOR_BYTES);
    return w;
}

/* Where the next member's head or, behind an offset that is written here, its encoding goes. */
static size_t take(struct abi_writer *w, struct abi_type *type)
{
    struct abi_write_frame *f = frame(w);
    struct abi_param p;
    size_t at = f->at;

    check(abi_members_next(&f->members, &p));
    *type = p.type;
    f->at += abi_type_head_bytes(type);
    if (!abi_is_dynamic(type))
        return at;
    store_word(w, at, bytes32_of_u128(w->n - f->base));
    return w->n;
}

static void put(struct abi_writer *w, struct bytes32 v, const enum abi_kind *kind)
{
    struct abi_type type;
    size_t at = take(w, &type);

    check((kind == NULL || type.kind == *kind) && abi_word_fits(&type, v));
    store_word(w, at, v);
}

void abi_put_word(struct abi_writer *w, struct bytes32 v)
{
    put(w, v, NULL);
}

void abi_put_u128(struct abi_writer *w, u128 v)
{
    put(w, bytes32_of_u128(v), &(enum abi_kind){ABI_UINT});
}

void abi_put_amount(struct abi_writer *w, struct amount v)
{
    put(w, bytes32_of_amount(v), &(enum abi_kind){ABI_UINT});
}

void abi_put_i64(struct abi_writer *w, i64 v)
{
    put(w, bytes32_of_i64(v), &(enum abi_kind){ABI_INT});
}

void abi_put_bool(struct abi_writer *w, bool v)
{
    put(w, bytes32_of_u128(v), &(enum abi_kind){ABI_BOOL});
}

void abi_put_address(struct abi_writer *w, struct address v)
{
    put(w, address_to_bytes32(v), &(enum abi_kind){ABI_ADDRESS});
}

void abi_put_bytes(struct abi_writer *w, struct slice v)
{
    static const u8 zeros[ABI_WORD];
    struct abi_type type;
    size_t at = take(w, &type);
    size_t padding = (ABI_WORD - v.n % ABI_WORD) % ABI_WORD;

    check(type.kind == ABI_BYTES || type.kind == ABI_STRING);
    store_word(w, at, bytes32_of_u128(v.n));
    store(w, at + ABI_WORD, v.at, v.n);
    store(w, at + ABI_WORD + v.n, zeros, padding);
    w->n += ABI_WORD + v.n + padding;
}

void abi_begin(struct abi_writer *w, size_t elements)
{
    struct abi_type type;
    size_t at = take(w, &type);

    check(type.kind == ABI_TUPLE || type.kind == ABI_ARRAY);
    check(elements == 0 || (type.kind == ABI_ARRAY && type.size == 0));
    struct abi_members members = abi_members_of(&type, type.size != 0 ? type.size : elements);
    if (type.kind == ABI_ARRAY && type.size == 0) {
        store_word(w, at, bytes32_of_u128(elements));
        at += ABI_WORD;
        w->n += ABI_WORD;
    }
    if (abi_is_dynamic(&type)) /* else its heads are part of those around it */
        w->n += abi_head_bytes(members);
    check(w->depth < ABI_DEPTH_MAX);
    w->depth++;
    *frame(w) = (struct abi_write_frame){members, at, at};
}

void abi_end(struct abi_writer *w)
{
    struct abi_param p;
    struct abi_members members = frame(w)->members;

    check(w->depth > 0 && !abi_members_next(&members, &p));
    w->depth--;
}

bool abi_finish(const struct abi_writer *w, size_t *n)
{
    struct abi_members members = w->frames[0].members;
    struct abi_param p;

    check(w->depth == 0 && !abi_members_next(&members, &p));
    *n = w->n;
    return w->n <= w->room;
}
