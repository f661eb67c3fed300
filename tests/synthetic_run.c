/* synthetic_run - a made-up market by a linear congruence. */
#include "tests/synthetic_run.h"

#include "protocol/params.h"

#include <stdio.h>

#define DAY 86400u
#define PROVIDERS 120u

static u64 state;

/* 0 .. n - 1 */
static u64 draw(u64 n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % n;
}

static const char *const models[] = {"RTX4090", "A100-80GB", "H100", "T4", "V100-32GB"};
static const u64 model_usd_e8[] = {USD_E8(35) / 100, USD_E8(12) / 10, USD_E8(26) / 10,
                                   USD_E8(15) / 100, USD_E8(4) / 10};
static const char *const reasons[] = {"expired", "expired",  "expired",         "user",
                                      "user",    "provider", "provider_breach", "updated"};

static void put_world(struct tables *t, u64 seed, u64 eras, const char *arm)
{
    struct row_runs run = {.arm = arm,
                           .seed = seed,
                           .scenario = "synthetic",
                           .profile = "whitepaper",
                           .eras = eras,
                           .end_s = eras * DAY,
                           .providers = PROVIDERS,
                           .users = 40,
                           .blocks = 123456,
                           .events = 987654,
                           .rolling_hash = "4f1c09ab23cd7781",
                           .state_hash = "00aa"};
    char name[32];

    put_runs(t, &run);
    put_tokens(t, &(struct row_tokens){"USDX", 6, 0});
    put_prices(t, &(struct row_prices){"USDX", 0, USD_E8(1)});
    put_params(t, &(struct row_params){0, "commission_bps", 1000, "bps"});
    put_params(t, &(struct row_params){0, "provider_fee_bps", 200, "bps"});
    put_params(t, &(struct row_params){0, "tier_6_stake", WEI_E18(120), "SPON"});
    put_params(t, &(struct row_params){5, "provider_fee_bps", 100, "bps"});
    for (u64 i = 1; i <= PROVIDERS; i++) {
        snprintf(name, sizeof name, "fleet/%llu", (unsigned long long)i);
        put_fleet(t, &(struct row_fleet){.provider = i, .name = name, .gpus = 4, .cores = 64});
    }
}

static void put_market(struct tables *t, u64 i, u64 end_s)
{
    u64 start = draw(end_s), model = draw(5), gpus = draw(3), length = 600 + draw(30) * draw(9000);
    u64 price_e8 = model_usd_e8[model] * (gpus + 1) * (70 + draw(60)) / 100;
    bool matched = draw(20) > 1;
    struct row_orders order = {.order_id = i,
                               .created_s = start,
                               .replicas = 1,
                               .cores = 4,
                               .gpus = gpus,
                               .token = "USDX",
                               .bids = 1 + draw(9),
                               .outcome = matched ? "matched" : "expired",
                               .price_usd_e8 = matched ? price_e8 : NONE,
                               .wait_s = matched ? 5 + draw(3) + draw(2) * draw(9) : NONE};
    u64 end = start + length < end_s ? start + length : end_s;
    struct row_leases lease = {.lease = i,
                               .order_id = i,
                               .provider = 1 + draw(PROVIDERS) * draw(PROVIDERS) / PROVIDERS,
                               .replaces = NONE,
                               .replicas = 1,
                               .cores = 4,
                               .gpus = gpus,
                               .gpu_model = gpus > 0 ? models[model] : "",
                               .token = "USDX",
                               .start_s = start,
                               .end_s = end,
                               .end_reason = end == end_s ? "open" : reasons[draw(8)]};

    lease.gross_wei = AMOUNT((u128)price_e8 / 100 * (end - start) / 3600);
    if (!amount_mul_div(&lease.provider_net_wei, lease.gross_wei, 78, 100, ROUND_DOWN) ||
        !amount_mul_div(&lease.commission_wei, lease.gross_wei, 20, 100, ROUND_DOWN))
        check_unreachable();
    put_orders(t, &order);
    if (matched)
        put_leases(t, &lease);
}

static void put_era(struct tables *t, u64 era)
{
    u64 up = era * 6 < PROVIDERS ? era * 6 : PROVIDERS;
    struct row_eras row = {.era = era,
                           .start_s = era * DAY,
                           .end_s = (era + 1) * DAY,
                           .providers = PROVIDERS,
                           .tier_7 = PROVIDERS - up,
                           .tier_6 = up - up / 2,
                           .tier_5 = up / 2 - up / 4,
                           .tier_4 = up / 4,
                           .orders = 100 + draw(20),
                           .matched = 92 + draw(8),
                           .expired = 3 + draw(6),
                           .cancelled = draw(4),
                           .cpu_used_s = 1000 * DAY,
                           .cpu_total_s = PROVIDERS * 64 * DAY,
                           .gpu_used_s = 100 * DAY,
                           .gpu_total_s = PROVIDERS * 4 * DAY,
                           .revenue_usd_e8 = USD_E8(1000 + draw(500))};

    row.emission_spon = AMOUNT(WEI_E18(136986));
    row.liveness_spon = row.minted_spon = AMOUNT(WEI_E18(era < 3 ? 0 : 120000 + draw(10000)));
    row.slashed_standby_spon = AMOUNT(WEI_E18(draw(6000)));
    row.slashed_deployment_spon = AMOUNT(WEI_E18(draw(9000)));
    put_eras(t, &row);
    put_providers(t, &(struct row_providers){.era = era,
                                             .provider = 1,
                                             .tier_before = 7,
                                             .tier_after = 7 - (era > 3),
                                             .up_s = DAY - draw(400),
                                             .counted_s = DAY});
}

void synthetic_run(struct tables *t, u64 seed, u64 eras, const char *arm)
{
    state = seed * 77 + 5;
    put_world(t, seed, eras, arm);
    for (u64 i = 1; i <= eras * 100; i++)
        put_market(t, i, eras * DAY);
    for (u64 era = 0; era < eras; era++)
        put_era(t, era);
}
