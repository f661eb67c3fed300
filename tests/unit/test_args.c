/* args, ask, query, typed_data: what parameters come to, and what is wrong with them in geth's
 * words (rpc.md 3, 4). */
#include "sim/rpc/ask.h"
#include "sim/rpc/query.h"
#include "sim/rpc/typed_data.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <cjson/cJSON.h>
#include <string.h>

#define A20 "0x00000000000000000000000000000000000000aA"
#define H32 "0x00000000000000000000000000000000000000000000000000000000000000fF"

static struct refusal why;
static cJSON *tree;

/* The parameters of a list. */
static struct args args_of(const char *list)
{
    cJSON_Delete(tree);
    tree = cJSON_Parse(list);
    EXPECT(tree != NULL);
    why = (struct refusal){0};
    return (struct args){tree->child, (u32)cJSON_GetArraySize(tree), &why};
}

static bool refused(bool ok, const char *message)
{
    if (ok || why.code != -32602 || strcmp(why.message, message) != 0)
        printf("# %d %s\n# wanted %s\n", why.code, why.message, message);
    return !ok && why.code == -32602 && strcmp(why.message, message) == 0;
}

static void test_numbers(void)
{
    struct args a =
        args_of("[\"0x41\",65,\"0x0041\",0,9007199254740991,9007199254740992,1.5,-1,\"0x\","
                "null,\"65\",\"0x10000000000000000\",{}]");
    u64 v;

    EXPECT(arg_u64(&a, 0, &v) && v == 65 && arg_u64(&a, 1, &v) && v == 65);
    EXPECT(arg_u64(&a, 2, &v) && v == 65 && arg_u64(&a, 3, &v) && v == 0);
    EXPECT(arg_u64(&a, 4, &v) && v == 9007199254740991u);
    EXPECT(refused(arg_u64(&a, 5, &v), "invalid argument 5: a number that JSON does not hold "
                                       "exactly: write it in hex"));
    EXPECT(refused(arg_u64(&a, 6, &v),
                   "invalid argument 6: not a whole number, written with digits only"));
    EXPECT(refused(arg_u64(&a, 7, &v), "invalid argument 7: a negative number"));
    EXPECT(refused(arg_u64(&a, 8, &v), "invalid argument 8: hex string \"0x\""));
    EXPECT(refused(arg_u64(&a, 9, &v), "missing value for required argument 9"));
    EXPECT(refused(arg_u64(&a, 10, &v), "invalid argument 10: hex string without 0x prefix"));
    EXPECT(refused(arg_u64(&a, 11, &v), "invalid argument 11: hex number > 64 bits"));
    EXPECT(refused(arg_u64(&a, 12, &v), "invalid argument 12: neither a hex string nor a number"));
    EXPECT(refused(arg_u64(&a, 13, &v), "missing value for required argument 13"));
    struct amount amount;
    EXPECT(arg_amount(&a, 11, &amount) && amount.wei == (u128)1 << 64);
}

static void test_bytes(void)
{
    struct args a = args_of("[\"" A20 "\",\"" H32 "\",\"0x00ff\",\"0x\",\"0x0\",true,\"0xab\"]");
    struct address address;
    struct bytes32 hash;
    struct slice data;
    bool b;

    EXPECT(arg_address(&a, 0, &address) && address.byte[19] == 0xaa);
    EXPECT(arg_hash(&a, 1, &hash) && hash.byte[31] == 0xff);
    EXPECT(refused(arg_address(&a, 1, &address),
                   "invalid argument 1: hex string of the wrong length"));
    EXPECT(arg_data(&a, 2, &data) && bytes_equal(data, bytes_of("00ff")));
    EXPECT(arg_data(&a, 3, &data) && data.n == 0);
    EXPECT(refused(arg_data(&a, 4, &data), "invalid argument 4: hex string of odd length"));
    EXPECT(refused(arg_data(&a, 5, &data), "invalid argument 5: not a string"));
    EXPECT(arg_bool(&a, 5, &b) && b);
    EXPECT(refused(arg_bool(&a, 6, &b), "invalid argument 6: neither true nor false"));
}

static void test_blocks(void)
{
    static const struct {
        const char *list;
        enum block_tag tag;
        u64 number;
    } cases[] = {
        {"[]", BLOCK_LATEST, 0},
        {"[null]", BLOCK_LATEST, 0},
        {"[\"latest\"]", BLOCK_LATEST, 0},
        {"[\"pending\"]", BLOCK_PENDING, 0},
        {"[\"safe\"]", BLOCK_SAFE, 0},
        {"[\"finalized\"]", BLOCK_FINALIZED, 0},
        {"[\"earliest\"]", BLOCK_EARLIEST, 0},
        {"[\"0x01\"]", BLOCK_NUMBER, 1},
        {"[1]", BLOCK_NUMBER, 1},
        {"[{\"blockNumber\":\"0x2\"}]", BLOCK_NUMBER, 2},
        {"[{\"blockNumber\":\"latest\"}]", BLOCK_LATEST, 0},
        {"[{\"blockHash\":\"" H32 "\",\"requireCanonical\":true}]", BLOCK_HASH, 0},
        {"[\"" H32 "\"]", BLOCK_HASH, 0},
    };
    struct block_ref ref;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct args a = args_of(cases[i].list);
        EXPECT(arg_block(&a, 0, &ref) && ref.tag == cases[i].tag);
        EXPECT(ref.number == cases[i].number);
        EXPECT(ref.tag != BLOCK_HASH || ref.hash.byte[31] == 0xff);
    }
    struct args a = args_of("[{},{\"blockHash\":\"" H32 "\",\"blockNumber\":1},\"Latest\",\"" H32
                            "\",{\"blockNumber\":{\"blockNumber\":1}}]");
    EXPECT(
        refused(arg_block(&a, 0, &ref), "invalid argument 0: neither blockNumber nor blockHash"));
    EXPECT(refused(arg_block(&a, 1, &ref), "invalid argument 1: cannot specify both BlockHash and "
                                           "BlockNumber, choose one or the other"));
    EXPECT(refused(arg_block(&a, 2, &ref), "invalid argument 2: hex string without 0x prefix"));
    EXPECT(!arg_block_number(&a, 3, &ref) && !arg_block(&a, 4, &ref));
    EXPECT(refused(arg_block_number(&a, 5, &ref), "missing value for required argument 5"));
}

static void test_calls(void)
{
    struct ask ask;
    struct args a =
        args_of("[{\"from\":\"" A20 "\",\"to\":\"" A20 "\",\"gas\":\"0x5208\",\"value\":\"0x1\","
                "\"maxFeePerGas\":\"0x2\",\"maxPriorityFeePerGas\":null,\"nonce\":3,"
                "\"data\":\"0xabcd\",\"input\":\"0xabcd\",\"chainId\":\"0x7a69\",\"what\":[]}]");

    EXPECT(arg_ask(&a, 0, &ask));
    EXPECT(ask.has_from && ask.node.from.byte[19] == 0xaa && !ask.node.creates);
    EXPECT(ask.node.has_gas && ask.node.gas == 21000 && ask.node.value.wei == 1);
    EXPECT(ask.node.has_max_fee && ask.node.max_fee.wei == 2 && !ask.node.has_tip);
    EXPECT(ask.node.has_nonce && ask.node.nonce == 3 && !ask.node.has_gas_price);
    EXPECT(ask.has_chain_id && ask.chain_id == 31337);
    EXPECT(bytes_equal(ask.node.data, bytes_of("abcd")));
    a = args_of("[{\"to\":null,\"data\":\"0x01\"},{\"data\":\"0x01\",\"input\":\"0x02\"},"
                "{\"from\":\"0x1\"},{\"gasPrice\":1,\"maxFeePerGas\":1},7]");
    EXPECT(arg_ask(&a, 0, &ask) && ask.node.creates && !ask.has_from && ask.node.data.n == 1);
    EXPECT(refused(arg_ask(&a, 1, &ask),
                   "invalid argument 1: both \"data\" and \"input\" are set and not equal. Please "
                   "use \"input\" to pass transaction call data"));
    EXPECT(refused(arg_ask(&a, 2, &ask), "invalid argument 2: from: hex string of odd length"));
    EXPECT(refused(arg_ask(&a, 3, &ask),
                   "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified"));
    EXPECT(refused(arg_ask(&a, 4, &ask), "invalid argument 4: not an object"));
}

static void test_overrides(void)
{
    struct ask ask = {.node = {.from = {{0}}}};
    struct args a = args_of("[{\"" A20 "\":{\"balance\":\"0x7\",\"nonce\":\"0x1\"}},{\"" A20
                            "\":{\"code\":\"0x\"}},"
                            "{\"0x\":{}},null]");

    EXPECT(arg_override(&a, 0, &ask) && !ask.node.has_balance);
    ask.node.from.byte[19] = 0xaa;
    EXPECT(arg_override(&a, 0, &ask) && ask.node.has_balance && ask.node.balance.wei == 7);
    EXPECT(refused(arg_override(&a, 1, &ask),
                   "invalid argument 1: code: contracts are native here: only balance and nonce "
                   "can be overridden"));
    EXPECT(
        refused(arg_override(&a, 2, &ask), "invalid argument 2: hex string of the wrong length"));
    EXPECT(arg_override(&a, 3, &ask));
}

static void test_queries(void)
{
    struct query q;
    struct args a =
        args_of("[{\"fromBlock\":\"0x1\",\"toBlock\":\"latest\",\"address\":[\"" A20 "\",\"" A20
                "\"],\"topics\":[null,\"" H32 "\",[\"" H32 "\",\"" H32 "\"],[]]},{},"
                "{\"blockHash\":\"" H32 "\",\"fromBlock\":1},"
                "{\"topics\":[1,2,3,4,5]},{\"topics\":[[\"" H32 "\",null]]},"
                "{\"topics\":[\"0x1\"]},{\"address\":{}}]");

    EXPECT(arg_query(&a, 0, &q) && q.has_from && q.from.number == 1 && q.to.tag == BLOCK_LATEST);
    EXPECT(q.filter.address_count == 2 && q.filter.addresses[1].byte[19] == 0xaa);
    EXPECT(q.filter.topic_count == 4 && q.filter.topics[0].count == 0);
    EXPECT(q.filter.topics[1].count == 1 && q.filter.topics[2].count == 2);
    EXPECT(q.filter.topics[2].any_of[1].byte[31] == 0xff && q.filter.topics[3].count == 0);
    query_free(&q);
    EXPECT(arg_query(&a, 1, &q) && !q.has_from && q.from.tag == BLOCK_LATEST);
    EXPECT(q.filter.topic_count == 0 && q.filter.address_count == 0);
    query_free(&q);
    EXPECT(refused(arg_query(&a, 2, &q),
                   "invalid argument 2: cannot specify both BlockHash and FromBlock/ToBlock, "
                   "choose one or the other"));
    EXPECT(refused(arg_query(&a, 3, &q), "invalid argument 3: exceed max topics"));
    EXPECT(arg_query(&a, 4, &q) && q.filter.topic_count == 1 && q.filter.topics[0].count == 0);
    query_free(&q);
    EXPECT(refused(arg_query(&a, 5, &q), "invalid argument 5: hex string of odd length"));
    EXPECT(refused(arg_query(&a, 6, &q), "invalid argument 6: not a string"));
}

/* The example of EIP-712, and the hash that it states. */
#define MAIL                                                                                       \
    "{\\\"types\\\":{\\\"EIP712Domain\\\":[{\\\"name\\\":\\\"name\\\",\\\"type\\\":"               \
    "\\\"string\\\"},"                                                                             \
    "{\\\"name\\\":\\\"version\\\",\\\"type\\\":\\\"string\\\"},{\\\"name\\\":\\\"chainId\\\","    \
    "\\\"type\\\":\\\"uint256\\\"},"                                                               \
    "{\\\"name\\\":\\\"verifyingContract\\\",\\\"type\\\":\\\"address\\\"}],\\\"Person\\\":[{"     \
    "\\\"name\\\":\\\"name\\\","                                                                   \
    "\\\"type\\\":\\\"string\\\"},{\\\"name\\\":\\\"wallet\\\",\\\"type\\\":\\\"address\\\"}],"    \
    "\\\"Mail\\\":[{\\\"name\\\":"                                                                 \
    "\\\"from\\\",\\\"type\\\":\\\"Person\\\"},{\\\"name\\\":\\\"to\\\",\\\"type\\\":"             \
    "\\\"Person\\\"},{\\\"name\\\":"                                                               \
    "\\\"contents\\\",\\\"type\\\":\\\"string\\\"}]},\\\"primaryType\\\":\\\"Mail\\\","            \
    "\\\"domain\\\":{\\\"name\\\":"                                                                \
    "\\\"Ether Mail\\\",\\\"version\\\":\\\"1\\\",\\\"chainId\\\":1,\\\"verifyingContract\\\":"    \
    "\\\"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC\\\"},\\\"message\\\":{\\\"from\\\":{"          \
    "\\\"name\\\":\\\"Cow\\\","                                                                    \
    "\\\"wallet\\\":\\\"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826\\\"},\\\"to\\\":{\\\"name\\\":" \
    "\\\"Bob\\\","                                                                                 \
    "\\\"wallet\\\":\\\"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB\\\"},\\\"contents\\\":"         \
    "\\\"Hello, Bob!\\\"}}"

static void test_typed_data(void)
{
    struct args a = args_of("[\"" MAIL "\",\"{}\",\"[\",{}]");
    struct bytes32 hash;

    EXPECT(typed_data_hash(&a, 0, &hash));
    struct bytes32 want =
        bytes32_of("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
    EXPECT(bytes32_cmp(hash, want) == 0);
    EXPECT(refused(typed_data_hash(&a, 1, &hash), "invalid argument 1: types is not an object"));
    EXPECT(refused(typed_data_hash(&a, 2, &hash), "invalid argument 2: not a string of JSON"));
    EXPECT(refused(typed_data_hash(&a, 3, &hash), "invalid argument 3: not a string"));
}

int main(void)
{
    test_numbers();
    test_bytes();
    test_blocks();
    test_calls();
    test_overrides();
    test_queries();
    test_typed_data();
    cJSON_Delete(tree);
    puts("ok - args");
    return 0;
}
