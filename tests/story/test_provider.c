/* The life of a provider: what it submits, sends and waits for, event by event. */
#include "actors/provider.h"
#include "actors/provider_lease.h"
#include "tests/story/actor_host.h"

#define RTX 1u /* some GPU model */

/* 16 cores, 64 GiB, 1000 GiB, 4 GPUs; 1 cent a core, 0.1 cent a GiB of memory, GPUs 50 cents; asks
 * 80 %; SPON at 0.06 USD with 18 decimals, USDX at 1 USD with 6. */
static void provider_begin(struct provider *p, const struct provider_config *more)
{
    struct provider_config c = *more;

    c.machine = (struct machine){
        .cpu = 16, .ram_gib = 64, .disk_gib = 1000, .region = 2, .gpu = {{RTX, 4}, {RTX + 1, 2}}};
    c.cpu_usd_e8 = 1000000;
    c.ram_gib_usd_e8 = 100000;
    c.gpu_usd_e8[0] = 50000000;
    c.gpu_usd_e8[1] = 70000000;
    c.token_usd_e8[0] = 6000000;
    c.token_usd_e8[1] = 100000000;
    c.token_decimals[0] = 18;
    c.token_decimals[1] = 6;
    c.tokens = 3;
    c.ask_bps = 8000;
    c.bids = true;
    c.crash_restarts = 5;
    c.crash_window_s = 600;
    if (amount_cmp(c.stake, AMOUNT(0)) == 0)
        c.stake = AMOUNT(150);
    memset(p, 0, sizeof(*p));
    p->config = c;
    host_begin(&actor_provider, p);
    SAID(c.claim_every_s != 0 ? "propose cpu 16 tokens 3; timer 3 in 3600000 ms; "
                              : "propose cpu 16 tokens 3; ");
    result(TX_PROPOSE, 0, ERR_None, PROVIDER);
    SAID("");
    GIVE_LOG(ProviderApproved, provider_approved, .provider = PROVIDER, .tier = 7);
    SAID("stake 150; ");
    GIVE_LOG(ProviderApproved, provider_approved, .provider = PROVIDER, .tier = 7);
    SAID("");
}

static void provider_opens(struct provider *p, const struct provider_config *more)
{
    provider_begin(p, more);
    result(TX_STAKE, 0, ERR_None, 0);
    SAID("");
}

static struct log_order_created order_of(u64 id)
{
    return (struct log_order_created){.order = id,
                                      .token = 1,
                                      .specs = {.cpu = 4, .ram_gib = 16, .disk_gib = 100},
                                      .replicas = 1,
                                      .max_price = AMOUNT(1000000),
                                      .duration_s = 7200,
                                      .tier_worst = 7,
                                      .name = id};
}

static void hears(struct log_order_created o)
{
    give(&(struct event){.kind = EVENT_LOG,
                         .u.log = {.kind = LOG_OrderCreated, .u.order_created = o}});
}

static void manifest(u64 lease, u32 from, u64 fail_after_s)
{
    give(
        &(struct event){.kind = EVENT_MESSAGE,
                        .u.message = {.from = from,
                                      .msg = {.kind = MSG_MANIFEST,
                                              .u.manifest = {.lease = lease,
                                                             .digest = 9,
                                                             .fail_after_s = fail_after_s,
                                                             .image_failed = fail_after_s != 0}}}});
}

static void wants_update(u64 lease, u32 cpu, u64 max_price)
{
    GIVE_LOG(UpdateRequested, update_requested, .lease = lease, .provider = PROVIDER,
             .specs = {.cpu = cpu, .ram_gib = 16, .disk_gib = 100}, .replicas = 1,
             .max_price = AMOUNT(max_price));
}

static void test_provider_life(void)
{
    static struct provider p;

    provider_begin(&p, &(struct provider_config){.activation_min_ms = 5000,
                                                 .activation_max_ms = 5000,
                                                 .claim_every_s = 3600});
    hears(order_of(1));
    SAID(""); /* settled 19: no bid before the stake is in */
    result(TX_STAKE, 0, ERR_None, 0);
    hears(order_of(2));
    /* 0.8 x (4 x 0.01 + 16 x 0.001) USD = 0.0448 USD */
    SAID("place_bid 2 at 44800; ");
    at_s(100);
    leased(lease_of(1));
    leased(lease_of(1));
    EXPECT(p.lease_count == 1 && p.used_cpu == 4 && p.used_ram_gib == 16 && p.used_disk_gib == 100);
    manifest(1, PARTNER + 1, 0);
    SAID("refused 1 to 78; ");
    manifest(1, PARTNER, 0);
    SAID("timer 0 in 5000 ms; ");
    manifest(1, PARTNER, 0);
    SAID("");
    timer(PROVIDER_ACTIVATED, p.leases[0].serial);
    SAID("confirm 1; ready 1 to 77; ");
    timer(PROVIDER_ACTIVATED, p.leases[0].serial);
    SAID("");
    manifest(1, PARTNER, 0);
    SAID("ready 1 to 77; ");
    closed(1, LEASE_USER, 68250);
    closed(1, LEASE_USER, 68250);
    leased(lease_of(1)); /* late */
    EXPECT(p.lease_count == 0 && p.used_cpu == 0 && p.used_ram_gib == 0 && p.used_disk_gib == 0);
    manifest(1, PARTNER, 0);
    SAID("refused 1 to 77; ");
    timer(PROVIDER_CLAIMS, 0);
    SAID("claim_earnings token 1 68250; claim_rewards; timer 3 in 3600000 ms; ");
    result(TX_CLAIM_EARNINGS, 1, ERR_NothingToClaim, 0);
    timer(PROVIDER_CLAIMS, 0);
    SAID("claim_earnings token 1 68250; claim_rewards; timer 3 in 3600000 ms; ");
    result(TX_CLAIM_EARNINGS, 1, ERR_None, 0);
    timer(PROVIDER_CLAIMS, 0);
    SAID("claim_rewards; timer 3 in 3600000 ms; ");
    GIVE_LOG(ProviderExited, provider_exited, .provider = PROVIDER);
    hears(order_of(3));
    SAID("");
}

static void test_provider_refused_stake(void)
{
    static struct provider p;

    provider_begin(&p, &(struct provider_config){0});
    result(TX_STAKE, 0, ERR_InsufficientBalance, 0);
    hears(order_of(1));
    SAID("");
}

static void test_prices(void)
{
    static struct provider p;
    struct log_order_created o = order_of(1);

    provider_opens(&p, &(struct provider_config){0});
    o.token = 0; /* 0.0448 / 0.06 SPON = 0.7466...67, up */
    o.max_price = AMOUNT(746666666666666667u);
    hears(o);
    SAID("place_bid 1 at 746666666666666667; ");
    o.max_price = AMOUNT(746666666666666666u);
    hears(o);
    SAID("");
    o = order_of(2); /* 0.8 x (2 x 4 x 0.01 + 2 x 16 x 0.001 + 2 x 0.7) USD, on the second line */
    o.replicas = 2;
    o.specs.gpus = 1;
    o.specs.gpu_model = RTX + 1;
    o.max_price = AMOUNT(2000000);
    hears(o);
    SAID("place_bid 2 at 1209600; ");
    o.specs.gpu_model = GPU_ANY; /* the first line has two as well: 0.8 x (0.112 + 1) */
    hears(o);
    SAID("place_bid 2 at 889600; ");
    provider_opens(&p, &(struct provider_config){.ask = AMOUNT(175000), .ask_token = 1});
    hears(order_of(3));
    SAID("place_bid 3 at 175000; ");
}

/* Each order's ask against the formula written out. */
static void test_spread(void)
{
    static struct provider p;
    u64 least = UINT64_MAX, most = 0;

    provider_opens(&p, &(struct provider_config){.ask_spread_bps = 500});
    for (u64 id = 1; id <= 300; id++) {
        char want[64];
        u64 ratio = 8000 + 500 - draw_below(&host_drawer, DRAW_ASK, id, 1001);
        u64 price = (56000 * ratio + 9999) / 10000; /* 0.056 USD, up */
        snprintf(want, sizeof(want), "place_bid %llu at %llu; ", LLU(id), LLU(price));
        hears(order_of(id));
        SAID(want);
        least = ratio < least ? ratio : least;
        most = ratio > most ? ratio : most;
    }
    EXPECT(least >= 7500 && least < 7520 && most <= 8500 && most > 8480);
}

/* Asks for commission and fee on top of 0.0448 USD, at the rates that stand when it bids. */
static void test_net_prices(void)
{
    static struct provider p;
    struct log_order_created o = order_of(1);
    static const struct {
        u32 commission_bps, fee_bps;
        const char *usdx, *spon;
    } rates[] = {
        /* 44800 / 0.78 = 57435.897.., 746666666666666667 / 0.8 = 933333333333333333.75, up */
        {2000, 200, "place_bid 1 at 57436; ", "place_bid 2 at 933333333333333334; "},
        /* 44800 / 0.88 = 50909.09.., 746666666666666667 / 0.9 = 829629629629629630, exactly */
        {1000, 200, "place_bid 1 at 50910; ", "place_bid 2 at 829629629629629630; "},
        {0, 0, "place_bid 1 at 44800; ", "place_bid 2 at 746666666666666667; "},
        /* 44800 / 0.0001, 746666666666666667 / 0.05; then nothing would be left of USDX */
        {9500, 499, "place_bid 1 at 448000000; ", "place_bid 2 at 14933333333333333340; "},
        {9500, 500, "", "place_bid 2 at 14933333333333333340; "},
        {10000, 0, "", ""},
    };

    provider_opens(&p, &(struct provider_config){.ask_net = true});
    o.max_price = AMOUNT((u128)1 << 96);
    for (u32 i = 0; i < ARRAY_LEN(rates); i++) {
        host_params.commission_bps = rates[i].commission_bps;
        host_params.provider_fee_bps = rates[i].fee_bps;
        o.order = 1;
        o.token = 1;
        hears(o);
        SAID(rates[i].usdx);
        o.order = 2;
        o.token = 0;
        hears(o);
        SAID(rates[i].spon);
    }
    host_params = params_default;
    o = order_of(3);
    o.max_price = AMOUNT(57435);
    hears(o);
    SAID(""); /* what it would have to ask is above the maximum */
    provider_opens(
        &p, &(struct provider_config){.ask = AMOUNT(175000), .ask_token = 1, .ask_net = true});
    hears(order_of(4)); /* 175000 / 0.78 = 224358.97.., up */
    SAID("place_bid 4 at 224359; ");
    leased(lease_of(1));
    wants_update(1, 16, 224358);
    SAID("");
    wants_update(1, 16, 224359);
    SAID("accept_update 1 at 224359; ");
}

/* Each reason for which it does not bid, alone. */
static void test_no_bid(void)
{
    static struct provider p;
    struct log_order_created o;

#define NO_BID(change)                                                                             \
    o = order_of(1);                                                                               \
    change;                                                                                        \
    hears(o);                                                                                      \
    SAID("")
    provider_opens(&p, &(struct provider_config){0});
    NO_BID(o.token = 2);
    NO_BID(o.region = 3);
    NO_BID(o.tier_worst = 6);
    NO_BID(o.specs.cpu = 17);
    NO_BID(o.specs.ram_gib = 65);
    NO_BID(o.specs.disk_gib = 1001);
    NO_BID(o.replicas = 5);
    NO_BID((o.specs.gpus = 3, o.specs.gpu_model = RTX + 1));
    NO_BID((o.specs.gpus = 1, o.specs.gpu_model = RTX + 2));
    NO_BID(o.max_price = AMOUNT(44799));
    o.region = 2;
    o.max_price = AMOUNT(44800);
    hears(o);
    SAID("place_bid 1 at 44800; ");
    result(TX_PLACE_BID, 0, ERR_StakeTooLow, 0);
    EXPECT(p.bids == 1 && p.bids_refused == 1);
    GIVE_LOG(TierChanged, tier_changed, .provider = PROVIDER, .from = 7, .to = 6);
    o.tier_worst = 6;
    hears(o);
    SAID("place_bid 1 at 44800; ");
#undef NO_BID
}

static void test_full_table(void)
{
    static struct provider p;
    struct log_lease_created l;

    provider_opens(&p, &(struct provider_config){0});
    for (u64 id = 1; id <= PROVIDER_LEASES; id++) {
        l = lease_of(id);
        l.specs = (struct specs){0};
        leased(l);
    }
    hears(order_of(1));
    SAID("");
    l = lease_of(PROVIDER_LEASES + 1);
    leased(l);
    SAID("close_lease 65 image 0; ");
    EXPECT(p.turned_away == 1 && p.lease_count == PROVIDER_LEASES);
    closed(1, LEASE_EXPIRED, 0);
    hears(order_of(2));
    SAID("place_bid 2 at 44800; ");
}

static void test_crash_loop(void)
{
    static struct provider p;
    u64 s;

    /* 10 + 20 + 40 + 80 + 160, then 300 each */
    EXPECT(provider_crash_loop_s(5, 600, &s) && s == 310);
    EXPECT(provider_crash_loop_s(5, 310, &s) && s == 310 && !provider_crash_loop_s(5, 309, &s));
    EXPECT(provider_crash_loop_s(7, 910, &s) && s == 910 && !provider_crash_loop_s(7, 909, &s));
    EXPECT(provider_crash_loop_s(1, 10, &s) && s == 10 && !provider_crash_loop_s(0, 600, &s));

    provider_opens(&p, &(struct provider_config){0});
    leased(lease_of(1));
    manifest(1, PARTNER, 1000);
    SAID("timer 0 in 0 ms; ");
    timer(PROVIDER_ACTIVATED, p.leases[0].serial);
    SAID("confirm 1; ready 1 to 77; timer 1 in 1310000 ms; ");
    timer(PROVIDER_CRASHED, p.leases[0].serial);
    SAID("close_lease 1 image 1; ");
    closed(1, LEASE_PROVIDER, 0);
    timer(PROVIDER_CRASHED, p.serial);
    SAID("");
}

static void test_bad_behaviour(void)
{
    static struct provider p;

    provider_opens(&p, &(struct provider_config){.never_activates = true});
    leased(lease_of(1));
    manifest(1, PARTNER, 0);
    SAID("");
    closed(1, LEASE_PROVIDER_BREACH, 0);
    EXPECT(p.lease_count == 0);

    provider_opens(&p, &(struct provider_config){.closes_after_s = 900});
    at_s(100);
    struct log_lease_created l = lease_of(2);
    l.start_s = 98;
    leased(l);
    SAID("timer 2 in 898000 ms; ");
    timer(PROVIDER_CLOSES, p.leases[0].serial);
    SAID("close_lease 2 image 0; ");
}

static void test_accepts_update(void)
{
    static struct provider p;

    provider_opens(&p, &(struct provider_config){0});
    leased(lease_of(1));
    manifest(1, PARTNER, 50);
    timer(PROVIDER_ACTIVATED, p.leases[0].serial);
    SAID("timer 0 in 0 ms; confirm 1; ready 1 to 77; timer 1 in 360000 ms; ");
    wants_update(1, 16, 140799);
    SAID(""); /* 0.8 x (0.16 + 0.016) USD = 0.1408 USD is above the maximum */
    wants_update(1, 17, 1000000);
    SAID(""); /* one core more than there are */
    wants_update(9, 4, 1000000);
    SAID("");                    /* no lease of its own */
    wants_update(1, 16, 140800); /* all cores: its own four count as free */
    SAID("accept_update 1 at 140800; ");
    closed(1, LEASE_UPDATED, 1000);
    leased(update_of(2, 1, 16));
    EXPECT(p.lease_count == 1 && p.used_cpu == 16 && p.leases[0].state == PROVIDER_LEASE_RUNNING);
    leased(update_of(3, 2, 8)); /* the other order: the new one first */
    closed(2, LEASE_UPDATED, 500);
    closed(2, LEASE_UPDATED, 500);
    EXPECT(p.lease_count == 1 && p.used_cpu == 8 && units(p.unclaimed[1]) == 1500);
    timer(PROVIDER_CRASHED, p.leases[0].serial); /* the workload is the same */
    SAID("close_lease 3 image 1; ");
    closed(3, LEASE_PROVIDER, 1);
    EXPECT(p.lease_count == 0 && p.used_cpu == 0 && units(p.unclaimed[1]) == 1501);
}

static void test_restakes(void)
{
    static struct provider p;

    provider_opens(&p, &(struct provider_config){.claim_every_s = 3600, .restakes = true});
    timer(PROVIDER_CLAIMS, 0);
    SAID("claim_rewards; timer 3 in 3600000 ms; ");
    GIVE_LOG(RewardsClaimed, rewards_claimed, .provider = PROVIDER, .amount = AMOUNT(12));
    SAID("stake 12; ");
    GIVE_LOG(RewardsClaimed, rewards_claimed, .provider = PROVIDER, .amount = AMOUNT(12));
    SAID("");
}

/* What the chain forgot of a registration is done again. */
static void test_beginning_again(void)
{
    static struct provider p;

    provider_opens(&p, &(struct provider_config){0});
    goes_back((struct reverted){0});
    SAID("propose cpu 16 tokens 3; ");
    EXPECT(!p.open && p.id == 0);
    GIVE_LOG(ProviderApproved, provider_approved, .provider = 4, .tier = 6);
    SAID("stake 150; ");
    goes_back((struct reverted){.provider = 4});
    SAID(""); /* it waits for the approval that is to come again */
    GIVE_LOG(ProviderApproved, provider_approved, .provider = 4, .tier = 6);
    SAID("stake 150; ");
    goes_back((struct reverted){.provider = 4, .tier = 6});
    SAID("stake 150; ");
    EXPECT(!p.open);
    result(TX_STAKE, 0, ERR_None, 0);
    goes_back((struct reverted){.provider = 4, .tier = 5, .staked = true});
    SAID("");
    EXPECT(p.open && p.tier == 5 && p.id == 4);
    goes_back((struct reverted){.provider = 4, .tier = 5, .staked = true, .exited = true});
    SAID("");
    EXPECT(!p.open);
}

/* Leases that never were are forgotten and their numbers may come again; of those that stand the
 * one that ran is confirmed again and the one that had ended waits for its manifest. */
static void test_what_stands(void)
{
    static struct provider p;
    struct reverted r = {.provider = PROVIDER, .tier = 7, .staked = true, .order = 103, .lease = 2};
    struct log l = {.kind = LOG_LeaseCreated, .u.lease_created = lease_of(1)};

    r.unclaimed[1] = AMOUNT(5);
    provider_opens(&p, &(struct provider_config){0});
    for (u32 i = 1; i <= 4; i++)
        leased(lease_of(i));
    manifest(1, PARTNER, 0);
    timer(PROVIDER_ACTIVATED, 1);
    closed(2, LEASE_USER, 70);
    closed(4, LEASE_USER, 70);
    skip();
    goes_back(r);
    SAID("");
    EXPECT(p.lease_count == 1 && p.used_cpu == 4 && amount_cmp(p.unclaimed[1], AMOUNT(5)) == 0);
    stands(&l);
    SAID("confirm 1; ");
    l.u.lease_created = lease_of(2);
    stands(&l);
    SAID("");
    EXPECT(p.lease_count == 2 && p.used_cpu == 8);
    l = (struct log){.kind = LOG_OrderCreated, .u.order_created = order_of(103)};
    stands(&l);
    EXPECT(said("place_bid 103") == 1);
    leased(lease_of(4)); /* another one */
    EXPECT(p.lease_count == 3);
}

/* A registration or stake that ran out of gas is sent again after a minute; another refusal is not.
 */
static void test_out_of_gas(void)
{
    static struct provider p;

    provider_begin(&p, &(struct provider_config){0});
    result(TX_STAKE, 0, ERR_OutOfGas, 0);
    SAID("timer 4 in 60000 ms; ");
    timer(PROVIDER_BEGINS, 0);
    SAID("stake 150; ");
    result(TX_STAKE, 0, ERR_None, 0);
    timer(PROVIDER_BEGINS, 0);
    SAID("");
    EXPECT(p.open);

    memset(&p, 0, sizeof(p));
    host_begin(&actor_provider, &p);
    SAID("propose cpu 0 tokens 0; ");
    result(TX_PROPOSE, 0, ERR_OutOfGas, 0);
    SAID("timer 4 in 60000 ms; ");
    timer(PROVIDER_BEGINS, 0);
    SAID("propose cpu 0 tokens 0; ");
    result(TX_PROPOSE, 0, ERR_ProviderExists, 0);
    SAID("");
}

int main(void)
{
    test_provider_life();
    test_provider_refused_stake();
    test_prices();
    test_spread();
    test_net_prices();
    test_no_bid();
    test_full_table();
    test_crash_loop();
    test_bad_behaviour();
    test_accepts_update();
    test_restakes();
    test_beginning_again();
    test_what_stands();
    test_out_of_gas();
    printf("ok - provider\n");
    return EXIT_SUCCESS;
}
