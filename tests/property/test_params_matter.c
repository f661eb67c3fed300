/* No parameter is dead: for each row of params.def a small network that runs with another value
 * tells another story, and goes on soundly
 * where the row is changed in the midst.  What is compared are the logs and the answers to every
 * call, never the state hash, in which the parameters themselves are.
 *
 * There are two networks: of some thirty eras in which a provider climbs all tiers while others
 * fail, go down, leave, are struck; and of 53 long eras in which only time passes.
 */
#include "tests/chain.h"

#include "chain-mock/watch/watch.h"
#include "protocol/hash.h"
#include "protocol/invariants/invariant.h"
#include "protocol/outage.h"
#include "protocol/rating.h"

#include <string.h>

#define QUEUE 64u
#define ERAS 34u
#define BEFORE_END_S 30u

static const char *const names[PARAM_KINDS] = {
#define PARAM(type, name, unit, def, min, max, source, doc) #name,
#include "protocol/params.def"
#undef PARAM
};

static const u128 least[PARAM_KINDS] = {
#define PARAM(type, name, unit, def, min, max, source, doc) min,
#include "protocol/params.def"
#undef PARAM
};

static const u128 most[PARAM_KINDS] = {
#define PARAM(type, name, unit, def, min, max, source, doc) max,
#include "protocol/params.def"
#undef PARAM
};

/* ---- a network that goes on whatever is refused ---- */

static struct block_tx queue[QUEUE];
static u32 queued;
static u64 story; /* hash of all that was told and answered */
static u32 words[ACCOUNTS];
static u64 last_order, last_lease; /* of the logs */
static u32 told_kinds[LOG_KINDS];

static void tell(const struct log *l)
{
    u8 bytes[LOG_BYTES_MAX];
    struct writer w = {bytes, sizeof(bytes)};

    log_encode(&w, l);
    story = hash_bytes(story, bytes, sizeof(bytes) - w.left);
    told_kinds[l->kind]++;
    if (l->kind == LOG_OrderCreated)
        last_order = l->u.order_created.order;
    else if (l->kind == LOG_LeaseCreated)
        last_lease = l->u.lease_created.lease;
}

/* A block of the first `calls` that wait; the others, and what does not fit its gas, go on waiting
 * in order. */
static void block_of(u64 slot, u32 calls)
{
    struct block b = {
        .slot = slot, .count = calls, .txs = queue, .data = words, .data_count = ARRAY_LEN(words)};
    u32 n, taken = chain_step(&chain, &b);
    const struct log *logs = chain_logs(&chain, &n);

    EXPECT(chain_full(&chain) == NULL);
    story = hash_mix(story, slot);
    for (u32 i = 0; i < taken; i++)
        story = hash_mix(story, (u64)queue[i].err << 32 | queue[i].gas);
    for (u32 i = 0; i < n; i++)
        tell(&logs[i]);
    queued -= taken;
    memmove(queue, queue + taken, queued * sizeof(queue[0]));
}

static void block_at(u64 slot)
{
    block_of(slot, queued);
}

static u64 slot_now(void)
{
    return state_meta(&chain.state)->slot;
}

/* All blocks that are due before the first one at this second. */
static u64 due_before(u64 second)
{
    u64 slot = slot_at_second(chain_params(&chain), second);

    for (u64 due = chain_due_slot(&chain); due < slot; due = chain_due_slot(&chain))
        block_of(due, 0);
    return slot > slot_now() ? slot : slot_now() + 1;
}

static void ask(u32 from, struct tx tx)
{
    u64 nonce = chain_account_nonce(&chain, from);

    EXPECT(queued < QUEUE);
    for (u32 i = 0; i < queued; i++)
        nonce += queue[i].from == from;
    queue[queued++] = (struct block_tx){.from = from, .nonce = nonce, .tx = tx};
}

/* The calls asked for, from the first block at this second on. */
static void answer(u64 second)
{
    u64 slot = due_before(second);

    do
        block_at(slot++);
    while (queued > 0);
}

static void begin(const struct params *p)
{
    chain_begin(p);
    queued = 0;
    last_order = last_lease = 0;
    story = HASH_START;
    chain.state.trace_scores = true;
    chain.state.trace_moves = true;
    token_open(&chain.state, USDX + 1)->transfer_fee_bps = 1;
    state_commit(&chain.state);
    for (u32 i = 0; i < ARRAY_LEN(words); i++)
        words[i] = 40000;
}

/* ---- the first network ---- */

/* The first model of a tier. */
static u16 model_of(enum gpu_tier t)
{
    for (u32 m = 0; m < GPU_MODELS; m++) {
        if (gpu_tier((enum gpu_model)m) == t)
            return (u16)(m + 1);
    }
    EXPECT(false);
    return 0;
}

static void put_gpus(struct machine *m, u32 from, u32 n)
{
    for (u32 i = 0; i < n; i++)
        m->gpu[i] = (struct gpu_line){model_of((enum gpu_tier)(from + i)), 4};
}

/* One machine of each class that there is, and GPUs of all ten tiers. */
static void propose_all(void)
{
    struct machine hpc = {.cpu = 64,
                          .ram_gib = 512,
                          .disk_gib = 4000,
                          .disk_nvme_gib = 2400,
                          .compute_score = 60000,
                          .up_mbps = 9000,
                          .down_mbps = 9000,
                          .region = 1,
                          .compliance = COMPLIANCE_SOC2};
    struct machine gp = {.cpu = 64,
                         .ram_gib = 256,
                         .disk_gib = 2000,
                         .compute_score = 30000,
                         .up_mbps = 450,
                         .down_mbps = 9000,
                         .region = 2};
    struct machine basic = {.cpu = 32,
                            .ram_gib = 128,
                            .disk_gib = 2000,
                            .compute_score = 10000,
                            .up_mbps = 9000,
                            .down_mbps = 450,
                            .region = 1};
    struct machine slow = {.cpu = 16,
                           .ram_gib = 64,
                           .disk_gib = 500,
                           .compute_score = 25000,
                           .up_mbps = 80,
                           .down_mbps = 9000,
                           .region = 1};
    struct machine slower = slow;
    put_gpus(&hpc, 0, 4);
    put_gpus(&gp, 4, 4);
    put_gpus(&basic, 8, 2);
    slower.up_mbps = 9000;
    slower.down_mbps = 120;
    ask(P, CALL(PROPOSE, propose, .machine = hpc, .tokens = 3));
    ask(Q, CALL(PROPOSE, propose, .machine = gp, .tokens = 3));
    ask(R, CALL(PROPOSE, propose, .machine = basic, .tokens = 3, .auto_stake = 1));
    ask(U2, CALL(PROPOSE, propose, .machine = slow, .tokens = 3));
    ask(U3, CALL(PROPOSE, propose, .machine = slower, .tokens = 3));
    for (u32 id = 1; id <= 5; id++)
        ask(STATE, CALL(APPROVE, approve, .provider = id)); /* refused where it was at once */
    answer(5);
    ask(P, CALL(STAKE, stake, .amount = SPONS(501)));
    ask(Q, CALL(STAKE, stake, .amount = SPONS(2000)));
    ask(R, CALL(STAKE, stake, .amount = SPONS(600)));
    ask(U2, CALL(STAKE, stake, .amount = SPONS(400)));
    ask(U3, CALL(STAKE, stake, .amount = SPONS(300)));
    ask(STATE, CALL(PUBLISH_AUDIT, publish_audit, .provider = 1));
    answer(6);
    ask(U1, CALL(CREATE_WALLET, create_wallet, .reserved = 0));
    ask(U1, CALL(DEPOSIT, deposit, .wallet = 1, .token = USDX, .amount = USDXS(1000)));
    ask(U1, CALL(DEPOSIT, deposit, .wallet = 1, .token = SPON, .amount = SPONS(1000)));
    answer(7);
}

static const struct specs small = {.cpu = 1, .ram_gib = 1, .disk_gib = 1};

static void order(u64 second, u32 token, struct amount most_paid, u64 duration_s,
                  struct specs specs)
{
    ask(U1,
        CALL(CREATE_ORDER, create_order, .wallet = 1, .token = token, .specs = specs, .replicas = 1,
             .max_price = most_paid, .duration_s = duration_s, .tier_worst = TIER_LOWEST));
    answer(second);
}

static void bid(u32 provider, u128 price)
{
    ask(provider, CALL(PLACE_BID, place_bid, .order = last_order, .price = AMOUNT(price)));
}

static void confirm(u64 second, u32 provider)
{
    (void)due_before(second);
    ask(provider, CALL(CONFIRM, confirm, .lease = last_lease));
    answer(second);
}

/* The provider's session ends and begins again; the detector says what is counted. */
static void outage(u32 provider, u64 from_s, u64 to_s)
{
    const struct params *p = chain_params(&chain);
    struct outage_sight seen = outage_detect(p, 17 % p->heartbeat_s, (struct instant){SEC(from_s)},
                                             (struct instant){SEC(to_s)});

    if (!seen.seen)
        return;
    ask(STATE,
        CALL(REPORT_DOWN, report_down, .provider = provider, .start_s = seen.counted.from_s));
    answer(seen.known_s + 1);
    ask(STATE, CALL(REPORT_UP, report_up, .provider = provider, .end_s = seen.counted.to_s));
    answer(seen.counted.to_s + 1);
}

/* Four bid, and the winner never confirms. */
static void contest(u64 second)
{
    order(second, USDX, USDXS(2), 3000, (struct specs){.cpu = 2, .ram_gib = 4, .disk_gib = 10});
    bid(Q, 1000000);
    bid(R, 1100000);
    bid(U2, 1200000);
    bid(U3, 1300000);
    answer(second + 1);
}

/* Every era: an hour's lease of the first provider, rated best; at its end what the hearts beat. */
static void every_era(u64 start_s)
{
    order(start_s + 100, USDX, USDXS(2), 3600, small);
    bid(P, 1000001);
    answer(start_s + 101);
    confirm(start_s + 120, P);
    (void)due_before(start_s + 5000);
    ask(U1, CALL(RATE, rate, .lease = last_lease, .tenths = 50));
    answer(start_s + 5000);
}

static void gpu_lease(u64 second)
{
    order(second, SPON, SPONS(5), 3600,
          (struct specs){.cpu = 4,
                         .ram_gib = 8,
                         .disk_gib = 10,
                         .gpu_model = model_of(GPU_TIER_medium_2),
                         .gpus = 2});
    bid(Q, WEI_E18(4));
    answer(second + 1);
    confirm(second + 20, Q);
}

/* An outage that is heard of when the lease in it has ended. */
static void late_record(u32 provider, u64 second)
{
    ask(STATE, CALL(REPORT_DOWN, report_down, .provider = provider, .start_s = second - 5000));
    answer(second);
    ask(STATE, CALL(REPORT_UP, report_up, .provider = provider, .end_s = second - 400));
    answer(second + 1);
}

/* A lease that is updated, then half an outage of its provider, part of it in a halt. */
static void long_lease(u64 start_s)
{
    order(start_s + 20000, SPON, SPONS(5), 36000, small);
    bid(R, WEI_E18(4));
    answer(start_s + 20001);
    confirm(start_s + 20020, R);
    ask(U1, CALL(REQUEST_UPDATE, request_update, .lease = last_lease, .specs = small, .replicas = 2,
                 .max_price = SPONS(6)));
    answer(start_s + 21000);
    u64 asked = slot_now();
    ask(R, CALL(ACCEPT_UPDATE, accept_update, .lease = last_lease, .price = SPONS(5)));
    block_at(asked + 2);
    ask(STATE,
        CALL(REPORT_HALT, report_halt, .start_s = start_s + 40000, .end_s = start_s + 43000));
    answer(start_s + 43000);
    outage(3, start_s + 43100, start_s + 50000);
}

/* Nobody makes blocks while an order waits for its match. */
static void missed_match(u64 second)
{
    order(second, USDX, USDXS(2), 3000, small);
    bid(P, 1000000);
    answer(second + 1);
    block_at(slot_at_second(chain_params(&chain), second + 200));
}

/* One call of everything else that is told. */
static void the_rest(u64 start_s)
{
    struct machine other = {.cpu = 32, .region = 1};

    order(start_s + 10000, SPON, SPONS(5), 600, small);
    ask(U1, CALL(CANCEL_ORDER, cancel_order, .order = last_order));
    ask(STATE, CALL(SET_TOKEN, set_token, .token = SPON, .enabled = 0));
    ask(STATE, CALL(SET_PRICE, set_price, .token = SPON, .usd_e8 = 7000000));
    ask(STATE, CALL(SHRINK, shrink, .token = USDX, .keep_bps = 9999));
    ask(U2, CALL(UPDATE_MACHINE, update_machine, .machine = other));
    ask(U2, CALL(SET_AUTO_STAKE, set_auto_stake, .on = 1));
    ask(R, CALL(CLAIM_EARNINGS, claim_earnings, .token = SPON));
    ask(P, CALL(CLAIM_REWARDS, claim_rewards, .reserved = 0));
    ask(FOUNDATION, CALL(CLAIM_FEES, claim_fees, .token = USDX));
    ask(U1, CALL(WITHDRAW, withdraw, .wallet = 1, .token = USDX, .amount = USDXS(1)));
    answer(start_s + 10001);
    order(start_s + 20000, USDX, USDXS(2), 7200, small);
    bid(P, 1000000);
    answer(start_s + 20001);
    confirm(start_s + 20020, P);
    ask(U1, CALL(APPROVE_TOKEN, approve_token, .spender = U2, .token = USDX, .amount = USDXS(1)));
    ask(U1, CALL(TRANSFER, transfer, .to = U2, .token = USDX, .amount = USDXS(1)));
    ask(U1, CALL(EXTEND, extend, .lease = last_lease, .seconds = 60));
    ask(U1, CALL(CREATE_WALLET, create_wallet, .reserved = 0));
    ask(U1, CALL(TRANSFER_WALLET, transfer_wallet, .wallet = 2, .to = U2));
    ask(STATE, CALL(SET_PARAM, set_param, .param = PARAM_bonus_amount, .value = WEI_E18(11)));
    answer(start_s + 20030);
}

static void era_of_its_own(u32 e, u64 start_s)
{
    if (e == 1) {
        contest(start_s + 10000);
        gpu_lease(start_s + 20000);
        late_record(2, start_s + 24500);
    } else if (e == 2) {
        outage(2, start_s + 30000, start_s + 37200);
    } else if (e == 3) {
        ask(U1, CALL(DEPOSIT, deposit, .wallet = 1, .token = USDX, .amount = USDXS(5)));
        answer(start_s + 6000);
        long_lease(start_s);
        missed_match(start_s + 60000);
    } else if (e == 4) {
        contest(start_s + 10000);
    } else if (e == 5) {
        ask(U2, CALL(UNSTAKE, unstake, .amount = SPONS(50)));
        answer(start_s + 10000);
    } else if (e == 6) {
        ask(STATE, CALL(VERDICT, verdict, .provider = 5, .user = U1, .damage = SPONS(100)));
        answer(start_s + 10000);
    } else if (e == 7) {
        the_rest(start_s);
    }
}

/* What governance changes in the third era, in this run. */
static struct tx_set_param change = {.param = PARAM_KINDS};

static u64 live(const struct params *p)
{
    begin(p);
    story_grant(Q, 5);
    story_grant(R, 3);
    words[1] = 0; /* the second provider answers no heart beat */
    propose_all();
    for (u32 e = 0; e < ERAS; e++) {
        u64 start_s = (u64)e * DAY_S;
        if (e == 2 && change.param != PARAM_KINDS)
            ask(STATE, (struct tx){.kind = TX_SET_PARAM, .u.set_param = change});
        every_era(start_s);
        era_of_its_own(e, start_s);
        (void)due_before(start_s + DAY_S - BEFORE_END_S);
        ask(STATE, CALL(REPORT_RESPONSES, report_responses, .first = 1, .count = 5));
        answer(start_s + DAY_S - BEFORE_END_S);
    }
    return story;
}

static struct params of_life(void)
{
    struct params p = story_params();

    p.bonus_amount = SPONS(10);
    p.bonus_lease_hours = 1;
    p.feedback_enabled = 1;
    return p;
}

/* ---- the second network ---- */

static u64 outlast_a_year(const struct params *p)
{
    begin(p);
    ask(P, CALL(PROPOSE, propose, .machine = {.cpu = 8}));
    ask(P, CALL(STAKE, stake, .amount = SPONS(501)));
    answer(1);
    (void)due_before(54u * 604800u);
    return story;
}

static struct params of_a_year(void)
{
    struct params p = story_params();

    p.era_seconds = 604800;
    p.tier7_zero = 0;
    return p;
}

/* ---- the sentence ---- */

static const struct network {
    struct params (*params)(void);
    u64 (*run)(const struct params *p);
} networks[] = {{of_life, live}, {of_a_year, outlast_a_year}};

/* The network goes on soundly when a row is changed to its least or most while it runs. */
static void change_in_life(enum param_id id)
{
    const u128 values[] = {most[id], least[id]};
    struct params p = of_life();

    for (u32 i = 0; i < ARRAY_LEN(values); i++) {
        change = (struct tx_set_param){.param = id, .value = values[i]};
        live(&p);
        watch_all(&chain.state);
        const struct violation *v = &chain.state.tally->first;
        if (v->found)
            printf("not ok - %s of %s %llu after a change of %s\n", invariant_rows[v->id].id,
                   v->subject, (unsigned long long)v->subject_id, names[id]);
        EXPECT(!v->found);
        EXPECT(state_hash_full(&chain.state) == chain_hash(&chain));
    }
    change.param = PARAM_KINDS;
}

/* Whether the network tells another story at the least or the most of a row. */
static bool matters(const struct network *n, u64 as_it_is, enum param_id id)
{
    const u128 values[] = {most[id], least[id]};

    for (u32 i = 0; i < ARRAY_LEN(values); i++) {
        struct params p = n->params();
        if (values[i] != params_get(&p, id) && params_set(&p, id, values[i]) &&
            n->run(&p) != as_it_is)
            return true;
    }
    return false;
}

/* settled and log.def: what is told nowhere is no log. */
static void every_log(void)
{
    struct params p = of_life();

    memset(told_kinds, 0, sizeof(told_kinds));
    live(&p);
    for (u32 kind = 0; kind < LOG_KINDS; kind++) {
        if (told_kinds[kind] == 0)
            printf("not ok - %s is never told\n", log_names[kind]);
        EXPECT(told_kinds[kind] > 0);
    }
    printf("ok - every kind of log is told\n");
}

int main(void)
{
    u64 as_it_is[ARRAY_LEN(networks)];
    u32 dead = 0;

    for (u32 n = 0; n < ARRAY_LEN(networks); n++) {
        struct params p = networks[n].params();
        as_it_is[n] = networks[n].run(&p);
        EXPECT(networks[n].run(&p) == as_it_is[n]);
    }
    for (enum param_id id = 0; id < PARAM_KINDS; id++) {
        u32 n = 0;
        while (n < ARRAY_LEN(networks) && !matters(&networks[n], as_it_is[n], id))
            n++;
        if (n == ARRAY_LEN(networks)) {
            printf("not ok - %s changes nothing\n", names[id]);
            dead++;
        }
    }
    EXPECT(dead == 0);
    every_log();
    for (enum param_id id = 0; id < PARAM_KINDS; id++)
        change_in_life(id);
    printf("ok - any parameter may be changed while the network runs\n");
    printf("ok - each of %u parameters is obeyed\n", (u32)PARAM_KINDS);
    return 0;
}
