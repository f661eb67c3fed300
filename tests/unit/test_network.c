/* Network: exact times without jitter, bands with it, and whose draws are whose. */
#include "sim/engine/network.h"
#include "tests/test.h"

static const u64 rtt_us[] = {5000, 40001, 0, 60000}; /* 2 x 2, 1 -> 0 not measured */

static struct network plain(void)
{
    struct network n = {.seed = 1, .rtt_us = rtt_us, .regions = 2, .unknown_rtt_us = 300000};
    distribution_constant(&n.jitter, NETWORK_JITTER_ONE);
    return n;
}

static void test_median(void)
{
    struct network n = plain();
    EXPECT(network_rtt_us(&n, 0, 0) == 5000 && network_rtt_us(&n, 0, 1) == 40001);
    EXPECT(network_rtt_us(&n, 1, 1) == 60000);
    EXPECT(network_rtt_us(&n, 1, 0) == 300000 && network_rtt_us(&n, 0, 2) == 300000);
    EXPECT(network_rtt_us(&n, UINT32_MAX, 0) == 300000);
    EXPECT(network_latency(&n, 5, 6, 0, 1, 9).ns == 20000500);
    EXPECT(network_latency(&n, 6, 5, 1, 0, 9).ns == MSEC(150));
    distribution_constant(&n.jitter, 3 * (u64)NETWORK_JITTER_ONE / 2);
    EXPECT(network_latency(&n, 5, 6, 0, 1, 9).ns == 30000750);
    distribution_constant(&n.jitter, 0);
    EXPECT(network_latency(&n, 5, 6, 0, 1, 9).ns == 1);
    distribution_constant(&n.jitter, DISTRIBUTION_VALUE_MAX);
    EXPECT(network_latency(&n, 5, 6, 0, 1, 9).ns == NETWORK_LATENCY_MAX_NS);
    printf("ok - one way is half a round trip times the factor\n");
}

static void test_draws(void)
{
    struct network n = plain();
    static const struct quantile factor[] = {{0, NETWORK_JITTER_ONE},
                                             {QUANTILE_WHOLE, 3 * (u64)NETWORK_JITTER_ONE}};
    EXPECT(distribution_from_quantiles(&n.jitter, factor, 2));
    n.loss_ppm = 50000;

    u64 sum_ns = 0, lost = 0, back_same = 0, other_same = 0;
    for (u64 about = 0; about < 20000; about++) {
        u64 ns = network_latency(&n, 5, 6, 0, 0, about).ns;
        EXPECT(ns >= MSEC(5) / 2 && ns <= 3 * MSEC(5) / 2);
        EXPECT(ns == network_latency(&n, 5, 6, 0, 0, about).ns);
        sum_ns += ns;
        lost += network_loses(&n, 5, 6, about) ? 1 : 0;
        back_same += ns == network_latency(&n, 6, 5, 0, 0, about).ns ? 1 : 0;
        other_same += ns == network_latency(&n, 5, 7, 0, 0, about).ns ? 1 : 0;
    }
    EXPECT(sum_ns / 20000 > 4950000 && sum_ns / 20000 < 5050000);
    EXPECT(lost > 900 && lost < 1100);
    EXPECT(back_same < 5 && other_same < 5);
    n.loss_ppm = 0;
    EXPECT(!network_loses(&n, 5, 6, 1));
    n.loss_ppm = NETWORK_LOSS_WHOLE;
    EXPECT(network_loses(&n, 5, 6, 1));
    n.replicate = 1;
    u64 first = network_latency(&n, 5, 6, 0, 0, 1).ns;
    n.replicate = 2;
    EXPECT(first != network_latency(&n, 5, 6, 0, 0, 1).ns);
    printf("ok - jitter and loss belong to the link and to what the message is about\n");
}

int main(void)
{
    test_median();
    test_draws();
    return 0;
}
