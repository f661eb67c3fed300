/* room - whether a run of a population fits the memory that this machine can still give.
 *
 * The chain and the world reserve address space and touch memory as they grow, so a run too large
 * would otherwise be killed by the system half way.
 */
#ifndef SIM_RUN_ROOM_H
#define SIM_RUN_ROOM_H

#include "sim/run/run.h"

/* Bytes that so many members touch at most: states, rows of the chain and what hangs on them. */
u64 room_needed(u64 providers, u64 users);

/* Bytes that the system and its limits still give; UINT64_MAX where it does not say. */
u64 room_available(void);

/* False: error says how much is missing. */
must_use bool room_check(const char *scenario, u64 providers, u64 users, char error[RUN_ERROR]);

#endif /* SIM_RUN_ROOM_H */
