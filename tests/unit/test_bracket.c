/* bracket against sums over one common denominator, row by row, and at the ends of the range. */
#include "protocol/bracket.h"
#include "protocol/draw.h"
#include "tests/test.h"

#define E18 1000000000000000000u

static u64 draws;

static u64 below(u64 n)
{
    static const struct drawer d = {44, 0, 0};
    return draw_below(&d, DRAW_TEST, draws++, n);
}

static u64 ten_to(u32 n)
{
    return n == 0 ? 1 : 10 * ten_to(n - 1);
}

/* Up to four tokens of any decimals; the model adds everything times 10^18 and divides once. */
static void test_sums(void)
{
    for (int i = 0; i < 200000; i++) {
        struct params p = params_default;
        struct bracket_usd sum = {0};
        u128 total_e18 = 0;
        u64 n;

        EXPECT(params_set(&p, PARAM_bracket_usd, 1 + below(USD_E8(20))));
        for (u64 tokens = 1 + below(4); tokens > 0; tokens--) {
            u32 decimals = (u32)below(19);
            u64 price = below((u64)1 << below(31)), net = below((u64)1 << below(32));
            if (below(2) == 0) /* whole tokens, so that sums meet a row exactly */
                net = net % 100 * (decimals < 9 ? ten_to(decimals) : 1);
            EXPECT(bracket_usd_add(&sum, AMOUNT(net), price, decimals));
            total_e18 += (u128)net * price * (E18 / ten_to(decimals));
        }
        EXPECT(sum.whole_e8 == total_e18 / E18 && sum.rest_e18 == total_e18 % E18);
        EXPECT(bracket_rows(&n, &p, &sum));
        EXPECT(n == total_e18 / ((u128)p.bracket_usd * E18));
    }
}

/* Halves of the least fraction of a dollar of two tokens make a whole one: "one floor". */
static void test_one_floor(void)
{
    struct bracket_usd sum = {.whole_e8 = USD_E8(15) - 1};
    u64 n;

    EXPECT(bracket_usd_add(&sum, AMOUNT(1), 5, 1) && bracket_rows(&n, &params_default, &sum));
    EXPECT(n == 0);
    EXPECT(bracket_usd_add(&sum, AMOUNT(WEI_E18(1) / 2 - 1), 1, 18));
    EXPECT(bracket_rows(&n, &params_default, &sum) && n == 0);
    EXPECT(bracket_usd_add(&sum, AMOUNT(1), 1, 18));
    EXPECT(bracket_rows(&n, &params_default, &sum) && n == 1 && sum.rest_e18 == 0);
}

static void test_overflow(void)
{
    struct bracket_usd sum = {0};
    u64 n = 7;

    EXPECT(!bracket_usd_add(&sum, AMOUNT(U128_MAX), 2, 0) && sum.whole_e8 == 0);
    EXPECT(bracket_usd_add(&sum, AMOUNT(U128_MAX), 1, 0) && sum.whole_e8 == U128_MAX);
    EXPECT(!bracket_usd_add(&sum, AMOUNT(1), 1, 0) && sum.whole_e8 == U128_MAX);
    EXPECT(!bracket_rows(&n, &params_default, &sum) && n == 7);
    sum.whole_e8 = (u128)UINT64_MAX * params_default.bracket_usd;
    EXPECT(bracket_rows(&n, &params_default, &sum) && n == UINT64_MAX);
    EXPECT(bracket_usd_add(&(struct bracket_usd){0}, AMOUNT(U128_MAX), UINT64_MAX, 18) == false);

    struct bracket_use all = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, true};
    EXPECT(bracket_fits(&params_default, UINT64_MAX, &all));
    struct bracket_use was = all;
    EXPECT(!bracket_use_add(&all, &(struct bracket_use){.cpu = 1}));
    EXPECT(!bracket_use_add(&all, &(struct bracket_use){.ram_gib = 1}));
    EXPECT(!bracket_use_add(&all, &(struct bracket_use){.disk_gib = 1}));
    EXPECT(!bracket_use_add(&all, &(struct bracket_use){.mid_gpus = 1}));
    EXPECT(all.cpu == was.cpu && all.ram_gib == was.ram_gib && all.disk_gib == was.disk_gib);
    n = 7;
    EXPECT(!bracket_mid_gpus(&n, &params_default, UINT64_MAX, 15001) && n == 7);
}

static void test_mid_gpus(void)
{
    for (u64 multiplier = 0; multiplier <= 150000; multiplier += 250) {
        u64 want = 0, got;
        while (want * 15000 < multiplier)
            want++;
        EXPECT(bracket_mid_gpus(&got, &params_default, 3, multiplier) && got == 3 * want);
    }
}

/* n rows hold n times each dimension and not one more of any, with and without a GPU. */
static void test_rows_of_resources(void)
{
    for (u64 n = 0; n < 50; n++) {
        struct bracket_use plain = {8 * n, 32 * n, 512 * n, 0, false};
        struct bracket_use gpu = {32 * n, 128 * n, 1024 * n, n, true};
        struct bracket_use *both[] = {&plain, &gpu};

        for (size_t k = 0; k < 2; k++) {
            u64 *dimension[] = {&both[k]->cpu, &both[k]->ram_gib, &both[k]->disk_gib,
                                &both[k]->mid_gpus};
            EXPECT(bracket_fits(&params_default, n, both[k]));
            for (size_t d = 0; d < ARRAY_LEN(dimension); d++) {
                ++*dimension[d];
                EXPECT(!bracket_fits(&params_default, n, both[k]));
                --*dimension[d];
            }
        }
        /* together by the GPU row as soon as one has a GPU, even one that counts nothing */
        struct bracket_use sum = plain;
        EXPECT(bracket_use_add(&sum, &(struct bracket_use){24 * n, 96 * n, 512 * n, 0, true}));
        EXPECT(sum.any_gpu && bracket_fits(&params_default, n, &sum));
        sum.any_gpu = false;
        EXPECT(bracket_fits(&params_default, n, &sum) == (n == 0));
    }
}

int main(void)
{
    test_sums();
    test_one_floor();
    test_overflow();
    test_mid_gpus();
    test_rows_of_resources();
    printf("ok - bracket\n");
    return EXIT_SUCCESS;
}
