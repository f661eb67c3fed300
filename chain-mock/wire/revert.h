/* revert - why a call was reverted, as Solidity puts it into the call's answer: Error(string) for a
 * require with words, Panic(uint256) for a failed assertion, a contract's own error.
 *
 * A contract's own error is written with abi_writer_of_call() and printed with abi_print().
 */
#ifndef CHAIN_MOCK_WIRE_REVERT_H
#define CHAIN_MOCK_WIRE_REVERT_H

#include "chain-mock/wire/slice.h"

#define REVERT_ERROR_SELECTOR 0x08c379a0u /* Error(string) */
#define REVERT_PANIC_SELECTOR 0x4e487b71u /* Panic(uint256) */

/* False: *n bytes of room are needed (abi_finish). */
must_use bool revert_error(u8 *out, size_t room, size_t *n, struct text reason);
must_use bool revert_panic(u8 *out, size_t room, size_t *n, u64 code);

/* False: the data begin with no selector. */
must_use bool revert_selector(struct slice data, u32 *out);

/* The words of Error(string), a piece of data; false: it is something else. */
must_use bool revert_reason(struct slice data, struct text *out);

/* The code of Panic(uint256), and what it means, in go-ethereum's words; NULL: nobody knows. */
must_use bool revert_panic_code(struct slice data, u64 *out);
const char *revert_panic_text(u64 code);

#endif /* CHAIN_MOCK_WIRE_REVERT_H */
