/* The committed tables: each can be read, and says what its sources say. */
#include "protocol/gpu.h"
#include "sim/scenario/arrivals.h"
#include "sim/scenario/fitted.h"
#include "tests/test.h"

#include <string.h>

#define FOLDER "scenarios/fitted/"
static char error[CSV_ERROR_BYTES];

static struct distribution distribution_of(const char *path, u64 scale)
{
    struct distribution d;
    char *bytes;
    size_t n;
    EXPECT(fitted_read(path, &bytes, &n, error));
    EXPECT(fitted_parse_distribution(&d, scale, path, bytes, n, error));
    free(bytes);
    return d;
}

static void list_of(const char *path, struct fitted_list *list)
{
    char *bytes;
    size_t n;
    EXPECT(fitted_read(path, &bytes, &n, error));
    EXPECT(fitted_parse_list(list, path, bytes, n, error));
    free(bytes);
}

static u64 value_of(const struct fitted_list *list, const char *name)
{
    u64 value;
    EXPECT(fitted_list_get(list, name, &value));
    return value;
}

static bool median_is(const char *path, u64 low, u64 high)
{
    struct distribution d = distribution_of(path, 1);
    return d.knot[128] >= low && d.knot[128] <= high && d.knot[0] < d.knot[272];
}

/* Medians by the README of the data; those of lifetimes are without failed pods. */
static void test_quantiles(void)
{
    EXPECT(median_is(FOLDER "lifetime_cpu_s.csv", 480, 490));
    EXPECT(median_is(FOLDER "lifetime_gpu_s.csv", 940, 960));
    EXPECT(median_is(FOLDER "lifetime_multi_gpu_s.csv", 45000, 62000));
    EXPECT(median_is(FOLDER "fail_after_s.csv", 219, 230));
    EXPECT(median_is(FOLDER "patience_s.csv", 94, 96));
    EXPECT(median_is(FOLDER "ask_ratio_bps.csv", 9999, 10001));
    EXPECT(median_is(FOLDER "down_data_centre_s.csv", 73000, 74000)); /* 20.4 h */
    EXPECT(median_is(FOLDER "down_community_s.csv", 250, 320));       /* 5 min */
    EXPECT(median_is(FOLDER "down_spot_s.csv", 1700, 1800));          /* 0.49 h */
    EXPECT(median_is(FOLDER "jitter_65536.csv", 65536, 65536));
    printf("ok - medians are those of the sources\n");
}

static u64 available_bps(const char *up_path, const char *down_path)
{
    struct distribution up = distribution_of(up_path, SEC(1));
    struct distribution down = distribution_of(down_path, SEC(1));
    u128 mean_up = distribution_mean(&up), mean_down = distribution_mean(&down);
    return (u64)(mean_up * 10000 / (mean_up + mean_down));
}

static void test_availability(void)
{
    struct fitted_list seen;
    list_of(FOLDER "availability.csv", &seen);
    u64 never = value_of(&seen, "data_centre_never_fails_bps");
    u64 failing = available_bps(FOLDER "up_data_centre_s.csv", FOLDER "down_data_centre_s.csv");
    u64 all = never + (10000 - never) * failing / 10000;
    EXPECT(never == 4225); /* 169 of 400 */
    EXPECT(all + 30 > value_of(&seen, "data_centre_available_bps") && all < 9800);

    u64 community = available_bps(FOLDER "up_community_s.csv", FOLDER "down_community_s.csv");
    u64 spot = available_bps(FOLDER "up_spot_s.csv", FOLDER "down_spot_s.csv");
    EXPECT(community > 7900 && community < 8300);
    EXPECT(value_of(&seen, "community_available_bps") / 100 == 80);
    EXPECT(spot > 6300 && spot < 6600 && value_of(&seen, "spot_available_bps") / 100 == 64);
    printf("ok - the periods give the availability that was seen\n");
}

static void test_prices(void)
{
    struct fitted_list prices, asks;
    list_of(FOLDER "price_list.csv", &prices);
    list_of(FOLDER "gpu_asks.csv", &asks);
    for (u32 i = 0; i < GPU_MODELS; i++) {
        enum gpu_model model = (enum gpu_model)i;
        EXPECT(value_of(&prices, gpu_name(model)) == gpu_list_usd_e8(model));
    }
    EXPECT(prices.count == GPU_MODELS + 3 && value_of(&prices, "cpu") == 104167);
    EXPECT(value_of(&prices, "ram_gib") == 13889 && value_of(&prices, "disk_gib") == 1389);
    enum gpu_model found;
    for (u32 i = 0; i < asks.count; i++)
        EXPECT(gpu_find(asks.name[i], &found) && asks.value[i] > 0);
    printf("ok - prices are those of the table of GPUs\n");
}

static u64 sum_of_shapes(const char *path, u64 *gpus)
{
    static struct fitted_shapes shapes;
    char *bytes;
    size_t n;
    u64 sum = 0;

    EXPECT(fitted_read(path, &bytes, &n, error));
    EXPECT(fitted_parse_shapes(&shapes, path, bytes, n, error));
    free(bytes);
    *gpus = 0;
    for (u32 i = 0; i < shapes.count; i++) {
        const struct fitted_shape *s = &shapes.shape[i];
        sum += s->weight;
        *gpus += s->gpus * s->weight;
        for (const char *at = s->models; *at != '\0'; at += strspn(at, "|")) {
            char key[FITTED_MODELS_BYTES];
            enum gpu_model model;
            size_t bytes_of_key = strcspn(at, "|");
            memcpy(key, at, bytes_of_key);
            key[bytes_of_key] = '\0';
            EXPECT(gpu_find(key, &model));
            at += bytes_of_key;
        }
    }
    return sum;
}

static void test_shapes(void)
{
    u64 gpus;
    EXPECT(sum_of_shapes(FOLDER "requests.csv", &gpus) == 7355);
    EXPECT(sum_of_shapes(FOLDER "machines.csv", &gpus) == 1523 && gpus == 6212);
    printf("ok - shapes add up to 7,355 orders and 1,523 machines with 6,212 GPUs\n");
}

static void test_workload(void)
{
    struct fitted_list list;
    u64 orders = 0;
    list_of(FOLDER "workload.csv", &list);
    for (u32 i = 0; i < HOURS_A_DAY; i++) {
        char name[16];
        snprintf(name, sizeof name, "hour_%02u", i);
        orders += value_of(&list, name);
    }
    EXPECT(orders == 7355 && value_of(&list, "orders_per_day") == 245);
    EXPECT(value_of(&list, "fail_share_of_begun_bps") == 2454); /* 1,603 of 6,533 */
    printf("ok - the hours of the day hold all orders\n");
}

static void test_regions(void)
{
    static struct fitted_matrix m;
    struct fitted_list mix;
    char *bytes;
    size_t n;
    u64 thirds = 0;

    EXPECT(fitted_read(FOLDER "rtt_us.csv", &bytes, &n, error));
    EXPECT(fitted_parse_matrix(&m, FOLDER "rtt_us.csv", bytes, n, error));
    free(bytes);
    list_of(FOLDER "regions.csv", &mix);
    for (u32 i = 0; i < mix.count; i++) {
        u32 at = 0;
        while (at < m.count && strcmp(m.region[at], mix.name[i]) != 0)
            at++;
        EXPECT(at < m.count);
        thirds += mix.value[i];
    }
    EXPECT(thirds == 3 * 64);
    for (u32 i = 0; i < m.count * m.count; i++)
        EXPECT(m.rtt_us[i] >= 5000 && m.rtt_us[i] <= 450000);
    EXPECT(strcmp(m.region[2], "us-west") == 0 && m.rtt_us[2] == 40000);
    printf("ok - every region of the mix has its latencies, none below 5 ms\n");
}

int main(void)
{
    test_quantiles();
    test_availability();
    test_prices();
    test_shapes();
    test_workload();
    test_regions();
    return 0;
}
