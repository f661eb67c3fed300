/* expr - the tree of one assertion; read by expr_read.c, judged by expect.c. */
#ifndef SIM_SCENARIO_EXPR_H
#define SIM_SCENARIO_EXPR_H

#include "sim/scenario/names.h"
#include "sim/scenario/problem.h"

enum expr_kind {
    EXPR_VALUE,
    EXPR_PATH,     /* of one */
    EXPR_FOLD,     /* sum, min or max of a path with * */
    EXPR_MATCHING, /* count(path op b): how many compare so */
    EXPR_EVENTS,   /* count(event ...) */
    EXPR_NOT,      /* not a */
    EXPR_BINARY    /* a op b */
};

enum expr_op {
    OP_OR,
    OP_AND,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_LESS,
    OP_AT_MOST,
    OP_GREATER,
    OP_AT_LEAST,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY
};

enum expr_fold { FOLD_SUM, FOLD_MIN, FOLD_MAX };

/* field op value, of a log. */
struct expr_condition {
    const char *field;
    enum expr_op op;
    struct value value;
};

struct expr {
    enum expr_kind kind;
    enum dim dim;
    u32 line, column;
    const char *text; /* of a root, a path and a comparison: as written */
    struct value value;
    struct path path;
    enum expr_fold fold;
    enum expr_op op;
    const struct expr *a, *b;
    enum log_kind log;
    const struct expr_condition *conditions;
    u32 condition_count, counter;
    const struct expr *next_event;
};

/* What a field of a log is, for a comparison. */
struct log_field {
    enum dim dim;
    bool8 no_token;          /* an amount, and the log does not say of which token */
    struct vocabulary names; /* of a name */
};

/* False: the log has no such field, or it is nothing to compare. */
bool log_field_find(enum log_kind kind, const char *name, struct log_field *out);
void log_field_names(enum log_kind kind, void (*offer)(void *ctx, const char *name), void *ctx);

/* The field of a log as a value; of a name, room holds it. */
struct value log_field_value(const struct log *log, const char *name,
                             const struct expect_world *world, char room[EXPECT_WHO_BYTES]);

/* a op b.  False: they cannot be compared (another token). */
bool value_compare(struct value a, enum expr_op op, struct value b, bool *out);

#endif /* SIM_SCENARIO_EXPR_H */
