#include "chain-mock/wire/hex.h"

#include <string.h>

#define PREFIX 2u /* characters of "0x" */

/* --- writing --- */

static char digit(unsigned v)
{
    return "0123456789abcdef"[v];
}

size_t hex_print_u256(char out[HEX_QUANTITY_CHARS], struct bytes32 v)
{
    char digits[HEX_DATA_CHARS(sizeof(v.byte))];
    size_t n = hex_print_data(digits, SLICE(v.byte, sizeof(v.byte)));
    size_t first = PREFIX;

    while (first < n - 1 && digits[first] == '0')
        first++;
    memcpy(out, "0x", PREFIX);
    memcpy(out + PREFIX, digits + first, n - first + 1);
    return PREFIX + n - first;
}

size_t hex_print_u128(char out[HEX_QUANTITY_CHARS], u128 v)
{
    return hex_print_u256(out, bytes32_of_u128(v));
}

size_t hex_print_data(char *out, struct slice bytes)
{
    char *at = out;

    *at++ = '0';
    *at++ = 'x';
    for (size_t i = 0; i < bytes.n; i++) {
        *at++ = digit(bytes.at[i] >> 4);
        *at++ = digit(bytes.at[i] & 15);
    }
    *at = '\0';
    return (size_t)(at - out);
}

/* --- reading --- */

static bool refuse(struct fault *fault, enum fault_kind kind, size_t at)
{
    *fault = (struct fault){kind, at};
    return false;
}

/* 0..15, or 16: no digit. */
static unsigned value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

static bool begins(struct text t, struct fault *fault)
{
    *fault = (struct fault){0};
    if (t.n == 0)
        return refuse(fault, FAULT_HEX_EMPTY, 0);
    if (t.n < PREFIX || t.at[0] != '0' || (t.at[1] != 'x' && t.at[1] != 'X'))
        return refuse(fault, FAULT_HEX_PREFIX, 0);
    return true;
}

bool hex_read_u256(struct bytes32 *out, struct text t, enum hex_zeros zeros, struct fault *fault)
{
    struct bytes32 sum = {{0}};
    size_t first = PREFIX;

    if (!begins(t, fault))
        return false;
    if (t.n == PREFIX)
        return refuse(fault, FAULT_HEX_NO_DIGITS, 0);
    if (zeros == HEX_STRICT && t.at[first] == '0' && t.n > PREFIX + 1)
        return refuse(fault, FAULT_HEX_LEADING_ZERO, first);
    while (first < t.n && t.at[first] == '0')
        first++;
    for (size_t i = first; i < t.n; i++)
        if (value(t.at[i]) > 15)
            return refuse(fault, FAULT_HEX_DIGIT, i);
    if (t.n - first > 2 * sizeof(sum.byte))
        return refuse(fault, FAULT_HEX_BEYOND_256, 0);
    for (size_t i = t.n; i > first; i--) {
        size_t place = t.n - i; /* of the digit, from the last on */
        sum.byte[31 - place / 2] |= (u8)(value(t.at[i - 1]) << (place % 2 * 4));
    }
    *out = sum;
    return true;
}

bool hex_read_u128(u128 *out, struct text t, enum hex_zeros zeros, struct fault *fault)
{
    struct bytes32 v;

    if (!hex_read_u256(&v, t, zeros, fault))
        return false;
    return bytes32_to_u128(v, out) || refuse(fault, FAULT_HEX_BEYOND_128, 0);
}

bool hex_read_u64(u64 *out, struct text t, enum hex_zeros zeros, struct fault *fault)
{
    struct bytes32 v;

    if (!hex_read_u256(&v, t, zeros, fault))
        return false;
    return bytes32_to_u64(v, out) || refuse(fault, FAULT_HEX_BEYOND_64, 0);
}

bool hex_read_decimal(u64 *out, struct text t, struct fault *fault)
{
    u64 sum = 0;

    *fault = (struct fault){0};
    if (t.n == 0 || (t.at[0] == '0' && t.n > 1))
        return refuse(fault, FAULT_HEX_DECIMAL, 0);
    for (size_t i = 0; i < t.n; i++) {
        unsigned v = value(t.at[i]);
        if (v > 9)
            return refuse(fault, FAULT_HEX_DECIMAL, i);
        if (sum > (UINT64_MAX - v) / 10)
            return refuse(fault, FAULT_HEX_DECIMAL_LARGE, 0);
        sum = sum * 10 + v;
    }
    *out = sum;
    return true;
}

bool hex_read_data(u8 *out, size_t room, size_t *n, struct text t, struct fault *fault)
{
    if (!begins(t, fault))
        return false;
    for (size_t i = PREFIX; i < t.n; i++)
        if (value(t.at[i]) > 15)
            return refuse(fault, FAULT_HEX_DIGIT, i);
    if (t.n % 2 != 0)
        return refuse(fault, FAULT_HEX_ODD, 0);
    if ((t.n - PREFIX) / 2 > room)
        return refuse(fault, FAULT_HEX_ROOM, 0);
    *n = (t.n - PREFIX) / 2;
    for (size_t i = 0; i < *n; i++)
        out[i] = (u8)(value(t.at[PREFIX + 2 * i]) << 4 | value(t.at[PREFIX + 2 * i + 1]));
    return true;
}

bool hex_read_fixed(u8 *out, size_t n, struct text t, struct fault *fault)
{
    size_t got;

    if (begins(t, fault) && t.n % 2 == 0 && (t.n - PREFIX) / 2 != n)
        return refuse(fault, FAULT_HEX_LENGTH, 0);
    return hex_read_data(out, n, &got, t, fault);
}
