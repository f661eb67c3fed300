/* Any bytes as an exported state: refused with a reason, or a chain whose full hash is the one that
 * the bytes state.  An input that begins with 1 is laid over a true export, so that the reader gets
 * further than its first word. */
#include "chain-mock/state/export.h"
#include "sim/engine/reserve.h"
#include "tests/property/bustle.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define EXPORT_MAX ((size_t)1 << 22)

static u8 bytes[EXPORT_MAX];
static size_t used, taken, truly;
static u8 truth[EXPORT_MAX];

static void put(void *about, const void *from, size_t n)
{
    (void)about;
    check(n <= EXPORT_MAX - truly);
    memcpy(truth + truly, from, n);
    truly += n;
}

static bool take(void *about, void *to, size_t n)
{
    (void)about;
    if (n > used - taken)
        return false;
    memcpy(to, bytes + taken, n);
    taken += n;
    return true;
}

static void make_truth(void)
{
    static struct chain chain;
    static struct bustle bustle;
    static struct tally tally;
    struct params p = bustle_params();
    struct reserve memory;

    check(reserve_open(&memory, "chain", 1, state_bytes()));
    bustle_begin(&bustle, &chain, memory.base, &p, &tally, 1);
    for (u32 i = 0; i < 20; i++)
        bustle_scene(&bustle);
    chain_export(&chain, true, &(struct export_sink){put, NULL});
    reserve_close(&memory);
}

/* (place, byte) after (place, byte), each two bytes and one, over the true export. */
static void lay_over(const u8 *data, size_t size)
{
    memcpy(bytes, truth, truly);
    used = truly;
    for (size_t i = 0; i + 2 < size; i += 3)
        bytes[((size_t)data[i] << 8 | data[i + 1]) % used] ^= data[i + 2];
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static struct chain chain;
    struct tally tally = {0};
    struct reserve memory;
    u128 hash;

    if (truly == 0)
        make_truth();
    if (size > 0 && data[0] == 1) {
        lay_over(data + 1, size - 1);
    } else {
        used = size < EXPORT_MAX ? size : EXPORT_MAX;
        memcpy(bytes, data, used);
    }
    taken = 0;
    check(reserve_open(&memory, "chain", 1, state_bytes()));
    enum export_err e =
        chain_import(&chain, memory.base, NULL, 0, &tally, &(struct export_source){take, NULL});
    check(e < EXPORT_ERRS && export_err_text(e) != NULL);
    if (e == EXPORT_OK) {
        memcpy(&hash, bytes + 16, sizeof(hash));
        check(chain_hash(&chain) == hash && state_hash_full(&chain.state) == hash);
    }
    reserve_close(&memory);
    return 0;
}
