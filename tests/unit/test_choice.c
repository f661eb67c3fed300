/* Choice: against exact limits in 128 bits, and counts of draws. */
#include "protocol/draw.h"
#include "sim/scenario/choice.h"
#include "tests/test.h"

/* The first option i with draw < floor(2^64 x (weights up to i) / sum), searched in order. */
static u32 naive(const u64 *weight, u32 options, u64 draw)
{
    u128 sum = 0, before = 0;
    for (u32 i = 0; i < options; i++)
        sum += weight[i];
    for (u32 i = 0; i < options; i++) {
        before += weight[i];
        if (before == sum || draw < (u64)((before << 64) / sum))
            return i;
    }
    abort();
}

static void test_against_naive(void)
{
    struct drawer d = {3, 0, 9};
    for (u64 round = 0; round < 300; round++) {
        struct choice c;
        u64 weight[20], sum = 0;
        u32 options = 1 + (u32)draw_below(&d, DRAW_TEST, round * 100, ARRAY_LEN(weight));
        for (u32 i = 0; i < options; i++) {
            u64 v = draw_u64(&d, DRAW_TEST, round * 100 + 1 + i);
            weight[i] = v % 3 == 0 ? 0 : v >> (5 + v % 57);
            sum |= weight[i];
        }
        EXPECT(choice_build(&c, weight, options) == (sum != 0));
        if (sum == 0)
            continue;
        for (u32 i = 0; i < options; i++) {
            for (u64 draw = c.upto[i] - 2; draw != c.upto[i] + 3; draw++) {
                u32 got = choice_at(&c, draw);
                EXPECT(got == naive(weight, options, draw) && weight[got] > 0);
            }
        }
        for (u64 i = 0; i < 50; i++) {
            u64 draw = draw_u64(&d, DRAW_ATTRIBUTE, round * 50 + i);
            EXPECT(choice_at(&c, draw) == naive(weight, options, draw));
        }
    }
    printf("ok - the option of a draw is that of the exact limits\n");
}

static void test_shares(void)
{
    static const u64 weight[] = {0, 1, 0, 3, 4, 0};
    static const u64 many[CHOICE_OPTIONS_MAX + 1] = {1};
    struct choice c;
    u32 count[ARRAY_LEN(weight)] = {0};

    EXPECT(choice_build(&c, weight, ARRAY_LEN(weight)));
    for (u64 i = 0; i < 80000; i++)
        count[choice_at(&c, (u64)i * (UINT64_MAX / 80000))]++;
    EXPECT(count[0] == 0 && count[2] == 0 && count[5] == 0);
    EXPECT(count[1] == 10001 && count[3] == 30000 && count[4] == 39999);
    EXPECT(!choice_build(&c, weight, 0) && !choice_build(&c, weight, 1));
    EXPECT(choice_build(&c, many, CHOICE_OPTIONS_MAX) && choice_at(&c, UINT64_MAX) == 0);
    EXPECT(!choice_build(&c, many, CHOICE_OPTIONS_MAX + 1));
    printf("ok - shares are those of the weights, weight 0 is never taken\n");
}

int main(void)
{
    test_against_naive();
    test_shares();
    return 0;
}
