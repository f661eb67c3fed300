/* The hash index of the node beside a plain list, over drawn operations; few keys, so that many
 * collide and gaps close across the end. */
#include "sim/node/index.h"

#include "tests/any.h"
#include "tests/test.h"

#define MANY 600u

static struct {
    u64 key;
    u32 place;
} list[MANY];
static u32 n;

static u32 count_in_list(u64 key)
{
    u32 found = 0;

    for (u32 i = 0; i < n; i++)
        found += list[i].key == key;
    return found;
}

static bool in_list(u64 key, u32 place)
{
    for (u32 i = 0; i < n; i++) {
        if (list[i].key == key && list[i].place == place)
            return true;
    }
    return false;
}

static void agree(const struct index *x, u64 key)
{
    u32 found = 0;
    size_t at = 0;

    for (u32 p = index_first(x, key, &at); p != INDEX_NONE; p = index_next(x, key, &at)) {
        EXPECT(in_list(key, p));
        found++;
    }
    EXPECT(found == count_in_list(key));
}

static u64 any_key(struct any *a)
{
    u64 low = any_below(a, 97);

    return any_below(a, 3) == 0 ? low << 40 | 63 : low; /* many at the last cell */
}

int main(void)
{
    struct any a = ANY(11);
    struct index x = {0};
    u32 next = 0;

    for (u32 i = 0; i < 200000; i++) {
        if (n < MANY && any_below(&a, 100) < (i / 20000 % 2 == 0 ? 60u : 40u)) {
            list[n].key = any_key(&a);
            list[n].place = next++;
            EXPECT(index_put(&x, list[n].key, list[n].place));
            n++;
        } else if (n > 0) {
            u32 gone = (u32)any_below(&a, n);
            index_drop(&x, list[gone].key, list[gone].place);
            list[gone] = list[--n];
        }
        EXPECT(x.used == n);
        agree(&x, any_key(&a));
    }
    index_clear(&x);
    n = 0;
    agree(&x, 5);
    index_free(&x);
    printf("ok - the index finds what a list holds\n");
    return EXIT_SUCCESS;
}
