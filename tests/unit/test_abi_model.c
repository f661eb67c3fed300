/* abi_writer and abi_reader against a naive encoder, over drawn types and values: the
 * specification's enc(), by its letter.  Three walks draw the same values: one encodes them
 * naively, one with abi_writer, one reads them. */
#include "chain-mock/wire/abi_print.h"
#include "chain-mock/wire/abi_writer.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static struct any any = {{56, 0, 0}, 0};

#define TEXT(s) ((struct text){(s), strlen(s)})

static struct slice finished(const struct abi_writer *w)
{
    size_t n;

    EXPECT(abi_finish(w, &n));
    return SLICE(w->bytes, n);
}

enum shape { WORD, BLOB, TUPLE, MANY, FIXED }; /* MANY is T[], FIXED is T[k] */

struct node {
    enum shape shape;
    const char *type; /* of a word or blob */
    u32 bits;         /* of an integer: from the low end; of bytesN: from the high end */
    bool high, sign;
    u32 count; /* members of a tuple, elements of a T[k] */
    u32 child[3];
};

static struct node nodes[512];
static u32 node_count;

static const struct node leaves[] = {
    {WORD, "uint8", 8, false, false, 0, {0}},     {WORD, "uint64", 64, false, false, 0, {0}},
    {WORD, "uint256", 256, false, false, 0, {0}}, {WORD, "int16", 16, false, true, 0, {0}},
    {WORD, "bool", 1, false, false, 0, {0}},      {WORD, "address", 160, false, false, 0, {0}},
    {WORD, "bytes4", 32, true, false, 0, {0}},    {WORD, "bytes32", 256, true, false, 0, {0}},
    {BLOB, "bytes", 0, false, false, 0, {0}},     {BLOB, "string", 0, false, false, 0, {0}},
};

static u32 any_node(u32 depth)
{
    u32 at = node_count++;
    struct node n = leaves[any_below(&any, ARRAY_LEN(leaves))];

    if (depth < ABI_DEPTH_MAX && any_below(&any, 2) == 0) {
        n = (struct node){.shape = (enum shape)(TUPLE + any_below(&any, 3)),
                          .count = 1 + (u32)any_below(&any, 3)};
        for (u32 i = 0; i < (n.shape == TUPLE ? n.count : 1); i++)
            n.child[i] = any_node(depth + 1);
    }
    nodes[at] = n;
    return at;
}

static u32 child(const struct node *n, u32 i)
{
    return n->child[n->shape == TUPLE ? i : 0];
}

static void write_type(struct sink *out, u32 at)
{
    const struct node *n = &nodes[at];
    char brackets[8];

    if (n->shape == WORD || n->shape == BLOB) {
        sink_chars(out, n->type);
        return;
    }
    if (n->shape != TUPLE) {
        write_type(out, n->child[0]);
        snprintf(brackets, sizeof(brackets), "[%u]", n->count);
        sink_chars(out, n->shape == MANY ? "[]" : brackets);
        return;
    }
    for (u32 i = 0; i < n->count; i++) {
        sink_chars(out, i == 0 ? "(" : ", ");
        write_type(out, n->child[i]);
        sink_chars(out, i % 2 == 0 ? " x" : "");
    }
    sink_chars(out, ")");
}

static bool dynamic(u32 at)
{
    const struct node *n = &nodes[at];
    bool sum = n->shape == BLOB || n->shape == MANY;

    for (u32 i = 0; n->shape > BLOB && i < n->count; i++)
        sum = sum || dynamic(child(n, i));
    return sum;
}

static struct bytes32 any_word(struct any *a, const struct node *n)
{
    struct bytes32 v;
    bool negative = n->sign && any_below(a, 2) == 0;

    any_bytes(a, v.byte, sizeof(v.byte));
    for (u32 bit = 0; bit < 256; bit++) { /* from the high end */
        u8 mask = (u8)(0x80 >> bit % 8);
        if (n->high ? bit >= n->bits : bit < 256 - n->bits + n->sign) {
            v.byte[bit / 8] &= (u8)~mask;
            v.byte[bit / 8] |= negative ? mask : 0;
        }
    }
    return v;
}

static u32 any_count(struct any *a, const struct node *n)
{
    return n->shape == MANY ? (u32)any_below(a, 4) : n->count;
}

static struct slice any_blob(struct any *a)
{
    static u8 bytes[80];
    struct slice s = {bytes, any_below(a, sizeof(bytes))};

    any_bytes(a, bytes, s.n);
    return s;
}

#define MODEL_BYTES (1u << 18)

static size_t model_word(u8 *out, u64 v)
{
    memcpy(out, bytes32_of_u128(v).byte, ABI_WORD);
    return ABI_WORD;
}

/* enc() of n values: heads, then tails. */
static size_t model_list(struct any *a, u8 *out, const u32 *at, u32 count, u32 depth);

static size_t model(struct any *a, u8 *out, u32 at, u32 depth)
{
    const struct node *n = &nodes[at];
    u32 those[3];
    size_t length = 0;

    if (n->shape == WORD) {
        memcpy(out, any_word(a, n).byte, ABI_WORD);
        return ABI_WORD;
    }
    if (n->shape == BLOB) {
        struct slice s = any_blob(a);
        size_t padded = (s.n + 31) / 32 * 32;
        memset(out, 0, ABI_WORD + padded);
        model_word(out, s.n);
        if (s.n != 0)
            memcpy(out + ABI_WORD, s.at, s.n);
        return ABI_WORD + padded;
    }
    u32 count = any_count(a, n);
    for (u32 i = 0; i < count; i++)
        those[i] = child(n, i);
    if (n->shape == MANY)
        length = model_word(out, count);
    return length + model_list(a, out + length, those, count, depth);
}

static size_t model_list(struct any *a, u8 *out, const u32 *at, u32 count, u32 depth)
{
    static u8 scratch[ABI_DEPTH_MAX + 2][3][MODEL_BYTES];
    size_t length[3] = {0}, heads = 0, head = 0;

    for (u32 i = 0; i < count; i++) {
        length[i] = model(a, scratch[depth][i], at[i], depth + 1);
        heads += dynamic(at[i]) ? ABI_WORD : length[i];
    }
    size_t tail = heads;
    for (u32 i = 0; i < count; i++) {
        EXPECT(tail + length[i] < MODEL_BYTES);
        if (dynamic(at[i])) {
            head += model_word(out + head, tail);
            memcpy(out + tail, scratch[depth][i], length[i]);
            tail += length[i];
        } else {
            memcpy(out + head, scratch[depth][i], length[i]);
            head += length[i];
        }
    }
    return tail;
}

static void put(struct any *a, struct abi_writer *w, u32 at)
{
    const struct node *n = &nodes[at];

    if (n->shape == WORD) {
        abi_put_word(w, any_word(a, n));
        return;
    }
    if (n->shape == BLOB) {
        abi_put_bytes(w, any_blob(a));
        return;
    }
    u32 count = any_count(a, n);
    abi_begin(w, n->shape == MANY ? count : 0);
    for (u32 i = 0; i < count; i++)
        put(a, w, child(n, i));
    abi_end(w);
}

static void read_word(struct any *a, struct abi_reader *r, const struct node *n)
{
    struct abi_param p;
    struct bytes32 want = any_word(a, n), got;

    EXPECT(abi_peek(r, &p));
    if (p.type.kind == ABI_UINT && n->bits <= 64)
        got = bytes32_of_u128(abi_get_u64(r));
    else if (p.type.kind == ABI_INT)
        got = bytes32_of_i64(abi_get_i64(r));
    else if (p.type.kind == ABI_BOOL)
        got = bytes32_of_u128(abi_get_bool(r));
    else if (p.type.kind == ABI_ADDRESS)
        got = address_to_bytes32(abi_get_address(r));
    else
        got = abi_get_word(r);
    EXPECT(bytes32_cmp(got, want) == 0);
}

static void read(struct any *a, struct abi_reader *r, u32 at)
{
    const struct node *n = &nodes[at];

    if (n->shape == WORD) {
        read_word(a, r, n);
        return;
    }
    if (n->shape == BLOB) {
        EXPECT(bytes_equal(abi_get_bytes(r), any_blob(a)));
        return;
    }
    u32 count = any_count(a, n);
    EXPECT(abi_enter(r) == (n->shape == TUPLE ? 0 : count));
    for (u32 i = 0; i < count; i++)
        read(a, r, child(n, i));
    abi_leave(r);
}

static void test_model(void)
{
    static u8 want[MODEL_BYTES], got[MODEL_BYTES];
    char types[4096], text[4096];

    for (u64 i = 0; i < 5000; i++) {
        struct any a = {{2000 + i, 0, 0}, 0}, b = a, c = a;
        struct sink list = SINK(types, sizeof(types)), out = SINK(text, sizeof(text));
        struct fault f;
        node_count = 0;
        u32 root = any_node(1), second = any_node(1), both[] = {root, second};
        write_type(&list, root);
        sink_chars(&list, ",");
        write_type(&list, second);
        EXPECT(sink_end(&list));
        size_t n = model_list(&a, want, both, 2, 0);
        struct abi_writer w = abi_writer_of(TEXT(types), got, n);
        put(&b, &w, root);
        put(&b, &w, second);
        EXPECT(bytes_equal(finished(&w), SLICE(want, n)));
        struct abi_reader r = abi_reader_at(TEXT(types), SLICE(want, n), 0);
        read(&c, &r, root);
        read(&c, &r, second);
        EXPECT(abi_done(&r));
        EXPECT(abi_print(&out, TEXT(types), SLICE(want, n), 0, &f));
        EXPECT(!abi_print(&out, TEXT(types), SLICE(want, any_below(&any, n - 31)), 0, &f));
    }
}

int main(void)
{
    test_model();
    printf("ok - abi_model\n");
    return EXIT_SUCCESS;
}
