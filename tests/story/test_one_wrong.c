/* Each call is right but for one field, each field in turn: it is refused for that, and nothing
 * changes. */
#include "protocol/rating.h"
#include "tests/chain.h"

#include <string.h>

static const struct specs core = {.cpu = 1, .ram_gib = 1, .disk_gib = 1};
static u64 now_s;

static void no(u32 from, struct tx tx, enum err want)
{
    refused(++now_s, from, tx, want);
}

/* A provider, a wallet with 1000 SPON; from 100 s on a lease of two hours. */
static u64 begin(void)
{
    struct params p = story_params();

    chain_begin(&p);
    put_provider(P, cpus(64), SPONS(501));
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(10);
    u64 id = lease(100, (struct want){U1, 1, SPON, WEI_E18(1), 7200, P, core, false});
    now_s = 110;
    return id;
}

#define WRONG(base, from, path, value, err)                                                        \
    do {                                                                                           \
        struct tx wrong = base;                                                                    \
        wrong.u.path = value;                                                                      \
        no(from, wrong, err);                                                                      \
    } while (0)

static void orders(void)
{
    (void)begin();
    struct tx t = CALL(CREATE_ORDER, create_order, .wallet = 1, .token = SPON, .specs = core,
                       .replicas = 1, .max_price = SPONS(1), .duration_s = 7200, .tier_worst = 7);
    struct tx gpu = t;

#define NO(field, value) WRONG(t, U1, create_order.field, value, ERR_InvalidArgument)
    NO(replicas, 0);
    NO(replicas, 1000001);
    NO(specs.cpu, 1000001);
    NO(specs.cpu, 0); /* and no GPU */
    NO(specs.ram_gib, 100000001);
    NO(specs.disk_gib, 100000001);
    NO(specs.gpu_model, 1); /* of no GPU */
    NO(max_price, AMOUNT(0));
    NO(max_price, AMOUNT(((u128)1 << 96) + 1));
    NO(duration_s, 0);
    NO(duration_s, chain.state.params.max_duration_s + 1);
    NO(tier_worst, 0);
    NO(tier_worst, TIER_LOWEST + 1);
    NO(region, chain.state.regions + 1);
#undef NO
    gpu.u.create_order.specs.gpus = 1;
    WRONG(gpu, U1, create_order.specs.gpu_model, GPU_MODELS + 1, ERR_InvalidArgument);
    WRONG(t, U1, create_order.token, 7, ERR_TokenNotRegistered);
    WRONG(t, U1, create_order.wallet, 9, ERR_WalletNotFound);
    no(U2, t, ERR_NotWalletOwner);
    (void)call_at(++now_s, U1, t);
    printf("ok - an order, each field wrong\n");
}

static void updates(void)
{
    u64 id = begin();
    struct tx t = CALL(REQUEST_UPDATE, request_update, .lease = id, .specs = core, .replicas = 2,
                       .max_price = SPONS(2), .duration_s = 3600);
    struct tx gpu = t;

#define NO(field, value) WRONG(t, U1, request_update.field, value, ERR_InvalidArgument)
    NO(replicas, 0);
    NO(replicas, 1000001);
    NO(specs.cpu, 1000001);
    NO(specs.cpu, 0);
    NO(specs.ram_gib, 100000001);
    NO(specs.disk_gib, 100000001);
    NO(specs.gpu_model, 1);
    NO(max_price, AMOUNT(0));
    NO(max_price, AMOUNT(((u128)1 << 96) + 1));
    NO(duration_s, chain.state.params.max_duration_s + 1);
#undef NO
    gpu.u.request_update.specs.gpus = 1;
    WRONG(gpu, U1, request_update.specs.gpu_model, GPU_MODELS + 1, ERR_InvalidArgument);
    WRONG(t, U1, request_update.lease, id + 1, ERR_LeaseNotFound);
    no(P, t, ERR_OnlyTenantOrProvider); /* he is asked, he does not ask */
    no(U2, t, ERR_OnlyTenantOrProvider);

    struct tx yes = CALL(ACCEPT_UPDATE, accept_update, .lease = id, .price = SPONS(2));
    no(P, yes, ERR_NoUpdateRequested);
    (void)call_at(++now_s, U1, t);
    WRONG(yes, P, accept_update.price, AMOUNT(0), ERR_InvalidArgument);
    WRONG(yes, P, accept_update.price, SPONS(3), ERR_BidPriceExceedsMaxPrice);
    no(U1, yes, ERR_OnlyTenantOrProvider);
    now_s += chain.state.params.update_accept_blocks;
    no(P, yes, ERR_NoUpdateRequested); /* too late */
    printf("ok - an update and its acceptance, each field wrong\n");
}

static void ends_and_extensions(void)
{
    u64 id = begin();
    struct tx more = CALL(EXTEND, extend, .lease = id, .seconds = 60);
    struct tx end = CALL(CLOSE_LEASE, close_lease, .lease = id, .image_failed = 0);

    WRONG(more, U1, extend.seconds, 0, ERR_InvalidArgument);
    WRONG(more, U1, extend.seconds, UINT64_MAX, ERR_DurationTooLong);
    WRONG(more, U1, extend.seconds, chain.state.params.max_duration_s, ERR_DurationTooLong);
    WRONG(more, U1, extend.lease, 0, ERR_LeaseNotFound);
    no(P, more, ERR_OnlyTenantOrProvider);
    WRONG(end, P, close_lease.image_failed, 2, ERR_InvalidArgument);
    WRONG(end, P, close_lease.lease, id + 1, ERR_LeaseNotFound);
    no(U2, end, ERR_OnlyTenantOrProvider);
    printf("ok - ends and extensions, each field wrong\n");
}

static void outages_and_halts(void)
{
    (void)begin();
    u32 p = provider_of(P);
    struct tx down = CALL(REPORT_DOWN, report_down, .provider = p, .start_s = 100);
    struct tx up = CALL(REPORT_UP, report_up, .provider = p, .end_s = 200);
    struct tx halt = CALL(REPORT_HALT, report_halt, .start_s = 500, .end_s = 510);

    no(STATE, up, ERR_OutageUnknown);
    WRONG(down, STATE, report_down.provider, 0, ERR_ProviderNotFound);
    WRONG(down, STATE, report_down.provider, p + 1, ERR_ProviderNotFound);
    WRONG(down, STATE, report_down.announced, 2, ERR_InvalidArgument);
    WRONG(down, STATE, report_down.start_s, 10000, ERR_InvalidArgument);
    (void)call_at(++now_s, STATE, down);
    no(STATE, down, ERR_InvalidArgument); /* it is down already */
    now_s = 300;
    WRONG(up, STATE, report_up.provider, 0, ERR_ProviderNotFound);
    WRONG(up, STATE, report_up.end_s, 99, ERR_InvalidArgument);
    WRONG(up, STATE, report_up.end_s, 10000, ERR_InvalidArgument);
    (void)call_at(++now_s, STATE, up);
    WRONG(down, STATE, report_down.start_s, 199, ERR_InvalidArgument); /* within the last one */

    now_s = 520;
    WRONG(halt, STATE, report_halt.start_s, 510, ERR_InvalidArgument);
    WRONG(halt, STATE, report_halt.end_s, 10000, ERR_InvalidArgument);
    printf("ok - outages and halts, each field wrong\n");
}

static void responses(void)
{
    (void)begin();
    struct tx t = CALL(REPORT_RESPONSES, report_responses, .first = 1);

    WRONG(t, STATE, report_responses.first, 0, ERR_InvalidArgument);
    WRONG(t, STATE, report_responses.count, 2, ERR_InvalidArgument); /* there is one */
    WRONG(t, STATE, report_responses.count, 1, ERR_InvalidArgument); /* the block has no data */
    WRONG(t, STATE, report_responses.offset, 1, ERR_InvalidArgument);
    printf("ok - responses of nobody and of nothing\n");
}

static void machines(void)
{
    (void)begin();
    struct tx t = CALL(PROPOSE, propose, .machine = cpus(8), .tokens = 3);

#define NO(field, value) WRONG(t, U2, propose.field, value, ERR_InvalidArgument)
    NO(tokens, 8); /* of three there are two */
    NO(auto_stake, 2);
    NO(machine.compliance, 8);
    NO(machine.gpu[1].model, GPU_MODELS + 1);
    NO(machine.gpu[1].model, 1); /* a line of none */
    NO(machine.gpu[1].count, 1); /* of no model */
    NO(machine.disk_nvme_gib, t.u.propose.machine.disk_gib + 1);
    NO(machine.region, (u16)(chain.state.regions + 1));
    NO(machine.cpu, RATING_UNITS_MAX + 1);
#undef NO
    no(P, t, ERR_ProviderExists);
    (void)call_at(++now_s, U2, t);

    struct tx less = CALL(UPDATE_MACHINE, update_machine, .machine = cpus(8));
    WRONG(less, P, update_machine.machine.cpu, 0, ERR_NoCapacity); /* a lease has one of each */
    WRONG(less, P, update_machine.machine.ram_gib, 0, ERR_NoCapacity);
    WRONG(less, P, update_machine.machine.disk_gib, 0, ERR_NoCapacity);
    WRONG(less, P, update_machine.machine.compliance, 8, ERR_InvalidArgument);
    no(U1, less, ERR_ProviderNotFound);
    (void)call_at(++now_s, P, less);
    printf("ok - a machine, each field wrong\n");
}

/* The order of the second, of which one field is not for this provider. */
static void bids(void)
{
    struct tx t = CALL(CREATE_ORDER, create_order, .wallet = 1, .token = SPON, .specs = core,
                       .replicas = 1, .max_price = SPONS(1), .duration_s = 60, .tier_worst = 7);
    struct tx orders[] = {t, t, t};
    u64 second = 200;

    (void)begin();
    put(Q, CALL(PROPOSE, propose, .machine = cpus(8), .tokens = 2)); /* USDX alone */
    put(Q, CALL(STAKE, stake, .amount = SPONS(501)));
    step(150);
    orders[1].u.create_order.tier_worst = 1;
    orders[2].u.create_order.specs = (struct specs){.gpus = 1};
    for (u32 i = 0; i < ARRAY_LEN(orders); i++, second += 100) {
        (void)call_at(second, U1, orders[i]);
        u64 id = state_meta(&chain.state)->next_order - 1;
        refused(second + 2, i == 0 ? Q : P,
                CALL(PLACE_BID, place_bid, .order = id, .price = SPONS(1)), ERR_NotEligible);
    }
    printf("ok - bids of who does not take the token, is of no such tier, or has no GPU\n");
}

static void decisions(void)
{
    (void)begin();
    struct tx t = CALL(SET_PARAM, set_param, .param = PARAM_cooldown_s, .value = 60);
    struct tx shrink = CALL(SHRINK, shrink, .token = USDX, .keep_bps = 9000);
    struct tx guilt =
        CALL(VERDICT, verdict, .provider = provider_of(P), .user = U1, .damage = SPONS(1));
    u32 fixed = 0;

    while (fixed < PARAM_KINDS && !params_fixed((enum param_id)fixed))
        fixed++;
    WRONG(t, STATE, set_param.param, PARAM_KINDS, ERR_InvalidArgument);
    WRONG(t, STATE, set_param.param, fixed, ERR_InvalidArgument);
    WRONG(t, STATE, set_param.value, U128_MAX, ERR_ParameterOutOfRange);
    WRONG(shrink, STATE, shrink.keep_bps, BPS_WHOLE + 1, ERR_InvalidArgument);
    WRONG(shrink, STATE, shrink.token, 9, ERR_TokenNotRegistered);
    WRONG(guilt, STATE, verdict.provider, 0, ERR_ProviderNotFound);
    WRONG(guilt, STATE, verdict.provider, 9, ERR_ProviderNotFound);
    WRONG(guilt, STATE, verdict.user, 0, ERR_UnknownAccount);
    WRONG(guilt, STATE, verdict.user, ACCOUNTS + 5, ERR_UnknownAccount);
    printf("ok - decisions, each field wrong\n");
}

int main(void)
{
    orders();
    updates();
    ends_and_extensions();
    outages_and_halts();
    responses();
    machines();
    bids();
    decisions();
    return EXIT_SUCCESS;
}
