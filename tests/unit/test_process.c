/* Transactions that wait for blocks which take a part of them: each goes into one block, in the
 * order of submission with nonces that follow each other, whatever comes in between. */
#include "tests/any.h"
#include "tests/property/host_fixture.h"
#include "tests/test.h"

#define ACCOUNTS 12u
#define TXS 20000u /* 1,200 transfers fit the gas of a block */
#define FROM(i) (1 + (i) % ACCOUNTS)

struct expected {
    u32 tags[TXS]; /* that are to come, in order */
    u32 first, count;
    u32 tag; /* of the next that is submitted */
    u64 nonces[ACCOUNTS + 1];
};

static void submit(struct process *p, struct expected *e, bool first)
{
    u32 from = FROM(e->tag);
    struct tx tx = {.kind = TX_TRANSFER, .tag = e->tag};

    tx.u.transfer.to = FROM(e->tag + 1);
    tx.u.transfer.amount = AMOUNT(1);
    EXPECT(first ? process_submit_first(p, from, &tx) : process_submit(p, from, &tx));
    if (first && e->first > 0) {
        e->tags[--e->first] = e->tag++;
    } else {
        EXPECT(!first);
        e->tags[e->count++] = e->tag++;
    }
}

static u32 step(struct process *p, struct expected *e, u64 slot)
{
    struct block b;
    u32 taken;

    EXPECT(process_waiting(p) == e->count - e->first);
    process_step(p, (struct instant){SEC(slot)}, slot, &b, &taken);
    EXPECT(b.count == e->count - e->first && taken <= b.count);
    for (u32 i = 0; i < taken; i++) {
        const struct block_tx *t = &b.txs[i];
        u32 tag = e->tags[e->first++];
        EXPECT(t->tx.tag == tag && t->from == FROM(tag));
        EXPECT(t->nonce == e->nonces[t->from]++ && t->err == ERR_None);
    }
    process_stepped(p, taken);
    EXPECT(process_waiting(p) == e->count - e->first);
    return taken;
}

int main(void)
{
    static struct process p;
    static struct expected e;
    struct fixture_chain *c = fixture_chain_open(ACCOUNTS);
    struct record_head head = {1, 0, 0};
    struct any a = ANY(61);
    u32 cut = 0, firsts = 0;
    u64 slot = 1;

    EXPECT(process_open(&p, &head, &c->chain, 1));
    while (e.tag < TXS || e.first < e.count) {
        u64 more = any_below(&a, 8000);
        for (u64 i = 0; i < more && e.tag < TXS; i++)
            submit(&p, &e, false);
        if (e.first > 0 && e.first < e.count && e.tag < TXS) {
            submit(&p, &e, true);
            firsts++;
        }
        u32 all = process_waiting(&p);
        cut += step(&p, &e, slot++) < all;
    }
    EXPECT(cut > 10 && firsts > 0 && process_waiting(&p) == 0 && p.waiting.count == 0);
    process_close(&p);
    fixture_chain_close(c);
    printf("ok - a process\n");
    return EXIT_SUCCESS;
}
