#include "sim/rpc/json.h"

#include "chain-mock/wire/hex.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 1024u

void json_free(struct json *j)
{
    free(j->at);
    *j = JSON(j->limit);
}

void json_cut(struct json *j, size_t n)
{
    check(n <= j->n);
    j->n = n;
    j->failed = false;
}

/* Room for n more characters at *out, which the caller then adds to j->n. */
static bool grow(struct json *j, size_t n, char **out)
{
    if (j->failed)
        return false;
    if (j->n > j->limit || n > j->limit - j->n) {
        j->failed = true;
        return false;
    }
    if (n > j->room - j->n) {
        size_t room = j->room == 0 ? FIRST_ROOM : 2 * j->room;
        while (room - j->n < n)
            room *= 2;
        char *at = realloc(j->at, room);
        if (at == NULL) {
            j->failed = true;
            return false;
        }
        j->at = at;
        j->room = room;
    }
    *out = j->at + j->n;
    return true;
}

void json_raw(struct json *j, struct text t)
{
    char *out;

    if (t.n == 0 || !grow(j, t.n, &out))
        return;
    memcpy(out, t.at, t.n);
    j->n += t.n;
}

/* No value ends in one of these three, so what follows one of them is a first one. */
static void separate(struct json *j)
{
    char last = j->n == 0 ? '[' : j->at[j->n - 1];

    if (last != '[' && last != '{' && last != ':')
        JSON_RAW(j, ",");
}

void json_value(struct json *j, struct text t)
{
    separate(j);
    json_raw(j, t);
}

void json_begin(struct json *j, char bracket)
{
    json_value(j, (struct text){&bracket, 1});
}

void json_end(struct json *j, char bracket)
{
    json_raw(j, (struct text){&bracket, 1});
}

void json_name(struct json *j, const char *name)
{
    size_t n = strlen(name);
    char *out;

    separate(j);
    if (!grow(j, n + 3, &out))
        return;
    out[0] = '"';
    memcpy(out + 1, name, n);
    out[n + 1] = '"';
    out[n + 2] = ':';
    j->n += n + 3;
}

void json_null(struct json *j)
{
    json_value(j, (struct text){"null", 4});
}

void json_bool(struct json *j, bool v)
{
    json_value(j, v ? (struct text){"true", 4} : (struct text){"false", 5});
}

/* A string of characters that need no escape. */
static void quoted(struct json *j, struct text t)
{
    char *out;

    separate(j);
    if (!grow(j, t.n + 2, &out))
        return;
    out[0] = '"';
    memcpy(out + 1, t.at, t.n);
    out[t.n + 1] = '"';
    j->n += t.n + 2;
}

void json_u64(struct json *j, u64 v)
{
    char out[2 + 16];
    size_t at = sizeof(out);

    do {
        out[--at] = "0123456789abcdef"[v & 15];
        v >>= 4;
    } while (v != 0);
    out[--at] = 'x';
    out[--at] = '0';
    quoted(j, (struct text){out + at, sizeof(out) - at});
}

void json_u256(struct json *j, struct bytes32 v)
{
    char out[HEX_QUANTITY_CHARS];

    quoted(j, (struct text){out, hex_print_u256(out, v)});
}

void json_amount(struct json *j, struct amount v)
{
    json_u256(j, bytes32_of_amount(v));
}

void json_data(struct json *j, struct slice bytes)
{
    char *out;

    separate(j);
    if (!grow(j, HEX_DATA_CHARS(bytes.n) + 1, &out))
        return;
    out[0] = '"';
    size_t n = hex_print_data(out + 1, bytes);
    out[n + 1] = '"'; /* where the NUL was */
    j->n += n + 2;
}

void json_hash(struct json *j, const struct bytes32 *v)
{
    json_data(j, SLICE(v->byte, sizeof(v->byte)));
}

void json_address(struct json *j, struct address a)
{
    json_data(j, SLICE(a.byte, sizeof(a.byte)));
}

static size_t escape(char out[6], char c)
{
    if (c == '"' || c == '\\') {
        out[0] = '\\';
        out[1] = c;
        return 2;
    }
    if ((u8)c >= 0x20) {
        out[0] = c;
        return 1;
    }
    memcpy(out, "\\u00", 4);
    out[4] = (char)('0' + (c >> 4));
    out[5] = "0123456789abcdef"[c & 15];
    return 6;
}

void json_string(struct json *j, struct text t)
{
    char *out;
    size_t n = 1;

    separate(j);
    if (!grow(j, 6 * t.n + 2, &out))
        return;
    out[0] = '"';
    for (size_t i = 0; i < t.n; i++)
        n += escape(out + n, t.at[i]);
    out[n] = '"';
    j->n += n + 1;
}

void json_chars(struct json *j, const char *chars)
{
    json_string(j, (struct text){chars, strlen(chars)});
}

void json_count(struct json *j, u64 v)
{
    char out[24];
    int n = snprintf(out, sizeof(out), "%" PRIu64, v);

    json_value(j, (struct text){out, (size_t)n});
}

void json_signed(struct json *j, i64 v)
{
    char out[24];
    int n = snprintf(out, sizeof(out), "%" PRId64, v);

    json_value(j, (struct text){out, (size_t)n});
}

void json_seconds(struct json *j, u64 ms)
{
    char out[32];

    if (ms % 1000 == 0) {
        json_count(j, ms / 1000);
        return;
    }
    int n = snprintf(out, sizeof(out), "%" PRIu64 ".%03u", ms / 1000, (unsigned)(ms % 1000));
    json_value(j, (struct text){out, (size_t)n});
}

void json_ratio(struct json *j, u64 part, u64 of)
{
    char out[24];
    u64 places = of == 0 ? 0 : (u64)((u128)part * 10000 / of);

    check(part <= of);
    if (places % 10000 == 0) {
        json_count(j, places / 10000);
        return;
    }
    int n = snprintf(out, sizeof(out), "0.%04u", (unsigned)places);
    json_value(j, (struct text){out, (size_t)n});
}
