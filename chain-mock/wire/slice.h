/* slice - bytes, or characters, that lie in memory of somebody else.
 *
 * Who made that memory keeps it for as long as the slice is looked at.  n may be 0; at may then
 * be NULL.
 */
#ifndef CHAIN_MOCK_WIRE_SLICE_H
#define CHAIN_MOCK_WIRE_SLICE_H

#include "protocol/base.h"

struct slice {
    const u8 *at;
    size_t n;
};

/* Characters; no NUL ends them. */
struct text {
    const char *at;
    size_t n;
};

#define SLICE(at, n) ((struct slice){(at), (n)})

#endif /* CHAIN_MOCK_WIRE_SLICE_H */
