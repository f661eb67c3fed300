/* The clock of a live node: blocks at exact seconds, how far it is moved and how far it is not, a
 * clock that is never behind the head, intervals, and the terms of blocks to come, which a revert
 * takes back and a crash does not. */
#include "tests/node.h"

#include <string.h>
#include <unistd.h>

static struct refusal why;

static struct node_block head(void)
{
    struct node_block b;

    EXPECT(node_block_at(node, node_head(node), &b));
    return b;
}

static u64 head_s(void)
{
    return head().timestamp_s;
}

static bool mine(void)
{
    return node_mine(node, 1, 0, &why);
}

static bool refused(bool done, int code, const char *words)
{
    if (done || why.code != code || strstr(why.message, words) == NULL)
        printf("# %d %s\n# wanted %d %s\n", done ? 0 : why.code, done ? "done" : why.message, code,
               words);
    return !done && why.code == code && strstr(why.message, words) != NULL;
}

static struct send pay(u32 from, u64 nonce)
{
    return (struct send){.from = from,
                         .call = {.kind = TX_KINDS},
                         .to = person(9),
                         .value = 1,
                         .nonce = nonce,
                         .type = ENVELOPE_FEE_MARKET};
}

static void exact_seconds(void)
{
    static const u64 steps[] = {1, 3, 7, 1001};

    net_open(NODE_INSTANT, NULL);
    clock_ms += 300;
    for (u32 i = 0; i < 4; i++) {
        u64 want = head_s() + steps[i];
        EXPECT(node_set_next_time(node, want, &why) && node_now_s(node) == want);
        EXPECT(mine() && head_s() == want && node_now_s(node) == want + 1);
    }
    u64 from = head_s(), blocks = node_head(node);
    EXPECT(node_mine(node, 3, 5, &why) && node_head(node) == blocks + 3 && head_s() == from + 15);
    EXPECT(node_mine_at(node, from + 100, 2, &why) && head_s() == from + 101);
    EXPECT(node_set_time(node, from + 500, &why) && mine() && head_s() == from + 500);
    clock_ms += 100000; /* and back to a second that the clock has passed */
    EXPECT(node_set_next_time(node, from + 502, &why) && mine() && head_s() == from + 502);
    clock_ms += 2000;
    EXPECT(mine() && head_s() == from + 504);
    net_close();
    printf("ok - seconds that are stated are exact, and time goes on from them\n");
}

static void grids(void)
{
    net_slot_ms = 2000;
    net_open(NODE_MANUAL, NULL);
    EXPECT(mine());
    u64 from = head_s();
    EXPECT(refused(node_set_next_time(node, from + 1, &why), -32602,
                   "first that a block can have is"));
    EXPECT(refused(node_set_next_time(node, from + 3, &why), -32602,
                   "is no slot's: a slot is 2000 ms here, the next one is at 1006"));
    EXPECT(node_now_s(node) == from + 2);
    EXPECT(node_set_next_time(node, from + 4, &why) && mine() && head_s() == from + 4);
    EXPECT(refused(node_set_mining(node, NODE_INTERVAL, 3000, &why), -32602,
                   "3 s are no whole number of slots: a slot is 2000 ms here"));
    EXPECT(node_mining_mode(node) == NODE_MANUAL);
    EXPECT(refused(node_mine(node, 2, 5, &why), -32602, "5 s are no whole number of slots"));
    EXPECT(refused(node_set_step(node, 5, &why), -32602, "5 s are no whole number of slots"));
    EXPECT(node_set_mining(node, NODE_INTERVAL, 4000, &why) && node_interval_ms(node) == 4000);
    net_close();
    net_slot_ms = 250;
    net_open(NODE_MANUAL, NULL);
    EXPECT(mine() && mine() && head().slot == 2);
    from = head_s();
    EXPECT(node_set_next_time(node, from, &why) && mine() && head().slot == 3 && head_s() == from);
    EXPECT(node_set_next_time(node, from + 5, &why) && mine());
    EXPECT(head_s() == from + 5 && head().slot == 20);
    net_close();
    net_slot_ms = 1000;
    printf("ok - on a coarser grid only its seconds, on a finer one all of them\n");
}

static void bounds(void)
{
    u64 far = NODE_HOP_ERAS * 86400, now;
    i64 total_s;

    net_open(NODE_MANUAL, NULL);
    EXPECT(mine());
    now = node_now_s(node);
    EXPECT(refused(node_increase_time(node, 1000000000000, &total_s, &why), -32602, "too far"));
    EXPECT(refused(node_increase_time(node, UINT64_MAX, &total_s, &why), -32602, "too far"));
    EXPECT(refused(node_set_time(node, UINT64_MAX, &why), -32602, "too far"));
    EXPECT(refused(node_set_time(node, head_s() - 1, &why), -32602, "before that of the head"));
    EXPECT(refused(node_set_next_time(node, UINT64_MAX, &why), -32602, "too far"));
    EXPECT(refused(node_set_next_time(node, head_s() + far + 1, &why), -32602, "3650 eras after"));
    EXPECT(refused(node_set_step(node, UINT64_MAX, &why), -32602, "too far"));
    EXPECT(refused(node_mine(node, 2, UINT64_MAX, &why), -32602, "too far"));
    EXPECT(refused(node_mine(node, 2, far, &why), -32602, "too far"));
    EXPECT(refused(node_mine(node, UINT64_MAX, 0, &why), -32602, "a call makes at most 250000"));
    EXPECT(refused(node_mine_at(node, now + 5, UINT64_MAX, &why), -32602, "at most 250000"));
    EXPECT(refused(node_set_mining(node, NODE_INTERVAL, UINT64_MAX, &why), -32602, "too far"));
    EXPECT(node_now_s(node) == now && node_head(node) == 1);
    EXPECT(node_increase_time(node, far - 1, &total_s, &why) && total_s == (i64)far);
    EXPECT(refused(node_increase_time(node, far, &total_s, &why), -32602, "make one and go on"));
    EXPECT(mine() && head_s() == 1000 + far && chain_era(node_chain(node)) == NODE_HOP_ERAS);
    net_close();
    printf("ok - so far and no further, and nothing changed\n");
}

static void the_end_of_time(void)
{
    u64 end = 1000 + (u64)NODE_YEARS_MAX * 365 * 86400;
    struct send s = pay(0, 0);

    net_open(NODE_INSTANT, NULL);
    while (head_s() + NODE_HOP_ERAS * 86400 < end)
        EXPECT(node_set_next_time(node, head_s() + NODE_HOP_ERAS * 86400, &why) && mine());
    EXPECT(refused(node_set_next_time(node, end + 1, &why), -32602, "100 years after genesis"));
    EXPECT(node_set_next_time(node, end - 10, &why) && mine() && node_set_step(node, 60, &why));
    EXPECT(node_set_mining(node, NODE_INTERVAL, 1000, &why));
    clock_ms += 5000;
    EXPECT(node_tick(node) == UINT64_MAX && head_s() == end - 10); /* nothing can come of it */
    EXPECT(node_end_step(node) && node_tick(node) == 1000 && head_s() == end - 5);
    EXPECT(node_set_mining(node, NODE_INSTANT, 0, &why));
    EXPECT(node_set_next_time(node, end, &why) && mine() && head_s() == end);
    EXPECT(!mine());
    refused_as(&s, -32000, "the chain's time is over: it ends 100 years after genesis");
    EXPECT(node_nonce(node, person(0), true) == 0);
    clock_ms += 365ull * 86400 * 1000;
    u64 blocks = node_head(node);
    (void)node_tick(node);
    EXPECT(node_set_mining(node, NODE_INTERVAL, 1000, &why));
    (void)node_tick(node);
    EXPECT(node_head(node) == blocks && node_instant(node).ns == SEC(end - 1000));
    net_close();
    printf("ok - the chain's time ends, and the node does not\n");
}

static void never_behind_the_head(void)
{
    i64 total_s;

    net_open(NODE_INTERVAL, NULL);
    EXPECT(node_set_mining(node, NODE_INTERVAL, 2000, &why));
    clock_ms += 2000;
    EXPECT(node_tick(node) == 2000 && node_head(node) == 1);
    u64 from = head_s();
    EXPECT(node_set_next_time(node, from + 3600, &why) && mine() && head_s() == from + 3600);
    EXPECT(node_tick(node) == 2000);
    clock_ms += 2000;
    EXPECT(node_tick(node) == 2000 && head_s() == from + 3602 && node_head(node) == 3);
    EXPECT(node_mine(node, 100, 0, &why) && head_s() == from + 3702);
    clock_ms += 2000;
    EXPECT(node_tick(node) == 2000 && head_s() == from + 3704);
    EXPECT(node_increase_time(node, 1000, &total_s, &why) && total_s == 3600 - 2 + 100 + 2 + 1000);
    EXPECT(node_set_next_time(node, head_s() + 2000, &why)); /* whoever makes the next one */
    (void)node_tick(node);
    EXPECT(head_s() == from + 5704);
    net_close();
    net_open(NODE_INSTANT, NULL); /* a burst */
    for (u64 i = 0; i < 50; i++) {
        struct send s = pay(0, i);
        EXPECT(tx_of(sent(&s)).mined);
    }
    from = head_s();
    EXPECT(from == 1050 && node_now_s(node) == from + 1);
    EXPECT(node_increase_time(node, 100, &total_s, &why) && mine() && head_s() == from + 100);
    net_close();
    printf("ok - the clock is never behind the head\n");
}

static void intervals_begin_when_set(void)
{
    net_open(NODE_MANUAL, NULL);
    clock_ms += 100000;
    EXPECT(node_set_mining(node, NODE_INTERVAL, 3000, &why) && node_interval_ms(node) == 3000);
    EXPECT(node_tick(node) == 3000 && node_head(node) == 0);
    clock_ms += 9000;
    EXPECT(node_tick(node) == 3000 && node_head(node) == 3 && head_s() == 1109);
    u64 id = node_snapshot(node);
    EXPECT(node_set_next_time(node, head_s() + 5000, &why) && mine());
    EXPECT(node_set_mining(node, NODE_INTERVAL, 2000, &why) && node_revert(node, id));
    clock_ms += 2000;
    EXPECT(node_tick(node) == 2000 && node_head(node) == 4 && head_s() == 1111);
    id = node_snapshot(node);
    clock_ms += 20000;
    EXPECT(node_tick(node) == 2000 && node_head(node) == 14);
    EXPECT(node_revert(node, id) && node_tick(node) == 2000 && node_head(node) == 4);
    clock_ms += 2000;
    EXPECT(node_tick(node) == 2000 && node_head(node) == 5 && head_s() == 1133);
    net_close();
    printf("ok - an interval begins when it is set\n");
}

static void steps(void)
{
    net_open(NODE_MANUAL, NULL);
    EXPECT(mine() && node_set_step(node, 60, &why));
    u64 from = head_s();
    clock_ms += 5000;
    EXPECT(mine() && head_s() == from + 60 && mine() && head_s() == from + 120);
    EXPECT(node_set_next_time(node, from + 200, &why) && mine() && head_s() == from + 200);
    EXPECT(node_mine(node, 3, 5, &why) && head_s() == from + 380);
    EXPECT(node_end_step(node) && !node_end_step(node) && mine() && head_s() == from + 381);
    EXPECT(node_set_step(node, 0, &why) && mine() && head_s() == from + 382);
    net_close();
    printf("ok - each block so much later than the one before\n");
}

static void what_waits_is_mined(void)
{
    struct send first = pay(0, 0), second = pay(0, 1), dear = pay(1, 0), gap = pay(2, 1);
    struct bytes32 hash[4];

    net_open(NODE_MANUAL, NULL);
    first.max_fee = second.max_fee = gap.max_fee = 10;
    second.gas = 60000; /* does not fit beside the first where the limit is 70,000 */
    dear.max_fee = 5;
    hash[0] = sent(&first);
    hash[1] = sent(&second);
    hash[2] = sent(&dear);
    hash[3] = sent(&gap);
    node_set_base_fee(node, AMOUNT(7));
    EXPECT(node_set_gas_limit(node, 30000, &why) && node_gas_limit(node) == 30000);
    EXPECT(node_set_mining(node, NODE_INSTANT, 0, &why));
    EXPECT(node_head(node) == 1 && head().gas_limit == 30000 && head().base_fee.wei == 7);
    EXPECT(tx_of(hash[0]).block == 1 && !tx_of(hash[1]).mined && !tx_of(hash[2]).mined);
    EXPECT(node_set_mining(node, NODE_INSTANT, 0, &why) && node_head(node) == 1);
    node_set_base_fee(node, AMOUNT(5));
    EXPECT(node_set_gas_limit(node, 100000, &why));
    EXPECT(node_set_mining(node, NODE_INSTANT, 0, &why));
    EXPECT(tx_of(hash[1]).mined && tx_of(hash[2]).mined && !tx_of(hash[3]).mined);
    EXPECT(refused(node_set_gas_limit(node, 20999, &why), -32602, "a block's gas limit of 20999"));
    EXPECT(refused(node_set_gas_limit(node, UINT64_MAX, &why), -32602, "block_gas_limit"));
    EXPECT(node_gas_limit(node) == 100000);
    first = pay(3, 0);
    first.gas = 100001;
    refused_as(&first, -32000, "exceeds block gas limit");
    net_close();
    printf("ok - automine takes what waits, on the terms of the block\n");
}

static void terms_go_back(void)
{
    struct bytes32 randao = {{7}};
    u64 own, from;

    net_open(NODE_MANUAL, NULL);
    EXPECT(mine());
    from = head_s();
    own = node_gas_limit(node);
    node_set_base_fee(node, AMOUNT(3));
    u64 id = node_snapshot(node);
    EXPECT(node_set_next_time(node, from + 5000, &why) && node_set_step(node, 9, &why));
    EXPECT(node_set_gas_limit(node, 50000, &why));
    node_set_base_fee(node, AMOUNT(1000));
    node_set_prev_randao(node, &randao);
    EXPECT(node_revert(node, id) && mine());
    EXPECT(head_s() == from + 1 && head().base_fee.wei == 3 && head().gas_limit == own);
    EXPECT(bytes32_is_zero(head().prev_randao));
    node_set_prev_randao(node, &randao);
    EXPECT(mine() && head().prev_randao.byte[0] == 7 && mine());
    EXPECT(bytes32_is_zero(head().prev_randao));
    struct node_block b;
    EXPECT(node_block_at(node, 3, &b) && b.prev_randao.byte[0] == 7);
    net_close();
    printf("ok - a revert takes back what was set for blocks to come\n");
}

static void outlives_a_crash(void)
{
    char path[] = "/dev/shm/orrery-clock-XXXXXX", error[256];
    struct bytes32 randao = {{7}};
    int file = mkstemp(path);
    i64 total_s;

    EXPECT(file >= 0 && close(file) == 0 && unlink(path) == 0);
    net_open(NODE_INSTANT, path);
    EXPECT(mine() && node_increase_time(node, 5000, &total_s, &why) && mine());
    u64 from = head_s();
    EXPECT(node_set_next_time(node, from + 77, &why) && node_set_step(node, 8, &why));
    EXPECT(node_set_gas_limit(node, 50000, &why));
    EXPECT(node_set_mining(node, NODE_INTERVAL, 4000, &why));
    EXPECT(node_impersonate(node, person(3), true, &why));
    EXPECT(node_impersonate(node, person(4), true, &why));
    EXPECT(node_impersonate(node, person(3), false, &why));
    node_set_base_fee(node, AMOUNT(9));
    node_set_prev_randao(node, &randao);
    node_set_logging(node, false);
    EXPECT(node_sync(node, &why));
    node_set_base_fee(node, AMOUNT(10)); /* nobody was told of it */
    net_close();
    clock_ms += 3000;
    net_open(NODE_INSTANT, path);
    EXPECT(node_now_s(node) == from + 77 && node_interval_ms(node) == 4000 && !node_logging(node));
    EXPECT(node_base_fee(node).wei == 9 && node_gas_limit(node) == 50000);
    struct node_ask ask = {.from = person(4),
                           .to = person(5),
                           .has_gas = true,
                           .gas = 21000,
                           .max_fee = AMOUNT(9),
                           .has_max_fee = true};
    struct bytes32 hash;
    EXPECT(node_send_as(node, &ask, &hash, &why));
    ask.from = person(3);
    EXPECT(refused(node_send_as(node, &ask, &hash, &why), -32000, "unknown account"));
    EXPECT(mine() && head_s() == from + 77 && head().prev_randao.byte[0] == 7);
    EXPECT(mine() && head_s() == from + 85 && node_end_step(node));
    node_impersonate_all(node, true);
    EXPECT(node_sync(node, &why));
    net_close();
    clock_ms += 1000;
    net_open(NODE_INSTANT, path);
    EXPECT(node_send_as(node, &ask, &hash, &why));
    EXPECT(mine() && head_s() == from + 86); /* time went on while it was closed */
    net_close();

    struct store *store = store_open(path, error);
    EXPECT(store != NULL && store_put_note(store, "settings", SLICE((const u8 *)"nonsense", 8)));
    EXPECT(store_sync(store));
    store_close(store);
    EXPECT(!net_try_open(NODE_INSTANT, path, error));
    EXPECT(strcmp(error, "the state file's note of the settings is damaged or not there") == 0);
    unlink(path);
    printf("ok - what was acknowledged is as it was after a crash\n");
}

/* Its hours would be years of the world's. */
static void a_faster_clock_goes_on(void)
{
    char path[] = "/dev/shm/orrery-clock-XXXXXX";
    int file = mkstemp(path);
    i64 total_s;

    EXPECT(file >= 0 && close(file) == 0 && unlink(path) == 0);
    net_speed = 100;
    clock_ms = 0;
    net_open(NODE_MANUAL, path);
    clock_ms += 50000;
    EXPECT(mine() && head_s() == 1050);
    EXPECT(node_increase_time(node, 600, &total_s, &why) && node_sync(node, &why));
    net_close();
    clock_ms += 86400000;
    net_open(NODE_MANUAL, path);
    EXPECT(node_now_s(node) == 1650);
    clock_ms += 7000;
    EXPECT(mine() && head_s() == 1657);
    net_close();
    net_speed = 1;
    unlink(path);
    printf("ok - a clock that is faster than time goes on from where it was\n");
}

int main(void)
{
    net_open(NODE_INSTANT, NULL); /* makes what signs */
    net_close();
    exact_seconds();
    grids();
    bounds();
    the_end_of_time();
    never_behind_the_head();
    intervals_begin_when_set();
    steps();
    what_waits_is_mined();
    terms_go_back();
    outlives_a_crash();
    a_faster_clock_goes_on();
    return EXIT_SUCCESS;
}
