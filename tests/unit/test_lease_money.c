/* lease_money against plain 128-bit arithmetic on small figures, against a clock that ticks through
 * whole leases, and at the ends of the range. */
#include "protocol/draw.h"
#include "protocol/lease_money.h"
#include "tests/test.h"

static u64 draws;

static u64 below(u64 n)
{
    static const struct drawer d = {43, 0, 0};
    return draw_below(&d, DRAW_TEST, draws++, n);
}

static bool equals(struct amount a, u128 wei)
{
    return amount_cmp(a, AMOUNT(wei)) == 0;
}

static struct lease_rates any_rates(void)
{
    u32 commission = (u32)below(BPS_WHOLE + 1);
    return (struct lease_rates){
        .commission_bps = commission,
        .provider_fee_bps = (u32)below(BPS_WHOLE + 1 - commission),
        .user_fee_bps = (u32)below(BPS_WHOLE + 1),
    };
}

static void test_rates(void)
{
    struct params p = params_default;
    struct lease_rates native = lease_rates_of(&p, true), other = lease_rates_of(&p, false);

    EXPECT(native.commission_bps == 2000 && native.provider_fee_bps == 0);
    EXPECT(native.user_fee_bps == 0);
    EXPECT(other.commission_bps == 2000 && other.provider_fee_bps == 200);
    EXPECT(other.user_fee_bps == 200);
    EXPECT(params_set(&p, PARAM_commission_bps, 7) && params_set(&p, PARAM_provider_fee_bps, 5));
    EXPECT(params_set(&p, PARAM_user_fee_bps, 3));
    other = lease_rates_of(&p, false);
    EXPECT(other.commission_bps == 7 && other.provider_fee_bps == 5 && other.user_fee_bps == 3);
}

static void test_locks(void)
{
    for (int i = 0; i < 100000; i++) {
        u64 price = 1 + below((u64)1 << below(40)), d = 1 + below(40000), more = below(40000);
        struct lease_rates r = any_rates();
        struct lease_lock lock, extension;
        u128 gross = ((u128)price * d + 3599) / 3600;
        u128 fee = gross * r.user_fee_bps / 10000;
        u128 longer = ((u128)price * (d + more) + 3599) / 3600;
        u128 longer_fee = longer * r.user_fee_bps / 10000;

        EXPECT(lease_lock(&lock, AMOUNT(price), d, r));
        EXPECT(equals(lock.gross, gross) && equals(lock.user_fee, fee));
        EXPECT(equals(lock.sum, gross + fee));
        EXPECT(lease_extension_lock(&extension, AMOUNT(price), d, more, r));
        EXPECT(equals(extension.gross, longer - gross));
        EXPECT(equals(extension.user_fee, longer_fee - fee));
        EXPECT(equals(extension.sum, longer + longer_fee - gross - fee));
    }
}

static void test_overflow(void)
{
    struct lease_rates none = {0, 0, 0}, some = {2000, 200, 200};
    struct lease_lock lock = {AMOUNT(1), AMOUNT(2), AMOUNT(3)};
    struct amount gross = AMOUNT(7);

    EXPECT(lease_gross_lock(&gross, AMOUNT(U128_MAX), 3600) && equals(gross, U128_MAX));
    EXPECT(!lease_gross_lock(&gross, AMOUNT(U128_MAX), 3601) && equals(gross, U128_MAX));
    EXPECT(!lease_lock(&lock, AMOUNT(U128_MAX), 3601, none)); /* the lock */
    EXPECT(!lease_lock(&lock, AMOUNT(U128_MAX), 3600, some)); /* the sum */
    EXPECT(!lease_extension_lock(&lock, AMOUNT(U128_MAX), 3600, 1, none));
    EXPECT(!lease_extension_lock(&lock, AMOUNT(1), UINT64_MAX, 1, none)); /* the seconds */
    EXPECT(equals(lock.gross, 1) && equals(lock.user_fee, 2) && equals(lock.sum, 3));
    EXPECT(lease_lock(&lock, AMOUNT(U128_MAX), 3600, none) && equals(lock.sum, U128_MAX));
    EXPECT(equals(lease_gross_at(AMOUNT(U128_MAX), 7200, AMOUNT(U128_MAX - 5)), U128_MAX - 5));
}

/* Every gross debit up to three cycles of all rates, and from what it was one unit before. */
static void test_shares(void)
{
    for (int i = 0; i < 20; i++) {
        struct lease_rates r = i == 0 ? (struct lease_rates){2000, 200, 200} : any_rates();
        u64 provider_bps = 10000 - r.commission_bps - r.provider_fee_bps;
        struct lease_shares was = lease_shares(AMOUNT(0), r);

        for (u64 gross = 0; gross < 30000; gross++) {
            struct lease_shares s = lease_shares(AMOUNT(gross), r);
            u64 provider = gross * provider_bps / 10000;
            u64 commission = gross * r.commission_bps / 10000;
            u64 fee = gross * r.provider_fee_bps / 10000;
            u64 rest = gross - provider - commission - fee;

            EXPECT(equals(s.provider, provider) && equals(s.commission, commission));
            EXPECT(equals(s.provider_fee, fee) && equals(s.rest, rest) && rest <= 2);
            EXPECT(equals(s.user_fee, gross * r.user_fee_bps / 10000));
            EXPECT(amount_cmp(s.provider, was.provider) >= 0); /* "No share ever falls" */
            EXPECT(amount_cmp(s.commission, was.commission) >= 0);
            EXPECT(amount_cmp(s.provider_fee, was.provider_fee) >= 0);
            EXPECT(amount_cmp(s.user_fee, was.user_fee) >= 0);
            was = s;
        }
    }
}

static void test_gross(void)
{
    for (int i = 0; i < 100000; i++) {
        u64 price = 1 + below((u64)1 << below(40)), billed = below(100000);
        u64 held = below((u64)1 << below(40));
        u128 used = (u128)price * billed / 3600;
        EXPECT(
            equals(lease_gross_at(AMOUNT(price), billed, AMOUNT(held)), used < held ? used : held));
    }
}

/* Point 6, second by second. */
static bool ticks(u64 *second_s, u64 price, u64 held, u64 start, u64 d, u64 block_time_ms)
{
    for (u64 m = start; m <= start + d; m++) {
        u128 used = (u128)price * (m - start) / 3600;
        u128 gross = used < held ? used : held;
        if ((held - gross) * 3600000 < (u128)price * block_time_ms &&
            (u128)(start + d - m) * 1000 > block_time_ms) {
            *second_s = m;
            return true;
        }
    }
    return false;
}

static void same_as_ticks(u64 price, u64 held, u64 start, u64 d, u64 block_time_ms, int found[2])
{
    struct lease_terms t = {AMOUNT(price), AMOUNT(held), start, d};
    u64 want = 0, got = 0;
    bool ends = ticks(&want, price, held, start, d, block_time_ms);

    EXPECT(lease_insufficient_at(&got, &t, block_time_ms) == ends && got == want);
    found[ends]++;
}

static void test_insufficient(void)
{
    static const u64 block_times[] = {100, 250, 999, 1000, 1001, 2000, 12000, 60000};
    int found[2] = {0, 0};

    for (u64 price = 1; price < 40; price++) /* small ones, all held amounts */
        for (u64 d = 1; d < 8000; d += 1999)
            for (u64 held = 0; held <= price * d / 3600 + 1; held++)
                for (size_t b = 0; b < ARRAY_LEN(block_times); b++)
                    same_as_ticks(price, held, 5, d, block_times[b], found);
    for (int i = 0; i < 3000; i++) {
        u64 price = 1 + below((u64)1 << below(40)), d = 1 + below(5000);
        u64 lock = (u64)(((u128)price * d + 3599) / 3600);
        u64 missing = below(3) == 0 ? below(3) : below(lock + 1); /* often a little short */
        u64 held = missing < lock ? lock - missing : 0;
        same_as_ticks(price, held, below(1000000), d, block_times[below(8)], found);
    }
    EXPECT(found[0] > 1000 && found[1] > 1000);
}

/* settled 150: "only where a lock holds less than its terms ask" */
static void test_full_lock_never_runs_short(void)
{
    for (int i = 0; i < 100000; i++) {
        struct amount price = AMOUNT(1 + (((u128)below(UINT64_MAX) << 32) >> below(96)));
        struct lease_terms t = {price, AMOUNT(0), below(1000000), 1 + below(31536000)};
        u64 second_s;
        EXPECT(lease_gross_lock(&t.gross_held, price, t.agreed_s));
        EXPECT(!lease_insufficient_at(&second_s, &t, 1 + below(60000)));
    }
}

static void test_price_of_block(void)
{
    struct amount out = AMOUNT(7);

    /* 1e15 of 18 decimals a block of 2 s is 1.8 tokens an hour */
    EXPECT(lease_price_of_block(&out, AMOUNT(1000000000000000), 2000, 18));
    EXPECT(equals(out, 1800000000000000000));
    EXPECT(lease_price_of_block(&out, AMOUNT(1000000000000000), 2000, 6));
    EXPECT(equals(out, 1800000));
    EXPECT(!lease_price_of_block(&out, AMOUNT(U128_MAX), 2000, 18) && equals(out, 1800000));
    for (int i = 0; i < 100000; i++) {
        u64 price = below(UINT64_MAX), ms = 1 + below(60000);
        u32 decimals = (u32)below(19);
        u128 scale = 1;
        for (u32 k = decimals; k < 18; k++)
            scale *= 10;
        EXPECT(lease_price_of_block(&out, AMOUNT(price), ms, decimals));
        EXPECT(equals(out, (u128)price * 3600000 / ((u128)ms * scale)));
    }
}

int main(void)
{
    test_rates();
    test_locks();
    test_overflow();
    test_shares();
    test_gross();
    test_insufficient();
    test_full_lock_never_runs_short();
    test_price_of_block();
    printf("ok - lease_money\n");
    return EXIT_SUCCESS;
}
