/* saying - a log of the chain as a line that a person reads: names for numbers where there are
 * some, amounts in whole tokens, accounts by name and address.
 */
#ifndef SIM_TESTNET_SAYING_H
#define SIM_TESTNET_SAYING_H

#include "sim/run/setup.h"

/* "    12.004 s  block 6  Deposited  wallet 1, token USDX, amount 25 USDX", without an end; block
 * and second of a log where they are not the line's own.  symbols: of the tokens, the coin after
 * them. False: nothing is said of this one. */
bool saying_log(FILE *out, const struct setup *setup, const char *const symbols[TOKENS_MAX],
                u64 block, struct instant now, const struct log *log);

#endif /* SIM_TESTNET_SAYING_H */
