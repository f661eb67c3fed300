/* clock - the chain's time: the slot that the next block gets, how calls move the clock, how far.
 *
 * The clock is the host's and an offset.  It is never behind the head: a block that is later than
 * it takes it along.  So time goes on from the last block whoever made that, and in a burst of
 * blocks, each a slot after the one before, it runs ahead of the host's. */
#include "sim/node/parts.h"

#define YEAR_S (365u * 86400u) /* as the emission counts (settled 29) */
#define END_S ((u64)NODE_YEARS_MAX * YEAR_S)

static const struct params *params(const struct node *n)
{
    return chain_params(n->c.process->chain);
}

static u64 genesis_s(const struct node *n)
{
    return n->c.genesis_ms / 1000;
}

/* Since genesis; before it where the host's clock was put back. */
static i64 raw_ms(const struct node *n)
{
    return (i64)(n->c.now_ms(n->c.about) - n->c.genesis_ms) + n->terms.clock_ms;
}

static u64 slot_ms(const struct node *n, u64 slot)
{
    return slot * params(n)->block_time_ms;
}

/* ---- reading ---- */

/* It stands still where the chain's time ends. */
u64 node_clock_ms(const struct node *n)
{
    i64 ms = raw_ms(n);

    return ms <= 0 ? 0 : (u64)ms < END_S * 1000 ? (u64)ms : END_S * 1000;
}

struct instant node_instant(const struct node *n)
{
    return (struct instant){MSEC(node_clock_ms(n))};
}

u64 node_slot_now(const struct node *n)
{
    return node_clock_ms(n) / params(n)->block_time_ms;
}

/* settled 154: "block.timestamp = genesis + slot × block_time, floor to seconds" */
u64 node_timestamp(const struct node *n, u64 slot)
{
    return genesis_s(n) + slot_second(params(n), slot);
}

static u64 later(const struct node *n, u64 slot)
{
    return slot > n->slot ? slot : n->slot + 1;
}

/* The first slot at or after a timestamp that a block can still have. */
static u64 slot_of(const struct node *n, u64 timestamp_s)
{
    return later(n, slot_at_second(params(n), timestamp_s - genesis_s(n)));
}

bool node_slot_stated(const struct node *n)
{
    return n->terms.next_time_s != 0 || n->terms.has_step;
}

u64 node_next_slot(const struct node *n)
{
    if (n->terms.next_time_s != 0)
        return slot_of(n, n->terms.next_time_s);
    if (n->terms.has_step)
        return later(n, n->slot + n->terms.step_s * 1000 / params(n)->block_time_ms);
    return later(n, node_slot_now(n));
}

u64 node_now_s(const struct node *n)
{
    return node_timestamp(n, node_next_slot(n));
}

/* ---- how far ---- */

static u64 hop_s(const struct node *n)
{
    return NODE_HOP_ERAS * params(n)->era_seconds;
}

/* The last timestamp to which a call may move the chain. */
static u64 latest_s(const struct node *n)
{
    u64 hop = n->head.timestamp_s + hop_s(n), end = genesis_s(n) + END_S;

    return hop < end ? hop : end;
}

/* "timestamp 4102444800 is too far: blocks can be put up to timestamp ..., 3650 eras after the
 * head" */
static bool too_far(const struct node *n, struct refusal *why, const char *before, u64 v,
                    const char *after)
{
    u64 latest = latest_s(n);
    bool end = latest == genesis_s(n) + END_S;

    return node_refuse(why, -32602,
                       "%s%llu%s too far: blocks can be put up to timestamp %llu, %u %s", before,
                       (unsigned long long)v, after, (unsigned long long)latest,
                       end ? NODE_YEARS_MAX : NODE_HOP_ERAS,
                       end ? "years after genesis, where the chain's time ends"
                           : "eras after the head; make one and go on from it");
}

bool node_slot_fits(const struct node *n, u64 slot, struct refusal *why)
{
    u64 end_s = genesis_s(n) + END_S;

    if (slot_second(params(n), slot) <= END_S)
        return true;
    return node_refuse(
        why, -32000, "the chain's time is over: it ends %u years after genesis, at timestamp %llu",
        NODE_YEARS_MAX, (unsigned long long)end_s);
}

bool node_interval_fits(const struct node *n, u64 interval_ms, struct refusal *why)
{
    u64 grid = params(n)->block_time_ms, seconds = interval_ms / 1000;

    if (seconds > hop_s(n))
        return node_refuse(why, -32602, "%llu s are too far: blocks can be %llu s apart, %u eras",
                           (unsigned long long)seconds, (unsigned long long)hop_s(n),
                           NODE_HOP_ERAS);
    return interval_ms % grid == 0 ||
           node_refuse(why, -32602,
                       "%llu s are no whole number of slots: a slot is %llu ms here, see "
                       "orrery testnet --block-time",
                       (unsigned long long)seconds, (unsigned long long)grid);
}

/* The most that one block more can add to the head's timestamp, in seconds. */
static u64 block_s(const struct node *n, u64 interval_s)
{
    u64 most = (params(n)->block_time_ms + 999) / 1000;

    if (n->terms.has_step)
        interval_s = n->terms.step_s;
    return interval_s > most ? interval_s : most;
}

bool node_span_fits(const struct node *n, u64 count, u64 interval_s, struct refusal *why)
{
    u64 hop = hop_s(n);

    if (count > NODE_MINE_MAX)
        return node_refuse(why, -32602, "%llu blocks are too many: a call makes at most %u",
                           (unsigned long long)count, NODE_MINE_MAX);
    u64 clock_s = genesis_s(n) + node_clock_ms(n) / 1000;

    if (interval_s > hop || count * block_s(n, interval_s) > hop)
        return node_refuse(why, -32602,
                           "%llu blocks %llu s apart are too far: a call can span %llu s, %u eras",
                           (unsigned long long)count, (unsigned long long)block_s(n, interval_s),
                           (unsigned long long)hop, NODE_HOP_ERAS);
    u64 end_s = genesis_s(n) + END_S;
    if (clock_s + count * block_s(n, interval_s) > end_s)
        return node_refuse(
            why, -32602,
            "%llu blocks are too many: the chain's time ends %u years after genesis, "
            "at timestamp %llu",
            (unsigned long long)count, NODE_YEARS_MAX, (unsigned long long)end_s);
    return node_interval_fits(n, interval_s * 1000, why);
}

/* ---- moving it ---- */

/* Intervals do not begin later than now. */
static void bound_interval(struct node *n)
{
    u64 now = node_slot_now(n);

    if (n->interval_from > now)
        n->interval_from = now;
}

static void put_clock(struct node *n, u64 ms)
{
    n->terms.clock_ms += (i64)ms - raw_ms(n);
    n->unsaved = true;
    bound_interval(n);
}

void node_clock_advance(struct node *n, u64 ms)
{
    put_clock(n, node_clock_ms(n) + ms);
}

void node_clock_follow(struct node *n, bool stated)
{
    u64 head_ms = slot_ms(n, n->slot);

    if (stated || raw_ms(n) < (i64)head_ms)
        put_clock(n, head_ms);
    bound_interval(n);
}

/* Real time went on meanwhile; a clock that is faster goes on from where it was. */
void node_clock_resume(struct node *n, u64 told_ms)
{
    if (n->c.speed > 1)
        put_clock(n, told_ms);
    node_clock_follow(n, false);
}

bool node_increase_time(struct node *n, u64 seconds, i64 *total_s, struct refusal *why)
{
    u64 now_s = genesis_s(n) + node_clock_ms(n) / 1000, latest = latest_s(n);

    if (now_s > latest || seconds > latest - now_s)
        return too_far(n, why, "", seconds, " s are");
    node_clock_advance(n, seconds * 1000);
    *total_s = n->terms.clock_ms / 1000;
    return true;
}

bool node_set_time(struct node *n, u64 timestamp_s, struct refusal *why)
{
    if (timestamp_s < n->head.timestamp_s)
        return node_refuse(why, -32602, "timestamp %llu is before that of the head, %llu",
                           (unsigned long long)timestamp_s,
                           (unsigned long long)n->head.timestamp_s);
    if (timestamp_s > latest_s(n))
        return too_far(n, why, "timestamp ", timestamp_s, " is");
    put_clock(n, (timestamp_s - genesis_s(n)) * 1000);
    node_clock_follow(n, false);
    n->terms.next_time_s = 0;
    return true;
}

bool node_set_next_time(struct node *n, u64 timestamp_s, struct refusal *why)
{
    u64 first = node_timestamp(n, n->slot + 1);

    if (timestamp_s < first)
        return node_refuse(why, -32602,
                           "timestamp %llu is too early: the head has %llu, the first that a block "
                           "can have is %llu",
                           (unsigned long long)timestamp_s, (unsigned long long)n->head.timestamp_s,
                           (unsigned long long)first);
    if (timestamp_s > latest_s(n))
        return too_far(n, why, "timestamp ", timestamp_s, " is");
    u64 next = node_timestamp(n, slot_of(n, timestamp_s));
    if (next != timestamp_s)
        return node_refuse(why, -32602,
                           "timestamp %llu is no slot's: a slot is %llu ms here, the next one is "
                           "at %llu",
                           (unsigned long long)timestamp_s,
                           (unsigned long long)params(n)->block_time_ms, (unsigned long long)next);
    n->terms.next_time_s = timestamp_s;
    n->unsaved = true;
    return true;
}

bool node_set_step(struct node *n, u64 seconds, struct refusal *why)
{
    u64 ms = seconds > UINT64_MAX / 1000 ? UINT64_MAX : seconds * 1000;

    if (!node_interval_fits(n, ms, why))
        return false;
    n->terms.has_step = true;
    n->terms.step_s = seconds;
    n->unsaved = true;
    return true;
}

bool node_end_step(struct node *n)
{
    bool had = n->terms.has_step;

    n->terms.has_step = false;
    n->terms.step_s = 0;
    n->unsaved = n->unsaved || had;
    return had;
}
