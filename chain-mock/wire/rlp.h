/* rlp - Ethereum's recursive length prefix (Yellow Paper, appendix B): strings of bytes and lists
 * of items.
 *
 * Every value has one encoding, and the reader takes no other: lengths and integers without leading
 * zeros, each in its shortest form, nothing left over.  So what was read and is written again
 * gives the same bytes.
 */
#ifndef CHAIN_MOCK_WIRE_RLP_H
#define CHAIN_MOCK_WIRE_RLP_H

#include "chain-mock/wire/bytes32.h"
#include "chain-mock/wire/fault.h"

#define RLP_DEPTH_MAX 8u  /* lists in lists; a transaction has 4 */
#define RLP_HEADER_MAX 9u /* bytes before a string or a list */

/* Writing: into memory of the caller, which must be large enough (check). */
struct rlp_writer {
    u8 *bytes;
    size_t room, n; /* n bytes are written */
    u32 depth;
    size_t begun[RLP_DEPTH_MAX]; /* where the lists that are open begin */
};

#define RLP_WRITER(bytes, room) ((struct rlp_writer){(bytes), (room), 0, 0, {0}})

void rlp_put_bytes(struct rlp_writer *w, struct slice bytes);
void rlp_put_u128(struct rlp_writer *w, u128 v);
void rlp_put_u256(struct rlp_writer *w, struct bytes32 v);
void rlp_put_item(struct rlp_writer *w, struct slice item); /* encoded already */

/* A list holds what is put between its begin and its end. */
void rlp_begin(struct rlp_writer *w);
void rlp_end(struct rlp_writer *w);

/* Reading: a cursor over the items.  After a fault, what is read is zero and empty. */
struct rlp_reader {
    struct slice bytes;
    size_t at; /* of the next item */
    u32 depth;
    size_t ends[RLP_DEPTH_MAX]; /* of the lists that were entered */
    struct fault fault;
};

/* Begins at an offset of bytes; faults count from the start of bytes. */
struct rlp_reader rlp_reader_at(struct slice bytes, size_t at);

/* Is there another item in the list that was entered last, or in the input?  Never after a fault.
 */
bool rlp_more(const struct rlp_reader *r);
bool rlp_is_list(const struct rlp_reader *r); /* is the next item one? */

struct slice rlp_get_bytes(struct rlp_reader *r);            /* a string of any length */
void rlp_get_fixed(struct rlp_reader *r, u8 *out, size_t n); /* a string of n bytes */
u64 rlp_get_u64(struct rlp_reader *r);
u128 rlp_get_u128(struct rlp_reader *r);
struct bytes32 rlp_get_u256(struct rlp_reader *r);

/* The next item as it stands, with all that is in it looked at. */
struct slice rlp_get_item(struct rlp_reader *r);

/* Into the list that comes next, and out of it, where it must hold no more. */
void rlp_enter(struct rlp_reader *r);
void rlp_leave(struct rlp_reader *r);

/* True: the input is read to its end and nothing was wrong; else r->fault says what. */
must_use bool rlp_done(struct rlp_reader *r);

#endif /* CHAIN_MOCK_WIRE_RLP_H */
