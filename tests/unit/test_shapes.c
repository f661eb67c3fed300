/* shapes: a block, transactions of each type, a receipt and logs made by hand, to the letter of
 * rpc.md 3. */
#include "sim/rpc/shapes.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static struct json out = {.limit = 1 << 20};

static struct bytes32 hash_of(u8 byte)
{
    struct bytes32 h;

    memset(h.byte, byte, sizeof(h.byte));
    return h;
}

static struct address address_of(u8 byte)
{
    struct address a;

    memset(a.byte, byte, sizeof(a.byte));
    return a;
}

static void add_times(char **to, const char *digits, u32 times)
{
    memcpy(*to, "0x", 2);
    for (u32 i = 0; i < times; i++)
        memcpy(*to + 2 + 2 * i, digits, 2);
    *to += 2 + 2 * times;
}

/* What is wanted, as it is written below: ' is a quotation mark, #11 a hash of 32 such bytes, @66
 * an address, ~ an empty bloom. */
static const char *expand(const char *want)
{
    static char text[8192];
    char *to = text;

    for (; *want != '\0'; want++) {
        if (*want == '#' || *want == '@') {
            add_times(&to, want + 1, *want == '#' ? 32 : 20);
            want += 2;
        } else if (*want == '~') {
            add_times(&to, "00", 256);
        } else {
            *to++ = *want == '\'' ? '"' : *want;
        }
    }
    *to = '\0';
    return text;
}

static bool is(const char *written)
{
    const char *want = expand(written);
    bool same = out.n == strlen(want) && memcmp(out.at, want, out.n) == 0;

    if (!same)
        printf("# %.*s\n# wanted\n# %s\n", (int)out.n, out.at, want);
    json_cut(&out, 0);
    return same;
}

static struct node_block block(void)
{
    return (struct node_block){.number = 2,
                               .timestamp_s = 0x6b0151ce,
                               .hash = hash_of(0x11),
                               .parent = hash_of(0x22),
                               .state_root = hash_of(0x33),
                               .txs_root = hash_of(0x44),
                               .receipts_root = hash_of(0x55),
                               .base_fee = AMOUNT(0x3449ac53),
                               .gas_used = 0x10ae6,
                               .gas_limit = 0x1c9c380,
                               .size = 0x323,
                               .txs = 3,
                               .miner = address_of(0x66)};
}

#define HEADER                                                                                     \
    "'parentHash':'#22',"                                                                          \
    "'sha3Uncles':'0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347',"           \
    "'stateRoot':'#33','transactionsRoot':'#44','receiptsRoot':'#55','mixHash':'#00',"             \
    "'logsBloom':'~','difficulty':'0x0','totalDifficulty':'0x0','gasLimit':'0x1c9c380',"           \
    "'gasUsed':'0x10ae6','timestamp':'0x6b0151ce','extraData':'0x',"                               \
    "'baseFeePerGas':'0x3449ac53','size':'0x323','uncles':[],'withdrawals':[],"                    \
    "'withdrawalsRoot':'0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'}"

static void test_block(void)
{
    struct node_block b = block();

    shape_block_begin(&out, &b, false);
    shape_block_end(&out);
    EXPECT(is("{'number':'0x2','hash':'#11','nonce':'0x0000000000000000','miner':'@66'," HEADER));
    shape_block_begin(&out, &b, true);
    shape_block_end(&out);
    EXPECT(is("{'number':'0x2','hash':null,'nonce':null,'miner':null," HEADER));
}

static struct node_tx tx(enum envelope_type type)
{
    struct node_tx t = {.hash = hash_of(0x77),
                        .from = address_of(0x88),
                        .mined = true,
                        .block = 2,
                        .index = 1,
                        .gas_used = 0x10ae6,
                        .cumulative_gas = 0x20ae6,
                        .gas_price = AMOUNT(0x5a5e069f)};

    t.envelope = (struct envelope){.type = type,
                                   .chain_id = 31337,
                                   .nonce = 5,
                                   .gas = 200000,
                                   .to = address_of(0x99),
                                   .data = bytes_of("e2bb0102"),
                                   .signature = {1, hash_of(0x0a), hash_of(0x0b)}};
    if (type == ENVELOPE_FEE_MARKET) {
        t.envelope.max_fee = AMOUNT(0x2540be400);
        t.envelope.max_tip = AMOUNT(0x3b9aca00);
    } else {
        t.envelope.gas_price = AMOUNT(0x5a5e069f);
    }
    return t;
}

#define A30 "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"
#define B30 "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define RS "'r':'0xa0a" A30 "','s':'0xb0b" B30 "',"
#define WHO "'hash':'#77','from':'@88',"
#define PLACE "'blockHash':'#11','blockNumber':'0x2','transactionIndex':'0x1'"
#define NO_PLACE "'blockHash':null,'blockNumber':null,'transactionIndex':null}"

#define HEAD_2                                                                                     \
    "{'type':'0x2','chainId':'0x7a69','nonce':'0x5','gas':'0x30d40',"                              \
    "'maxFeePerGas':'0x2540be400','maxPriorityFeePerGas':'0x3b9aca00','gasPrice':"
#define TAIL_2                                                                                     \
    ",'to':'@99','value':'0x0','accessList':[],'input':'0xe2bb0102','v':'0x1','yParity':'0x1'," RS \
        WHO

static void test_fee_market(void)
{
    struct node_block b = block();
    struct node_tx t = tx(ENVELOPE_FEE_MARKET);

    shape_tx(&out, &t, &b);
    EXPECT(is(HEAD_2 "'0x5a5e069f'" TAIL_2 PLACE "}"));
    shape_tx(&out, &t, NULL); /* it waits: what it offers */
    EXPECT(is(HEAD_2 "'0x2540be400'" TAIL_2 NO_PLACE));
}

#define HEAD_0 "'nonce':'0x5','gas':'0x30d40','gasPrice':'0x5a5e069f','to':"
#define TAIL_0 ",'value':'0x0','input':'0xe2bb0102','v':"

static void test_legacy(void)
{
    struct node_tx t = tx(ENVELOPE_LEGACY);

    shape_tx(&out, &t, NULL); /* v: 31337 x 2 + 35 + 1 */
    EXPECT(
        is("{'type':'0x0','chainId':'0x7a69'," HEAD_0 "'@99'" TAIL_0 "'0xf4f6'," RS WHO NO_PLACE));
    t.envelope.any_chain = true;
    t.envelope.chain_id = 0;
    t.envelope.creates = true;
    shape_tx(&out, &t, NULL);
    EXPECT(is("{'type':'0x0'," HEAD_0 "null" TAIL_0 "'0x1c'," RS WHO NO_PLACE));
}

/* An access list of two addresses, the first with two keys. */
static size_t put_access_list(u8 list[256])
{
    struct rlp_writer w = RLP_WRITER(list, 256);
    struct bytes32 one = hash_of(1), two = hash_of(2);
    struct address a = address_of(0xaa), b = address_of(0xbb);

    rlp_begin(&w);
    rlp_begin(&w);
    rlp_put_bytes(&w, SLICE(a.byte, 20));
    rlp_begin(&w);
    rlp_put_bytes(&w, SLICE(one.byte, 32));
    rlp_put_bytes(&w, SLICE(two.byte, 32));
    rlp_end(&w);
    rlp_end(&w);
    rlp_begin(&w);
    rlp_put_bytes(&w, SLICE(b.byte, 20));
    rlp_begin(&w);
    rlp_end(&w);
    rlp_end(&w);
    rlp_end(&w);
    return w.n;
}

/* With it; and one that is filled in and not signed. */
static void test_access_list(void)
{
    struct node_tx t = tx(ENVELOPE_ACCESS_LIST);
    u8 list[256];

    t.envelope.access_list = SLICE(list, put_access_list(list));
    t.envelope.signature = (struct signature){0};
    shape_tx(&out, &t, NULL);
    EXPECT(is("{'type':'0x1','chainId':'0x7a69'," HEAD_0 "'@99','value':'0x0','accessList':["
              "{'address':'@aa','storageKeys':['#01','#02']},{'address':'@bb','storageKeys':[]}],"
              "'input':'0xe2bb0102','v':'0x0','yParity':'0x0','r':'0x0','s':'0x0'," WHO NO_PLACE));
}

static struct node_log hand_made(void)
{
    struct node_log l = {.block = 2, .index = 4, .tx_index = 1, .tx_hash = hash_of(0x77)};

    l.log = (struct door_log){.address = address_of(0xcc),
                              .topic_count = 2,
                              .topics = {hash_of(1), hash_of(2)},
                              .data = bytes_of("beef")};
    return l;
}

#define LOG(where, removed)                                                                        \
    "{'address':'@cc','topics':['#01','#02'],'data':'0xbeef','blockNumber':'0x2',"                 \
    "'blockHash':'#11','blockTimestamp':'0x6b0151ce'," where                                       \
    ",'logIndex':'0x4','removed':" removed "}"
#define IN_TX "'transactionHash':'#77','transactionIndex':'0x1'"

static void test_logs(void)
{
    struct node_block b = block();
    struct node_log l = hand_made();

    shape_log(&out, &l, &b, false);
    EXPECT(is(LOG(IN_TX, "false")));
    l.tx_index = UINT32_MAX; /* the block's own: nobody's hash, a place where there is none */
    l.tx_hash = hash_of(0);
    shape_log(&out, &l, &b, true);
    EXPECT(is(LOG("'transactionHash':'#00','transactionIndex':'0x3'", "true")));
}

#define RECEIPT(status, reason)                                                                    \
    "{'type':'0x2','status':'" status "','transactionHash':'#77'," PLACE                           \
    ",'from':'@88','to':'@99','contractAddress':null,'gasUsed':'0x10ae6',"                         \
    "'cumulativeGasUsed':'0x20ae6','effectiveGasPrice':'0x5a5e069f'," reason "'logs':["

static void test_receipt(void)
{
    struct node_block b = block();
    struct node_tx t = tx(ENVELOPE_FEE_MARKET);
    struct node_log l = hand_made();
    struct bloom none = {{0}};
    static const u8 selector[4] = {0xf4, 0xd6, 0x78, 0xb8};

    shape_receipt_begin(&out, &t, &b, SLICE(NULL, 0));
    shape_log(&out, &l, &b, false);
    shape_receipt_end(&out, &none);
    EXPECT(is(RECEIPT("0x1", "") LOG(IN_TX, "false") "],'logsBloom':'~'}"));
    t.err = ERR_InsufficientBalance;
    shape_receipt_begin(&out, &t, &b, SLICE(selector, 4));
    shape_receipt_end(&out, &none);
    EXPECT(is(RECEIPT("0x0", "'revertReason':'0xf4d678b8',") "],'logsBloom':'~'}"));
}

/* rpc.md 3: "Keccak of the address and each topic, three 11-bit indices each". */
static void test_bloom(void)
{
    struct node_log l = hand_made();
    struct bloom bloom = {{0}};
    u32 bits = 0;

    shape_bloom(&bloom, &l.log);
    EXPECT(bloom_may_hold(&bloom, SLICE(l.log.address.byte, 20)));
    EXPECT(bloom_may_hold(&bloom, SLICE(l.log.topics[1].byte, 32)));
    for (size_t i = 0; i < sizeof(bloom.byte); i++)
        bits += (u32)__builtin_popcount(bloom.byte[i]);
    EXPECT(bits > 3 && bits <= 9);
}

static void test_numbers(void)
{
    json_begin(&out, '[');
    json_u64(&out, 0);
    json_u64(&out, UINT64_MAX);
    json_amount(&out, AMOUNT(U128_MAX));
    json_ratio(&out, 15, 10000);
    json_ratio(&out, 0, 0);
    json_ratio(&out, 7, 7);
    json_count(&out, UINT64_MAX);
    json_signed(&out, -1500);
    json_seconds(&out, 250);
    json_seconds(&out, 12000);
    json_string(&out, (struct text){"a\"\\\n\x1f/\xc3\xa9", 8});
    json_data(&out, SLICE(NULL, 0));
    json_end(&out, ']');
    EXPECT(is("['0x0','0xffffffffffffffff','0xffffffffffffffffffffffffffffffff',0.0015,0,1,"
              "18446744073709551615,-1500,0.250,12,'a\\'\\\\\\u000a\\u001f/\xc3\xa9','0x']"));
}

/* What does not fit is left out from there on. */
static void test_limit(void)
{
    struct json small = JSON(10);

    JSON_RAW(&small, "1234567890");
    EXPECT(!small.failed && small.n == 10);
    json_end(&small, ']');
    EXPECT(small.failed && small.n == 10);
    json_cut(&small, 2);
    json_end(&small, ']');
    EXPECT(!small.failed && small.n == 3);
    json_free(&small);
}

int main(void)
{
    test_block();
    test_fee_market();
    test_legacy();
    test_access_list();
    test_logs();
    test_receipt();
    test_bloom();
    test_numbers();
    test_limit();
    json_free(&out);
    puts("ok - shapes");
    return 0;
}
