/* told - what a chain's JSON tells, as what the simulator would: logs, answers, numbers. */
#ifndef SIM_LIVE_TOLD_H
#define SIM_LIVE_TOLD_H

#include "chain-mock/door/door.h"
#include "protocol/log.h"

#include <cjson/cJSON.h>

/* A member that is a quantity; 0: there is none. */
u64 told_number(const cJSON *object, const char *name);
/* The item itself. */
u64 told_quantity(const cJSON *item);

/* False: it is no hash. */
must_use bool told_hash(const cJSON *item, struct bytes32 *out);
bool told_is_hash(const cJSON *item, const struct bytes32 *hash);

/* The door is asked for tables and names only.  False: it is no log of the exact set. */
must_use bool told_log(const struct door *door, const cJSON *json, struct log *out);

/* The answer of a transaction from its receipt: status and the reason of its revert; and the
 * number of what it made, 0: nothing that has one. */
enum err told_err(const struct door *door, const cJSON *receipt);
u64 told_made(const struct door *door, const cJSON *receipt, enum tx_kind kind);

#endif /* SIM_LIVE_TOLD_H */
