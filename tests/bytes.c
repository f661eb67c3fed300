#include "tests/bytes.h"

#include "tests/test.h"

#include <string.h>

#define KEPT 64u
#define BYTES_MAX 4096u

static u8 kept[KEPT][BYTES_MAX];
static size_t calls;

static unsigned digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    EXPECT(at != NULL);
    return (unsigned)(at - digits);
}

struct slice bytes_of(const char *hex)
{
    u8 *out = kept[calls++ % KEPT];
    size_t n = 0;

    for (; *hex != '\0'; hex += *hex == ' ' ? 1 : 2) {
        if (*hex == ' ')
            continue;
        EXPECT(n < BYTES_MAX);
        out[n++] = (u8)(digit(hex[0]) << 4 | digit(hex[1]));
    }
    return SLICE(out, n);
}

struct bytes32 bytes32_of(const char *hex)
{
    struct slice s = bytes_of(hex);

    EXPECT(s.n == sizeof(struct bytes32));
    return bytes32_of_low(s.at, s.n);
}

bool bytes_equal(struct slice a, struct slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

void any_bytes(struct any *a, u8 *out, size_t n)
{
    if (any_below(a, 4) == 0) {
        if (n != 0)
            memset(out, (int)any_below(a, 256), n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = (u8)any_below(a, 256);
}
