/* scan: what is JSON and what is not, by lists of both and by every way to cut and to change a
 * body; ids byte for byte; nesting to the level. */
#include "sim/rpc/scan.h"

#include "tests/any.h"
#include "tests/test.h"

#include <cjson/cJSON.h>
#include <string.h>

#define ROOM 8u

static struct any any = {{71, 0, 0}, 0};
static struct scan_request requests[ROOM];

static bool scans(struct scan *s, const char *body, size_t n)
{
    return scan_body(s, (struct text){body, n}, requests, ROOM);
}

static bool is(struct text t, const char *want)
{
    return t.n == strlen(want) && memcmp(t.at, want, t.n) == 0;
}

static void test_requests(void)
{
    struct scan s;
    const char *batch = " [ {\"id\" : 9007199254740993 , \"x\":{\"id\":5}} ,7,{\"a\":[{}]},"
                        "{\"id\":\"a\\\"\\u00e9\",\"id\":2}] ";

    EXPECT(scans(&s, batch, strlen(batch)) && s.batch && s.count == 4);
    EXPECT(is(requests[0].id, "9007199254740993"));
    EXPECT(is(requests[0].text, "{\"id\" : 9007199254740993 , \"x\":{\"id\":5}}"));
    EXPECT(is(requests[1].text, "7") && requests[1].id.n == 0);
    EXPECT(requests[2].id.n == 0);
    EXPECT(is(requests[3].id, "\"a\\\"\\u00e9\"")); /* the first, as cJSON takes it */
    EXPECT(scans(&s, "{\"id\":-1.50e+3}", 15) && !s.batch && s.count == 1);
    EXPECT(is(requests[0].id, "-1.50e+3"));
    EXPECT(scans(&s, "[]", 2) && s.batch && s.count == 0);
    EXPECT(scans(&s, "null", 4) && !s.batch && is(requests[0].text, "null"));
}

static void test_more_than_room(void)
{
    struct scan s;
    char body[2 * 1000 + 1];

    for (size_t i = 0; i < 1000; i++)
        memcpy(body + 2 * i, i == 0 ? "[1" : ",1", 2);
    body[2000] = ']';
    EXPECT(scans(&s, body, sizeof(body)) && s.count == 1000);
    EXPECT(is(requests[ROOM - 1].text, "1"));
}

static void test_taken(void)
{
    static const char *const texts[] = {"0",
                                        "-0",
                                        "10",
                                        "1.5",
                                        "1e9",
                                        "1E-9",
                                        "true",
                                        "false",
                                        "\"\"",
                                        "{}",
                                        "[[]]",
                                        "\"\\u0001\\n\\/\"",
                                        "\"\\ud83d\\ude00\"",
                                        "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
                                        "{\"a\":1,\"b\":[1,2,{\"c\":null}]}",
                                        " \t\r\n1 \n"};
    struct scan s;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        EXPECT(scans(&s, texts[i], strlen(texts[i])));
        cJSON *tree = cJSON_ParseWithLength(texts[i], strlen(texts[i]));
        EXPECT(tree != NULL);
        cJSON_Delete(tree);
    }
}

static void test_refused(void)
{
    static const struct {
        const char *text, *why;
        size_t at;
    } cases[] = {
        {"", "the body is empty", 0},
        {" ", "a value is missing", 1},
        {"{\"a\":1,}", "a name is missing", 7},
        {"[1,]", "a value is missing", 3},
        {"[1", "an array does not end", 2},
        {"{\"a\"}", "a colon is missing", 4},
        {"{\"a\":1", "an object does not end", 6},
        {"{a:1}", "a name is missing", 1},
        {"01", "something follows the end", 1},
        {"1 2", "something follows the end", 2},
        {"-", "a digit is missing", 1},
        {"1.", "a digit is missing", 2},
        {"1e", "a digit is missing", 2},
        {"+1", "a value is missing", 0},
        {".5", "a value is missing", 0},
        {"NaN", "a value is missing", 0},
        {"nul", "a value is missing", 0},
        {"'a'", "a value is missing", 0},
        {"\"a", "a string does not end", 2},
        {"\"\\x\"", "no such escape", 3},
        {"\"\\u12g4\"", "an escape has no four hex digits", 6},
        {"\"\\u00", "an escape is cut short", 3},
        {"\"a\\u0000b\"", "a string holds \\u0000", 8},
        {"\"\\ud83d\"", "half of a surrogate pair", 7},
        {"\"\\ude00\"", "half of a surrogate pair", 7},
        {"\"\n\"", "a control character in a string", 1},
        {"\"\xff\"", "a string is not UTF-8", 1},
        {"\"\xc0\x80\"", "a string is not UTF-8", 1},
        {"\"\xed\xa0\x80\"", "a string is not UTF-8", 1},
        {"\"\xe2\x82\"", "a string is not UTF-8", 1},
        {"\"\xf5\x80\x80\x80\"", "a string is not UTF-8", 1},
        {"1000000000000000000000000000000000000000000000000000000000000000", "a number is too long",
         64},
    };
    struct scan s;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        EXPECT(!scans(&s, cases[i].text, strlen(cases[i].text)));
        EXPECT(strcmp(s.why, cases[i].why) == 0 && s.at == cases[i].at);
    }
    EXPECT(!scans(&s, "1\0", 2) && strcmp(s.why, "something follows the end") == 0);
    EXPECT(!scans(&s, "\"a\0b\"", 5) && strcmp(s.why, "a control character in a string") == 0);
}

static void test_depth(void)
{
    static char body[40000];
    struct scan s;

    for (size_t deep = 1; deep <= 20000; deep = deep < 70 ? deep + 1 : 2 * deep) {
        memset(body, '[', deep);
        memset(body + deep, ']', deep);
        EXPECT(scans(&s, body, 2 * deep) == (deep <= SCAN_DEPTH_MAX));
        EXPECT(!scans(&s, body, deep));
    }
    /* width costs no depth */
    memset(body, '[', 1);
    for (size_t i = 0; i < 5000; i++)
        memcpy(body + 1 + 6 * i, "[{}], ", 6);
    memcpy(body + 1 + 6 * 4999, "[{}]]", 5);
    EXPECT(scans(&s, body, 1 + 6 * 4999 + 5));
}

/* Whatever is taken, cJSON takes too, whole; every cut of a body is refused. */
static void test_against_cjson(void)
{
    const char *body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\",\"params\":[{\"to\":"
                       "\"0x00\",\"n\":-1.5e3},true,null,[\"\\u00e9\"]]}";
    static const char palette[] = "{}[],:\"\\0129aeu.-+ntf \x01\x80\xc3";
    char changed[256];
    size_t n = strlen(body);
    struct scan s;

    for (size_t cut = 0; cut < n; cut++)
        EXPECT(!scans(&s, body, cut));
    for (u32 i = 0; i < 200000; i++) {
        memcpy(changed, body, n);
        for (u32 k = 0; k < 1 + i % 2; k++)
            changed[any_below(&any, n)] = palette[any_below(&any, sizeof(palette) - 1)];
        if (!scans(&s, changed, n))
            continue;
        cJSON *tree = cJSON_ParseWithLength(requests[0].text.at, requests[0].text.n);
        EXPECT(tree != NULL);
        cJSON_Delete(tree);
    }
}

int main(void)
{
    test_requests();
    test_more_than_room();
    test_taken();
    test_refused();
    test_depth();
    test_against_cjson();
    puts("ok - scan");
    return 0;
}
