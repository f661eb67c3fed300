/* What an import refuses: every cut and every flipped bit of a true export, with a reason; and what
 * it takes without the checkers' history.  That both chains go on alike is relation DET-2. */
#include "chain-mock/state/export.h"

#include "chain-mock/watch/watch.h"
#include "sim/engine/reserve.h"
#include "tests/property/bustle.h"
#include "tests/property/relations.h"
#include "tests/test.h"

#include <string.h>

#define EXPORT_MAX ((size_t)1 << 22)

static struct chain chain, again;
static struct bustle bustle, more;
static struct tally tally, other_tally;
static struct reserve memory, other_memory;
static u8 truth[EXPORT_MAX], bytes[EXPORT_MAX];
static size_t truly, used, taken;

static void put(void *about, const void *from, size_t n)
{
    (void)about;
    EXPECT(n <= EXPORT_MAX - truly);
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

static void export_with(bool history)
{
    truly = 0;
    chain_export(&chain, history, &(struct export_sink){put, NULL});
    memcpy(bytes, truth, truly);
    used = truly;
}

static enum export_err import(void)
{
    taken = 0;
    reserve_close(&other_memory);
    EXPECT(reserve_open(&other_memory, "chain", 1, state_bytes()));
    memset(&other_tally, 0, sizeof(other_tally));
    return chain_import(&again, other_memory.base, NULL, 0, &other_tally,
                        &(struct export_source){take, NULL});
}

static void cuts_and_flips(void)
{
    struct any a = ANY(7);
    u64 seen[EXPORT_ERRS] = {0};

    export_with(true);
    EXPECT(import() == EXPORT_OK && taken == truly);
    for (u32 i = 0; i < 400; i++) {
        used = (size_t)any_below(&a, truly);
        EXPECT(import() == EXPORT_SHORT);
    }
    used = truly;
    for (u32 i = 0; i < 3000; i++) {
        size_t at = (size_t)any_below(&a, i % 2 == 0 ? truly : 4096);
        u8 bit = (u8)(1u << any_below(&a, 8));
        bytes[at] ^= bit;
        enum export_err e = import();
        EXPECT(e != EXPORT_OK && strlen(export_err_text(e)) > 5);
        seen[e]++;
        bytes[at] ^= bit;
    }
    EXPECT(seen[EXPORT_NOT_A_STATE] && seen[EXPORT_OTHER_VERSION] && seen[EXPORT_BAD_CHECKSUM]);
    EXPECT(seen[EXPORT_OTHER_ROWS] + seen[EXPORT_TOO_MANY_ROWS] > 0);
    printf("ok - a cut or a flipped bit is refused with its reason\n");
}

static void without_history(void)
{
    export_with(false);
    EXPECT(import() == EXPORT_OK && chain_hash(&again) == chain_hash(&chain));
    for (u32 m = 0; m < CHAIN_MODULES; m++)
        EXPECT(chain_module_hash(&again, m) == chain_module_hash(&chain, m));
    more = bustle;
    more.chain = &again;
    for (u32 i = 0; i < 400; i++) {
        bustle_scene(&bustle);
        bustle_scene(&more);
        EXPECT(chain_hash(&again) == chain_hash(&chain));
    }
    watch_all(&again.state);
    EXPECT(!other_tally.first.found && chain_era(&again) > 4);
    printf("ok - the checkers go on without what they remembered\n");
}

int main(void)
{
    struct params p = bustle_params();

    EXPECT(reserve_open(&memory, "chain", 1, state_bytes()));
    bustle_begin(&bustle, &chain, memory.base, &p, &tally, 3);
    for (u32 i = 0; i < 60; i++)
        bustle_scene(&bustle);
    cuts_and_flips();
    without_history();
    EXPECT(relation_holds("DET-1"));
    printf("ok - a run is the same twice, in other memory too\n");
    EXPECT(relation_holds("DET-2"));
    printf("ok - exported, imported and exported again: the same bytes, and both go on alike\n");
    EXPECT(relation_holds("DET-4"));
    printf("ok - put back as it was, a chain goes the same way again\n");
    EXPECT(relation_holds("LEA-4"));
    printf("ok - settlements on the way change no total\n");
    return EXIT_SUCCESS;
}
