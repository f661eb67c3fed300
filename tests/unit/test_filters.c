/* filters and hold: ids go up and are never given again, five minutes unused and a filter is gone,
 * there are so many and no more, what they keep has its bound; what was sent is held for 350 ms. */
#include "sim/rpc/filters.h"
#include "sim/rpc/hold.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static struct filters filters;
static struct hold hold;

static struct bytes32 hash_of(u64 n)
{
    return bytes32_of_u128(n);
}

static void test_ids(void)
{
    struct filter *a = filters_add(&filters, FILTER_BLOCKS, 0);
    struct filter *b = filters_add(&filters, FILTER_LOGS, 0);

    EXPECT(a->id == 1 && b->id == 2 && filters_find(&filters, 1, 0) == a);
    filter_remove(a);
    EXPECT(filters_find(&filters, 1, 0) == NULL && filters_find(&filters, 0, 0) == NULL);
    EXPECT(filters_add(&filters, FILTER_BLOCKS, 0)->id == 3);
    filters_close(&filters);
    EXPECT(filters_find(&filters, 2, 0) == NULL);
}

static void test_unused(void)
{
    u64 id = filters_add(&filters, FILTER_BLOCKS, 1000)->id;

    EXPECT(filters_find(&filters, id, 1000 + FILTER_UNUSED_MS) != NULL); /* and used again */
    EXPECT(filters_find(&filters, id, 1000 + 2 * FILTER_UNUSED_MS) != NULL);
    EXPECT(filters_find(&filters, id, 1001 + 3 * (u64)FILTER_UNUSED_MS) == NULL);
    EXPECT(filters_find(&filters, id, 1000 + 2 * FILTER_UNUSED_MS) == NULL);
}

static void test_many(void)
{
    for (u32 i = 0; i < FILTERS_MAX; i++)
        EXPECT(filters_add(&filters, FILTER_BLOCKS, 5000) != NULL);
    EXPECT(filters_add(&filters, FILTER_BLOCKS, 5000 + FILTER_UNUSED_MS) == NULL);
    EXPECT(filters_add(&filters, FILTER_BLOCKS, 5001 + FILTER_UNUSED_MS) != NULL);
    EXPECT(filters_add(&filters, FILTER_BLOCKS, 5001 + FILTER_UNUSED_MS) != NULL);
    filters_close(&filters);
}

static void test_pending(void)
{
    struct filter *one = filters_add(&filters, FILTER_PENDING, 0);
    struct filter *blocks = filters_add(&filters, FILTER_BLOCKS, 0);

    for (u32 i = 0; i < FILTER_HASHES_MAX; i++)
        filters_pending(&filters, &(struct bytes32){{(u8)i}}, 0);
    EXPECT(one->hash_count == FILTER_HASHES_MAX && one->hashes[258].byte[0] == 2);
    EXPECT(blocks->hash_count == 0);
    u64 id = one->id;
    filters_pending(&filters, &(struct bytes32){{0}}, 0); /* one too many */
    EXPECT(filters_find(&filters, id, 0) == NULL);
    one = filters_add(&filters, FILTER_PENDING, 0);
    id = one->id;
    filters_pending(&filters, &(struct bytes32){{0}}, FILTER_UNUSED_MS + 1);
    EXPECT(one->id == 0 && filters_find(&filters, id, 0) == NULL);
    filters_close(&filters);
}

static void test_hold(void)
{
    struct bytes32 a = hash_of(1), b = hash_of(2), unknown = hash_of(3);

    EXPECT(hold_until(&hold, &a, 0) == 0);
    hold_sent(&hold, &a, 1000);
    hold_sent(&hold, &b, 1100);
    EXPECT(hold_until(&hold, &a, 1100) == 1000 + HOLD_MS);
    EXPECT(hold_until(&hold, &b, 1100) == 1100 + HOLD_MS);
    EXPECT(hold_until(&hold, &unknown, 1100) == 0);
    EXPECT(hold_until(&hold, &a, 1000 + HOLD_MS) == 0);
    EXPECT(hold_until(&hold, &b, 1000 + HOLD_MS) == 1100 + HOLD_MS);
    for (u64 i = 0; i < 2 * HOLD_SENDS; i++) {
        struct bytes32 h = hash_of(100 + i);
        hold_sent(&hold, &h, 2000);
    }
    a = hash_of(100 + HOLD_SENDS);
    b = hash_of(100 + HOLD_SENDS - 1);
    EXPECT(hold_until(&hold, &a, 2000) == 2000 + HOLD_MS);
    EXPECT(hold_until(&hold, &b, 2000) == 0); /* forgotten */
}

int main(void)
{
    test_ids();
    test_unused();
    test_many();
    test_pending();
    test_hold();
    puts("ok - filters");
    return 0;
}
