/* What a participant has left, from his logs: a user's wallet, orders and leases, a provider's
 * standing and what it has earned and not been paid. */
#include "sim/live/standing.h"

#include "chain-mock/state/state.h"
#include "tests/test.h"

#include <string.h>

#define ME 7u
#define OTHER 8u

static struct concern who;
static struct standing has;

static void begin(void)
{
    concern_close(&who);
    concern_open(&who, ME);
    standing_close(&has);
}

static void reads(const struct log *l)
{
    (void)concern_read(&who, l);
    standing_read(&has, &who, l);
}

#define READS(NAME, name, ...) reads(&(struct log){.kind = LOG_##NAME, .u.name = {__VA_ARGS__}})

static u32 his(void)
{
    u32 count = 0;

    for (size_t i = 0; i < has.count; i++)
        count += standing_his(&who, &has.open[i]);
    return count;
}

static void test_user(void)
{
    begin();
    READS(WalletCreated, wallet_created, .wallet = 3, .owner = OTHER);
    READS(Deposited, deposited, .wallet = 3, .token = 1, .amount = AMOUNT(5));
    EXPECT(has.facts.wallet == 0 && !has.facts.funded);
    READS(WalletCreated, wallet_created, .wallet = 4, .owner = ME);
    READS(WalletCreated, wallet_created, .wallet = 5, .owner = ME);
    READS(Deposited, deposited, .wallet = 5, .token = 1, .amount = AMOUNT(5));
    EXPECT(has.facts.wallet == 4 && !has.facts.funded);
    READS(Deposited, deposited, .wallet = 4, .token = 1, .amount = AMOUNT(5));
    EXPECT(has.facts.funded);
    for (u64 order = 1; order <= 4; order++)
        READS(OrderCreated, order_created, .order = order, .creator = order == 4 ? OTHER : ME);
    EXPECT(has.facts.order == 4 && has.facts.lease == 0 && has.count == 4 && his() == 3);
    READS(OrderExpired, order_expired, .order = 1);
    READS(OrderCancelled, order_cancelled, .order = 2);
    READS(LeaseCreated, lease_created, .lease = 9, .order = 3, .wallet = 4, .tenant = ME,
          .provider = 1);
    READS(LeaseCreated, lease_created, .lease = 10, .order = 4, .wallet = 3, .tenant = OTHER,
          .provider = 1);
    EXPECT(has.facts.lease == 10 && has.count == 2 && his() == 1);
    READS(LeaseClosed, lease_closed, .lease = 9, .provider = 1, .wallet = 4,
          .to_provider = AMOUNT(7));
    EXPECT(has.count == 1 && his() == 0 && amount_cmp(has.facts.unclaimed[0], AMOUNT(0)) == 0);
}

static void test_provider(void)
{
    begin();
    READS(ProviderProposed, provider_proposed, .provider = 1, .account = OTHER);
    READS(ProviderApproved, provider_approved, .provider = 1, .tier = 2);
    EXPECT(has.facts.provider == 0 && has.facts.tier == 0);
    READS(ProviderProposed, provider_proposed, .provider = 2, .account = ME);
    EXPECT(has.facts.provider == 2 && has.facts.tier == 0);
    READS(ProviderApproved, provider_approved, .provider = 2, .tier = 6);
    READS(StakeMoved, stake_moved, .provider = 1, .cause = CAUSE_STAKE);
    READS(StakeMoved, stake_moved, .provider = 2, .cause = CAUSE_SLASH);
    EXPECT(has.facts.tier == 6 && !has.facts.staked);
    READS(StakeMoved, stake_moved, .provider = 2, .cause = CAUSE_STAKE);
    READS(TierChanged, tier_changed, .provider = 2, .from = 6, .to = 5);
    EXPECT(has.facts.staked && has.facts.tier == 5 && !has.facts.exited);
    READS(OrderCreated, order_created, .order = 1, .creator = OTHER);
    READS(LeaseCreated, lease_created, .lease = 1, .order = 9, .provider = 1);
    READS(LeaseCreated, lease_created, .lease = 2, .order = 8, .provider = 2);
    EXPECT(his() == 2); /* the order, on which it may bid, and its own lease */
    READS(LeaseClosed, lease_closed, .lease = 1, .provider = 1, .token = 1,
          .to_provider = AMOUNT(50));
    READS(LeaseClosed, lease_closed, .lease = 2, .provider = 2, .token = 1,
          .to_provider = AMOUNT(70));
    EXPECT(his() == 1 && amount_cmp(has.facts.unclaimed[1], AMOUNT(70)) == 0);
    READS(EarningsClaimed, earnings_claimed, .provider = 2, .token = 1, .amount = AMOUNT(30));
    EXPECT(amount_cmp(has.facts.unclaimed[1], AMOUNT(40)) == 0);
    READS(ProviderExited, provider_exited, .provider = 2);
    EXPECT(has.facts.exited);
}

/* What an actor is told comes back from the log as it was. */
static void test_bytes(void)
{
    struct event e = {.kind = EVENT_REVERTED, .u.reverted = has.facts}, back;
    u8 bytes[EVENT_BYTES_MAX], again[EVENT_BYTES_MAX];
    struct writer w = {bytes, sizeof(bytes)}, v = {again, sizeof(again)};

    event_encode(&w, &e);
    size_t n = sizeof(bytes) - w.left;
    for (size_t cut = 0; cut < n; cut++) {
        struct reader r = {bytes, cut, true};
        EXPECT(!event_decode(&r, &back));
    }
    struct reader r = {bytes, n, true};
    EXPECT(event_decode(&r, &back) && r.left == 0 && back.kind == EVENT_REVERTED);
    event_encode(&v, &back);
    EXPECT(sizeof(again) - v.left == n && memcmp(bytes, again, n) == 0);
    EXPECT(back.u.reverted.exited && back.u.reverted.provider == 2);
}

int main(void)
{
    test_user();
    test_provider();
    test_bytes();
    begin();
    concern_close(&who);
    printf("ok - standing\n");
    return EXIT_SUCCESS;
}
