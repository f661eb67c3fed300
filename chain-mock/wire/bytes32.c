#include "chain-mock/wire/bytes32.h"

#include "protocol/keccak.h"

#include <string.h>

struct bytes32 bytes32_of_u128(u128 v)
{
    struct bytes32 out = {{0}};

    for (size_t i = sizeof(out.byte); v != 0; v >>= 8)
        out.byte[--i] = (u8)v;
    return out;
}

struct bytes32 bytes32_of_i64(i64 v)
{
    struct bytes32 out = bytes32_of_u128((u64)v);

    if (v < 0)
        memset(out.byte, 0xff, sizeof(out.byte) - sizeof(v));
    return out;
}

struct bytes32 bytes32_of_amount(struct amount v)
{
    return bytes32_of_u128(v.wei);
}

struct bytes32 bytes32_of_low(const u8 *bytes, size_t n)
{
    struct bytes32 out = {{0}};

    check(n <= sizeof(out.byte));
    if (n != 0)
        memcpy(out.byte + sizeof(out.byte) - n, bytes, n);
    return out;
}

/* The integer of the low 16 bytes. */
static u128 low(struct bytes32 v)
{
    u128 sum = 0;

    for (size_t i = 16; i < 32; i++)
        sum = sum << 8 | v.byte[i];
    return sum;
}

bool bytes32_to_u64(struct bytes32 v, u64 *out)
{
    if (bytes32_length(v) > sizeof(*out))
        return false;
    *out = (u64)low(v);
    return true;
}

bool bytes32_to_u128(struct bytes32 v, u128 *out)
{
    if (bytes32_length(v) > sizeof(*out))
        return false;
    *out = low(v);
    return true;
}

bool bytes32_to_i64(struct bytes32 v, i64 *out)
{
    i64 cut = (i64)(u64)low(v);

    if (bytes32_cmp(bytes32_of_i64(cut), v) != 0)
        return false;
    *out = cut;
    return true;
}

bool bytes32_to_amount(struct bytes32 v, struct amount *out)
{
    u128 wei;

    if (!bytes32_to_u128(v, &wei))
        return false;
    *out = AMOUNT(wei);
    return true;
}

bool bytes32_is_zero(struct bytes32 v)
{
    return bytes32_length(v) == 0;
}

int bytes32_cmp(struct bytes32 a, struct bytes32 b)
{
    return memcmp(a.byte, b.byte, sizeof(a.byte));
}

size_t bytes32_length(struct bytes32 v)
{
    size_t zeros = 0;

    while (zeros < sizeof(v.byte) && v.byte[zeros] == 0)
        zeros++;
    return sizeof(v.byte) - zeros;
}

struct bytes32 bytes32_keccak(struct slice bytes)
{
    struct bytes32 out;

    keccak256(out.byte, bytes.at, bytes.n);
    return out;
}
