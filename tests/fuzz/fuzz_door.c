/* Any calldata at any of our addresses, on a small market in full swing: what it would read, what
 * it would ask, what that would come to.  Nothing of it stays; what it would tell can be told to
 * the outside, and what the exact set tells is read back.
 */
#include "chain-mock/wire/address.h"
#include "sim/engine/reserve.h"
#include "tests/door_host.h"
#include "tests/property/bustle.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define SCENES 200u

static struct chain chain;
static struct bustle bustle;
static struct tally tally;
static struct reserve memory;
static struct door_host host;
static u64 answers;

/* One market for all inputs: they leave it as it is. */
static void begin(void)
{
    struct params p = bustle_params();

    if (memory.base != NULL)
        return;
    check(reserve_open(&memory, "chain", 1, state_bytes()));
    bustle_begin(&bustle, &chain, memory.base, &p, &tally, 1);
    for (u32 i = 0; i < SCENES; i++)
        bustle_scene(&bustle);
    door_host_open(&host, &chain);
}

/* Calldata may name accounts that are there: a byte in the place of an address that begins with 20
 * bytes 0xee is an account's number. */
static void name_accounts(u8 *data, size_t n)
{
    for (size_t at = 4; at + 32 <= n; at += 32) {
        u8 marked[19];
        memset(marked, 0xee, sizeof(marked));
        if (memcmp(data + at + 12, marked, sizeof(marked)) == 0)
            memcpy(data + at + 12,
                   chain_account_address(&chain, 1 + data[at + 31] % (BUSTLE_ACCOUNTS - 1)), 20);
    }
}

static void read_it(const struct door_call *c)
{
    static u8 out[1 << 20];
    size_t n, m;

    if (!door_view(&host.door, c, NULL, 0, &n))
        return;
    check(n <= sizeof(out) && door_view(&host.door, c, out, sizeof(out), &m) && m == n);
    answers++;
}

static void tell_all(const struct door_call *c)
{
    u8 room[DOOR_LOGS_BYTES];
    struct door_log out[DOOR_LOGS_MAX];
    u32 count;
    const struct log *logs = chain_logs(&chain, &count);

    for (u32 i = 0; i < count; i++) {
        struct log back;
        size_t used;
        check(door_logs(&host.door, &logs[i], c, out, room, sizeof(room), &used) >= 1);
        check(door_log_read(&host.door, &out[0], &back) && back.kind == logs[i].kind);
    }
}

static void explain(const struct door_call *c, enum err e)
{
    u8 revert[DOOR_REVERT_BYTES];
    char text[1024];
    struct sink words = SINK(text, sizeof(text));
    size_t n = door_revert(&host.door, c, e, revert);

    check(n <= sizeof(revert));
    check(n == 0 || (door_revert_text(&host.door, SLICE(revert, n), &words) && sink_end(&words)));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static u8 calldata[1 << 13];

    if (size < 3 || size - 3 > sizeof(calldata))
        return 0;
    begin();
    door_host_next(&host);
    memcpy(calldata, data + 3, size - 3);
    name_accounts(calldata, size - 3);
    struct door_call c = {.from = 1 + data[0] % (BUSTLE_ACCOUNTS - 1),
                          .to = door_contract_address(data[1] % door_contracts()),
                          .value = AMOUNT(data[2] == 1),
                          .data = SLICE(calldata, size - 3)};
    u128 hash = chain_hash(&chain);
    read_it(&c);
    check(host.newcomer_count == 0 && host.word_count == 0);
    struct block_tx t = {.from = c.from, .tx = door_host_tx(&host, c)};
    chain_try(&chain, bustle.slot + 1, host.newcomers, host.newcomer_count, host.words,
              host.word_count, &t);
    tell_all(&c);
    if (t.err != ERR_None)
        explain(&c, t.err);
    check(chain_hash(&chain) == hash && !tally.first.found);
    return 0;
}
