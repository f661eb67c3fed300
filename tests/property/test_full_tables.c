/* A table that is full ends a chain in good order, whichever it is, whenever it is: the step
 * returns, the table is named, and nothing that was there before is violated until then. */
#include "protocol/invariants/invariant.h"
#include "sim/engine/reserve.h"
#include "tests/property/bustle.h"
#include "tests/test.h"

#include <setjmp.h>
#include <string.h>

#define TIMES 60u   /* at which a table is full, for each table */
#define SCENES 400u /* until it should have grown */

static struct chain chain;
static jmp_buf is_full;

/* The scene that goes on would step a chain that must not be used any more. */
static u32 step(void *about, struct block *b)
{
    u32 taken = chain_step(about, b);

    if (chain_full(about) != NULL)
        longjmp(is_full, 1);
    return taken;
}

/* Of those, rows are made at genesis only. */
static bool is_fixed(u32 table)
{
    return table == TABLE_META || table == TABLE_TOKEN || table == TABLE_ACCOUNT;
}

/* Scenes with the table as large as it is after `before` of them.  Whether it was named as full. */
static bool fills(u32 table, u32 before, u64 seed)
{
    static struct bustle b;
    static struct tally tally;
    struct params p = bustle_params();
    struct reserve memory = {0};
    const char *volatile name = NULL;

    memset(&tally, 0, sizeof(tally));
    EXPECT(reserve_open(&memory, "chain", 1, state_bytes()));
    bustle_begin(&b, &chain, memory.base, &p, &tally, seed);
    b.step = step;
    b.about = &chain;
    for (u32 i = 0; i < before; i++)
        bustle_scene(&b);
    if (table < CHAIN_TABLES)
        chain.state.tables[table].cap = chain.state.tables[table].count;
    else
        chain.state.moments.cap = chain.state.moments.count;
    if (setjmp(is_full) == 0)
        for (u32 i = 0; i < SCENES; i++)
            bustle_scene(&b);
    else
        name = chain_full(&chain);
    const char *full = table < CHAIN_TABLES ? table_names[table] : "moments";
    EXPECT(name == NULL || strcmp((const char *)name, full) == 0);
    reserve_close(&memory);
    return name != NULL;
}

int main(void)
{
    u32 times = share_of_test(TIMES);

    for (u32 table = 0; table <= CHAIN_TABLES; table++) {
        u32 filled = 0;
        for (u32 i = 0; i < times && !(table < CHAIN_TABLES && is_fixed(table)); i++)
            filled += fills(table, i * i % 97, 1 + i);
        if (table == CHAIN_TABLES || !is_fixed(table))
            EXPECT(filled > 0);
        printf("# %-12s full %u times\n", table < CHAIN_TABLES ? table_names[table] : "moments",
               filled);
    }
    printf("ok - a full table ends the chain in good order\n");
    return EXIT_SUCCESS;
}
