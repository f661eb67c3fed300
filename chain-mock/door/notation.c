#include "chain-mock/door/notation.h"

#include <string.h>

#define DIGITS_MAX 18u

struct notation notation_of(struct text t)
{
    return (struct notation){.rest = t, .ok = true};
}

static void drop(struct notation *n, size_t count)
{
    n->rest.at += count;
    n->rest.n -= count;
}

static char here(struct notation *n)
{
    while (n->rest.n > 0 && (n->rest.at[0] == ' ' || n->rest.at[0] == '\n' ||
                             n->rest.at[0] == '\t' || n->rest.at[0] == '\r'))
        drop(n, 1);
    return n->rest.n > 0 ? n->rest.at[0] : '\0';
}

static void expect(struct notation *n, char c)
{
    if (n->ok && here(n) == c)
        drop(n, 1);
    else
        n->ok = false;
}

void notation_enter(struct notation *n, char bracket)
{
    expect(n, bracket);
    n->first = true;
}

/* Whether another member comes, of what ends with `close`. */
static bool more(struct notation *n, char close)
{
    if (n->ok && here(n) == close) {
        drop(n, 1);
        n->first = false;
        return false;
    }
    if (!n->first)
        expect(n, ',');
    n->first = false;
    return n->ok;
}

static struct text quoted(struct notation *n)
{
    size_t k = 1;

    while (k < n->rest.n && n->rest.at[k] != '"')
        k += n->rest.at[k] == '\\' ? 2 : 1;
    if (k >= n->rest.n) {
        n->ok = false;
        return (struct text){NULL, 0};
    }
    struct text word = {n->rest.at + 1, k - 1};
    drop(n, k + 1);
    return word;
}

static struct text word_up_to(struct notation *n, const char *ends)
{
    size_t k = 0;

    if (!n->ok)
        return (struct text){NULL, 0};
    if (here(n) == '"')
        return quoted(n);
    while (k < n->rest.n && n->rest.at[k] != '\0' && strchr(ends, n->rest.at[k]) == NULL)
        k++;
    struct text word = {n->rest.at, k};
    drop(n, k);
    while (word.n > 0 && word.at[word.n - 1] == ' ')
        word.n--;
    return word;
}

bool notation_key(struct notation *n, struct text *key)
{
    if (!more(n, '}'))
        return false;
    *key = word_up_to(n, ":,{}[]");
    expect(n, ':');
    return n->ok;
}

bool notation_element(struct notation *n)
{
    return more(n, ']');
}

struct text notation_word(struct notation *n)
{
    return word_up_to(n, ",{}[]");
}

bool notation_digits(struct text t, u64 *out)
{
    u64 sum = 0;

    if (t.n == 0 || t.n > DIGITS_MAX)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        sum = sum * 10 + (u64)(t.at[i] - '0');
    }
    *out = sum;
    return true;
}

u64 notation_number(struct notation *n)
{
    u64 v = 0;

    if (!notation_digits(notation_word(n), &v))
        n->ok = false;
    return n->ok ? v : 0;
}

/* Brackets are counted, not matched: what is skipped has no meaning here. */
void notation_skip(struct notation *n)
{
    u64 depth = 0;

    do {
        char c = here(n);
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return; /* an empty word */
        if (c == '\0')
            n->ok = false;
        else if (strchr(",:{}[]", c) == NULL)
            (void)word_up_to(n, ",:{}[]");
        else
            drop(n, 1);
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
    } while (n->ok && depth > 0);
    if (n->ok && here(n) == ':') /* of a word that has one */
        (void)word_up_to(n, ",{}[]");
}

bool notation_done(struct notation *n)
{
    return n->ok && here(n) == '\0' && n->rest.n == 0;
}

bool notation_is(struct text t, const char *word)
{
    return t.n == strlen(word) && memcmp(t.at, word, t.n) == 0;
}
