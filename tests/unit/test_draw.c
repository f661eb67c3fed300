/* A block is four words, of which the first is what a single draw of its name gives. */
#include "protocol/draw.h"
#include "tests/test.h"

#define NAMES 2000u

/* Of a bound just above 2^63 nearly every second draw is refused; what is taken is as good as any.
 */
static void largest_bounds(void)
{
    const u64 bounds[] = {1, 2, 3, (u64)1 << 63, ((u64)1 << 63) + 1, UINT64_MAX};

    for (size_t k = 0; k < sizeof(bounds) / sizeof(bounds[0]); k++) {
        u32 upper = 0;
        for (u32 i = 0; i < NAMES; i++) {
            struct drawer d = {i, 1, 2};
            u64 n = draw_below(&d, DRAW_TEST, k, bounds[k]);
            EXPECT(n < bounds[k]);
            upper += n >= bounds[k] / 2;
        }
        EXPECT(bounds[k] <= 3 || (upper > NAMES / 2 - 112 && upper < NAMES / 2 + 112));
    }
}

int main(void)
{
    static u64 all[NAMES * DRAW_BLOCK];

    largest_bounds();

    for (u32 i = 0; i < NAMES; i++) {
        struct drawer d = {i % 7, i % 3, i % 11};
        u64 *words = all + i * DRAW_BLOCK;
        draw_block(&d, DRAW_TEST, i, words);
        EXPECT(words[0] == draw_u64(&d, DRAW_TEST, i));
        EXPECT(words[0] != draw_u64(&d, DRAW_LOSS, i));
    }
    /* None is another, and each bit of each word is set in half of them: 5 standard errors. */
    for (u32 w = 0; w < DRAW_BLOCK; w++)
        for (u32 bit = 0; bit < 64; bit++) {
            u64 set = 0;
            for (u32 i = 0; i < NAMES; i++)
                set += all[i * DRAW_BLOCK + w] >> bit & 1;
            EXPECT(set > NAMES / 2 - 112 && set < NAMES / 2 + 112);
        }
    for (u32 i = 0; i < NAMES * DRAW_BLOCK; i++)
        for (u32 k = 0; k < i; k++)
            EXPECT(all[i] != all[k]);
    printf("ok - draws\n");
    return EXIT_SUCCESS;
}
