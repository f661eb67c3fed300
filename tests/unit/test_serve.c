/* serve: what each body is answered, to the letter (rpc.md 4, 5): ids, batches, notifications,
 * errors, limits, exchanges that wait, changes that cannot be made durable. */
#include "tests/rpc.h"
#include "tests/test.h"

#include <string.h>

#define HEAD "{\"jsonrpc\":\"2.0\",\"id\":"
#define ASK "{\"jsonrpc\":\"2.0\",\"id\":"

static struct rpc_stand stand;
static u32 handled;
static u64 wait_ms; /* the next one waits so long */

/* eth_chainId answers a count, web3_sha3 refuses, eth_sendRawTransaction fills what room there is.
 */
static bool handle(struct call *c)
{
    enum method m;
    const char *name = rpc_stand_of(c)->exchange.request.method;

    handled++;
    EXPECT(method_find(&rpc_stand_of(c)->names, name, &m));
    if (m == METHOD_web3_sha3)
        return call_refuse(c, RPC_SERVER, "said \"no\"");
    if (m == METHOD_eth_getLogs)
        for (u32 i = 0; i < 1000; i++)
            json_chars(c->out, "more and more");
    if (wait_ms != 0 && c->now_ms < c->begun_ms + wait_ms) {
        json_chars(c->out, "taken back");
        c->wait_until_ms = c->begun_ms + wait_ms;
        return true;
    }
    json_u64(c->out, handled);
    return true;
}

static void is(const char *body, const char *answer)
{
    const char *got = rpc_stand_ask(&stand, body);

    handled = 0;
    if (strcmp(got, answer) != 0)
        printf("# %s\n#   %s\n#   %s\n", body, got, answer);
    EXPECT(strcmp(got, answer) == 0);
}

#define ERROR(id, code, message)                                                                   \
    HEAD id ",\"error\":{\"code\":" code ",\"message\":\"" message "\"}}"

static void test_ids(void)
{
    is(ASK "1,\"method\":\"eth_chainId\"}", HEAD "1,\"result\":\"0x1\"}");
    is(ASK "9007199254740993,\"method\":\"eth_chainId\",\"params\":null}",
       HEAD "9007199254740993,\"result\":\"0x1\"}");
    is(ASK "-1.50E+3,\"method\":\"eth_chainId\",\"params\":[]}",
       HEAD "-1.50E+3,\"result\":\"0x1\"}");
    is(ASK "\"\\u0041\\\"\",\"method\":\"eth_chainId\"}",
       HEAD "\"\\u0041\\\"\",\"result\":\"0x1\"}");
    is(ASK "null,\"method\":\"eth_chainId\"}", HEAD "null,\"result\":\"0x1\"}");
    is("{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}", "");
    is(ASK "{},\"method\":\"eth_chainId\"}",
       ERROR("null", "-32600", "invalid request: an id is a string, a number or null"));
}

static void test_requests(void)
{
    is(ASK "1,\"method\":\"eth_chainID\"}",
       ERROR("1", "-32601",
             "the method eth_chainID does not exist/is not available, did you mean eth_chainId?"));
    is(ASK "1,\"method\":\"entirely_something_else\"}",
       ERROR("1", "-32601", "the method entirely_something_else does not exist/is not available"));
    is(ASK "1,\"method\":\"\xc3\xa9\"}",
       ERROR("1", "-32601", "the method ?? does not exist/is not available"));
    is(ASK "1,\"method\":7}", ERROR("1", "-32600", "invalid request: method is not a string"));
    is("{\"id\":1,\"method\":\"eth_chainId\"}",
       ERROR("1", "-32600", "invalid request: jsonrpc is not \\\"2.0\\\""));
    is(ASK "1,\"method\":\"eth_chainId\",\"params\":{}}", ERROR("1", "-32602", "non-array args"));
    is(ASK "1,\"method\":\"eth_chainId\",\"params\":[1]}",
       ERROR("1", "-32602", "too many arguments, want at most 0"));
    is(ASK "1,\"method\":\"eth_getStorageAt\",\"params\":[1]}",
       ERROR("1", "-32602", "missing value for required argument 1"));
    is(ASK "1,\"method\":\"web3_sha3\",\"params\":[1]}", ERROR("1", "-32000", "said \\\"no\\\""));
    is(ASK "1,\"method\":\"eth_chainId\",\"unknown\":[{}]}", HEAD "1,\"result\":\"0x1\"}");
    is("null", ERROR("null", "-32600", "invalid request"));
    is("", ERROR("null", "-32700", "parse error: the body is empty, at byte 0"));
    is("{\"id\":1,}", ERROR("null", "-32700", "parse error: a name is missing, at byte 8"));
}

static void test_batches(void)
{
    is("[]", ERROR("null", "-32600", "empty batch"));
    is("[" ASK "1,\"method\":\"eth_chainId\"},3," ASK
       "\"b\",\"method\":\"web3_sha3\",\"params\":[1]},"
       "{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}," ASK "2,\"method\":\"net_version\"}]",
       "[" HEAD "1,\"result\":\"0x1\"}," ERROR("null", "-32600", "invalid request") "," ERROR(
           "\"b\"", "-32000", "said \\\"no\\\"") "," HEAD "2,\"result\":\"0x4\"}]");
    is("[{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}]", "");
    is("[1,2,3,4,5,6]", ERROR("null", "-32600", "batch too large: 6 requests, at most 5"));
    is("[1", ERROR("null", "-32700", "parse error: an array does not end, at byte 2"));
}

/* An answer that is too long is taken back whole, and the others are as they would be. */
static void test_room(void)
{
    is("[" ASK "1,\"method\":\"eth_chainId\"}," ASK
       "2,\"method\":\"eth_getLogs\",\"params\":[{}]}," ASK "3,\"method\":\"eth_chainId\"}]",
       "[" HEAD "1,\"result\":\"0x1\"}," ERROR(
           "2", "-32003", "response too large") "," HEAD "3,\"result\":\"0x3\"}]");
}

/* What has begun ends; the rest is not begun, and a notification is told nothing. */
static void test_late(void)
{
    rpc_stand_slow(60);
    is("[" ASK "1,\"method\":\"eth_chainId\"}," ASK "2,\"method\":\"evm_snapshot\"},"
       "{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}," ASK "4,\"method\":\"no\"}]",
       "[" HEAD "1,\"result\":\"0x1\"}," ERROR("2", "-32002", "request timed out") "," ERROR(
           "4", "-32002", "request timed out") "]");
    rpc_stand_slow(0);
}

static size_t seen_ahead;

static void look_ahead(struct rpc *rpc, const struct scan_request *requests, size_t count)
{
    EXPECT((void *)rpc == (void *)&stand);
    for (size_t i = 0; i < count; i++)
        EXPECT(requests[i].text.at[0] == '{');
    seen_ahead += count;
}

/* A batch is shown before it begins; what is alone, or refused as a whole, is not. */
static void test_ahead(void)
{
    stand.serve.ahead = look_ahead;
    seen_ahead = 0;
    is(ASK "1,\"method\":\"eth_chainId\"}", HEAD "1,\"result\":\"0x1\"}");
    is("[" ASK "1,\"method\":\"eth_chainId\"}]", "[" HEAD "1,\"result\":\"0x1\"}]");
    is("[", ERROR("null", "-32700", "parse error: a value is missing, at byte 1"));
    EXPECT(seen_ahead == 0);
    is("[" ASK "1,\"method\":\"eth_chainId\"}," ASK "2,\"method\":\"eth_chainId\"}]",
       "[" HEAD "1,\"result\":\"0x1\"}," HEAD "2,\"result\":\"0x2\"}]");
    EXPECT(seen_ahead == 2);
    stand.serve.ahead = NULL;
}

static void test_settled(void)
{
    stand.settled = 0;
    is(ASK "1,\"method\":\"eth_chainId\"}", HEAD "1,\"result\":\"0x1\"}");
    EXPECT(stand.settled == 0);
    is("[" ASK "1,\"method\":\"evm_snapshot\"}," ASK "2,\"method\":\"evm_snapshot\"}]",
       "[" HEAD "1,\"result\":\"0x1\"}," HEAD "2,\"result\":\"0x2\"}]");
    EXPECT(stand.settled == 1);
    stand.settle_fails = true;
    is("[" ASK "1,\"method\":\"evm_snapshot\"},{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}]",
       "[" ERROR("1", "-32000", "the disk is full") "]");
    is(ASK "1,\"method\":\"anvil_snapshot\"}", ERROR("1", "-32000", "the disk is full"));
    is(ASK "1,\"method\":\"eth_chainId\"}", HEAD "1,\"result\":\"0x1\"}");
    stand.settle_fails = false;
    stand.stuck = true;
    is("[" ASK "1,\"method\":\"eth_chainId\"}," ASK "2,\"method\":\"evm_snapshot\"}]",
       "[" ERROR("1", "-32000", "the disk is full") "," ERROR("2", "-32000",
                                                              "the disk is full") "]");
    stand.stuck = false;
}

/* The second of three waits; what comes before it is done once, what comes after it after it. */
static void test_waiting(void)
{
    struct exchange *x = &stand.exchange;
    const char *body = "[" ASK "1,\"method\":\"web3_sha3\",\"params\":[0]}," ASK
                       "2,\"method\":\"eth_chainId\"}," ASK "3,\"method\":\"eth_chainId\"}]";

    wait_ms = 50;
    handled = 0;
    EXPECT(!exchange_begin(x, (struct text){body, strlen(body)}, 1000));
    EXPECT(x->call.wait_until_ms == 1050 && handled == 2);
    EXPECT(!exchange_go_on(x, 1049) && handled == 3);
    EXPECT(!exchange_go_on(x, 1060)); /* the third begins now */
    EXPECT(x->call.wait_until_ms == 1110 && handled == 5);
    EXPECT(x->call.begun_ms == 1060 && x->call.body_ms == 1000);
    EXPECT(exchange_go_on(x, 1110));
    const char *want =
        "[" ERROR("1", "-32000", "said \\\"no\\\"") "," HEAD "2,\"result\":\"0x4\"}," HEAD
                                                    "3,\"result\":\"0x6\"}]";
    EXPECT(x->out.n == strlen(want) && memcmp(x->out.at, want, x->out.n) == 0);
    wait_ms = 0;
}

int main(void)
{
    rpc_stand_open(&stand, handle);
    test_ids();
    test_requests();
    test_batches();
    test_room();
    test_late();
    test_ahead();
    test_settled();
    test_waiting();
    rpc_stand_close(&stand);
    puts("ok - serve");
    return 0;
}
