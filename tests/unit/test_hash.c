/* The hash of a row hangs on each of its bytes, their number and the row's. */
#include "protocol/hash.h"
#include "tests/test.h"

#define BYTES 40u

int main(void)
{
    u8 bytes[BYTES];

    for (u32 i = 0; i < BYTES; i++)
        bytes[i] = (u8)(i * 37 + 1);
    for (size_t n = 0; n <= BYTES; n++) {
        u128 whole = hash_row(7, bytes, n);
        EXPECT(hash_row(7, bytes, n) == whole && hash_row(8, bytes, n) != whole);
        EXPECT(n == 0 || hash_row(7, bytes, n - 1) != whole);
        for (size_t i = 0; i < BYTES; i++) {
            bytes[i] ^= 0x80;
            EXPECT((hash_row(7, bytes, n) != whole) == (i < n));
            bytes[i] ^= 0x80;
        }
    }
    printf("ok - every byte of a row counts, and no other\n");
    return EXIT_SUCCESS;
}
