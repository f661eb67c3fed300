/* Any bytes as transactions, block by block, on a small chain: no check fires, no invariant is
 * violated, the hash is the sum over all rows. */
#include "chain-mock/watch/watch.h"
#include "sim/engine/reserve.h"
#include "tests/property/bustle.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define ROWS 4u /* transactions a block */
#define SCENES 60u

static struct chain chain;
static struct bustle bustle;
static struct tally tally;
static struct reserve memory;

/* One byte of the input says who sends and how many slots later. */
static bool decode(struct reader *r, struct block_tx *t, u64 *slots)
{
    if (r->left == 0)
        return false;
    u8 head = *r->at++;
    r->left--;
    t->from = 1 + head % (BUSTLE_ACCOUNTS - 1);
    *slots = head / (BUSTLE_ACCOUNTS - 1);
    return tx_decode(r, &t->tx);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct reader r = {data, size, true};
    struct params p = bustle_params();
    struct block_tx t = {0};
    u64 slots, n = 0;

    tally = (struct tally){0};
    check(reserve_open(&memory, "chain", 1, state_bytes()));
    bustle_begin(&bustle, &chain, memory.base, &p, &tally, 1);
    for (u32 i = 0; i < SCENES; i++)
        bustle_scene(&bustle);
    u64 slot = bustle.slot;
    while (decode(&r, &t, &slots)) {
        slot += 1 + slots;
        t.nonce = chain_account_nonce(&chain, t.from);
        struct block b = {.slot = slot,
                          .count = 1,
                          .txs = &t,
                          .data = bustle.data,
                          .data_count = BUSTLE_PROVIDERS};
        check(chain_step(&chain, &b) == 1);
        if (++n % ROWS == 0)
            watch_all(&chain.state);
    }
    check(chain_hash(&chain) == state_hash_full(&chain.state));
    watch_all(&chain.state);
    check(!tally.first.found);
    reserve_close(&memory);
    return 0;
}
