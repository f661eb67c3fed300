/* revert against the encodings of known reverts, there and back, and what is none. */
#include "chain-mock/wire/revert.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

#define TEXT(s) ((struct text){(s), strlen(s)})

/* ethers 6.17.0: Error("no funds here") */
static const char no_funds[] = "08c379a0"
                               "0000000000000000000000000000000000000000000000000000000000000020"
                               "000000000000000000000000000000000000000000000000000000000000000d"
                               "6e6f2066756e6473206865726500000000000000000000000000000000000000";
static const char assertion[] = "4e487b71"
                                "0000000000000000000000000000000000000000000000000000000000000001";

static void test_error(void)
{
    u8 memory[100];
    size_t n;
    struct text reason = TEXT("before");

    EXPECT(revert_error(memory, sizeof(memory), &n, TEXT("no funds here")));
    EXPECT(bytes_equal(SLICE(memory, n), bytes_of(no_funds)));
    EXPECT(!revert_error(memory, 99, &n, TEXT("no funds here")) && n == 100);
    struct slice data = bytes_of(no_funds);
    EXPECT(revert_reason(data, &reason) && reason.n == 13);
    EXPECT(memcmp(reason.at, "no funds here", 13) == 0);
    for (n = 0; n < 81; n++) /* cut before the last letter */
        EXPECT(!revert_reason(SLICE(data.at, n), &reason));
    EXPECT(!revert_reason(bytes_of(assertion), &reason));
}

static void test_panic(void)
{
    u8 memory[36];
    size_t n;
    u64 code = 7;

    EXPECT(revert_panic(memory, sizeof(memory), &n, 1));
    EXPECT(bytes_equal(SLICE(memory, n), bytes_of(assertion)));
    EXPECT(revert_panic_code(bytes_of(assertion), &code) && code == 1);
    EXPECT(strcmp(revert_panic_text(code), "assert(false)") == 0);
    EXPECT(revert_panic_text(0x99) == NULL);
    EXPECT(!revert_panic_code(bytes_of(no_funds), &code) && code == 1);
    EXPECT(!revert_panic_code(SLICE(memory, 35), &code) && code == 1);
}

static void test_selector(void)
{
    u32 selector = 7;

    EXPECT(revert_selector(bytes_of("cf47918100"), &selector) && selector == 0xcf479181);
    EXPECT(!revert_selector(bytes_of("cf4791"), &selector) && selector == 0xcf479181);
    EXPECT(!revert_selector(SLICE(NULL, 0), &selector));
}

int main(void)
{
    test_error();
    test_panic();
    test_selector();
    printf("ok - revert\n");
    return EXIT_SUCCESS;
}
