/* bytes - bytes of a test, written in hex. */
#ifndef TESTS_BYTES_H
#define TESTS_BYTES_H

#include "chain-mock/wire/bytes32.h"
#include "tests/any.h"

/* The bytes that pairs of digits say ("83646f67"), in memory that lasts until the 64th call
 * after this one; spaces are passed over. */
struct slice bytes_of(const char *hex);

struct bytes32 bytes32_of(const char *hex); /* 32 bytes */

bool bytes_equal(struct slice a, struct slice b);

/* Drawn: n bytes into out, every fourth time all alike. */
void any_bytes(struct any *a, u8 *out, size_t n);

#endif /* TESTS_BYTES_H */
