/* hex - quantities and data as JSON-RPC writes them (rpc.md 3).
 *
 * A quantity is a number, "0x0" or "0x41": never "0x", no leading zero, lower case.  Data is bytes,
 * two digits each, "0x" if there are none.  So they are written; read, capitals are taken too, in
 * digits and in the x, and HEX_LENIENT takes leading zeros, as the peers do ("0x01" for a block, 32
 * bytes for a storage key).
 *
 * Faults have the words of go-ethereum's common/hexutil, which clients know, and the place of the
 * character.
 */
#ifndef CHAIN_MOCK_WIRE_HEX_H
#define CHAIN_MOCK_WIRE_HEX_H

#include "chain-mock/wire/bytes32.h"
#include "chain-mock/wire/fault.h"

enum hex_zeros { HEX_STRICT, HEX_LENIENT };

#define HEX_QUANTITY_CHARS 67u                  /* "0x", 64 digits, NUL */
#define HEX_DATA_CHARS(n) (2 * (size_t)(n) + 3) /* "0x", two digits a byte, NUL */

/* Quantities, each ended by NUL; the length without it. */
size_t hex_print_u128(char out[HEX_QUANTITY_CHARS], u128 v);
size_t hex_print_u256(char out[HEX_QUANTITY_CHARS], struct bytes32 v);

/* Data, ended by NUL: out has HEX_DATA_CHARS(bytes.n).  The length without the NUL. */
size_t hex_print_data(char *out, struct slice bytes);

/* FAULT_NONE: read.  Else *fault says what is wrong and at which character, and *out is left
 * alone. */
must_use bool hex_read_u64(u64 *out, struct text t, enum hex_zeros zeros, struct fault *fault);
must_use bool hex_read_u128(u128 *out, struct text t, enum hex_zeros zeros, struct fault *fault);
must_use bool hex_read_u256(struct bytes32 *out, struct text t, enum hex_zeros zeros,
                            struct fault *fault);

/* A number that is not hex but a JSON number, as its text stands: 0, or digits that begin with
 * none. */
must_use bool hex_read_decimal(u64 *out, struct text t, struct fault *fault);

/* Data of any length up to room bytes into out; *n bytes are read. */
must_use bool hex_read_data(u8 *out, size_t room, size_t *n, struct text t, struct fault *fault);

/* Data of n bytes: a hash, an address. */
must_use bool hex_read_fixed(u8 *out, size_t n, struct text t, struct fault *fault);

#endif /* CHAIN_MOCK_WIRE_HEX_H */
