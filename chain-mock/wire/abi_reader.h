/* abi_reader - the arguments of a call, or the data of a log or an answer, read by their types.
 *
 *     struct abi_reader r = abi_reader_at(signature.inputs, calldata, ABI_SELECTOR_BYTES);
 *     abi_enter(&r);                         // the tuple `details`
 *     order.max_price = abi_get_amount(&r);  // uint256 maxPrice
 *     order.spec = abi_get_bytes(&r);        // string spec
 *     for (size_t n = abi_enter(&r); n > 0; n--) // uint8[] tier
 *         take_tier(abi_get_u64(&r));
 *     abi_leave(&r);
 *     abi_leave(&r);
 *     if (!abi_done(&r)) ... r.fault
 *
 * The types say where a value stands and which bits it may have, and each call must be the one for
 * its type (check).  As Solidity's own decoder, the reader refuses what leads beyond the data and
 * dirty bits, and takes bytes behind the last value, offsets in any order and any padding.  Reading
 * never costs more than the data are long: offsets that lead to the same words again and again are
 * refused.
 *
 * After a fault every value is zero and every array empty.
 */
#ifndef CHAIN_MOCK_WIRE_ABI_READER_H
#define CHAIN_MOCK_WIRE_ABI_READER_H

#include "chain-mock/wire/abi_type.h"
#include "chain-mock/wire/address.h"
#include "chain-mock/wire/fault.h"

struct abi_reader {
    struct slice data;
    size_t words; /* that may still be read */
    struct fault fault;
    u32 depth;
    struct abi_read_frame {
        struct abi_members members; /* to come */
        size_t base;                /* offsets count from here */
        size_t at;                  /* of the next member's head */
    } frames[ABI_DEPTH_MAX + 1];
};

/* The list of types begins at an offset of data; faults count from the start of data. */
struct abi_reader abi_reader_at(struct text types, struct slice data, size_t at);

/* Of the data of an event's log: what is not indexed. */
struct abi_reader abi_reader_of_log(const struct abi_signature *s, struct slice data);

/* The parameter that comes next; false: none, in this tuple, array or list, or after a fault. */
must_use bool abi_peek(const struct abi_reader *r, struct abi_param *out);

struct bytes32 abi_get_word(struct abi_reader *r); /* any type of one word */
u64 abi_get_u64(struct abi_reader *r);             /* uintN, of any N; so are the next two */
u128 abi_get_u128(struct abi_reader *r);
struct amount abi_get_amount(struct abi_reader *r);
i64 abi_get_i64(struct abi_reader *r); /* intN */
bool abi_get_bool(struct abi_reader *r);
struct address abi_get_address(struct abi_reader *r);
struct slice abi_get_bytes(struct abi_reader *r); /* bytes or string: a piece of data */

/* Into the tuple or array that comes next, whose elements it counts (0 for a tuple); and out of it,
 * when all of it is read (check). */
size_t abi_enter(struct abi_reader *r);
void abi_leave(struct abi_reader *r);

/* True: all is read (check) and nothing was wrong; else r->fault says what. */
must_use bool abi_done(struct abi_reader *r);

#endif /* CHAIN_MOCK_WIRE_ABI_READER_H */
