/* address against the examples of EIP-55, and in and out of a word. */
#include "chain-mock/wire/address.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <ctype.h>
#include <string.h>

static struct address address_read(const char *text) /* any case */
{
    char lower[ADDRESS_CHARS] = {0};
    struct address a;

    for (size_t i = 2; i < strlen(text); i++)
        lower[i - 2] = (char)tolower((unsigned char)text[i]);
    struct slice s = bytes_of(lower);
    EXPECT(s.n == sizeof(a.byte));
    memcpy(a.byte, s.at, sizeof(a.byte));
    return a;
}

static void test_checksum(void)
{
    const char *examples[] = {
        "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    };
    char out[ADDRESS_CHARS];

    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        address_print(out, address_read(examples[i]));
        EXPECT(strcmp(out, examples[i]) == 0);
    }
}

static void test_words(void)
{
    struct address a = address_read("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), b = {{0}};
    struct bytes32 w = address_to_bytes32(a);

    EXPECT(address_of_bytes32(w, &b) && address_equal(a, b));
    w.byte[11] = 1; /* one bit too many */
    b.byte[19] ^= 1;
    struct address before = b;
    EXPECT(!address_of_bytes32(w, &b) && address_equal(b, before) && !address_equal(a, b));
}

int main(void)
{
    test_checksum();
    test_words();
    printf("ok - address\n");
    return EXIT_SUCCESS;
}
