/* Filters over a chain long enough to have many segments of hits, beside the naive matcher. */
#include "tests/test.h"
#include "tests/unit/store_any.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOGS 40000u
#define FEW 40u
#define RARE 1000u /* a topic that few logs have */

static struct kept_log logs[LOGS];
static u32 count; /* of them are in the store */
static u64 blocks;
static char path[400];
static struct store *store;
static struct any any;

/* Those that are not in the store, of blocks from here on. */
static void draw_logs(u64 block)
{
    u32 index = 0;

    blocks = block;
    for (u32 i = count; i < LOGS; i++, index++) {
        if (i > count && any_below(&any, 3) > 0) {
            blocks += 1 + any_sized(&any, 3);
            index = 0;
        }
        any_kept_log(&any, blocks, index, FEW, &logs[i]);
        if (logs[i].log.log.topic_count > 1 && i % 3000 == 17)
            logs[i].log.log.topics[1] = few_topic(RARE);
    }
}

/* Puts what is not there yet. */
static void fill(void)
{
    for (; count < LOGS; count++)
        EXPECT(store_put_log(store, kept_log(&logs[count])));
    EXPECT(store_sync(store));
}

static void cut(u64 number)
{
    EXPECT(store_cut(store, number));
    while (count > 0 && logs[count - 1].log.block > number)
        count--;
}

static void open_again(void)
{
    char error[256];

    if (store != NULL)
        store_close(store);
    store = store_open(path, error);
    EXPECT(store != NULL);
}

/* ---- drawn filters ---- */

struct drawn {
    struct node_filter f;
    struct address addresses[4];
    struct bytes32 topics[DOOR_TOPICS_MAX][4];
};

static void draw(struct drawn *d)
{
    memset(d, 0, sizeof(*d));
    d->f.from = any_below(&any, 3) == 0 ? 0 : any_below(&any, blocks + 2);
    d->f.to = any_below(&any, 3) == 0 ? UINT64_MAX : d->f.from + any_sized(&any, 16);
    d->f.addresses = d->addresses;
    d->f.address_count = (u32)any_below(&any, 4);
    for (u32 i = 0; i < d->f.address_count; i++)
        d->addresses[i] = few_address(any_below(&any, FEW + 1));
    d->f.topic_count = (u32)any_below(&any, DOOR_TOPICS_MAX + 1);
    for (u32 i = 0; i < d->f.topic_count; i++) {
        d->f.topics[i].any_of = d->topics[i];
        d->f.topics[i].count = (u32)any_below(&any, 4);
        for (u32 k = 0; k < d->f.topics[i].count; k++)
            d->topics[i][k] = few_topic(any_below(&any, 30) == 0 ? RARE : any_below(&any, FEW + 1));
    }
}

/* ---- both ---- */

struct walk {
    const struct node_filter *f;
    u32 at, found, stop; /* next of logs; so far; how many are wanted */
    bool nested;
};

static bool count_log(void *about, const struct node_log *l)
{
    (void)l;
    ++*(u32 *)about;
    return true;
}

/* A visit within a visit, of the whole block. */
static void look_again(const struct node_log *l)
{
    struct node_filter f = {.from = l->block, .to = l->block};
    u32 n = 0;

    store_logs(store, &f, count_log, &n);
    EXPECT(n > l->index);
}

static bool see(void *about, const struct node_log *l)
{
    struct walk *w = about;

    while (w->at < count && !naive_takes(w->f, kept_log(&logs[w->at])))
        w->at++;
    if (w->nested)
        look_again(l);
    EXPECT(w->at < count && same_log(l, &logs[w->at++]));
    return ++w->found < w->stop;
}

/* How many of the filters took something. */
static u32 look(u32 times)
{
    static struct drawn d;
    u32 some = 0;

    for (u32 i = 0; i < times; i++) {
        draw(&d);
        struct walk w = {&d.f, 0, 0, UINT32_MAX, i % 10 == 0};
        if (i % 7 == 0)
            w.stop = 1 + (u32)any_below(&any, 3);
        store_logs(store, &d.f, see, &w);
        if (w.found < w.stop)
            for (; w.at < count; w.at++)
                EXPECT(!naive_takes(&d.f, kept_log(&logs[w.at])));
        some += w.found > 0;
    }
    EXPECT(store_error(store)[0] == '\0');
    return some;
}

static void filters_take_what_they_should(void)
{
    u32 some = look(300);

    EXPECT(some > 75 && some < 300);
    open_again();
    EXPECT(look(50) > 10);
    printf("ok - filters take what they should\n");
}

/* Cuts go through segments that are long in the database, and what is put then is found again. */
static void filters_know_what_was_cut(void)
{
    for (u32 i = 1; i <= 4; i++) {
        u32 all = count;
        u64 number = blocks * i / 5;
        cut(number);
        EXPECT(count < all && count > 0);
        EXPECT(look(30) > 0);
        if (i % 2 == 0) {
            open_again(); /* what was not synced is forgotten */
            count = all;
            EXPECT(look(30) > 0);
            continue;
        }
        EXPECT(store_sync(store));
        if (i == 1)
            open_again();
        EXPECT(look(30) > 0);
        draw_logs(number + 1); /* others than were there */
        fill();
        EXPECT(look(30) > 0);
    }
    printf("ok - filters know what was cut\n");
}

static void edges_of_filters(void)
{
    struct node_filter f = {.from = 5, .to = 4};
    u32 n = 0;

    store_logs(store, &f, count_log, &n);
    EXPECT(n == 0);
    f = (struct node_filter){.from = UINT64_MAX, .to = UINT64_MAX};
    store_logs(store, &f, count_log, &n);
    EXPECT(n == 0);
    struct address nobody = few_address(FEW + 5);
    f = (struct node_filter){.to = UINT64_MAX, .addresses = &nobody, .address_count = 1};
    store_logs(store, &f, count_log, &n);
    EXPECT(n == 0);
    f.address_count = 0;
    store_logs(store, &f, count_log, &n);
    EXPECT(n == LOGS);
    printf("ok - edges of filters\n");
}

/* ---- a rare topic is found without going through the chain ---- */

static u64 cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

/* The least of a few. */
static u64 cost_of(const struct node_filter *f, u32 *found)
{
    u64 least = UINT64_MAX;

    for (u32 i = 0; i < 5; i++) {
        u64 begun = cpu_ns();
        *found = 0;
        store_logs(store, f, count_log, found);
        u64 cost = cpu_ns() - begun;
        least = cost < least ? cost : least;
    }
    return least;
}

static void what_is_rare_is_cheap(void)
{
    struct bytes32 rare = few_topic(RARE);
    struct node_filter all = {.to = UINT64_MAX}, few = {.to = UINT64_MAX, .topic_count = 2};
    u32 n, rares;

    few.topics[1].any_of = &rare;
    few.topics[1].count = 1;
    u64 whole = cost_of(&all, &n), part = cost_of(&few, &rares);
    EXPECT(n == LOGS && rares > 3 && rares < 20);
    EXPECT(part * 20 < whole);
    printf("ok - what is rare is cheap\n");
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(path, sizeof(path), "%.300s/orrery-logs-XXXXXX", tmp != NULL ? tmp : "/tmp");
    int file = mkstemp(path);
    EXPECT(file >= 0);
    close(file);
    any = ANY(3);
    draw_logs(0);
    open_again();
    fill();
    filters_take_what_they_should();
    edges_of_filters();
    filters_know_what_was_cut();
    what_is_rare_is_cheap();
    store_close(store);
    unlink(path);
    return 0;
}
