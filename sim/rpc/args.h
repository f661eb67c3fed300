/* args - what a request hands to its method, read with geth's words for what is wrong
 * (rpc.md 3, 4).
 *
 * Parameters count from 0, as geth's messages do.  One that is null, or behind the last, is absent.
 * A function answers false where the parameter is absent and needed, or not what it should be; *why
 * then has the refusal.  Quantities are taken in hex, with leading zeros too, or as JSON numbers
 * below 2^53; beyond that a JSON number has no exact value any more and is refused.
 *
 * Data are decoded where they stand, in the request's own memory: such a parameter can be read
 * once.
 */
#ifndef SIM_RPC_ARGS_H
#define SIM_RPC_ARGS_H

#include "chain-mock/wire/slice.h"
#include "sim/node/node.h"

struct cJSON;

struct args {
    const struct cJSON *first; /* each leads to the next; NULL: there are none */
    u32 count;
    struct refusal *why;
};

/* Beyond the last one, or null? */
bool arg_absent(const struct args *a, u32 i);

must_use bool arg_bool(const struct args *a, u32 i, bool *out);
must_use bool arg_u64(const struct args *a, u32 i, u64 *out);
must_use bool arg_u256(const struct args *a, u32 i, struct bytes32 *out);
must_use bool arg_amount(const struct args *a, u32 i, struct amount *out);
must_use bool arg_data(const struct args *a, u32 i, struct slice *out);
must_use bool arg_hash(const struct args *a, u32 i, struct bytes32 *out);
must_use bool arg_address(const struct args *a, u32 i, struct address *out);
must_use bool arg_text(const struct args *a, u32 i, struct text *out);

/* A JSON object, for a reader of its own. */
must_use bool arg_object(const struct args *a, u32 i, const struct cJSON **out);
/* The refusal "invalid argument i: why"; false. */
bool arg_refuse(const struct args *a, u32 i, const char *why);

enum block_tag {
    BLOCK_LATEST,
    BLOCK_PENDING,
    BLOCK_SAFE,
    BLOCK_FINALIZED,
    BLOCK_EARLIEST,
    BLOCK_NUMBER,
    BLOCK_HASH
};

struct block_ref {
    enum block_tag tag;
    u64 number;
    struct bytes32 hash;
};

/* A number, a tag, a hash, {"blockNumber": q} or {"blockHash": h}.  Absent: latest. */
must_use bool arg_block(const struct args *a, u32 i, struct block_ref *out);
/* A number or a tag, which must be there. */
must_use bool arg_block_number(const struct args *a, u32 i, struct block_ref *out);

/* ---- values inside of others: NULL: read; else what is wrong with it, in geth's words ---- */

const char *read_u64(const struct cJSON *item, u64 *out);
const char *read_amount(const struct cJSON *item, struct amount *out);
const char *read_hash(const struct cJSON *item, struct bytes32 *out);
const char *read_address(const struct cJSON *item, struct address *out);
const char *read_data(const struct cJSON *item, struct slice *out);
const char *read_block(const struct cJSON *item, struct block_ref *out);

/* A member of an object that is there and not null; else NULL. */
const struct cJSON *read_member(const struct cJSON *object, const char *name);

#endif /* SIM_RPC_ARGS_H */
