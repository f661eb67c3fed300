/* abi_writer - answers, logs, revert data and calls, written by their types.
 *
 *     struct abi_writer w = abi_writer_of(signature.outputs, out, sizeof(out));
 *     abi_begin(&w, active);                 // uint256[] active
 *     for (...)
 *         abi_put_u128(&w, lease);
 *     abi_end(&w);
 *     if (!abi_finish(&w, &n)) ... n bytes are needed
 *
 * The types say where a value goes; each call must be the one for its type, and the value one of it
 * (check).  The encoding is the one that Solidity makes: heads, then what is behind offsets in
 * order, padded with zeros.  What does not fit into the room is counted and not written, so that a
 * second try can have the right room; no room at all measures.
 */
#ifndef CHAIN_MOCK_WIRE_ABI_WRITER_H
#define CHAIN_MOCK_WIRE_ABI_WRITER_H

#include "chain-mock/wire/abi_type.h"
#include "chain-mock/wire/address.h"

struct abi_writer {
    u8 *bytes;
    size_t room, n; /* n bytes are laid out, heads of which may be still to come */
    u32 depth;
    struct abi_write_frame {
        struct abi_members members; /* to come */
        size_t base;                /* offsets count from here */
        size_t at;                  /* of the next member's head */
    } frames[ABI_DEPTH_MAX + 1];
};

struct abi_writer abi_writer_of(struct text types, u8 *bytes, size_t room);

/* With the selector before it: a call, or a custom error. */
struct abi_writer abi_writer_of_call(const struct abi_signature *s, u8 *bytes, size_t room);

/* The data of an event's log: what is not indexed. */
struct abi_writer abi_writer_of_log(const struct abi_signature *s, u8 *bytes, size_t room);

void abi_put_word(struct abi_writer *w, struct bytes32 v); /* any type of one word */
void abi_put_u128(struct abi_writer *w, u128 v);           /* uintN */
void abi_put_amount(struct abi_writer *w, struct amount v);
void abi_put_i64(struct abi_writer *w, i64 v); /* intN */
void abi_put_bool(struct abi_writer *w, bool v);
void abi_put_address(struct abi_writer *w, struct address v);
void abi_put_bytes(struct abi_writer *w, struct slice v); /* bytes or string */

/* Into the tuple or array that comes next and out of it, when all of it is there.  elements counts
 * those of T[]; it is 0 for a tuple and T[k]. */
void abi_begin(struct abi_writer *w, size_t elements);
void abi_end(struct abi_writer *w);

/* True: whole, in *n bytes.  False: *n bytes of room are needed. */
must_use bool abi_finish(const struct abi_writer *w, size_t *n);

#endif /* CHAIN_MOCK_WIRE_ABI_WRITER_H */
