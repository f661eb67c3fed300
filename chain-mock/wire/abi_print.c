#include "chain-mock/wire/abi_print.h"

#include <string.h>

/* v divided by ten; the rest. */
static unsigned divide_by_ten(struct bytes32 *v)
{
    unsigned rest = 0;

    for (size_t i = 0; i < sizeof(v->byte); i++) {
        rest = rest << 8 | v->byte[i];
        v->byte[i] = (u8)(rest / 10);
        rest %= 10;
    }
    return rest;
}

size_t abi_print_u256(char out[ABI_DECIMAL_CHARS], struct bytes32 v)
{
    char digits[ABI_DECIMAL_CHARS];
    size_t first = sizeof(digits) - 1;

    digits[first] = '\0';
    do {
        digits[--first] = (char)('0' + divide_by_ten(&v));
    } while (!bytes32_is_zero(v));
    memcpy(out, digits + first, sizeof(digits) - first);
    return sizeof(digits) - first - 1;
}

static void print_integer(struct sink *out, struct bytes32 v, bool negative)
{
    char digits[ABI_DECIMAL_CHARS];

    if (negative) { /* two's complement: all bits turned, and one more */
        unsigned carry = 1;
        for (size_t i = sizeof(v.byte); i-- > 0; carry >>= 8) {
            carry += (u8)~v.byte[i];
            v.byte[i] = (u8)carry;
        }
        sink_chars(out, "-");
    }
    abi_print_u256(digits, v);
    sink_chars(out, digits);
}

static void print_word(struct sink *out, const struct abi_type *type, struct bytes32 v)
{
    if (type->kind == ABI_BOOL)
        sink_chars(out, bytes32_is_zero(v) ? "false" : "true");
    else if (type->kind == ABI_ADDRESS)
        sink_hex(out, SLICE(v.byte + sizeof(v.byte) - ADDRESS_BYTES, ADDRESS_BYTES));
    else if (type->kind == ABI_FIXED_BYTES)
        sink_hex(out, SLICE(v.byte, type->size));
    else
        print_integer(out, v, type->kind == ABI_INT && v.byte[0] >= 0x80);
}

static void print_string(struct sink *out, struct slice s)
{
    sink_chars(out, "\"");
    sink_add(out, (struct text){(const char *)s.at, s.n});
    sink_chars(out, "\"");
}

static void print_members(struct sink *out, struct abi_reader *r);

static void print_value(struct sink *out, struct abi_reader *r, const struct abi_type *type)
{
    switch (type->kind) {
    case ABI_UINT:
    case ABI_INT:
    case ABI_BOOL:
    case ABI_ADDRESS:
    case ABI_FIXED_BYTES:
        print_word(out, type, abi_get_word(r));
        break;
    case ABI_BYTES:
        sink_hex(out, abi_get_bytes(r));
        break;
    case ABI_STRING:
        print_string(out, abi_get_bytes(r));
        break;
    case ABI_TUPLE:
    case ABI_ARRAY:
        sink_chars(out, type->kind == ABI_TUPLE ? "(" : "[");
        abi_enter(r);
        print_members(out, r);
        abi_leave(r);
        sink_chars(out, type->kind == ABI_TUPLE ? ")" : "]");
        break;
    }
}

/* After a fault there is nothing to peek at.  Arrays and tuples are at most ABI_DEPTH_MAX deep. */
static void print_members(struct sink *out, struct abi_reader *r)
{
    struct abi_param p;

    for (bool first = true; abi_peek(r, &p); first = false) {
        if (!first)
            sink_chars(out, ", ");
        print_value(out, r, &p.type);
    }
}

bool abi_print(struct sink *out, struct text types, struct slice data, size_t at,
               struct fault *fault)
{
    struct abi_reader r = abi_reader_at(types, data, at);

    sink_chars(out, "(");
    print_members(out, &r);
    sink_chars(out, ")");
    bool done = abi_done(&r);
    *fault = r.fault;
    return done;
}
