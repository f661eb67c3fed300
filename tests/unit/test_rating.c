/* rating: the bands at their edges, and the points against the sum as it is written. */
#include "protocol/rating.h"

#include "protocol/tier.h"
#include "tests/any.h"
#include "tests/test.h"

static const struct params *const p = &params_default;

static void test_compute(void) /* settled 20 */
{
    EXPECT(compute_class(p, 50001, 8) == COMPUTE_HPC);
    EXPECT(compute_class(p, 50000, 8) == COMPUTE_GP);
    EXPECT(compute_class(p, 20000, 48) == COMPUTE_GP);
    EXPECT(compute_class(p, 19999, 48) == COMPUTE_BASIC);
    EXPECT(compute_class(p, 19999, 49) == COMPUTE_GP);
    EXPECT(compute_class(p, 0, 0) == COMPUTE_BASIC);
}

static void test_storage(void) /* settled 21 */
{
    EXPECT(storage_class(p, 0, 0, 0) == STORAGE_HDD);
    EXPECT(storage_class(p, 5000, 5000, 0) == STORAGE_HDD);
    EXPECT(storage_class(p, 4999, 5001, 0) == STORAGE_SSD);
    EXPECT(storage_class(p, 0, 5000, 5000) == STORAGE_SSD);
    EXPECT(storage_class(p, 0, 4999, 5001) == STORAGE_NVME);
    EXPECT(storage_class(p, 40, 30, 30) == STORAGE_SSD); /* 60 % is solid state */
    EXPECT(storage_class(p, 1, (1ull << 48) - 1, (1ull << 48) - 1) == STORAGE_SSD);
    EXPECT(storage_class(p, (1ull << 48) - 1, 0, 0) == STORAGE_HDD);
}

static void test_connectivity(void) /* settled 24 */
{
    static const struct {
        u64 down, up;
        enum connectivity_class is;
    } cases[] = {
        {99, 9999, CONNECTIVITY_LOW},     {9999, 74, CONNECTIVITY_LOW},
        {100, 75, CONNECTIVITY_MEDIUM},   {499, 9999, CONNECTIVITY_MEDIUM},
        {9999, 399, CONNECTIVITY_MEDIUM}, {500, 400, CONNECTIVITY_HIGH},
        {1000, 800, CONNECTIVITY_HIGH},   {5000, 5001, CONNECTIVITY_HIGH},
        {5001, 5000, CONNECTIVITY_HIGH},  {5001, 5001, CONNECTIVITY_ULTRA},
        {0, 0, CONNECTIVITY_LOW},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        EXPECT(connectivity_class(p, cases[i].down, cases[i].up) == cases[i].is);
}

static void test_points_by_hand(void)
{
    struct rating r = {0};

    /* 20 x (12 + 2) a GPU, 0.1 x (1 + 2) a vCPU */
    rating_add_gpus(&r, p, GPU_TIER_ultra_high_2, 8);
    rating_add_cpus(&r, p, COMPUTE_GP, 64);
    EXPECT(rating_points(&r, p, 1) == (u64)(8 * 280 * 10 + 64 * 3) * 10000);
    EXPECT(rating_points(&r, p, 6) == (u64)(8 * 260 * 10 + 64 * 2) * 10000);
    EXPECT(rating_points(&r, p, 7) == 0); /* settled 27 */
}

static void test_tier7_not_zero(void)
{
    struct params q = *p;
    struct rating r = {0};

    EXPECT(params_set(&q, PARAM_tier7_zero, 0));
    rating_add_gpus(&r, &q, GPU_TIER_medium_1, 1);
    EXPECT(rating_points(&r, &q, 7) == 200 * 10000); /* the attribute part remains */
}

static struct params any_params(struct any *a)
{
    struct params q = params_default;

    for (u32 id = PARAM_gpu_base_points; id <= PARAM_compliance_boost; id++)
        EXPECT(params_set(&q, (enum param_id)id, any_below(a, 1000001)));
    EXPECT(params_set(&q, PARAM_tier_3_multiplier, any_below(a, 1000001)));
    return q;
}

static void test_points_as_written(void) /* Σ units × base × (m_line + boosts + m_trust) */
{
    struct any a = ANY(1);

    for (int i = 0; i < 10000; i++) {
        struct params q = any_params(&a);
        struct rating r = {0};
        bool nvme = any_below(&a, 2), ultra = any_below(&a, 2), papers = any_below(&a, 2);
        u128 added = (u128)(nvme ? q.storage_boost : 0) + (ultra ? q.connectivity_boost : 0) +
                     (papers ? q.compliance_boost : 0) + tier_terms(&q, 3).multiplier_bps;
        u128 sum = 0;
        for (int line = 0; line < 4; line++) {
            enum gpu_tier t = (enum gpu_tier)any_below(&a, GPU_TIERS);
            u64 units = any_below(&a, RATING_UNITS_MAX / 5);
            rating_add_gpus(&r, &q, t, units);
            sum += units * q.gpu_base_points * (gpu_multiplier(&q, t) + added);
        }
        u64 vcpus = any_below(&a, RATING_UNITS_MAX / 5);
        rating_add_cpus(&r, &q, COMPUTE_HPC, vcpus);
        sum += vcpus * q.cpu_base_points * (q.compute_multiplier_hpc + added);
        rating_set_boosts(&r, &q, nvme ? STORAGE_NVME : STORAGE_SSD,
                          ultra ? CONNECTIVITY_ULTRA : CONNECTIVITY_HIGH, papers);
        EXPECT(rating_points(&r, &q, 3) == sum);
    }
}

static void test_largest_fits(void)
{
    struct params q = params_default;
    struct rating r = {0};

    for (u32 id = PARAM_gpu_base_points; id <= PARAM_compliance_boost; id++)
        EXPECT(params_set(&q, (enum param_id)id, 1000000));
    EXPECT(params_set(&q, PARAM_tier_1_multiplier, 1000000));
    rating_add_gpus(&r, &q, GPU_TIER_low_1, RATING_UNITS_MAX);
    rating_set_boosts(&r, &q, STORAGE_NVME, CONNECTIVITY_ULTRA, true);
    EXPECT(rating_points(&r, &q, 1) == 5000000000000000000u);
}

int main(void)
{
    test_compute();
    test_storage();
    test_connectivity();
    test_points_by_hand();
    test_tier7_not_zero();
    test_points_as_written();
    test_largest_fits();
    printf("ok - rating\n");
    return EXIT_SUCCESS;
}
