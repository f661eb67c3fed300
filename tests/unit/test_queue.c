/* The queue against a sorted array, and against the order in which things are put. */
#include "sim/engine/queue.h"
#include "tests/test.h"

#include <string.h>

#define N 3000u

static u64 random_word(u64 i)
{
    struct drawer d = {7, 0, 1};
    return draw_u64(&d, DRAW_TEST, i);
}

static int by_order(const void *a, const void *b)
{
    const struct queue_key *x = a, *y = b;

    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->counter > y->counter) - (x->counter < y->counter);
}

/* Few instants and sources: plenty of ties in each part of the key but the last. */
static struct queue_key some_key(u64 from_ns, u32 i)
{
    u64 w = random_word(i);
    struct instant at = {from_ns + w % 50};
    enum event_class class = (enum event_class)(w >> 8 & 0xff) % CLASS_KINDS;

    return queue_key(at, class, entity_key("source", (u32)(w >> 32) % 3), i);
}

static struct queue_item numbered(u32 i)
{
    struct queue_item item = {.kind = i, .to = ~i};
    item.u.plain.a = (u64)i * 3;
    return item;
}

static void put_all(struct queue *q, const struct queue_key *keys, const u32 *order)
{
    for (u32 i = 0; i < N; i++) {
        struct queue_item item = numbered(order[i]);
        EXPECT(queue_put(q, keys[order[i]], &item));
    }
}

static void take_all(struct queue *q, const struct queue_key *sorted)
{
    struct queue_item item;

    for (u32 i = 0; i < N; i++) {
        struct queue_key k = queue_take(q, &item);
        EXPECT(by_order(&k, &sorted[i]) == 0);
        EXPECT(item.kind == k.counter && item.to == ~k.counter);
        EXPECT(item.u.plain.a == (u64)k.counter * 3);
    }
    EXPECT(queue_first(q) == NULL && queue_count(q) == 0);
}

static void any_order_of_putting_gives_the_sorted_order(void)
{
    static struct queue_key keys[N], sorted[N];
    static u32 order[N];

    for (u32 i = 0; i < N; i++)
        keys[i] = some_key(1, i);
    memcpy(sorted, keys, sizeof(keys));
    qsort(sorted, N, sizeof(sorted[0]), by_order);
    for (u64 round = 0; round < 20; round++) {
        struct queue q;
        EXPECT(queue_open(&q));
        for (u32 i = 0; i < N; i++)
            order[i] = i;
        for (u32 i = N - 1; i > 0; i--) {
            u32 j = (u32)(random_word(round << 32 | i) % (i + 1)), swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        put_all(&q, keys, order);
        take_all(&q, sorted);
        queue_close(&q);
    }
    printf("ok - any order of putting gives the sorted order\n");
}

/* Takes and puts mixed, against the least of an array each time. */
static void mixed_takes_and_puts_agree_with_an_array(void)
{
    static struct queue_key model[N];
    struct queue q;
    struct queue_item item;
    u32 n = 0, taken = 0;

    EXPECT(queue_open(&q));
    for (u32 i = 0; i < N; i++) {
        u64 now = q.last.at_ns;
        struct queue_key k = some_key(now + 1, i);
        item = numbered(i);
        EXPECT(queue_put(&q, k, &item));
        model[n++] = k;
        for (u64 take = random_word((u64)1 << 40 | i) % 3; take > 0 && n > 0; take--) {
            u32 least = 0;
            for (u32 j = 1; j < n; j++)
                least = by_order(&model[j], &model[least]) < 0 ? j : least;
            EXPECT(queue_first(&q)->counter == model[least].counter);
            k = queue_take(&q, &item);
            EXPECT(k.counter == model[least].counter && item.kind == k.counter);
            model[least] = model[--n];
            taken++;
        }
        EXPECT(queue_count(&q) == n);
    }
    EXPECT(taken > N / 2);
    queue_close(&q);
    printf("ok - mixed takes and puts agree with an array\n");
}

/* Instants from nanoseconds to centuries, looked at before earlier ones are put. */
static void every_scale_of_time_agrees_with_an_array(void)
{
    static struct queue_key model[N];
    struct queue q;
    struct queue_item item;
    u32 n = 0, early = 0;

    EXPECT(queue_open(&q));
    for (u32 i = 0; i < 4 * N; i++) {
        u64 w = random_word((u64)2 << 40 | i), far = random_word((u64)3 << 40 | i) >> w % 62;
        u64 now = q.last.at_ns, left = UINT64_MAX / 2 - now;
        if (i < 2 * N && n < N && (w >> 32) % 5 < 3) {
            struct queue_key k = some_key(now + 1, i);
            k.at_ns = now + 1 + far % left % ((u64)1 << (20 + 40 * i / (2 * N)));
            early += n > 0 && k.at_ns < queue_first(&q)->at_ns;
            item = numbered(i);
            EXPECT(queue_put(&q, k, &item));
            model[n++] = k;
        } else if (n > 0) {
            u32 least = 0;
            for (u32 j = 1; j < n; j++)
                least = by_order(&model[j], &model[least]) < 0 ? j : least;
            EXPECT(queue_first(&q)->counter == model[least].counter);
            EXPECT(queue_take(&q, &item).counter == model[least].counter);
            EXPECT(item.kind == model[least].counter);
            model[least] = model[--n];
        }
        EXPECT(queue_count(&q) == n);
    }
    EXPECT(q.last.at_ns > (u64)1 << 55 && early > 100);
    queue_close(&q);
    printf("ok - every scale of time agrees with an array\n");
}

/* Many at one instant and in one slot, put in the order of their keys and against it. */
static void a_crowd_is_sorted(void)
{
    for (u32 way = 0; way < 2; way++) {
        struct queue q;
        struct queue_item item;
        u32 crowd = 5000;
        EXPECT(queue_open(&q));
        for (u32 i = 0; i < crowd; i++) {
            u32 c = way == 0 ? i : crowd - 1 - i;
            struct instant at = {1000 + c / 100};
            item = numbered(c);
            EXPECT(queue_put(&q, queue_key(at, CLASS_DELIVERY, 7, c), &item));
        }
        for (u32 c = 0; c < crowd; c++)
            EXPECT(queue_take(&q, &item).counter == c && item.kind == c);
        EXPECT(queue_first(&q) == NULL);
        queue_close(&q);
    }
    printf("ok - a crowd is sorted\n");
}

static void the_class_decides_at_one_instant(void)
{
    struct queue q;
    struct queue_item item;
    struct instant at = {5};

    EXPECT(queue_open(&q));
    for (u32 c = CLASS_KINDS; c-- > 0;) { /* late classes first, from the least source */
        item = numbered(c);
        EXPECT(queue_put(&q, queue_key(at, (enum event_class)c, CLASS_KINDS - c, 0), &item));
    }
    for (u32 c = 0; c < CLASS_KINDS; c++) {
        struct queue_key k = queue_take(&q, &item);
        EXPECT(queue_class(&k) == (enum event_class)c && item.kind == c);
    }
    queue_close(&q);
    printf("ok - the class decides at one instant\n");
}

static void a_limit_is_an_answer_that_names_it(void)
{
    struct reserve r;

    EXPECT(reserve_open(&r, "things", sizeof(u64), 3));
    EXPECT(reserve_grow(&r, 2) && !reserve_grow(&r, 2) && r.count == 2);
    EXPECT(reserve_reach(&r, 3) && reserve_reach(&r, 1) && !reserve_reach(&r, 4) && r.count == 3);
    EXPECT(strcmp(r.what, "things") == 0);
    for (u32 i = 0; i < 3; i++)
        EXPECT(((u64 *)r.base)[i] == 0);
    reserve_close(&r);
    printf("ok - a limit is an answer that names it\n");
}

int main(void)
{
    any_order_of_putting_gives_the_sorted_order();
    mixed_takes_and_puts_agree_with_an_array();
    every_scale_of_time_agrees_with_an_array();
    a_crowd_is_sorted();
    the_class_decides_at_one_instant();
    a_limit_is_an_answer_that_names_it();
    return 0;
}
