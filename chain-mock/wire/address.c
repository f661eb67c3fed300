#include "chain-mock/wire/address.h"

#include <string.h>

struct address address_of_point(const u8 xy[64])
{
    struct bytes32 hash = bytes32_keccak(SLICE(xy, 64));
    struct address a;

    memcpy(a.byte, hash.byte + sizeof(hash.byte) - sizeof(a.byte), sizeof(a.byte));
    return a;
}

struct bytes32 address_to_bytes32(struct address a)
{
    return bytes32_of_low(a.byte, sizeof(a.byte));
}

bool address_of_bytes32(struct bytes32 v, struct address *out)
{
    if (bytes32_length(v) > sizeof(out->byte))
        return false;
    memcpy(out->byte, v.byte + sizeof(v.byte) - sizeof(out->byte), sizeof(out->byte));
    return true;
}

bool address_equal(struct address a, struct address b)
{
    return memcmp(a.byte, b.byte, sizeof(a.byte)) == 0;
}

void address_print(char out[ADDRESS_CHARS], struct address a)
{
    char *digits = out + 2;

    memcpy(out, "0x", 2);
    for (size_t i = 0; i < ADDRESS_BYTES; i++) {
        digits[2 * i] = "0123456789abcdef"[a.byte[i] >> 4];
        digits[2 * i + 1] = "0123456789abcdef"[a.byte[i] & 15];
    }
    digits[40] = '\0';
    struct bytes32 hash = bytes32_keccak(SLICE((const u8 *)digits, 40));
    for (size_t i = 0; i < 40; i++) {
        u8 nibble = i % 2 == 0 ? hash.byte[i / 2] >> 4 : hash.byte[i / 2] & 15;
        if (digits[i] >= 'a' && nibble >= 8)
            digits[i] = (char)(digits[i] - 'a' + 'A');
    }
}
