/* The tables that two worked examples leave behind, byte for byte: E1 and E47, told by the chain to
 * the fold.  Each figure is the example's, or stands beside its sum. */
#include "metrics/csv.h"
#include "metrics/tables.h"
#include "sim/study/fold.h"
#include "tests/chain.h"

#include <string.h>

static struct csv csv;
static struct tables tables;
static struct fold *fold;

static void name_of(void *about, u32 account, char out[64])
{
    static const char *const names[ACCOUNTS] = {"",   "state", "foundation", "treasury", "u1",
                                                "u2", "u3",    "p",          "q",        "r"};

    (void)about;
    strcpy(out, names[account]);
}

/* chain_begin(), and all tables are written from here on. */
static void begin(const struct params *p)
{
    static const char *const tokens[] = {"SPON", "USDX"}, *const regions[] = {"here", "there"};

    chain_begin(p);
    tables_init(&tables, 0);
    tables.csv = &csv;
    for (size_t i = 0; i < TABLES; i++) {
        csv.file[i] = tmpfile();
        EXPECT(csv.file[i] != NULL);
    }
    struct fold_config config = {.tables = &tables,
                                 .chain = &chain,
                                 .token_names = tokens,
                                 .regions = regions,
                                 .account_name = name_of};
    fold = fold_open(&config);
    EXPECT(fold != NULL);
    chain.state.trace_scores = true;
    chain_listen(fold_on_log, fold);
}

static char *text_of(enum table_id id)
{
    static char text[1u << 16];
    size_t n;

    EXPECT(fflush(csv.file[id]) == 0);
    rewind(csv.file[id]);
    n = fread(text, 1, sizeof text - 1, csv.file[id]);
    EXPECT(n < sizeof text - 1);
    text[n] = '\0';
    return text;
}

#define HAS(table, want) expect_rows(TABLE_##table, want, __LINE__)
static void expect_rows(enum table_id id, const char *want, int line)
{
    const char *is = text_of(id);

    if (strcmp(is, want) == 0)
        return;
    printf("not ok - line %d: %s.csv has\n%snot\n%s", line, table_of(id)->name, is, want);
    exit(EXIT_FAILURE);
}

static void finish(void)
{
    fold_end(fold);
    EXPECT(fold_error(fold) == NULL && tables.error[0] == '\0');
}

/* A token's balances sum to its supply. */
static void expect_sum(const char *token, const char *supply)
{
    char prefix[16];
    u128 sum = 0, want = 0;

    snprintf(prefix, sizeof prefix, "0,%s,", token);
    for (const char *at = supply; *at != '\0'; at++)
        want = want * 10 + (u32)(*at - '0');
    for (char *line = strtok(text_of(TABLE_balances), "\n"); line != NULL;
         line = strtok(NULL, "\n")) {
        u128 amount = 0;
        if (strncmp(line, prefix, strlen(prefix)) != 0)
            continue;
        for (const char *at = strrchr(line, ',') + 1; *at != '\0'; at++)
            amount = amount * 10 + (u32)(*at - '0');
        sum += amount;
    }
    EXPECT(sum == want);
}

static void end(void)
{
    fold_close(fold);
    for (size_t i = 0; i < TABLES; i++)
        fclose(csv.file[i]);
}

/* ---- E1 ---- */

static void e1_two_hours_closed_by_the_user(void)
{
    struct params p = story_params();

    begin(&p);
    put_provider(P, gpus(MODEL(v100), 8), SPONS(501));
    put_wallet(U1, 1, USDX, USDXS(20));
    step(1);
    lease(1000, (struct want){.user = U1,
                              .wallet = 1,
                              .token = USDX,
                              .price = 175000,
                              .duration_s = 7200,
                              .provider = P,
                              .specs = {.gpus = 1}});
    call_at(2800, U1, CALL(CLOSE_LEASE, close_lease, .lease = 1));
    call_at(2900, P, CALL(CLAIM_EARNINGS, claim_earnings, .token = USDX));
    call_at(3000, U1, CALL(WITHDRAW, withdraw, .wallet = 1, .token = USDX, .amount = USDXS(1)));
    finish();

    HAS(orders, "0,1,4,1,997,997,1,0,0,0,1,,,7,7200,USDX,175000,1,1,matched,1000,1000,1,1,175000,"
                "17500000,3,\n");
    /* L and G are the matching's: that the one bid was eligible and won is seen here */
    EXPECT(strncmp(text_of(TABLE_bids), "0,1,1,998,175000,1,1,", 21) == 0);
    /* locks 350000 and 7000; 87500 = 68250 + 17500 + 1750 + 0, user fee 1750, refund 267750 */
    HAS(leases, "0,1,1,1,4,1,,1,0,0,0,1,v100,USDX,175000,2000,200,200,1000,1000,7200,0,1000,2800,"
                "user,1800,350000,7000,0,0,87500,68250,17500,1750,0,1750,267750,done,0\n");
    /* unlocked 20000000 - 1000000 - 87500 - 1750 */
    HAS(wallets, "0,1,USDX,4,20000000,0,0,1000000,87500,1750,0,18910750,0,0\n");
    HAS(wallet_moves, "0,1,USDX,1,1,deposit,20000000\n0,1,USDX,3000,3000,withdraw,1000000\n");
    HAS(owners, "0,1,1,4\n");
    HAS(claims, "0,2900,2900,lease,1,USDX,68250\n");
    /* 87500 and 1750 units of USDX at 1.00 USD */
    HAS(users, "0,4,u1,here,0x0000000000000000000000000000000000000004,1,1,0,0,0,0,0,0,0,3,1800,"
               "8925000,0\n");
    HAS(stakes, "0,1,1,1,stake,501,501,0,,\n");
    HAS(supplies, "0,SPON,6000000000000000000000000,0,0,6000000000000000000000000\n"
                  "0,USDX,6000000000000,0,0,6000000000000\n");
    expect_sum("SPON", "6000000000000000000000000");
    expect_sum("USDX", "6000000000000");
    end();
    printf("ok - E1 in tables\n");
}

/* ---- E47 ---- */

/* p and q in tier 1 with their papers, r in tier 7; u1 pays q all day. */
static void open_e47(void)
{
    struct params p = story_params();
    struct machine medium = gpus(MODEL(v100), 1);

    p.initial_tier = 1;
    story_emission(&p, 24000);
    begin(&p);
    story_grant(R, 7);
    medium.compliance = COMPLIANCE_SOC2;
    put_provider(P, medium, SPONS(501));
    put_provider(Q, medium, SPONS(501));
    put_provider(R, gpus(MODEL(h100), 8), SPONS(60));
    put(P, CALL(SET_AUTO_STAKE, set_auto_stake, .on = 1));
    put(STATE, CALL(PUBLISH_AUDIT, publish_audit, .provider = 1));
    put(STATE, CALL(PUBLISH_AUDIT, publish_audit, .provider = 2));
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(0);
    lease(4, (struct want){.user = U1,
                           .wallet = 1,
                           .token = SPON,
                           .price = 300,
                           .duration_s = 172800,
                           .provider = Q,
                           .specs = {.gpus = 1}});
}

static void expect_e47_providers(void)
{
    /* p: 82799 s of 86400 meet tiers 4..7, q: 84600 meet 3..7; r has no papers for tier 1 */
    HAS(providers,
        "0,0,1,1,1,none,0,0,1,1,24,21,6000000,144000000,126000000,82799,86400,0.958321,0,0,50000,"
        "0,0,0,0,1,1,1,1,1,1,1,0,0,0,0,501,500.9999999999999995,501.00000000000001,0,0,"
        "0.0000000000000105,0,1,1,0.0000000000000005,0,0,0,0,0\n"
        "0,0,2,1,1,none,0,0,1,1,24,22,6000000,144000000,132000000,84600,86400,0.979166,0,0,50000,"
        "0,0,0,1,1,1,1,1,1,1,0,0,0,0,0,501,500.9999999999999995,500.9999999999999995,0,0,"
        "0.000000000000011,0,0,1,0.0000000000000005,0,0.000000000000011,86396,86396,1\n"
        "0,0,3,7,7,none,0,0,1,0,24,24,0,0,0,86400,86400,1.000000,0,0,50000,0,"
        "1,1,1,1,1,1,1,1,0,0,0,0,0,0,60,60,60,0,0,0,0,0,0,0,0,0,0,0,0\n");
    HAS(stakes, "0,1,0,0,stake,501,501,0,,\n"
                "0,2,0,0,stake,501,501,0,,\n"
                "0,3,0,0,stake,60,60,0,,\n"
                "0,2,86400,36000,slash_own,0.0000000000000005,500.9999999999999995,0,,1\n"
                "0,1,86400,39600,slash_own,0.0000000000000005,500.9999999999999995,0,,2\n"
                "0,1,86400,86400,auto_stake,0.0000000000000105,501.00000000000001,0,,\n");
    HAS(standing, "0,1,0,0,registered,\n0,1,0,0,approved,\n0,1,0,0,active,\n"
                  "0,2,0,0,registered,\n0,2,0,0,approved,\n0,2,0,0,active,\n"
                  "0,3,0,0,registered,\n0,3,0,0,approved,\n0,3,0,0,active,\n"
                  "0,1,0,0,papers,0\n0,2,0,0,papers,0\n");
    HAS(ratings, "0,1,0,cpu,0,1,10000,0\n0,1,0,v100,1,200,10000,0\n"
                 "0,2,0,cpu,0,1,10000,0\n0,2,0,v100,1,200,10000,0\n"
                 "0,3,0,cpu,0,1,10000,0\n0,3,0,h100,8,200,120000,0\n");
}

static void e47_three_providers(void)
{
    open_e47();
    call_at(36061, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = 36000));
    call_at(36062, STATE, CALL(REPORT_DOWN, report_down, .provider = 2, .start_s = 36000));
    call_at(37801, STATE, CALL(REPORT_UP, report_up, .provider = 2, .end_s = 37800));
    call_at(39602, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = 39601));
    put_responses(50000);
    step(40000);
    advance(DAY_S);
    finish();

    /* 24000 units, W 2880 points; liveness 10500 + 11000; 500 of each slash; 1 + 1 + 8 GPUs */
    HAS(eras, "0,0,0,86400,86400,0.000000000000024,288000000,0.0000000000000215,0,"
              "0.0000000000000215,6000000.0000000000000215,2,0.0000000000000005,"
              "0.0000000000000005,0,0,0,0.0000000000000005,0.0000000000000005,0,0,"
              "3,2,0,0,0,0,0,1,3,1,1,0,0,1,0,1,86396,0,0,,86396,864000,0.099995,0,3,0\n");
    expect_e47_providers();
    HAS(outages, "0,2,2,36000,37800,0,36062,36062,37801,37801\n"
                 "0,1,1,36000,39601,0,36061,36061,39602,39602\n");
    /* max(500, 300) for q's started hour, to u1; 500 for p's standby, to the Slarks */
    HAS(slashes, "0,1,0,2,deployment,2,0,36000,36000,0.0000000000000005,0.0000000000000003,"
                 "0.0000000000000005,0.0000000000000005,0,0,0,0,0,0.0000000000000005,0,0\n"
                 "0,2,0,1,standby,1,0,36000,39600,0.0000000000000005,0,0.0000000000000005,"
                 "0.0000000000000005,0,0,0,0,0.0000000000000005,0,0,0\n");
    HAS(slash_payees, "0,1,4,0.0000000000000003,0.0000000000000005\n");
    /* 300 x 86396 / 3600 = 7199.67; 80 % of 7199 is 5759.2, 20 % 1439.8: 1 is left */
    HAS(income, "0,0,2,SPON,7199,5759\n");
    HAS(leases, "0,1,1,2,4,1,,1,0,0,0,1,v100,SPON,300,2000,0,0,4,4,172800,0,4,86400,open,86396,"
                "14400,0,0,0,7199,5759,1439,0,1,0,0,running,0\n");
    HAS(wallets, "0,1,SPON,4,1000000000000000000000,0,0,0,7199,0,0,999999999999999985600,7201,0\n");
    HAS(supplies, "0,SPON,6000000000000000000000000,21500,0,6000000000000000000021500\n"
                  "0,USDX,6000000000000,0,0,6000000000000\n");
    expect_sum("SPON", "6000000000000000000021500");
    end();
    printf("ok - E47 in tables\n");
}

/* ---- closes that share a block, closes that change a parameter ---- */

/* A column of the nth row; what does not fit is cut off. */
static const char *cell(enum table_id id, u32 nth, const char *column)
{
    static char out[64];
    const struct table *t = table_of(id);
    char *at = text_of(id);
    size_t c = 0;

    while (c < t->n_columns && strcmp(t->columns[c].name, column) != 0)
        c++;
    EXPECT(c < t->n_columns);
    for (; nth > 0; nth--)
        at = strchr(at, '\n') + 1;
    for (c++; c > 0; c--) /* the run's number stands before the columns */
        at = strchr(at, ',') + 1;
    snprintf(out, sizeof out, "%.*s", (int)strcspn(at, ",\n"), at);
    return out;
}

#define CELL(table, nth, column, want) expect_cell(TABLE_##table, nth, column, want, __LINE__)
static void expect_cell(enum table_id id, u32 nth, const char *column, const char *want, int line)
{
    const char *is = cell(id, nth, column);

    if (strcmp(is, want) == 0)
        return;
    printf("not ok - line %d: %s of row %u of %s.csv is %s, not %s\n", line, column, nth,
           table_of(id)->name, is, want);
    exit(EXIT_FAILURE);
}

/* Nobody excuses the halt, so each era in it counts; the chain's own figures are those after the
 * last close of the block. */
static void closes_of_one_block(void)
{
    static const char *const supplies[] = {"6000000.0000000000000024", "6000000.0000000000000048",
                                           "6000000.0000000000000072"};
    struct params p = story_params();

    p.initial_tier = 4;
    p.chain_outage_excluded = 0;
    p.promotion_eras = 2;
    story_emission(&p, 2400);
    begin(&p);
    put_provider(P, cpus(1), SPONS(501));
    step(0);
    put_responses(50000);
    step(1000);
    put(STATE, CALL(REPORT_HALT, report_halt, .start_s = 2000, .end_s = 3 * DAY_S + 10));
    step_after_halt(3 * DAY_S + 10);
    finish();
    for (u32 era = 0; era < ARRAY_LEN(supplies); era++) {
        CELL(eras, era, "supply_spon", supplies[era]);
        /* without a response era 1 and era 2 fail */
        CELL(providers, era, "met_4", era == 0 ? "1" : "0");
        CELL(providers, era, "failed_4", era == 0 ? "0" : era == 1 ? "1" : "2");
    }
    end();
    printf("ok - closes of one block have each its own figures\n");
}

/* settled 153: bonuses are step 4 of a close, changes of parameters step 8. */
static void a_close_that_changes_parameters(void)
{
    struct params p = story_params();
    struct machine m = cpus(8);

    m.compliance = COMPLIANCE_SOC2;
    p.initial_tier = 1;
    p.bonus_amount = AMOUNT(7);
    begin(&p);
    put_provider(P, m, SPONS(501));
    put(STATE, CALL(PUBLISH_AUDIT, publish_audit, .provider = 1));
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(0);
    lease(1000, (struct want){.user = U1,
                              .wallet = 1,
                              .token = SPON,
                              .price = 3600,
                              .duration_s = 3 * DAY_S,
                              .provider = P,
                              .specs = {.cpu = 1}});
    put(STATE, CALL(SET_PARAM, set_param, .param = PARAM_bonus_min_price, .value = 3601));
    put(STATE, CALL(SET_PARAM, set_param, .param = PARAM_audit_valid_eras, .value = 1));
    step(2000);
    advance(3 * (u64)DAY_S);
    finish();
    CELL(providers, 0, "bonus_lease_s", "85400");
    CELL(providers, 0, "bonus_payers", "1");
    CELL(providers, 1, "bonus_lease_s", "0");
    CELL(providers, 1, "bonus_payers", "0");
    CELL(standing, 3, "change", "papers");
    CELL(standing, 3, "papers_era", "0");
    for (u32 era = 0; era < 3; era++)
        CELL(providers, era, "papers", era < 2 ? "1" : "0");
    end();
    printf("ok - a close that changes parameters goes by those of its era\n");
}

/* The rows do not say which of a block's transactions came first. */
static void a_price_within_the_block_of_an_end(void)
{
    struct params p = story_params();
    struct want want = {.user = U1,
                        .wallet = 1,
                        .token = USDX,
                        .price = 3600,
                        .duration_s = 7200,
                        .provider = P,
                        .specs = {.cpu = 1}};
    struct want wants[] = {want, want};

    begin(&p);
    put_provider(P, cpus(8), SPONS(501));
    put_wallet(U1, 1, USDX, USDXS(20));
    step(0);
    put(STATE, CALL(SET_PRICE, set_price, .token = USDX, .usd_e8 = USD_E8(2)));
    lease_all(1000, wants, ARRAY_LEN(wants));
    for (u32 i = 0; i < ARRAY_LEN(wants); i++) {
        put(U1, CALL(CLOSE_LEASE, close_lease, .lease = 1 + i));
        put(STATE, CALL(SET_PRICE, set_price, .token = USDX, .usd_e8 = USD_E8(3 + i)));
    }
    step(2000);
    advance(DAY_S);
    finish();
    CELL(eras, 0, "revenue_usd_e8", "400000"); /* 2 x 1000 units, 2 USD a million of them */
    CELL(users, 0, "spent_usd_e8", "408000");
    end();
    printf("ok - what ended is worth the price before its second\n");
}

int main(void)
{
    e1_two_hours_closed_by_the_user();
    e47_three_providers();
    closes_of_one_block();
    a_close_that_changes_parameters();
    a_price_within_the_block_of_an_end();
    return 0;
}
