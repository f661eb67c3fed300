/* task - which leases are failed tasks: settled 42. */
#ifndef CHAIN_MOCK_CONTRACTS_TASK_H
#define CHAIN_MOCK_CONTRACTS_TASK_H

#include "chain-mock/state/state.h"

/* Whether a lease that has ended is a failed task, as far as is known now. */
bool task_failed(const struct state *s, const struct lease_row *l);

/* The close of an era: leases of the provider that ended in it count as all that is known now says
 * of them. */
void task_judge(struct state *s, u32 provider, struct interval era);

/* An outage is put away: the leases that it affected and that go on remember how long it was. */
void task_remember(struct state *s, const struct outage_row *o);

#endif /* CHAIN_MOCK_CONTRACTS_TASK_H */
