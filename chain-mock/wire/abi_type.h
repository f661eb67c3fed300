/* abi_type - Solidity's types and signatures, as people write them:
 *
 *     function getTenantLeases(address tenant) view returns (uint256[] active, uint256[] all)
 *     event LeaseClosed(uint256 indexed leaseId, address provider)
 *     createOrder((uint256 maxPrice, address token, string spec, uint8[] tier) details)
 *
 * That one line is a function's row: selector and topic, reader and writer (abi_reader.h,
 * abi_writer.h) and the JSON that tools ask for (abi_json.h) follow from it.  Nothing is compiled;
 * a type is a piece of the text, and looking at it costs nanoseconds.  Texts come from our own
 * tables: what is wrong in one is a bug (check).  Names may be left out; uint, int and the rest
 * stand for nothing: write uint256.
 */
#ifndef CHAIN_MOCK_WIRE_ABI_TYPE_H
#define CHAIN_MOCK_WIRE_ABI_TYPE_H

#include "chain-mock/wire/bytes32.h"

#define ABI_WORD 32u
#define ABI_SELECTOR_BYTES 4u
#define ABI_DEPTH_MAX 8u         /* arrays and tuples in each other */
#define ABI_CANONICAL_CHARS 512u /* the longest deployed is 122 */

enum abi_kind {
    ABI_UINT,
    ABI_INT,
    ABI_BOOL,
    ABI_ADDRESS,
    ABI_FIXED_BYTES, /* bytes1 .. bytes32 */
    ABI_BYTES,
    ABI_STRING,
    ABI_TUPLE,
    ABI_ARRAY
};

struct abi_type {
    enum abi_kind kind;
    u32 size;          /* integers: bits; ABI_FIXED_BYTES: bytes; ABI_ARRAY: elements, 0 for T[] */
    struct text text;  /* as written */
    struct text inner; /* ABI_TUPLE: its members; ABI_ARRAY: its element's type */
};

struct abi_param {
    struct abi_type type;
    struct text name; /* may be empty */
    bool indexed;     /* of an event: a topic */
};

/* What is to come of a list of parameters, of a tuple's members or of an array's elements. */
struct abi_members {
    struct text types; /* the rest of the list, or the element's type */
    bool array;
    bool unindexed; /* passes over what is a topic */
    size_t left;    /* elements; unused in a list */
};

struct abi_members abi_members_of_list(struct text list);
struct abi_members abi_members_of_data(struct text list); /* an event's, but its topics */
struct abi_members abi_members_of(const struct abi_type *type, size_t elements);

/* False: there is none left, and *out is left alone. */
must_use bool abi_members_next(struct abi_members *m, struct abi_param *out);

/* Bytes of what is left in the heads of their encoding. */
size_t abi_head_bytes(struct abi_members m);
size_t abi_type_head_bytes(const struct abi_type *type);

/* Does the encoding stand behind an offset? */
bool abi_is_dynamic(const struct abi_type *type);

/* Is this word a value of a one-word type?  Its other bits must be clean. */
bool abi_word_fits(const struct abi_type *type, struct bytes32 word);

struct abi_signature {
    struct text kind; /* "function", "event", "error", or empty */
    struct text name;
    struct text inputs;     /* a list, for abi_members_of_list() */
    struct text mutability; /* "view", "payable", or empty */
    struct text outputs;
};

struct abi_signature abi_signature_of(const char *text);

/* "createOrder((uint256,address,string,uint8[]))", ended by NUL; its length. */
size_t abi_canonical(char out[ABI_CANONICAL_CHARS], const struct abi_signature *s);

/* The Keccak-256 of that: an event's first topic; its first four bytes are the selector. */
struct bytes32 abi_topic(const struct abi_signature *s);
u32 abi_selector(const struct abi_signature *s);

#endif /* CHAIN_MOCK_WIRE_ABI_TYPE_H */
