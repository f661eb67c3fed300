/* rlp against the examples of its specification, against a naive encoder over drawn trees, and,
 * for every input of up to three bytes, against the number of encodings that there are. */
#include "chain-mock/wire/rlp.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static struct any any = {{52, 0, 0}, 0};

#define STRING_OF(text) SLICE((const u8 *)(text), sizeof(text) - 1)

static struct slice written(const struct rlp_writer *w)
{
    return SLICE(w->bytes, w->n);
}

static void test_strings(void)
{
    u8 memory[64];
    const char *lorem = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";
    const struct {
        struct slice bytes;
        const char *encoding;
    } cases[] = {
        {STRING_OF("dog"), "83646f67"},  {STRING_OF(""), "80"},     {STRING_OF("\0"), "00"},
        {STRING_OF("\x0f"), "0f"},       {STRING_OF("\x7f"), "7f"}, {STRING_OF("\x80"), "8180"},
        {STRING_OF("\x04\0"), "820400"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct rlp_writer w = RLP_WRITER(memory, sizeof(memory));
        rlp_put_bytes(&w, cases[i].bytes);
        EXPECT(bytes_equal(written(&w), bytes_of(cases[i].encoding)));
        struct rlp_reader r = rlp_reader_at(written(&w), 0);
        EXPECT(bytes_equal(rlp_get_bytes(&r), cases[i].bytes) && rlp_done(&r));
    }
    struct rlp_writer w = RLP_WRITER(memory, sizeof(memory));
    rlp_put_bytes(&w, SLICE((const u8 *)lorem, strlen(lorem)));
    EXPECT(w.n == 58 && memory[0] == 0xb8 && memory[1] == 0x38);
    EXPECT(memcmp(memory + 2, lorem, 56) == 0);
}

static void test_integers(void)
{
    u8 memory[64];
    struct rlp_writer w = RLP_WRITER(memory, sizeof(memory));

    rlp_put_u128(&w, 0);
    rlp_put_u128(&w, 15);
    rlp_put_u128(&w, 1024);
    rlp_put_u256(&w, bytes32_of_u128(U128_MAX));
    EXPECT(bytes_equal(written(&w), bytes_of("80 0f 820400 90ffffffffffffffffffffffffffffffff")));
    struct rlp_reader r = rlp_reader_at(written(&w), 0);
    EXPECT(rlp_get_u64(&r) == 0 && rlp_get_u64(&r) == 15 && rlp_get_u128(&r) == 1024);
    struct rlp_reader again = r;
    EXPECT(rlp_get_u128(&r) == U128_MAX && rlp_done(&r));
    EXPECT(bytes32_cmp(rlp_get_u256(&again), bytes32_of_u128(U128_MAX)) == 0 && rlp_done(&again));
}

static void test_lists(void)
{
    u8 memory[64];
    struct rlp_writer w = RLP_WRITER(memory, sizeof(memory));

    rlp_begin(&w);
    rlp_put_bytes(&w, STRING_OF("cat"));
    rlp_put_bytes(&w, STRING_OF("dog"));
    rlp_end(&w);
    EXPECT(bytes_equal(written(&w), bytes_of("c88363617483646f67")));
    w.n = 0;
    rlp_begin(&w);
    rlp_end(&w);
    EXPECT(bytes_equal(written(&w), bytes_of("c0")));
    w.n = 0;
    rlp_begin(&w); /* three, as sets: [ [], [[]], [ [], [[]] ] ] */
    rlp_put_item(&w, bytes_of("c0"));
    rlp_put_item(&w, bytes_of("c1c0"));
    rlp_begin(&w);
    rlp_put_item(&w, bytes_of("c0"));
    rlp_put_item(&w, bytes_of("c1c0"));
    rlp_end(&w);
    rlp_end(&w);
    EXPECT(bytes_equal(written(&w), bytes_of("c7c0c1c0c3c0c1c0")));

    struct rlp_reader r = rlp_reader_at(written(&w), 0);
    rlp_enter(&r);
    EXPECT(bytes_equal(rlp_get_item(&r), bytes_of("c0")));
    EXPECT(bytes_equal(rlp_get_item(&r), bytes_of("c1c0")) && rlp_is_list(&r));
    EXPECT(bytes_equal(rlp_get_item(&r), bytes_of("c3c0c1c0")) && !rlp_more(&r));
    rlp_leave(&r);
    EXPECT(rlp_done(&r));
}

/* --- what is refused, with its reason and place --- */

enum read { BYTES, ADDRESS, U64, U128, U256, LIST, ITEM, ONE_IN_LIST };

static struct fault fault_of(struct slice bytes, enum read read)
{
    struct rlp_reader r = rlp_reader_at(bytes, 0);
    u8 fixed[20];

    switch (read) {
    case BYTES:
        (void)rlp_get_bytes(&r);
        break;
    case ADDRESS:
        rlp_get_fixed(&r, fixed, sizeof(fixed));
        break;
    case U64:
        (void)rlp_get_u64(&r);
        break;
    case U128:
        (void)rlp_get_u128(&r);
        break;
    case U256:
        (void)rlp_get_u256(&r);
        break;
    case ITEM:
        (void)rlp_get_item(&r);
        break;
    case LIST:
    case ONE_IN_LIST:
        rlp_enter(&r);
        if (read == ONE_IN_LIST)
            (void)rlp_get_bytes(&r);
        rlp_leave(&r);
        break;
    }
    EXPECT(rlp_done(&r) == (r.fault.kind == FAULT_NONE));
    return r.fault;
}

static void test_refused(void)
{
    const struct {
        enum read read;
        const char *bytes;
        enum fault_kind kind;
        size_t at;
    } cases[] = {
        {BYTES, "", FAULT_RLP_MISSING, 0},
        {BYTES, "83646f", FAULT_RLP_SHORT, 0},
        {BYTES, "b8", FAULT_RLP_SHORT, 0},
        {BYTES, "b900", FAULT_RLP_SHORT, 0},
        {BYTES, "bfffffffffffffffff", FAULT_RLP_SHORT, 0},
        {BYTES, "b90038", FAULT_RLP_LENGTH_ZERO, 0},
        {BYTES, "b837", FAULT_RLP_LENGTH_LONG, 0},
        {BYTES, "8100", FAULT_RLP_SINGLE, 0},
        {BYTES, "817f", FAULT_RLP_SINGLE, 0},
        {BYTES, "c0", FAULT_RLP_NOT_STRING, 0},
        {BYTES, "8080", FAULT_RLP_TRAILING, 1},
        {ADDRESS, "80", FAULT_RLP_SIZE, 0},
        {U64, "00", FAULT_RLP_LEADING_ZERO, 0},
        {U64, "820001", FAULT_RLP_LEADING_ZERO, 0},
        {U64, "89010000000000000000", FAULT_RLP_BEYOND_64, 0},
        {U128, "910100000000000000000000000000000000", FAULT_RLP_BEYOND_128, 0},
        {U256, "a1010000000000000000000000000000000000000000000000000000000000000000",
         FAULT_RLP_BEYOND_256, 0},
        {LIST, "80", FAULT_RLP_NOT_LIST, 0},
        {LIST, "c180", FAULT_RLP_EXTRA, 1},
        {LIST, "c0c0", FAULT_RLP_TRAILING, 1},
        {LIST, "f838", FAULT_RLP_SHORT, 0},
        {LIST, "f80100", FAULT_RLP_LENGTH_LONG, 0},
        {ONE_IN_LIST, "c0", FAULT_RLP_MISSING, 1},
        {ONE_IN_LIST, "c1820000", FAULT_RLP_SHORT, 1}, /* beyond its list, not the input */
        {ONE_IN_LIST, "c28080", FAULT_RLP_EXTRA, 2},
        {ITEM, "c7c0c1c0c3c0c181", FAULT_RLP_SHORT, 7},
        {ITEM, "c8c7c6c5c4c3c2c1c0", FAULT_RLP_DEPTH, 8},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fault f = fault_of(bytes_of(cases[i].bytes), cases[i].read);
        if (f.kind != cases[i].kind || f.at != cases[i].at)
            printf("%s: %s at byte %zu\n", cases[i].bytes, fault_text(f.kind), f.at);
        EXPECT(f.kind == cases[i].kind && f.at == cases[i].at);
        EXPECT(strcmp(fault_what(f.kind), "rlp") == 0);
    }
    EXPECT(fault_of(bytes_of("c7c6c5c4c3c2c1c0"), ITEM).kind == FAULT_NONE);
}

static void test_first_fault_stays(void)
{
    struct rlp_reader r = rlp_reader_at(bytes_of("05 00 06 c0"), 0);

    EXPECT(rlp_get_u64(&r) == 5 && rlp_get_u64(&r) == 0);
    EXPECT(r.fault.kind == FAULT_RLP_LEADING_ZERO && r.fault.at == 1);
    EXPECT(!rlp_more(&r) && rlp_get_u64(&r) == 0);
    rlp_enter(&r);
    EXPECT(rlp_get_bytes(&r).n == 0 && rlp_get_item(&r).n == 0);
    rlp_leave(&r);
    EXPECT(!rlp_done(&r));
    EXPECT(r.fault.kind == FAULT_RLP_LEADING_ZERO && r.fault.at == 1);
}

/* --- the model: appendix B, what is inside a list written before its header --- */

/* Three walks that draw the same tree: one writes it naively, one with rlp_put, one reads it. */
struct leaf {
    bool list;
    u32 n; /* children, or bytes */
    u8 byte[512];
};

static struct leaf any_leaf(struct any *a, u32 depth)
{
    struct leaf l = {.list = depth < RLP_DEPTH_MAX && any_below(a, 2) == 0};

    l.n = (u32)(l.list ? any_below(a, 4) : any_sized(a, 9));
    if (!l.list)
        any_bytes(a, l.byte, l.n);
    return l;
}

static size_t model_wrap(u8 *out, unsigned base, const u8 *inside, size_t n)
{
    size_t at = 0;

    if (n < 56) {
        out[at++] = (u8)(base + n);
    } else if (n < 256) {
        out[at++] = (u8)(base + 56);
        out[at++] = (u8)n;
    } else {
        EXPECT(n < 65536);
        out[at++] = (u8)(base + 57);
        out[at++] = (u8)(n / 256);
        out[at++] = (u8)n;
    }
    for (size_t i = 0; i < n; i++)
        out[at++] = inside[i];
    return at;
}

#define MODEL_BYTES 60000u

static size_t model(struct any *a, u8 *out, u32 depth)
{
    static u8 memory[RLP_DEPTH_MAX + 1][MODEL_BYTES];
    struct leaf l = any_leaf(a, depth);
    size_t n = 0;

    if (!l.list && l.n == 1 && l.byte[0] < 128) {
        out[0] = l.byte[0];
        return 1;
    }
    if (!l.list)
        return model_wrap(out, 0x80, l.byte, l.n);
    for (u32 i = 0; i < l.n; i++) {
        EXPECT(n < MODEL_BYTES / 2);
        n += model(a, memory[depth] + n, depth + 1);
    }
    return model_wrap(out, 0xc0, memory[depth], n);
}

static void put(struct any *a, struct rlp_writer *w, u32 depth)
{
    struct leaf l = any_leaf(a, depth);

    if (!l.list) {
        rlp_put_bytes(w, SLICE(l.byte, l.n));
        return;
    }
    rlp_begin(w);
    for (u32 i = 0; i < l.n; i++)
        put(a, w, depth + 1);
    rlp_end(w);
}

static void read(struct any *a, struct rlp_reader *r, u32 depth)
{
    struct leaf l = any_leaf(a, depth);

    EXPECT(rlp_more(r) && rlp_is_list(r) == l.list);
    if (!l.list) {
        EXPECT(bytes_equal(rlp_get_bytes(r), SLICE(l.byte, l.n)));
        return;
    }
    rlp_enter(r);
    for (u32 i = 0; i < l.n; i++)
        read(a, r, depth + 1);
    rlp_leave(r);
}

static void test_model(void)
{
    static u8 want[MODEL_BYTES], got[MODEL_BYTES];

    for (u64 i = 0; i < 20000; i++) {
        struct any a = ANY(1000 + i), b = a, c = a;
        size_t n = model(&a, want, 0);
        struct rlp_writer w = RLP_WRITER(got, n); /* not a byte more is needed */
        put(&b, &w, 0);
        EXPECT(bytes_equal(written(&w), SLICE(want, n)));
        struct rlp_reader r = rlp_reader_at(written(&w), 0);
        read(&c, &r, 0);
        EXPECT(rlp_done(&r));
        r = rlp_reader_at(written(&w), 0);
        EXPECT(rlp_get_item(&r).n == n && rlp_done(&r));
        if (n > 1) { /* and none is too many */
            r = rlp_reader_at(SLICE(got, any_below(&any, n - 1) + 1), 0);
            (void)rlp_get_item(&r);
            EXPECT(!rlp_done(&r));
        }
    }
}

/* Items in n bytes, n <= 3: the single bytes and the empty string; strings; lists of whatever
 * fills them. */
static u64 items(size_t n)
{
    u64 in_list = n == 1 ? 1 : n == 2 ? items(1) : items(2) + items(1) * items(1);

    return (n == 1 ? 129 : n == 2 ? 128 : 65536) + in_list;
}

static void test_every_short_input(void)
{
    for (size_t n = 1; n <= 3; n++) {
        u64 accepted = 0;
        for (u32 v = 0; v < 1u << 8 * n; v++) {
            u8 bytes[3] = {(u8)v, (u8)(v >> 8), (u8)(v >> 16)};
            struct rlp_reader r = rlp_reader_at(SLICE(bytes, n), 0);
            (void)rlp_get_item(&r);
            accepted += rlp_done(&r);
        }
        EXPECT(accepted == items(n));
    }
}

int main(void)
{
    test_strings();
    test_integers();
    test_lists();
    test_refused();
    test_first_fault_stays();
    test_model();
    test_every_short_input();
    printf("ok - rlp\n");
    return EXIT_SUCCESS;
}
