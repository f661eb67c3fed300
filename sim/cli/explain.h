/* explain - why a run came to what it says, in prose with its numbers, from the run's tables alone.
 *
 * Beside each rule stands where it is from; what a figure is made of is written out.
 */
#ifndef SIM_CLI_EXPLAIN_H
#define SIM_CLI_EXPLAIN_H

#include "sim/cli/source.h"

/* False: s->error says what is missing. */
must_use bool explain_provider(struct source *s, u64 provider, u64 era);
must_use bool explain_order(struct source *s, u64 order);
must_use bool explain_lease(struct source *s, u64 lease);

/* Parts of the provider's. */
must_use bool explain_hours(struct source *s, u64 provider, u64 era);
must_use bool explain_reward(struct source *s, u64 provider, u64 era);
must_use bool explain_tier(struct source *s, u64 provider, u64 era);
must_use bool explain_slashes(struct source *s, u64 provider, u64 era);

/* "gpu.17" of a provider or account; "provider 17" where the tables do not say. */
const char *provider_name(struct source *s, char out[TEXT_CELL], u64 provider);
const char *user_name(struct source *s, char out[TEXT_CELL], u64 user);

#endif /* SIM_CLI_EXPLAIN_H */
