#include "sim/scenario/expr_lex.h"

#include <string.h>

#include "sim/scenario/scenario.h"

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool in_word(const char *at, const char *start)
{
    return letter(*at) || digit(*at) || *at == '.' ||
           (*at == '-' && (letter(at[1]) || digit(at[1]))) ||
           (*at == '*' && at > start && at[-1] == '.');
}

static bool take(struct word *w, const char *from, const char *to)
{
    size_t n = (size_t)(to - from);

    if (n >= sizeof(w->text)) {
        w->kind = TOKEN_WRONG;
        return false;
    }
    memcpy(w->text, from, n);
    w->text[n] = '\0';
    return true;
}

/* After a number: " SPON", where that is a token or USD. */
static const char *symbol_end(const struct lexer *l, const char *at)
{
    const char *word = at + 1, *end = word;

    if (*at != ' ')
        return at;
    while (letter(*end) || digit(*end))
        end++;
    size_t n = (size_t)(end - word);
    if (n == 3 && memcmp(word, "USD", 3) == 0)
        return end;
    for (u32 i = 0; i < l->token_count; i++)
        if (strlen(l->tokens[i].symbol) == n && memcmp(l->tokens[i].symbol, word, n) == 0)
            return end;
    return at;
}

static struct word take_number(struct lexer *l, struct word w)
{
    const char *end = l->at;

    while (digit(*end) || *end == '.' || *end == '_')
        end++;
    while (letter(*end) || *end == '%')
        end++;
    end = symbol_end(l, end);
    w.kind = TOKEN_NUMBER;
    take(&w, l->at, end);
    l->at = end;
    return w;
}

static struct word take_quoted(struct lexer *l, struct word w)
{
    const char *end = strchr(l->at + 1, *l->at);

    w.kind = TOKEN_QUOTED;
    if (end == NULL) {
        w.kind = TOKEN_WRONG;
        return w;
    }
    take(&w, l->at + 1, end);
    l->at = end + 1;
    return w;
}

static struct word take_op(struct lexer *l, struct word w)
{
    static const struct {
        const char *text;
        enum expr_op op;
    } ops[] = {
        {"==", OP_EQUAL},   {"!=", OP_UNEQUAL}, {"<=", OP_AT_MOST}, {">=", OP_AT_LEAST},
        {"=", OP_EQUAL},    {"<", OP_LESS},     {">", OP_GREATER},  {"+", OP_ADD},
        {"-", OP_SUBTRACT}, {"*", OP_MULTIPLY},
    };

    for (u32 i = 0; i < ARRAY_LEN(ops); i++) {
        size_t n = strlen(ops[i].text);
        if (strncmp(l->at, ops[i].text, n) == 0) {
            w.kind = TOKEN_OP;
            w.op = ops[i].op;
            take(&w, l->at, l->at + n);
            l->at += n;
            return w;
        }
    }
    w.kind = TOKEN_WRONG;
    take(&w, l->at, l->at + 1);
    return w;
}

struct word lexer_next(struct lexer *l)
{
    struct word w = {.kind = TOKEN_END};
    const char *end;

    while (*l->at == ' ' || *l->at == '\n' || *l->at == '\t')
        l->at++;
    w.column = (u32)(l->at - l->text);
    if (*l->at == '\0')
        return w;
    if (*l->at == '(' || *l->at == ')') {
        w.kind = *l->at == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
        take(&w, l->at, l->at + 1);
        l->at++;
        return w;
    }
    if (digit(*l->at))
        return take_number(l, w);
    if (*l->at == '"' || *l->at == '\'')
        return take_quoted(l, w);
    if (!letter(*l->at))
        return take_op(l, w);
    for (end = l->at; in_word(end, l->at);)
        end++;
    w.kind = TOKEN_WORD;
    take(&w, l->at, end);
    l->at = end;
    return w;
}
