/* Any characters as quantities and data: what is taken, written again and read again, is the same
 * number; strictly written it is the same text but for capitals; what is refused has a reason and a
 * place within the text, and leaves the answer alone. */
#include "chain-mock/wire/address.h"
#include "chain-mock/wire/hex.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void check_refused(const struct fault *f, struct text t)
{
    check(f->kind != FAULT_NONE && f->kind < FAULT_KINDS && f->at <= t.n);
}

static struct text text_of(const char *chars, size_t n)
{
    return (struct text){chars, n};
}

/* Wider reads take what narrower ones do, as the same number. */
static void check_quantity(struct text t, enum hex_zeros zeros)
{
    u64 v64 = 77;
    u128 v128 = 77, again;
    struct bytes32 v256 = {{0}}, back;
    struct fault f64, f128, f256, f;
    char chars[HEX_QUANTITY_CHARS];
    bool is64 = hex_read_u64(&v64, t, zeros, &f64), is128 = hex_read_u128(&v128, t, zeros, &f128),
         is256 = hex_read_u256(&v256, t, zeros, &f256);

    check((!is64 || is128) && (!is128 || is256));
    if (!is64) {
        check_refused(&f64, t);
        check(v64 == 77);
    }
    if (!is128) {
        check_refused(&f128, t);
        check(v128 == 77);
    }
    if (!is256) {
        check_refused(&f256, t);
        return;
    }
    size_t n = hex_print_u256(chars, v256);
    check(n < sizeof(chars) && hex_read_u256(&back, text_of(chars, n), HEX_STRICT, &f));
    check(memcmp(&back, &v256, sizeof(back)) == 0);
    check(zeros != HEX_STRICT || (n == t.n && strncasecmp(chars, t.at, n) == 0));
    if (!is128)
        return;
    check(!is64 || v128 == v64);
    n = hex_print_u128(chars, v128);
    check(hex_read_u128(&again, text_of(chars, n), HEX_STRICT, &f) && again == v128);
}

static void check_data(struct text t)
{
    size_t room = t.n / 2 + 1, n = 0;
    u8 *bytes = malloc(room);
    char *chars = malloc(HEX_DATA_CHARS(room));
    struct fault f;

    check(bytes != NULL && chars != NULL);
    if (hex_read_data(bytes, room, &n, t, &f)) {
        check(2 * n + 2 == t.n && hex_print_data(chars, SLICE(bytes, n)) == t.n);
        check(strncasecmp(chars, t.at, t.n) == 0);
        check(n == 0 || !hex_read_data(bytes, n - 1, &n, t, &f));
    } else {
        check_refused(&f, t);
    }
    free(bytes);
    free(chars);
}

static void check_fixed(struct text t)
{
    struct address a, back;
    struct fault f;
    char chars[ADDRESS_CHARS];

    if (!hex_read_fixed(a.byte, ADDRESS_BYTES, t, &f)) {
        check_refused(&f, t);
        return;
    }
    address_print(chars, a);
    check(strncasecmp(chars, t.at, t.n) == 0 && strlen(chars) == t.n);
    check(hex_read_fixed(back.byte, ADDRESS_BYTES, text_of(chars, t.n), &f));
    check(address_equal(a, back));
}

static void check_decimal(struct text t)
{
    u64 v;
    struct fault f;

    if (!hex_read_decimal(&v, t, &f)) {
        check_refused(&f, t);
        return;
    }
    char chars[21];
    size_t at = sizeof(chars);
    do {
        chars[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    check(t.n == sizeof(chars) - at && memcmp(chars + at, t.at, t.n) == 0);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    /* A copy of its own size: reads beyond it are seen. */
    char *copy = malloc(size + (size == 0));

    check(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    struct text t = {copy, size};
    check_quantity(t, HEX_STRICT);
    check_quantity(t, HEX_LENIENT);
    check_data(t);
    check_fixed(t);
    check_decimal(t);
    free(copy);
    return 0;
}
