/* address - the 20 bytes that name an account to the outside: the last of the Keccak-256 of its
 * public key (Yellow Paper, appendix F).
 */
#ifndef CHAIN_MOCK_WIRE_ADDRESS_H
#define CHAIN_MOCK_WIRE_ADDRESS_H

#include "chain-mock/wire/bytes32.h"

#define ADDRESS_BYTES 20u
#define ADDRESS_CHARS 43u /* "0x", 40 digits, NUL */

struct address {
    u8 byte[ADDRESS_BYTES];
};

/* Of the public key whose coordinates are x and y, 32 bytes each, big-endian. */
struct address address_of_point(const u8 xy[64]);

/* As a topic and an argument have it, and back; false, and *out left alone: more than 20 bytes. */
struct bytes32 address_to_bytes32(struct address a);
must_use bool address_of_bytes32(struct bytes32 v, struct address *out);

bool address_equal(struct address a, struct address b);

/* In hex, with the capitals that are its checksum (EIP-55). */
void address_print(char out[ADDRESS_CHARS], struct address a);

#endif /* CHAIN_MOCK_WIRE_ADDRESS_H */
