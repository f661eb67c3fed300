/* any_tx - a transaction or log of any kind with any arguments: small numbers that may be ids,
 * numbers of every magnitude, and nonsense. */
#ifndef TESTS_PROPERTY_ANY_TX_H
#define TESTS_PROPERTY_ANY_TX_H

#include "protocol/log.h"
#include "protocol/tx.h"
#include "tests/any.h"

struct tx any_tx(struct any *a);
struct tx any_tx_of(struct any *a, enum tx_kind kind);
struct log any_log_of(struct any *a, enum log_kind kind);

#endif /* TESTS_PROPERTY_ANY_TX_H */
