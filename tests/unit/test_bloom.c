/* bloom against the value that go-ethereum tests its own with (core/types/bloom9_test.go,
 * TestBloomExtensively), and against three bits a number, one by one. */
#include "chain-mock/wire/bloom.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static struct any any = {{57, 0, 0}, 0};

static void test_published(void)
{
    struct bloom b = {{0}};
    char text[64];

    for (int i = 0; i < 100; i++) {
        snprintf(text, sizeof(text), "xxxxxxxxxx data %d yyyyyyyyyyyyyy", i);
        bloom_add(&b, SLICE((const u8 *)text, strlen(text)));
    }
    EXPECT(bytes32_cmp(
               bytes32_keccak(SLICE(b.byte, sizeof(b.byte))),
               bytes32_of("c8d3ca65cdb4874300a9e39475508f23ed6da09fdbc487f89a2dcf50b09eb263")) ==
           0);
}

/* The model: a flag a bit, the number of the bit from the whole hash as an integer. */
struct flags {
    bool at[2048];
};

static void model_add(struct flags *f, struct slice of)
{
    struct bytes32 hash = bytes32_keccak(of);

    for (int pair = 0; pair < 3; pair++)
        f->at[(hash.byte[2 * pair] * 256 + hash.byte[2 * pair + 1]) % 2048] = true;
}

static bool same(const struct bloom *b, const struct flags *f)
{
    for (u32 bit = 0; bit < 2048; bit++)
        if ((b->byte[255 - bit / 8] >> bit % 8 & 1) != f->at[bit])
            return false;
    return true;
}

static void test_model(void)
{
    for (int i = 0; i < 300; i++) {
        struct bloom b = {{0}}, half[2] = {{{0}}, {{0}}};
        struct flags f = {{0}};
        u8 entry[40][32];
        u64 n = any_below(&any, 40);
        for (u64 k = 0; k < n; k++) {
            struct slice s = {entry[k], any_below(&any, 2) == 0 ? 20 : 32};
            any_bytes(&any, entry[k], sizeof(entry[k]));
            bloom_add(&b, s);
            bloom_add(&half[k % 2], s);
            model_add(&f, s);
            EXPECT(bloom_may_hold(&b, s) && same(&b, &f));
        }
        bloom_merge(&half[0], &half[1]);
        EXPECT(memcmp(&half[0], &b, sizeof(b)) == 0);
    }
}

static void test_absent(void)
{
    struct bloom b = {{0}};
    u32 found = 0;

    EXPECT(!bloom_may_hold(&b, bytes_of("00")));
    for (u32 i = 0; i < 50; i++)
        bloom_add(&b, SLICE((const u8 *)&i, sizeof(i)));
    for (u32 i = 50; i < 10050; i++)
        found += bloom_may_hold(&b, SLICE((const u8 *)&i, sizeof(i)));
    EXPECT(found > 0 && found < 60); /* (150 / 2048)^3 of them: 4 */
}

int main(void)
{
    test_published();
    test_model();
    test_absent();
    printf("ok - bloom\n");
    return EXIT_SUCCESS;
}
