/* Key figures of a small run, worked by hand. */
#include "metrics/database.h"
#include "metrics/figures.h"
#include "metrics/tables.h"
#include "tests/test.h"

#include <math.h>
#include <string.h>

static bool is_near(struct figure_value v, double want)
{
    if (v.known && fabs(v.value - want) <= 1e-9 * fmax(1, fabs(want)))
        return true;
    printf("%d %.17g, not %.17g\n", v.known, v.value, want);
    return false;
}

static void put_market(struct tables *t)
{
    const struct row_tokens usdx = {"USDX", 6, 0};
    const struct row_prices prices[] = {{"USDX", 0, USD_E8(7)}, {"USDX", 10, USD_E8(2)}};
    struct row_eras era = {.orders = 3, .gpu_used_s = 30, .gpu_total_s = 120, .cpu_total_s = 0};
    struct row_orders order = {.outcome = "matched", .replicas = 2, .bids = 4, .token = "USDX"};
    struct row_leases lease = {.token = "USDX", .end_reason = "user", .end_s = 3600};

    put_tokens(t, &usdx);
    put_prices(t, &prices[0]);
    put_prices(t, &prices[1]);
    era.minted_spon = AMOUNT(1);
    put_eras(t, &era);
    era.era = 1;
    era.gpu_used_s = 90;
    era.minted_spon = AMOUNT(WEI_E18(3) / 2);
    put_eras(t, &era);
    for (u64 i = 1; i <= 4; i++) {
        order.order_id = i;
        order.wait_s = 2 * i;
        order.gpus = i;
        order.price_usd_e8 = USD_E8(i * i);
        put_orders(t, &order);
    }
    order = (struct row_orders){.outcome = "expired", .wait_s = NONE, .price_usd_e8 = NONE};
    put_orders(t, &order);
    order.outcome = "open";
    put_orders(t, &order);
    for (u64 i = 1; i <= 3; i++) { /* income 2, 4, 6 and nothing */
        lease.lease = lease.provider = i;
        lease.provider_net_wei = AMOUNT(i * 1000000);
        lease.commission_wei = AMOUNT(250000);
        lease.task_failed = i == 2;
        put_leases(t, &lease);
    }
    for (u64 i = 1; i <= 4; i++)
        put_fleet(t, &(struct row_fleet){.provider = i});
}

static void test_market(void)
{
    struct figure_value v[FIGURES];
    struct database d;
    struct tables t;
    sqlite3 *db;

    tables_init(&t, 9);
    t.database = &d;
    t.wanted[TABLE_slashes] = false;
    EXPECT(sqlite3_open(":memory:", &db) == SQLITE_OK);
    EXPECT(database_open(&d, db, t.wanted));
    put_market(&t);
    EXPECT(t.error[0] == '\0' && database_close(&d));
    EXPECT(figures_read(db, 9, v));
    EXPECT(is_near(v[FIGURE_orders], 6));
    EXPECT(is_near(v[FIGURE_matched_share], 80));
    EXPECT(is_near(v[FIGURE_bids_per_order], 16.0 / 5));
    EXPECT(is_near(v[FIGURE_wait_mean], 5));
    EXPECT(is_near(v[FIGURE_wait_p99], 7.94));
    EXPECT(is_near(v[FIGURE_price_gpu_median], 1.25)); /* 0.5 1 1.5 2 */
    EXPECT(is_near(v[FIGURE_gpu_utilisation], 50));
    EXPECT(!v[FIGURE_cpu_utilisation].known); /* 0 / 0 */
    EXPECT(is_near(v[FIGURE_leases], 3));
    EXPECT(is_near(v[FIGURE_lease_hours], 3));
    EXPECT(is_near(v[FIGURE_failed_tasks], 100.0 / 3));
    EXPECT(is_near(v[FIGURE_provider_income], 12));
    EXPECT(is_near(v[FIGURE_income_gini], 2.0 * (4 + 12 + 24) / (4 * 12) - 1.25));
    EXPECT(is_near(v[FIGURE_income_hhi], (4.0 + 16 + 36) / 144));
    EXPECT(is_near(v[FIGURE_minted], 1.5)); /* 1 wei is summed and lost only in print */
    EXPECT(is_near(v[FIGURE_commission], 1.5));
    EXPECT(!v[FIGURE_slashes].known); /* a table that was not written */
    EXPECT(is_near(v[FIGURE_promotions], 0));
    EXPECT(figures_read(db, 8, v)); /* no such run */
    EXPECT(is_near(v[FIGURE_orders], 0) && !v[FIGURE_wait_mean].known);
    sqlite3_close(db);
    printf("ok - figures of a small market\n");
}

static bool prints(struct figure_value v, const char *want)
{
    char text[FIGURE_TEXT];

    figure_print(text, v);
    return strcmp(text, want) == 0;
}

static void test_print(void)
{
    EXPECT(prints((struct figure_value){false, 3}, "-"));
    EXPECT(prints((struct figure_value){true, 0}, "0"));
    EXPECT(prints((struct figure_value){true, 1234567}, "1 234 567"));
    EXPECT(prints((struct figure_value){true, -1234.56}, "-1 234.6"));
    EXPECT(prints((struct figure_value){true, 0.12344}, "0.1234"));
    EXPECT(prints((struct figure_value){true, 12.3}, "12.30"));
    EXPECT(prints((struct figure_value){true, 100}, "100"));
    EXPECT(prints((struct figure_value){true, 2e15}, "2.0000e+15"));
    printf("ok - figures as people read them\n");
}

int main(void)
{
    test_market();
    test_print();
    return 0;
}
