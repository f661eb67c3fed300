/* rate against plain long division, and there and back. */
#include "chain-mock/door/rate.h"

#include "tests/any.h"
#include "tests/test.h"

static struct any any = {{63, 0, 0}, 0};
static const u64 block_times_ms[] = {250, 1000, 1500, 2000, 7000, 12000};

static bool is(struct amount a, u128 v)
{
    return amount_cmp(a, AMOUNT(v)) == 0;
}

/* spheron/sdk.md d.2: at 2 s a block, acceptedPrice x 1800 / 1e18 whole tokens an hour. */
static void test_of_the_sdk(void)
{
    struct amount price;
    u128 three_an_hour = WEI_E18(3) / 1800; /* 1666666666666666 */

    EXPECT(rate_of_block_price(&price, AMOUNT(three_an_hour + 1), 6, 2000) && is(price, 3000000));
    EXPECT(rate_of_block_price(&price, AMOUNT(three_an_hour), 6, 2000) && is(price, 2999999));
    EXPECT(is(rate_to_block_price(AMOUNT(3000000), 6, 2000), three_an_hour + 1));
    EXPECT(rate_of_block_price(&price, AMOUNT(three_an_hour), 18, 2000) &&
           is(price, three_an_hour * 1800));
    EXPECT(!rate_of_block_price(&price, AMOUNT(U128_MAX), 18, 250));
    EXPECT(is(rate_to_block_price(AMOUNT(U128_MAX), 0, 2000), U128_MAX));
    EXPECT(rate_of_blocks(900, 2000) == 1800 && rate_to_blocks(1800, 2000) == 900);
    EXPECT(rate_of_blocks(1, 250) == 1 && rate_of_blocks(0, 2000) == 0 &&
           rate_of_blocks(5, 1500) == 7);
    EXPECT(rate_to_blocks(7, 1500) == 5 && rate_of_blocks(UINT64_MAX, 2000) == UINT64_MAX);
    printf("ok - prices and durations of the SDK\n");
}

/* Each scale comes back where it is the coarser one. */
static void test_there_and_back(void)
{
    for (u32 i = 0; i < 20000; i++) {
        u64 ms = block_times_ms[any_below(&any, ARRAY_LEN(block_times_ms))];
        u32 decimals = (u32)any_below(&any, 19);
        u128 unit = amount_token_units(decimals), e18 = amount_token_units(18);
        u128 v = any_sized(&any, 52); /* what the slow way multiplies fits 128 bits */
        struct amount there;
        if (ms * e18 >= 3600000 * unit) { /* ours is the coarser */
            struct amount block = rate_to_block_price(AMOUNT(v), decimals, ms);
            EXPECT(rate_of_block_price(&there, block, decimals, ms) && is(there, v));
        } else {
            EXPECT(rate_of_block_price(&there, AMOUNT(v), decimals, ms));
            EXPECT(is(rate_to_block_price(there, decimals, ms), v));
        }
        if (decimals <= 16) {
            EXPECT(rate_of_block_price(&there, AMOUNT(v), decimals, ms));
            EXPECT(is(there, v * 3600000 * unit / (ms * e18)));
        }
    }
    printf("ok - there and back\n");
}

int main(void)
{
    test_of_the_sdk();
    test_there_and_back();
    return EXIT_SUCCESS;
}
