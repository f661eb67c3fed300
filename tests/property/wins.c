/* wins - see wins.h. */
#include "tests/property/wins.h"

#include <string.h>

#define Z_SQUARED 15u /* 3.89^2: 99.99 % of differences by chance are within */

struct match_order wins_order(struct any *any)
{
    struct match_order o = {.max_price = AMOUNT(100)};
    u64 seed = draw_u64(&any->from, DRAW_TEST, any->drawn++);

    memcpy(o.seed, &seed, sizeof(seed));
    return o;
}

void wins_count(u64 *wins, struct any any, const struct params *p, const struct match_bid *bids,
                size_t n)
{
    for (size_t i = 0; i < n; i++)
        wins[i] = 0;
    for (u32 i = 0; i < WINS_TRIES; i++) {
        struct match_order o = wins_order(&any);
        wins[match_winner(p, &o, bids, n)]++;
    }
}

bool wins_alike(u64 a, u64 b)
{
    u64 off = a > b ? a - b : b - a;

    return off * off * WINS_TRIES <= Z_SQUARED * (a * (WINS_TRIES - a) + b * (WINS_TRIES - b));
}
