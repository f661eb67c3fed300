/* store_any - what tests of the store put into it: drawn transactions, blocks and logs, with the
 * bytes that they point to, so that a copy is a copy.
 */
#ifndef TESTS_UNIT_STORE_ANY_H
#define TESTS_UNIT_STORE_ANY_H

#include "sim/node/store.h"
#include "tests/any.h"

#define STORE_DATA_MAX 96u
#define STORE_RAW_MAX 400u

struct kept_tx {
    struct node_tx tx; /* raw, and slices of its envelope: of whoever drew it last */
    u8 raw[STORE_RAW_MAX];
    u32 size;
};

struct kept_log {
    struct node_log log;
    u8 data[STORE_DATA_MAX];
    u32 size;
};

struct bytes32 any_bytes32(struct any *any);
u128 any_u128(struct any *any);

/* Not mined; serial is in it, so that no two are the same. */
void any_kept_tx(struct any *any, u64 serial, struct kept_tx *out);
/* The same, mined. */
void any_mined(struct any *any, u64 block, u32 index, struct kept_tx *tx);
void any_block(struct any *any, u64 number, struct node_block *out);
/* few: how many addresses and topics there are to choose from. */
void any_kept_log(struct any *any, u64 block, u32 index, u64 few, struct kept_log *out);

/* As the store is given it; good as long as *tx and *log stay where they are. */
const struct node_tx *kept_tx(struct kept_tx *tx);
const struct node_log *kept_log(struct kept_log *log);

bool same_tx(const struct node_tx *a, struct kept_tx *b);
bool same_block(const struct node_block *a, const struct node_block *b);
bool same_log(const struct node_log *a, struct kept_log *b);

/* An address or topic of those few. */
struct address few_address(u64 i);
struct bytes32 few_topic(u64 i);

/* The naive matcher (rpc.md 3). */
bool naive_takes(const struct node_filter *f, const struct node_log *l);

#endif /* TESTS_UNIT_STORE_ANY_H */
