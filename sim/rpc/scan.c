#include "sim/rpc/scan.h"

#include <string.h>

struct reader {
    const char *at, *end;
    u32 depth;
    const char *why;
};

static bool value(struct reader *r);

static bool refuse(struct reader *r, const char *why)
{
    if (r->why == NULL)
        r->why = why;
    return false;
}

/* The next character that is no space; NUL at the end: no value begins with one. */
static char peek(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
    return r->at < r->end ? *r->at : '\0';
}

static bool take(struct reader *r, char c)
{
    if (peek(r) != c || r->at == r->end)
        return false;
    r->at++;
    return true;
}

static bool is_digit(const struct reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static bool digits(struct reader *r)
{
    if (!is_digit(r))
        return refuse(r, "a digit is missing");
    while (is_digit(r))
        r->at++;
    return true;
}

static bool number(struct reader *r)
{
    const char *begin = r->at;

    if (*r->at == '-')
        r->at++;
    if (r->at < r->end && *r->at == '0')
        r->at++;
    else if (!digits(r))
        return false;
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        if (!digits(r))
            return false;
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        r->at++;
        if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
            r->at++;
        if (!digits(r))
            return false;
    }
    return (size_t)(r->at - begin) <= SCAN_NUMBER_CHARS || refuse(r, "a number is too long");
}

/* The four digits after \u; false: they are none. */
static bool code_unit(struct reader *r, u32 *out)
{
    u32 sum = 0;

    if (r->end - r->at < 4)
        return refuse(r, "an escape is cut short");
    for (u32 i = 0; i < 4; i++) {
        char c = *r->at++;
        const char *digit = memchr("0123456789abcdef", c >= 'A' && c <= 'F' ? c + 32 : c, 16);
        if (digit == NULL)
            return refuse(r, "an escape has no four hex digits");
        sum = sum * 16 + (u32)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    *out = sum;
    return true;
}

static bool unicode(struct reader *r)
{
    u32 first, second;

    if (!code_unit(r, &first))
        return false;
    if (first == 0)
        return refuse(r, "a string holds \\u0000");
    if (first < 0xd800 || first > 0xdfff)
        return true;
    if (first > 0xdbff || r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
        return refuse(r, "half of a surrogate pair");
    r->at += 2;
    return code_unit(r, &second) &&
           ((second >= 0xdc00 && second <= 0xdfff) || refuse(r, "half of a surrogate pair"));
}

static bool escape(struct reader *r)
{
    if (r->at == r->end)
        return refuse(r, "a string does not end");
    char c = *r->at++;
    if (c == 'u')
        return unicode(r);
    return (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) || refuse(r, "no such escape");
}

/* One character of more than one byte (Unicode 15, table 3-7). */
static bool utf8(struct reader *r)
{
    const u8 *b = (const u8 *)r->at;
    u8 first = b[0], least = 0x80, most = 0xbf;
    size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

    if (first == 0xe0)
        least = 0xa0;
    if (first == 0xed)
        most = 0x9f;
    if (first == 0xf0)
        least = 0x90;
    if (first == 0xf4)
        most = 0x8f;
    if (first < 0xc2 || first > 0xf4 || (size_t)(r->end - r->at) < n)
        return refuse(r, "a string is not UTF-8");
    for (size_t i = 1; i < n; i++) {
        if (b[i] < least || b[i] > most)
            return refuse(r, "a string is not UTF-8");
        least = 0x80;
        most = 0xbf;
    }
    r->at += n;
    return true;
}

static bool string(struct reader *r)
{
    r->at++;
    while (r->at < r->end) {
        u8 c = (u8)*r->at;
        if (c == '"') {
            r->at++;
            return true;
        }
        if (c < 0x20)
            return refuse(r, "a control character in a string");
        if (c >= 0x80) {
            if (!utf8(r))
                return false;
            continue;
        }
        r->at++;
        if (c == '\\' && !escape(r))
            return false;
    }
    return refuse(r, "a string does not end");
}

static bool word(struct reader *r, const char *w, size_t n)
{
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, w, n) != 0)
        return refuse(r, "a value is missing");
    r->at += n;
    return true;
}

static bool enter(struct reader *r)
{
    r->at++;
    return ++r->depth <= SCAN_DEPTH_MAX || refuse(r, "nested deeper than 64");
}

/* The rest of an object.  id: where the first member of that name is noted, or NULL. */
static bool members(struct reader *r, struct text *id)
{
    if (!enter(r))
        return false;
    r->depth -= peek(r) == '}';
    if (take(r, '}'))
        return true;
    do {
        if (peek(r) != '"')
            return refuse(r, "a name is missing");
        const char *name = r->at;
        if (!string(r))
            return false;
        bool is_id =
            id != NULL && id->n == 0 && r->at - name == 4 && memcmp(name, "\"id\"", 4) == 0;
        if (!take(r, ':'))
            return refuse(r, "a colon is missing");
        peek(r);
        const char *begin = r->at;
        if (!value(r))
            return false;
        if (is_id)
            *id = (struct text){begin, (size_t)(r->at - begin)};
    } while (take(r, ','));
    r->depth--;
    return take(r, '}') || refuse(r, "an object does not end");
}

static bool elements(struct reader *r)
{
    if (!enter(r))
        return false;
    r->depth -= peek(r) == ']';
    if (take(r, ']'))
        return true;
    do {
        if (!value(r))
            return false;
    } while (take(r, ','));
    r->depth--;
    return take(r, ']') || refuse(r, "an array does not end");
}

static bool value(struct reader *r)
{
    switch (peek(r)) {
    case '{':
        return members(r, NULL);
    case '[':
        return elements(r);
    case '"':
        return string(r);
    case 't':
        return word(r, "true", 4);
    case 'f':
        return word(r, "false", 5);
    case 'n':
        return word(r, "null", 4);
    default:
        if (r->at < r->end && (*r->at == '-' || is_digit(r)))
            return number(r);
        return refuse(r, "a value is missing");
    }
}

/* A value that should be a request. */
static bool request(struct reader *r, struct scan_request *out)
{
    struct text id = {NULL, 0};
    bool is_object = peek(r) == '{';
    const char *begin = r->at;

    if (is_object ? !members(r, &id) : !value(r))
        return false;
    *out = (struct scan_request){{begin, (size_t)(r->at - begin)}, id};
    return true;
}

static bool batch(struct reader *r, struct scan *s, struct scan_request *out, size_t room)
{
    struct scan_request one;

    if (!enter(r))
        return false;
    if (take(r, ']'))
        return true;
    do {
        if (!request(r, &one))
            return false;
        if (s->count < room)
            out[s->count] = one;
        s->count++;
    } while (take(r, ','));
    return take(r, ']') || refuse(r, "an array does not end");
}

bool scan_body(struct scan *s, struct text body, struct scan_request *out, size_t room)
{
    struct reader r = {body.at, body.at + body.n, 0, NULL};

    check(room > 0);
    *s = (struct scan){.batch = body.n > 0 && peek(&r) == '['};
    bool ok = body.n == 0 ? refuse(&r, "the body is empty")
                          : (s->batch ? batch(&r, s, out, room) : request(&r, &out[0]));
    if (ok && !s->batch)
        s->count = 1;
    if (ok && (peek(&r) != '\0' || r.at != r.end))
        ok = refuse(&r, "something follows the end");
    s->why = r.why;
    s->at = (size_t)(r.at - body.at);
    return ok;
}
