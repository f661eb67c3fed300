/* A live node: what it takes and refuses, in whose order, and what comes of it in blocks; time,
 * snapshots, and a store that is closed and opened again. */
#include "tests/node.h"

#include <string.h>
#include <unistd.h>

static const struct tx plain = {.kind = TX_KINDS};

static struct send pay(u32 from, u32 to, u64 value, u64 nonce)
{
    return (struct send){
        .from = from, .call = plain, .to = person(to), .value = value, .nonce = nonce, .type = 2};
}

static u128 coins(u32 i)
{
    return node_balance(node, person(i)).wei;
}

static struct send call(u32 from, struct tx tx, u64 nonce)
{
    return (struct send){.from = from, .call = tx, .nonce = nonce, .type = 2};
}

static const struct tx deposit = {.kind = TX_DEPOSIT,
                                  .u.deposit = {.token = 1, .amount = {25000000}}};

static void each_transaction_a_block(void)
{
    struct send s = pay(0, 1, 5, 0);
    u128 before;

    net_open(NODE_INSTANT, NULL);
    before = coins(1);
    struct node_tx tx = tx_of(sent(&s));
    EXPECT(tx.mined && tx.block == 1 && tx.index == 0 && tx.err == ERR_None);
    EXPECT(tx.gas_used == 21000 && tx.cumulative_gas == 21000 && tx.logs == 0);
    EXPECT(coins(1) == before + 5 && node_head(node) == 1 &&
           node_nonce(node, person(0), false) == 1);
    s = call(0, deposit, 1);
    tx = tx_of(sent(&s));
    EXPECT(tx.err == ERR_None && tx.block == 2 && tx.logs > 0);
    s = call(0, (struct tx){.kind = TX_CLAIM_REWARDS}, 2);
    tx = tx_of(sent(&s)); /* reverts, and is mined */
    EXPECT(tx.mined && tx.err == ERR_ProviderNotFound && tx.logs == 0 && tx.block == 3);
    net_close();
    printf("ok - each transaction a block; what reverts is mined too\n");
}

static void three_kinds_of_envelopes(void)
{
    struct send s;

    net_open(NODE_INSTANT, NULL);
    node_set_base_fee(node, AMOUNT(7));
    s = pay(0, 1, 1, 0);
    s.type = ENVELOPE_LEGACY;
    s.gas_price = 9;
    EXPECT(tx_of(sent(&s)).gas_price.wei == 9);
    s = pay(0, 1, 1, 1);
    s.type = ENVELOPE_ACCESS_LIST;
    s.gas_price = 7;
    EXPECT(tx_of(sent(&s)).gas_price.wei == 7);
    s = pay(0, 1, 1, 2);
    s.max_fee = 20;
    s.tip = 2;
    EXPECT(tx_of(sent(&s)).gas_price.wei == 9); /* base and tip */
    s = pay(0, 1, 1, 3);
    s.max_fee = 8;
    s.tip = 2;
    EXPECT(tx_of(sent(&s)).gas_price.wei == 8); /* at most the cap */
    EXPECT(coins(0) == WEI_E18(1000) - 4 - 21000 * (9 + 7 + 9 + 8));
    net_close();
    printf("ok - legacy, 2930 and 1559, and what each pays\n");
}

static void refusals_in_geths_words(void)
{
    struct send s = pay(0, 1, 1, 0);

    net_open(NODE_INSTANT, NULL);
    sent(&s);
    refused_as(&s, -32000, "nonce too low: address 0x"); /* it is mined */
    s = pay(0, 2, 1, 2);
    sent(&s); /* waits for the one before it */
    refused_as(&s, -32000, "already known");
    s = pay(0, 2, 1, 0);
    refused_as(&s, -32000, "nonce too low: address 0x");
    s = pay(0, 1, 1, 1);
    s.chain_id = 999;
    refused_as(&s, -32000, "invalid chain id for signer: have 999 want 31337");
    s = pay(0, 1, 1, 1);
    s.gas = 20999;
    refused_as(&s, -32000, "intrinsic gas too low: gas 20999, minimum needed 21000");
    s.gas = chain_params(node_chain(node))->block_gas_limit + 1;
    refused_as(&s, -32000, "exceeds block gas limit");
    s = pay(0, 1, 1, 1);
    s.tip = 2;
    s.max_fee = 1;
    refused_as(&s, -32000, "max priority fee per gas higher than max fee per gas: address 0x");
    node_set_base_fee(node, AMOUNT(100));
    s = pay(0, 1, 1, 1);
    s.max_fee = 99;
    refused_as(&s, -32000, "max fee per gas less than block base fee: address 0x");
    node_set_base_fee(node, AMOUNT(0));
    s = pay(0, 1, 1, 1);
    s.max_fee = UINT64_MAX;
    refused_as(&s, -32000, "insufficient funds for gas * price + value: address 0x");
    EXPECT(node_head(node) == 1 && node_nonce(node, person(0), true) == 1);
    net_close();
    printf("ok - refusals in the words that clients look for, and nothing changed\n");
}

static void gaps_wait_and_fees_replace(void)
{
    struct send third = pay(0, 1, 3, 2), second = pay(0, 1, 2, 1), first = pay(0, 1, 1, 0);
    struct bytes32 hash;

    net_open(NODE_INSTANT, NULL);
    third.max_fee = third.tip = 100;
    hash = sent(&third);
    EXPECT(!tx_of(hash).mined && node_nonce(node, person(0), true) == 0);
    struct send dearer = third;
    dearer.value = 4;
    dearer.max_fee = dearer.tip = 109;
    refused_as(&dearer, -32000, "replacement transaction underpriced");
    dearer.max_fee = dearer.tip = 110;
    struct bytes32 better = sent(&dearer);
    struct node_tx tx;
    EXPECT(!node_tx_of(node, &hash, &tx) && !tx_of(better).mined);
    struct bytes32 middle = sent(&second);
    EXPECT(!tx_of(middle).mined);
    sent(&first);
    EXPECT(tx_of(middle).mined && tx_of(better).mined &&
           tx_of(better).block == tx_of(middle).block);
    EXPECT(tx_of(middle).index == 1 && tx_of(better).index == 2 &&
           node_nonce(node, person(0), false) == 3);
    net_close();
    printf("ok - gaps wait, a tenth more replaces, and all go when the gap is filled\n");
}

static void blocks_when_asked(void)
{
    struct refusal why;
    struct node_block b, c;

    net_open(NODE_MANUAL, NULL);
    for (u32 i = 0; i < 5; i++) {
        struct send s = pay(i % 2, 9, 1, i / 2);
        sent(&s);
    }
    EXPECT(node_head(node) == 0 && node_nonce(node, person(0), true) == 3);
    EXPECT(node_tick(node) == UINT64_MAX);
    EXPECT(node_mine(node, 1, 0, &why) && node_block_at(node, 1, &b) && b.txs == 5);
    EXPECT(b.gas_used == 5 * 21000);
    EXPECT(node_mine(node, 3, 60, &why) && node_head(node) == 4);
    EXPECT(node_block_at(node, 3, &b) && node_block_at(node, 4, &c));
    EXPECT(c.timestamp_s == b.timestamp_s + 60 && memcmp(&c.parent, &b.hash, 32) == 0);
    EXPECT(node_block_of(node, &b.hash, &c) && c.number == 3);
    EXPECT(!node_block_at(node, 5, &c));
    net_close();
    printf("ok - blocks when asked for, so far apart as asked\n");
}

static void a_clock_that_obeys(void)
{
    struct refusal why;
    struct node_block b;
    i64 total_s;

    net_open(NODE_MANUAL, NULL);
    clock_ms += 10000;
    EXPECT(node_mine(node, 1, 0, &why) && node_block_at(node, 1, &b));
    EXPECT(b.timestamp_s == clock_ms / 1000 && b.slot == 10);
    EXPECT(node_increase_time(node, 3600, &total_s, &why) && total_s == 3600);
    EXPECT(node_mine(node, 1, 0, &why) && node_block_at(node, 2, &b));
    EXPECT(b.timestamp_s == clock_ms / 1000 + 3600);
    EXPECT(!node_set_next_time(node, b.timestamp_s, &why));
    EXPECT(node_set_next_time(node, b.timestamp_s + 77, &why));
    EXPECT(node_now_s(node) == b.timestamp_s + 77);
    u64 want = b.timestamp_s + 77;
    EXPECT(node_mine(node, 1, 0, &why) && node_block_at(node, 3, &b) && b.timestamp_s == want);
    net_close();
    printf("ok - time is increased and set\n");
}

static void intervals_are_blocks(void)
{
    struct refusal why;

    net_open(NODE_INTERVAL, NULL);
    EXPECT(node_set_mining(node, NODE_INTERVAL, 2000, &why));
    EXPECT(node_tick(node) == 2000);
    clock_ms += 2000;
    struct send s = pay(0, 1, 1, 0);
    struct bytes32 hash = sent(&s);
    EXPECT(!tx_of(hash).mined);
    EXPECT(node_tick(node) == 2000 && node_head(node) == 1 && tx_of(hash).mined);
    clock_ms += 6500;
    EXPECT(node_tick(node) == 1500 && node_head(node) == 4);
    net_close();
    printf("ok - a block each interval, empty or not\n");
}

static void what_is_tried_is_not_done(void)
{
    struct node_ask ask = {.from = person(0)};
    u8 data[512];
    struct tx bad = {.kind = TX_STAKE, .u.stake = {.amount = {1}}};
    struct refusal why;
    struct slice answer;
    u64 gas;

    net_open(NODE_INSTANT, NULL);
    ask.to = door_exact_address(CONTRACT_ESCROW);
    ask.data = SLICE(data, door_call_write(node_door(node), &deposit, NULL, data, sizeof(data)));
    u128 hash = chain_hash(node_chain(node));
    EXPECT(node_estimate(node, &ask, &gas, &why) && gas == tx_rows[TX_DEPOSIT].gas);
    EXPECT(node_call(node, &ask, &answer, &why) && answer.n == 0);
    ask.to = door_exact_address(CONTRACT_STAKING);
    ask.data = SLICE(data, door_call_write(node_door(node), &bad, NULL, data, sizeof(data)));
    EXPECT(!node_call(node, &ask, &answer, &why) && why.code == 3 && why.has_data);
    EXPECT(strcmp(why.message, "execution reverted: ProviderNotFound()") == 0);
    EXPECT(door_revert_read(node_door(node), SLICE(why.data, why.data_size)) ==
           ERR_ProviderNotFound);
    EXPECT(chain_hash(node_chain(node)) == hash && node_head(node) == 0);
    net_close();
    printf("ok - what is tried is not done\n");
}

static void back_to_a_snapshot(void)
{
    struct send s = pay(0, 1, 5, 0);
    struct refusal why;

    net_open(NODE_INSTANT, NULL);
    sent(&s);
    u64 first = node_snapshot(node), second;
    u128 hash = chain_hash(node_chain(node)), had = coins(1);
    struct node_block then, now;
    EXPECT(first == 0 && node_block_at(node, 1, &then));
    EXPECT(node_set_balance(node, person(1), AMOUNT(3), &why) && coins(1) == 3);
    EXPECT(node_set_nonce(node, person(2), 40, &why) && node_nonce(node, person(2), false) == 40);
    s = pay(0, 1, 5, 1);
    struct bytes32 gone = sent(&s);
    second = node_snapshot(node);
    EXPECT(second == 1 && node_head(node) == 2);
    EXPECT(node_revert(node, first) && node_head(node) == 1 && coins(1) == had);
    EXPECT(chain_hash(node_chain(node)) == hash && node_nonce(node, person(2), false) == 0);
    struct node_tx tx;
    EXPECT(!node_tx_of(node, &gone, &tx) && !node_block_at(node, 2, &now));
    EXPECT(node_block_at(node, 1, &now) && memcmp(&now.hash, &then.hash, 32) == 0);
    EXPECT(!node_revert(node, first) && !node_revert(node, second) && !node_revert(node, 9));
    sent(&s);
    EXPECT(node_head(node) == 2);
    net_close();
    printf("ok - back to a snapshot, once\n");
}

/* Each test of a suite as it is: one block, and back to where all began. */
static void the_same_again_after_going_back(void)
{
    net_open(NODE_INSTANT, NULL);
    struct send s = pay(0, 1, 5, 0), late = pay(2, 1, 1, 1);
    for (u32 i = 0; i < 3; i++) {
        u64 id = node_snapshot(node);
        struct node_tx tx = tx_of(sent(&s));
        EXPECT(tx.mined && tx.block == 1 && node_head(node) == 1);
        EXPECT(node_revert(node, id) && node_head(node) == 0);
    }
    struct bytes32 hash = sent(&late); /* waits for the one before it */
    EXPECT(node_revert(node, node_snapshot(node)) && !tx_of(hash).mined);
    s = pay(2, 1, 1, 0);
    EXPECT(tx_of(sent(&s)).mined && tx_of(hash).mined && node_nonce(node, person(2), false) == 2);
    net_close();
    printf("ok - one test after another, and what waits waits on\n");
}

static void what_waits_is_freed(void)
{
    struct refusal why;

    net_open(NODE_INSTANT, NULL);
    struct send s = pay(0, 1, 5, 1), next = pay(0, 1, 5, 2), cheap = pay(2, 1, 1, 1), first;
    struct bytes32 hash = sent(&s);
    EXPECT(!tx_of(hash).mined && node_set_nonce(node, person(0), 1, &why));
    struct bytes32 other = sent(&next);
    (void)node_tick(node);
    EXPECT(tx_of(hash).mined && tx_of(other).mined);
    cheap.max_fee = 7;
    hash = sent(&cheap);
    node_set_base_fee(node, AMOUNT(8));
    first = pay(2, 1, 1, 0);
    first.max_fee = 8;
    sent(&first);
    (void)node_tick(node);
    EXPECT(!tx_of(hash).mined);
    node_set_base_fee(node, AMOUNT(7));
    (void)node_tick(node);
    EXPECT(tx_of(hash).mined);
    net_close();
    printf("ok - what waits goes into a block when it can\n");
}

static void opened_again(void)
{
    char path[] = "/dev/shm/orrery-node-XXXXXX", error[256];
    int file = mkstemp(path);
    struct send s = pay(0, 1, 5, 0), waits = pay(3, 1, 5, 7);
    struct node_block before, after;
    struct refusal why;

    EXPECT(file >= 0 && close(file) == 0 && unlink(path) == 0);
    net_open(NODE_INSTANT, path);
    sent(&s);
    s = call(0, deposit, 1);
    struct bytes32 hash = sent(&s), waiting = sent(&waits);
    EXPECT(node_snapshot(node) == 0 && node_set_balance(node, person(5), AMOUNT(77), &why));
    i64 total_s;
    EXPECT(node_increase_time(node, 1000, &total_s, &why) && total_s >= 1000);
    EXPECT(node_sync(node, &why));
    u128 state = chain_hash(node_chain(node));
    EXPECT(node_block_at(node, node_head(node), &before));
    net_close();
    net_open(NODE_INSTANT, path);
    EXPECT(chain_hash(node_chain(node)) == state && coins(5) == 77);
    EXPECT(node_block_at(node, node_head(node), &after));
    EXPECT(memcmp(&before.hash, &after.hash, 32) == 0 && before.number == after.number);
    EXPECT(tx_of(hash).mined && tx_of(hash).logs > 0 && !tx_of(waiting).mined);
    EXPECT(node_nonce(node, person(0), false) == 2);
    s = pay(0, 1, 5, 2);
    EXPECT(tx_of(sent(&s)).block == before.number + 1);
    net_close();
    clock_ms = 0; /* and so another genesis? no: the store knows it */
    EXPECT(net_try_open(NODE_INSTANT, path, error));
    net_close();
    unlink(path);
    printf("ok - closed and opened again, it goes on\n");
}

/* The file ends where it was left, and its records go on behind its last block. */
static void blocks_without_their_records(void)
{
    char path[] = "/dev/shm/orrery-node-XXXXXX", error[256] = "", want[300];
    int file = mkstemp(path);
    struct send s = pay(0, 1, 5, 0);

    EXPECT(file >= 0 && close(file) == 0 && unlink(path) == 0);
    net_open(NODE_INSTANT, path);
    sent(&s);
    s = pay(0, 1, 5, 1);
    sent(&s);
    net_close();
    struct store *cut = store_open(path, error);
    EXPECT(cut != NULL && store_cut(cut, 1) && store_sync(cut));
    store_close(cut);
    EXPECT(!net_try_open(NODE_INSTANT, path, error));
    snprintf(want, sizeof(want),
             "the state file's blocks and records do not belong together: block 1 is the last, of "
             "slot 1, and records go to slot 2; `orrery replay %s' tells more",
             path);
    if (strcmp(error, want) != 0)
        printf("# %s\n", error);
    EXPECT(strcmp(error, want) == 0);
    unlink(path);
    printf("ok - blocks that do not belong to the records are not gone on from\n");
}

int main(void)
{
    net_open(NODE_INSTANT, NULL); /* makes what signs */
    net_close();
    each_transaction_a_block();
    three_kinds_of_envelopes();
    refusals_in_geths_words();
    gaps_wait_and_fees_replace();
    blocks_when_asked();
    a_clock_that_obeys();
    intervals_are_blocks();
    what_is_tried_is_not_done();
    back_to_a_snapshot();
    the_same_again_after_going_back();
    what_waits_is_freed();
    opened_again();
    blocks_without_their_records();
    return EXIT_SUCCESS;
}
