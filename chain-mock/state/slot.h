/* slot - block numbers and seconds: settled 154, "block.timestamp = genesis + slot × block_time,
 * floor to seconds". */
#ifndef CHAIN_MOCK_STATE_SLOT_H
#define CHAIN_MOCK_STATE_SLOT_H

#include "protocol/params.h"

/* block.timestamp of a slot. */
u64 slot_second(const struct params *p, u64 slot);

/* The first slot whose timestamp is at or after a second. */
u64 slot_at_second(const struct params *p, u64 second);

/* When a slot is, since genesis, and the first slot at or after an instant. */
struct instant slot_instant(const struct params *p, u64 slot);
u64 slot_at_instant(const struct params *p, struct instant t);

#endif /* CHAIN_MOCK_STATE_SLOT_H */
