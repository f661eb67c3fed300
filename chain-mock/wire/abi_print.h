/* abi_print - values as people read them: (0x7099..., 100, "gpu", [1, 2]), for the message of a
 * revert.
 */
#ifndef CHAIN_MOCK_WIRE_ABI_PRINT_H
#define CHAIN_MOCK_WIRE_ABI_PRINT_H

#include "chain-mock/wire/abi_reader.h"
#include "chain-mock/wire/sink.h"

/* The values of a list of types that begin at an offset of data, in parentheses.  Integers are
 * decimal, bytes and addresses hex, strings in quotation marks as they are.  False: the data are
 * not of these types, *fault says why, and what is in the sink is of no use. */
must_use bool abi_print(struct sink *out, struct text types, struct slice data, size_t at,
                        struct fault *fault);

/* An integer in decimal, ended by NUL; its length. */
#define ABI_DECIMAL_CHARS 79u /* of 2^256 - 1, with NUL */
size_t abi_print_u256(char out[ABI_DECIMAL_CHARS], struct bytes32 v);

#endif /* CHAIN_MOCK_WIRE_ABI_PRINT_H */
