/* any_tx - a transaction of any kind with any arguments: small numbers that may be ids, numbers of
 * every magnitude, and nonsense. */
#ifndef TESTS_PROPERTY_ANY_TX_H
#define TESTS_PROPERTY_ANY_TX_H

#include "protocol/tx.h"
#include "tests/any.h"

struct tx any_tx(struct any *a);

#endif /* TESTS_PROPERTY_ANY_TX_H */
