/* The blocks that a reader has read: what is kept, what is cut, what begins anew. */
#include "sim/live/trail.h"

#include "tests/test.h"

static struct bytes32 hash_of(u64 block, u8 branch)
{
    struct bytes32 h = {{branch}};

    for (u32 i = 0; i < 4; i++)
        h.byte[1 + i] = (u8)(block >> 8 * i);
    return h;
}

static bool is(const struct trail *t, u64 block, u8 branch)
{
    struct bytes32 h = hash_of(block, branch);

    return trail_is(t, block, &h);
}

static void add(struct trail *t, u64 block, u8 branch)
{
    struct bytes32 h = hash_of(block, branch);

    trail_add(t, block, &h);
}

static void test_cut(void)
{
    struct trail t = {0};

    EXPECT(!trail_has(&t, 0) && !is(&t, 0, 0));
    trail_cut(&t, 7);
    for (u64 b = 5; b < 1000; b++)
        add(&t, b, 1);
    EXPECT(!trail_has(&t, 4) && trail_has(&t, 5) && trail_has(&t, 999) && !trail_has(&t, 1000));
    EXPECT(is(&t, 5, 1) && is(&t, 700, 1) && !is(&t, 700, 2) && !is(&t, 4, 1));
    trail_cut(&t, 2000);
    EXPECT(trail_has(&t, 999));
    trail_cut(&t, 700);
    EXPECT(is(&t, 700, 1) && !trail_has(&t, 701));
    add(&t, 701, 2);
    EXPECT(is(&t, 701, 2) && is(&t, 700, 1));
    trail_cut(&t, 4);
    EXPECT(!trail_has(&t, 5) && t.count == 0);
    add(&t, 5, 3);
    EXPECT(is(&t, 5, 3) && t.first == 5);
    add(&t, 90, 3); /* not the next one */
    EXPECT(is(&t, 90, 3) && !trail_has(&t, 5));
    trail_close(&t);
}

static void test_most(void)
{
    struct trail t = {0};
    u64 last = 5 * TRAIL_MOST + 17;

    for (u64 b = 1; b <= last; b++) {
        add(&t, b, 1);
        EXPECT(t.count <= TRAIL_MOST && trail_has(&t, b));
    }
    EXPECT(t.count >= TRAIL_MOST / 2);
    for (u64 b = t.first; b <= last; b++)
        EXPECT(is(&t, b, 1));
    trail_close(&t);
}

int main(void)
{
    test_cut();
    test_most();
    printf("ok - trail\n");
    return EXIT_SUCCESS;
}
