/* entries - a contract's functions, events and errors, one after the other: as a JSON ABI or as
 * people write them, a line each.
 */
#ifndef CHAIN_MOCK_DOOR_ENTRIES_H
#define CHAIN_MOCK_DOOR_ENTRIES_H

#include "chain-mock/wire/sink.h"

struct entries {
    struct sink *out;
    bool json;
    u32 count;
};

void entries_add(struct entries *e, const char *signature);

/* False: it does not fit (sink_end). */
must_use bool entries_end(struct entries *e);

#endif /* CHAIN_MOCK_DOOR_ENTRIES_H */
