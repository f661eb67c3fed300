/* expr_lex - the words of an assertion. */
#ifndef SIM_SCENARIO_EXPR_LEX_H
#define SIM_SCENARIO_EXPR_LEX_H

#include "sim/scenario/expr.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   /* and, tier, provider.p1.tier, provider.*.stake */
    TOKEN_NUMBER, /* 6, 20%, 10min, 1000 SPON */
    TOKEN_QUOTED, /* "1000 SPON" */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OP,
    TOKEN_WRONG
};

#define TOKEN_BYTES 96u

struct word {
    enum token_kind kind;
    enum expr_op op;
    u32 column; /* in the text, from 0 */
    char text[TOKEN_BYTES];
};

struct lexer {
    const char *text, *at;
    const struct token *tokens; /* of the scenario: their symbols are units */
    u32 token_count;
};

/* The next word; TOKEN_WRONG: a character or length that no word has. */
struct word lexer_next(struct lexer *l);

#endif /* SIM_SCENARIO_EXPR_LEX_H */
