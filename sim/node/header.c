/* header - what a block is known by: the hash of its head, encoded as Ethereum's are. */
#include "sim/node/parts.h"

#include <string.h>

#define HEADER_BYTES 1024u

/* Keccak-256 of an empty list's RLP, and of an empty string's: no uncles, an empty trie. */
static const struct bytes32 no_uncles = {{0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a,
                                          0xab, 0x85, 0xb5, 0x67, 0xb6, 0xcc, 0xd4, 0x1a,
                                          0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a, 0x74, 0x13,
                                          0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47}};
static const struct bytes32 empty_trie = {{0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6,
                                           0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e,
                                           0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0,
                                           0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21}};

static void put_hash(struct rlp_writer *w, const struct bytes32 *v)
{
    rlp_put_bytes(w, SLICE(v->byte, sizeof(v->byte)));
}

void node_seal(struct node_block *b)
{
    static const u8 zeros[32];
    u8 bytes[HEADER_BYTES];
    struct rlp_writer w = RLP_WRITER(bytes, sizeof(bytes));

    rlp_begin(&w);
    put_hash(&w, &b->parent);
    put_hash(&w, &no_uncles);
    rlp_put_bytes(&w, SLICE(b->miner.byte, sizeof(b->miner.byte)));
    put_hash(&w, &b->state_root);
    put_hash(&w, &b->txs_root);
    put_hash(&w, &b->receipts_root);
    rlp_put_bytes(&w, SLICE(b->bloom.byte, sizeof(b->bloom.byte)));
    rlp_put_u128(&w, 0); /* difficulty */
    rlp_put_u128(&w, b->number);
    rlp_put_u128(&w, b->gas_limit);
    rlp_put_u128(&w, b->gas_used);
    rlp_put_u128(&w, b->timestamp_s);
    rlp_put_bytes(&w, SLICE(zeros, 0)); /* extra data */
    put_hash(&w, &b->prev_randao);
    rlp_put_bytes(&w, SLICE(zeros, 8)); /* nonce */
    rlp_put_u128(&w, b->base_fee.wei);
    put_hash(&w, &empty_trie); /* withdrawals */
    rlp_end(&w);
    b->hash = bytes32_keccak(SLICE(bytes, w.n));
    b->size += w.n;
}

/* The state is native and has no trie: a root is the Keccak-256 of what there is, in order. */
struct bytes32 node_root(struct slice bytes)
{
    return bytes.n == 0 ? empty_trie : bytes32_keccak(bytes);
}
