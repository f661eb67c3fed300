/* Transactions are found by their hashes when there are so many that most of the keys are in the
 * database, when blocks are cut off and made again, and after a restart. */
#include "tests/test.h"
#include "tests/unit/store_any.h"

#include <string.h>
#include <unistd.h>

#define TXS 40000u
#define PER_BLOCK 40u

static char path[400];
static struct store *store;
static struct any any;
static struct bytes32 hashes[TXS];
static u64 block_of[TXS]; /* 0: it is not there */
static u64 head;

static void open_again(void)
{
    char error[256];

    if (store != NULL)
        store_close(store);
    store = store_open(path, error);
    EXPECT(store != NULL);
}

/* A transaction of this serial at its place; PER_BLOCK of them make a block. */
static void mine(u32 serial, u64 block, u32 index)
{
    struct any draw = ANY(serial);
    struct kept_tx tx;

    any_kept_tx(&draw, serial, &tx);
    any_mined(&draw, block, index, &tx);
    hashes[serial] = tx.tx.hash;
    block_of[serial] = block;
    EXPECT(store_mined_tx(store, kept_tx(&tx)));
}

/* All that are not there, in drawn order from somewhere on. */
static void mine_all(void)
{
    u32 from = (u32)any_below(&any, TXS), index = PER_BLOCK;

    for (u32 i = 0; i < TXS; i++) {
        u32 serial = (from + i * 7919u) % TXS; /* prime: each once */
        if (block_of[serial] != 0)
            continue;
        head += index == PER_BLOCK;
        index %= PER_BLOCK;
        mine(serial, head, index++);
    }
}

static void cut(u64 number)
{
    EXPECT(store_cut(store, number));
    head = number;
    for (u32 i = 0; i < TXS; i++)
        if (block_of[i] > number)
            block_of[i] = 0;
}

static void agree(void)
{
    struct node_tx tx;

    for (u32 serial = 0; serial < TXS; serial++) {
        bool there = store_tx(store, &hashes[serial], &tx);
        EXPECT(there == (block_of[serial] != 0));
        if (there) {
            EXPECT(tx.block == block_of[serial] && tx.envelope.nonce == serial);
            EXPECT(bytes32_cmp(tx.hash, hashes[serial]) == 0);
        }
    }
    EXPECT(store_error(store)[0] == '\0');
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(path, sizeof(path), "%.300s/orrery-keys-XXXXXX", tmp != NULL ? tmp : "/tmp");
    int file = mkstemp(path);
    EXPECT(file >= 0);
    close(file);
    any = ANY(4);
    open_again();
    mine_all();
    agree();
    EXPECT(store_sync(store));
    open_again();
    agree();
    for (u32 i = 1; i < 4; i++) { /* each time less is cut off, and mined again elsewhere */
        cut(head * i / 4);
        agree();
        mine_all();
        agree();
        EXPECT(store_sync(store));
        open_again();
        agree();
    }
    EXPECT(store_cut(store, head / 2));
    open_again(); /* what was not synced is forgotten */
    agree();
    store_close(store);
    unlink(path);
    printf("ok - transactions are found by their hashes\n");
    return 0;
}
