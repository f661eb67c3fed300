/* The life of a user: what it submits, sends and waits for, event by event. */
#include "actors/user.h"
#include "tests/story/actor_host.h"

static void user_begin(struct user *u, const struct user_config *config)
{
    memset(u, 0, sizeof(*u));
    u->config = *config;
    u->config.token = 1;
    host_begin(&actor_user, u);
    SAID("create_wallet; ");
}

static void user_opens(struct user *u, const struct user_config *config)
{
    user_begin(u, config);
    result(TX_CREATE_WALLET, 0, ERR_None, 3);
    SAID("");
}

static struct demand demand_of(u64 id)
{
    return (struct demand){.id = id,
                           .specs = {.cpu = 4, .ram_gib = 16, .disk_gib = 100},
                           .replicas = 1,
                           .token = 1,
                           .max_price = AMOUNT(175000),
                           .update_max_price = AMOUNT(175000),
                           .duration_s = 7200,
                           .tier_worst = 7};
}

static void wants(struct demand d)
{
    give(&(struct event){.kind = EVENT_DEMAND, .u.demand = d});
}

/* An order and its lease in one go: job in place 0 after `serial`. */
static void gets_lease(u32 serial, u64 lease)
{
    result(TX_CREATE_ORDER, serial, ERR_None, lease + 100);
    leased(lease_of(lease));
}

static void ready(u64 lease)
{
    give(&(struct event){
        .kind = EVENT_MESSAGE,
        .u.message = {.from = PARTNER, .msg = {.kind = MSG_READY, .u.ready = {.lease = lease}}}});
}

static void expired(u64 order)
{
    GIVE_LOG(OrderExpired, order_expired, .order = order);
}

static void test_user_life(void)
{
    static struct user u;
    struct demand d = demand_of(1);

    user_begin(&u, &(struct user_config){.deposit = AMOUNT(20000000)});
    wants(d);
    SAID(""); /* no wallet yet */
    result(TX_CREATE_WALLET, 0, ERR_None, 3);
    SAID("deposit 20000000; ");
    result(TX_DEPOSIT, 0, ERR_None, 0);
    SAID("create_order #64 for 7200 s; ");
    at_s(1000);
    result(TX_CREATE_ORDER, 64, ERR_None, 101);
    d.lifetime_s = 1800;
    wants(d);
    SAID("create_order #129 for 7200 s; ");
    gets_lease(129, 7);
    SAID("manifest 7 to 77; timer 3 in 30000 ms; timer 4 in 1800000 ms; ");
    timer(USER_MANIFEST, 129); /* lost */
    SAID("manifest 7 to 77; timer 3 in 30000 ms; ");
    ready(7);
    leased(lease_of(7));
    timer(USER_MANIFEST, 129);
    SAID("");
    EXPECT(u.place[1].job.state == USER_JOB_RUNNING);
    leased(lease_of(1));
    SAID("manifest 1 to 77; timer 3 in 30000 ms; ");
    GIVE_LOG(LeaseConfirmed, lease_confirmed, .lease = 1, .provider = PROVIDER);
    EXPECT(u.place[0].job.state == USER_JOB_RUNNING);
    at_s(2800);
    timer(USER_LIFETIME, 129);
    SAID("close_lease 7 image 0; ");
    timer(USER_LIFETIME, 129);
    SAID("");
    closed(7, LEASE_USER, 0);
    closed(7, LEASE_USER, 0);
    closed(1, LEASE_EXPIRED, 0);
    timer(USER_LIFETIME, 129);
    SAID("");
    EXPECT(u.done == 2 && u.given_up == 0 && u.place[0].job.state == USER_JOB_FREE);
}

static void test_top_up(void)
{
    static struct user u;

    user_opens(&u, &(struct user_config){.top_up = AMOUNT(200000)});
    wants(demand_of(1));
    SAID("create_order #64 for 7200 s; ");
    result(TX_CREATE_ORDER, 64, ERR_InsufficientBalance, 0);
    SAID("deposit 357000; "); /* what E1 locks is more than 200000 */
    result(TX_DEPOSIT, 64, ERR_None, 0);
    SAID("create_order #64 for 7200 s; ");
    result(TX_CREATE_ORDER, 64, ERR_BracketExceeded, 0);
    SAID("deposit 400000; "); /* 2 x 200000 */
    result(TX_DEPOSIT, 64, ERR_None, 0);
    SAID("create_order #64 for 7200 s; ");
    result(TX_CREATE_ORDER, 64, ERR_None, 101);
    GIVE_LOG(OrderCancelled, order_cancelled, .order = 101, .reason = 1);
    SAID("deposit 800000; ");
    GIVE_LOG(OrderCancelled, order_cancelled, .order = 101, .reason = 1);
    SAID("");
    for (u64 more = 800000; more < 25600000; more *= 2) {
        char want[64];
        result(TX_DEPOSIT, 64, ERR_None, 0);
        SAID("create_order #64 for 7200 s; ");
        result(TX_CREATE_ORDER, 64, ERR_InsufficientBalance, 0);
        snprintf(want, sizeof(want), "deposit %llu; ", LLU(2 * more));
        SAID(want);
    }
    result(TX_DEPOSIT, 64, ERR_None, 0);
    SAID("create_order #64 for 7200 s; ");
    result(TX_CREATE_ORDER, 64, ERR_InsufficientBalance, 0);
    SAID("timer 1 in 60000 ms; "); /* eight were tried: now it waits */
    wants(demand_of(2));
    SAID("create_order #129 for 7200 s; ");
    result(TX_CREATE_ORDER, 129, ERR_InsufficientBalance, 0);
    SAID("deposit 357000; ");
    result(TX_DEPOSIT, 129, ERR_InsufficientBalance, 0); /* its account is empty */
    SAID("timer 1 in 60000 ms; ");
    EXPECT(u.given_up == 0 && u.refusals == 10);
}

static void test_patience(void)
{
    static struct user u;
    struct demand d = demand_of(1);

    user_opens(&u, &(struct user_config){0});
    d.patience_s = 200;
    wants(d);
    SAID("timer 2 in 200000 ms; create_order #64 for 7200 s; ");
    result(TX_CREATE_ORDER, 64, ERR_None, 101);
    at_s(8);
    expired(101);
    expired(101);
    SAID("timer 1 in 60000 ms; ");
    at_s(68);
    timer(USER_RETRIES, 64);
    timer(USER_RETRIES, 64);
    SAID("create_order #64 for 7200 s; ");
    result(TX_CREATE_ORDER, 64, ERR_InsufficientBalance, 0);
    SAID("timer 1 in 120000 ms; "); /* no top up: perhaps other leases give back */
    at_s(188);
    timer(USER_RETRIES, 64);
    result(TX_CREATE_ORDER, 64, ERR_None, 102);
    SAID("create_order #64 for 7200 s; ");
    at_s(200);
    timer(USER_PATIENCE, 64);
    SAID("cancel_order 102; ");
    GIVE_LOG(OrderCancelled, order_cancelled, .order = 102);
    SAID("");
    EXPECT(u.given_up == 1 && u.place[0].job.state == USER_JOB_FREE);

    wants(d); /* over before the order has a number, and the lease comes before the cancellation */
    timer(USER_PATIENCE, 128);
    SAID("timer 2 in 200000 ms; create_order #128 for 7200 s; ");
    result(TX_CREATE_ORDER, 128, ERR_None, 103);
    SAID("cancel_order 103; ");
    leased(lease_of(3));
    SAID("manifest 3 to 77; timer 3 in 30000 ms; ");
    closed(3, LEASE_EXPIRED, 0);

    wants(d); /* the next try would come too late */
    SAID("timer 2 in 200000 ms; create_order #192 for 7200 s; ");
    at_s(341);
    result(TX_CREATE_ORDER, 192, ERR_StalePrice, 0);
    SAID("");
    wants(d);
    SAID("timer 2 in 200000 ms; create_order #256 for 7200 s; ");
    result(TX_CREATE_ORDER, 256, ERR_DurationTooLong, 0); /* no time changes that */
    SAID("");
    EXPECT(u.given_up == 3 && u.done == 1);
}

static void test_outage_patience(void)
{
    static struct user u;
    struct demand d = demand_of(1);

    user_opens(&u, &(struct user_config){.outage_patience_s = 3600});
    d.lifetime_s = 5000;
    at_s(1000);
    wants(d);
    gets_lease(64, 1);
    ready(1);
    SAID("create_order #64 for 7200 s; manifest 1 to 77; timer 3 in 30000 ms; "
         "timer 4 in 5000000 ms; ");
    at_s(1102);
    GIVE_LOG(ProviderDown, provider_down, .outage = 1, .provider = PROVIDER + 1, .second = 1102);
    SAID("");
    GIVE_LOG(ProviderDown, provider_down, .outage = 2, .provider = PROVIDER, .second = 1100);
    GIVE_LOG(ProviderDown, provider_down, .outage = 2, .provider = PROVIDER, .second = 1100);
    SAID("timer 6 in 3598000 ms; "); /* "1 h from the down record's block" */
    GIVE_LOG(ProviderUp, provider_up, .outage = 2, .provider = PROVIDER);
    GIVE_LOG(ProviderDown, provider_down, .outage = 2, .provider = PROVIDER, .second = 1100);
    SAID("");
    at_s(1200);
    GIVE_LOG(ProviderDown, provider_down, .outage = 4, .provider = PROVIDER, .second = 1200);
    SAID("timer 6 in 3600000 ms; ");
    at_s(4700);
    timer(USER_OUTAGE, 2); /* that one was over in time */
    SAID("");
    at_s(4800);
    timer(USER_OUTAGE, 4);
    SAID("close_lease 1 image 0; ");
    timer(USER_OUTAGE, 4);
    SAID("");
    at_s(4802);
    closed(1, LEASE_USER, 0);
    SAID("create_order #128 for 7200 s; ");
    EXPECT(u.place[0].demand.lifetime_s == 5000 - 3802);
    timer(USER_LIFETIME, 64); /* of the lost lease */
    gets_lease(128, 2);
    SAID("manifest 2 to 77; timer 3 in 30000 ms; timer 4 in 1198000 ms; ");
}

/* More jobs on one provider than an outbox has room for. */
static void test_leaves_with_all(void)
{
    static struct user u;

    user_begin(&u, &(struct user_config){.outage_patience_s = 3600});
    for (u32 i = 0; i < 20; i++)
        wants(demand_of(i));
    result(TX_CREATE_WALLET, 0, ERR_None, 3);
    timer(USER_ORDERS, 0);
    timer(USER_ORDERS, 0);
    timer(USER_ORDERS, 0);
    EXPECT(said("create_order") == 20);
    for (u32 i = 0; i < 20; i++)
        gets_lease((i + 1) * USER_JOBS + i, i + 1);
    skip();
    GIVE_LOG(ProviderDown, provider_down, .outage = 1, .provider = PROVIDER, .second = 0);
    SAID("timer 6 in 3600000 ms; ");
    at_s(3600);
    timer(USER_OUTAGE, 1);
    SAID("close_lease 1 image 0; close_lease 2 image 0; close_lease 3 image 0; "
         "close_lease 4 image 0; close_lease 5 image 0; close_lease 6 image 0; "
         "close_lease 7 image 0; timer 6 in 0 ms; ");
    timer(USER_OUTAGE, 1);
    timer(USER_OUTAGE, 1);
    for (u32 i = 0; i < 20; i++)
        EXPECT(u.place[i].job.closing);
    for (u32 i = 20; i < USER_JOBS + 5; i++)
        wants(demand_of(i));
    EXPECT(u.turned_away == 5);
}

static void ending(u64 lease, u64 end_s)
{
    GIVE_LOG(LeaseEnding, lease_ending, .lease = lease, .provider = PROVIDER, .end_s = end_s);
}

static void test_extends(void)
{
    static struct user u;
    struct demand d = demand_of(1);

    user_opens(&u, &(struct user_config){.top_up = AMOUNT(1000)});
    d.extend = true;
    d.lifetime_s = 20000;
    at_s(1000);
    wants(d);
    gets_lease(64, 1);
    ready(1);
    SAID("create_order #64 for 7200 s; manifest 1 to 77; timer 3 in 30000 ms; "
         "timer 4 in 20000000 ms; ");
    ending(1, 8200);
    ending(1, 8200);
    SAID("extend 1 by 7200 s; ");
    result(TX_EXTEND, 64, ERR_None, 0);
    ending(1, 15400); /* the workload is done at 21000 */
    SAID("extend 1 by 5600 s; ");
    result(TX_EXTEND, 64, ERR_InsufficientBalance, 0);
    /* 175000 x 5600 / 3600 = 272222.2, up, and 2 % of it */
    SAID("deposit 277667; ");
    result(TX_DEPOSIT, 64, ERR_None, 0);
    SAID("extend 1 by 5600 s; ");
    result(TX_EXTEND, 64, ERR_StalePrice, 0);
    SAID("");
    ending(1, 21000);
    SAID("");
    closed(1, LEASE_EXPIRED, 0);
    EXPECT(u.done == 1);

    d.extend = false;
    wants(d);
    gets_lease(128, 2);
    skip();
    ending(2, 8200); /* it lets it expire */
    SAID("");
    d = demand_of(2);
    d.extend = true; /* for ever */
    wants(d);
    gets_lease(193, 3);
    skip();
    ending(3, 8200);
    SAID("extend 3 by 7200 s; ");
}

static void test_asks_update(void)
{
    static struct user u;
    struct demand d = demand_of(1);

    user_opens(&u, &(struct user_config){0});
    d.lifetime_s = 5000;
    d.update_after_s = 600;
    d.update_specs.cpu = 8;
    d.update_replicas = 1;
    wants(d);
    gets_lease(64, 1);
    ready(1);
    SAID("create_order #64 for 7200 s; manifest 1 to 77; timer 3 in 30000 ms; "
         "timer 4 in 5000000 ms; timer 5 in 600000 ms; ");
    at_s(600);
    timer(USER_UPDATES, 64);
    timer(USER_UPDATES, 64);
    SAID("request_update 1 cpu 8; ");
    closed(1, LEASE_UPDATED, 0);
    leased(update_of(2, 1, 8));
    leased(update_of(2, 1, 8));
    SAID("");
    EXPECT(u.place[0].job.lease == 2 && u.place[0].demand.specs.cpu == 8 &&
           u.place[0].job.start_s == 0);
    at_s(5000);
    timer(USER_LIFETIME, 64);
    SAID("close_lease 2 image 0; ");
    leased(update_of(3, 2, 4)); /* a further update was quicker than the close */
    SAID("close_lease 3 image 0; ");
    closed(2, LEASE_UPDATED, 0);
    closed(3, LEASE_USER, 0);
    EXPECT(u.done == 1);
}

static void test_lost_leases(void)
{
    static struct user u;
    struct demand d = demand_of(1);

    user_opens(&u, &(struct user_config){.reorders = true});
    wants(d);
    gets_lease(64, 1);
    skip();
    at_s(600);
    GIVE_LOG(LeaseClosed, lease_closed, .lease = 1, .reason = LEASE_PROVIDER_BREACH, .end_s = 600);
    SAID("create_order #128 for 7200 s; "); /* it never ran */
    gets_lease(128, 2);
    skip();
    at_s(1600);
    closed(2, LEASE_PROVIDER, 0);
    SAID("create_order #192 for 6200 s; ");
    gets_lease(192, 3);
    skip();
    at_s(1600 + 6200);
    closed(3, LEASE_PROVIDER, 0); /* nothing is left of it */
    SAID("");
    EXPECT(u.done == 1);
    d.fail_after_s = 100;
    wants(d);
    gets_lease(256, 4);
    skip();
    closed(4, LEASE_PROVIDER, 0); /* its own image crashed */
    SAID("");
    EXPECT(u.failed == 1);

    user_opens(&u, &(struct user_config){0});
    wants(demand_of(1));
    gets_lease(64, 1);
    skip();
    closed(1, LEASE_PROVIDER_BREACH, 0);
    SAID("");
    EXPECT(u.done == 0 && u.given_up == 1);
}

static void breached(u64 lease)
{
    GIVE_LOG(LeaseClosed, lease_closed, .lease = lease, .reason = LEASE_PROVIDER_BREACH);
}

/* Breached as soon as it is leased, after a wait of so long; 0: none. */
static void breached_again(struct user *u, u32 serial, u64 wait_s)
{
    char want[96];

    gets_lease(serial, serial);
    skip();
    breached(serial);
    u32 next = serial + USER_JOBS;
    if (wait_s == 0) {
        snprintf(want, sizeof(want), "create_order #%u for 7200 s; ", next);
        SAID(want);
        return;
    }
    snprintf(want, sizeof(want), "timer 1 in %llu ms; ", LLU(wait_s * 1000));
    SAID(want);
    EXPECT(u->place[0].job.state == USER_JOB_WAITING);
    timer(USER_RETRIES, next);
    snprintf(want, sizeof(want), "create_order #%u for 7200 s; ", next);
    SAID(want);
}

/* No provider starts in time: the waits double up to a bound, and end with one that starts. */
static void test_breaches_in_a_row(void)
{
    static const u64 usual[] = {0, 60, 120, 240, 480, 960, 1920, 1920, 1920};
    static const u64 own[] = {0, 7, 14, 28, 50, 50};
    static struct user u;
    u32 serial = USER_JOBS;

    user_opens(&u, &(struct user_config){.reorders = true});
    wants(demand_of(1));
    for (u32 i = 0; i < ARRAY_LEN(usual); i++, serial += USER_JOBS)
        breached_again(&u, serial, usual[i]);
    for (u32 i = 0; i < 300; i++, serial += USER_JOBS) /* more than it counts */
        breached_again(&u, serial, 1920);
    gets_lease(serial, serial);
    ready(serial);
    skip();
    closed(serial, LEASE_PROVIDER, 0); /* it ran: that ends the row */
    skip();
    serial += USER_JOBS;
    breached_again(&u, serial, 0);
    breached_again(&u, serial + USER_JOBS, 60);
    EXPECT(u.given_up == 0);

    user_opens(
        &u, &(struct user_config){.reorders = true, .breach_wait_s = 7, .breach_wait_most_s = 50});
    wants(demand_of(1));
    serial = USER_JOBS;
    for (u32 i = 0; i < ARRAY_LEN(own); i++, serial += USER_JOBS)
        breached_again(&u, serial, own[i]);
}

/* A wait beyond its patience, which is new with each order, is none: it gives up. */
static void test_breaches_and_patience(void)
{
    static struct user u;
    struct demand d = demand_of(1);

    user_opens(&u, &(struct user_config){.reorders = true});
    d.patience_s = 100;
    wants(d);
    gets_lease(64, 1);
    skip();
    breached(1);
    SAID("timer 2 in 100000 ms; create_order #128 for 7200 s; ");
    gets_lease(128, 2);
    skip();
    breached(2);
    SAID("timer 2 in 100000 ms; timer 1 in 60000 ms; ");
    timer(USER_RETRIES, 192);
    gets_lease(192, 3);
    skip();
    breached(3);
    SAID("timer 2 in 100000 ms; ");
    EXPECT(u.given_up == 1 && u.place[0].job.state == USER_JOB_FREE);
    timer(USER_PATIENCE, 256);
    SAID("");
}

static void lease_stands(u64 lease)
{
    stands(&(struct log){.kind = LOG_LeaseCreated, .u.lease_created = lease_of(lease)});
}

static void order_stands(u64 order)
{
    stands(&(struct log){.kind = LOG_OrderCreated, .u.order_created = {.order = order}});
}

/* What the chain forgot is done again: the wallet, its deposit, and whatever was under way. */
static void test_beginning_again(void)
{
    static struct user u;

    user_begin(&u, &(struct user_config){.deposit = AMOUNT(500)});
    result(TX_CREATE_WALLET, 0, ERR_None, 3);
    result(TX_DEPOSIT, 0, ERR_None, 0);
    wants(demand_of(1));
    SAID("deposit 500; create_order #64 for 7200 s; ");
    goes_back((struct reverted){0});
    SAID("create_wallet; ");
    result(TX_CREATE_WALLET, 0, ERR_None, 2);
    SAID("deposit 500; ");
    goes_back((struct reverted){.wallet = 2});
    SAID("deposit 500; ");
    result(TX_DEPOSIT, 0, ERR_None, 0);
    SAID("create_order #64 for 7200 s; ");
    goes_back((struct reverted){.wallet = 2, .funded = true});
    SAID("create_order #64 for 7200 s; ");
    result(TX_CREATE_ORDER, 64, ERR_None, 9);
    goes_back((struct reverted){.wallet = 2, .funded = true, .order = 9});
    SAID("");
    EXPECT(u.place[0].job.state == USER_JOB_OPEN && u.place[0].job.order == 9);
}

/* A lease that never was is ordered again or its order is open again; what stands and nobody needs
 * is given up, and what was to end is ended again. */
static void test_what_stands(void)
{
    static struct user u;
    struct demand d = demand_of(1);

    d.lifetime_s = 1800;
    user_opens(&u, &(struct user_config){0});
    for (u32 i = 1; i <= 3; i++) {
        wants(d);
        gets_lease(64 * i + i - 1, i);
    }
    at_s(1900);
    timer(USER_LIFETIME, 64);
    timer(USER_LIFETIME, 129);
    skip();
    closed(2, LEASE_USER, 0); /* the end of the first is under way, the third runs */
    goes_back((struct reverted){.wallet = 3, .lease = 2, .order = 103});
    SAID("");
    lease_stands(1);
    SAID("close_lease 1 image 0; ");
    lease_stands(2);
    SAID("close_lease 2 image 0; ");
    order_stands(103);
    SAID("");
    EXPECT(u.place[2].job.state == USER_JOB_OPEN && u.place[2].job.order == 103);
    leased(lease_of(3));
    SAID("manifest 3 to 77; timer 3 in 30000 ms; timer 4 in 1800000 ms; ");
    timer(USER_LIFETIME, 194); /* of the lease that never was */
    SAID("");
    order_stands(55);
    SAID("cancel_order 55; ");
    goes_back((struct reverted){.wallet = 3, .lease = 1, .order = 101});
    SAID("create_order #322 for 7200 s; ");
}

int main(void)
{
    test_user_life();
    test_top_up();
    test_patience();
    test_breaches_in_a_row();
    test_breaches_and_patience();
    test_outage_patience();
    test_leaves_with_all();
    test_extends();
    test_asks_update();
    test_lost_leases();
    test_beginning_again();
    test_what_stands();
    printf("ok - user\n");
    return EXIT_SUCCESS;
}
