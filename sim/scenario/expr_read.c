#include "sim/scenario/expr_read.h"

#include <stdio.h>
#include <string.h>

#include "sim/engine/nearest.h"
#include "sim/scenario/expr_lex.h"
#include "sim/scenario/path_read.h"
#include "sim/scenario/units.h"

#define DEPTH_MAX 40u

struct parser {
    struct reading *r;
    const struct yaml *y;
    struct lexer lexer;
    struct word now;
    u32 depth;
};

static const char *const dim_texts[] = {"a number", "a share", "a duration", "an amount",
                                        "USD",      "a name",  "a truth"};

static const struct expr *wrong(struct parser *p, u32 column, const char *text)
{
    problem_at(p->r->why, p->r->file, p->y->line, p->y->column + p->y->quoted + column, "%s", text);
    return NULL;
}

static const struct expr *expected(struct parser *p, const char *what)
{
    char text[2 * TOKEN_BYTES + 64];

    snprintf(text, sizeof(text), "found %s%s%s, expected %s", p->now.kind == TOKEN_END ? "" : "'",
             p->now.kind == TOKEN_END ? "the end" : p->now.text,
             p->now.kind == TOKEN_END ? "" : "'", what);
    return wrong(p, p->now.column, text);
}

static void advance(struct parser *p)
{
    p->now = lexer_next(&p->lexer);
}

static bool is_word(const struct parser *p, const char *word)
{
    return p->now.kind == TOKEN_WORD && strcmp(p->now.text, word) == 0;
}

static bool skip_word(struct parser *p, const char *word)
{
    bool is = is_word(p, word);

    if (is)
        advance(p);
    return is;
}

static struct expr *new_expr(struct parser *p, enum expr_kind kind, u32 column)
{
    struct expr *e = field_take(p->r, p->y, sizeof(*e), 1);

    if (e == NULL)
        return NULL;
    e->kind = kind;
    e->line = p->y->line;
    e->column = p->y->column + p->y->quoted + column;
    return e;
}

static bool comparing(enum expr_op op)
{
    return op >= OP_EQUAL && op <= OP_AT_LEAST;
}

/* A quantity: its dimension is that of its unit. */
static bool read_quantity(const struct scenario *s, const char *text, struct value *out)
{
    static const struct {
        const struct unit_set *units;
        enum dim dim;
    } sets[] = {{&units_count, DIM_COUNT},
                {&units_ratio, DIM_SHARE},
                {&units_span, DIM_SPAN},
                {&units_usd, DIM_USD}};
    u128 v;

    for (u32 i = 0; i < ARRAY_LEN(sets); i++)
        if (units_read(sets[i].units, text, &v) == UNITS_OK && v >> 126 == 0) {
            *out = (struct value){.dim = sets[i].dim, .n = (i128)v};
            return true;
        }
    for (u32 i = 0; i < s->token_count; i++)
        if (units_read_amount(s->tokens[i].symbol, s->tokens[i].decimals, text, &v) == UNITS_OK &&
            v >> 126 == 0) {
            *out = (struct value){.dim = DIM_AMOUNT, .token = i, .n = (i128)v};
            return true;
        }
    return false;
}

static bool read_name(struct parser *p, const char *text, struct value *out)
{
    bool truth = strcmp(text, "true") == 0;

    if (p->now.kind == TOKEN_WORD && (truth || strcmp(text, "false") == 0)) {
        *out = (struct value){.dim = DIM_TRUTH, .n = truth};
        return true;
    }
    *out = (struct value){.dim = DIM_NAME, .name = field_text(p->r, p->y, text)};
    return out->name != NULL;
}

/* A number, a quoted quantity, or a name. */
static bool read_literal(struct parser *p, struct value *out)
{
    bool quantity = p->now.kind == TOKEN_NUMBER || p->now.kind == TOKEN_QUOTED;

    if (quantity && read_quantity(p->r->s, p->now.text, out))
        return true;
    if (p->now.kind == TOKEN_NUMBER) {
        expected(p, "a quantity such as 6, 20%, 10min or 1000 SPON");
        return false;
    }
    return read_name(p, p->now.text, out);
}

static const struct expr *literal(struct parser *p)
{
    struct expr *e = new_expr(p, EXPR_VALUE, p->now.column);

    if (e == NULL || !read_literal(p, &e->value))
        return NULL;
    e->dim = e->value.dim;
    advance(p);
    return e;
}

static bool read_path(struct parser *p, struct path *out)
{
    char why[PATH_WHY_BYTES];

    if (p->now.kind != TOKEN_WORD) {
        expected(p, "a path such as provider.*.stake");
        return false;
    }
    if (!path_read(p->r->s, p->now.text, out, why)) {
        wrong(p, p->now.column, why);
        return false;
    }
    advance(p);
    return true;
}

static bool close(struct parser *p)
{
    if (p->now.kind != TOKEN_CLOSE) {
        expected(p, "')'");
        return false;
    }
    advance(p);
    return true;
}

static const struct expr *either(struct parser *p);
static const struct expr *product(struct parser *p);

static const struct expr *fold(struct parser *p, enum expr_fold how, u32 column)
{
    struct expr *e = new_expr(p, EXPR_FOLD, column);
    u32 at = p->now.column;

    if (e == NULL || !read_path(p, &e->path))
        return NULL;
    e->fold = how;
    e->dim = path_rows[e->path.id].dim;
    if (e->dim == DIM_NAME || e->dim == DIM_TRUTH)
        return wrong(p, at, "expected a path to numbers");
    return close(p) ? e : NULL;
}

static bool compare_dims(struct parser *p, u32 column, enum dim a, enum expr_op op, enum dim b)
{
    char text[128];

    if (a != b) {
        snprintf(text, sizeof(text), "%s is not compared with %s", dim_texts[a], dim_texts[b]);
        wrong(p, column, text);
        return false;
    }
    if ((a == DIM_NAME || a == DIM_TRUTH) && op != OP_EQUAL && op != OP_UNEQUAL) {
        snprintf(text, sizeof(text), "%s is compared with == or != only", dim_texts[a]);
        wrong(p, column, text);
        return false;
    }
    return true;
}

/* A name of this vocabulary, where the value is a name at all. */
static bool known_name(struct parser *p, const struct vocabulary *names, const struct value *v,
                       u32 column)
{
    char why[NAMES_WHY_BYTES];

    if (v->dim != DIM_NAME || names_check(p->r->s, names, v->name, why))
        return true;
    wrong(p, column, why);
    return false;
}

/* A written name is one that the path on the other side can have. */
static bool compare_names(struct parser *p, const struct expr *a, const struct expr *b)
{
    const struct expr *path = a->kind == EXPR_VALUE ? b : a;
    const struct expr *name = a->kind == EXPR_VALUE ? a : b;
    u32 column = name->column - p->y->column - p->y->quoted;

    if (a->dim != DIM_NAME || name->kind != EXPR_VALUE)
        return true;
    if (path->kind != EXPR_VALUE)
        return known_name(p, path_rows[path->path.id].names, &name->value, column);
    wrong(p, column, "two names are compared, expected a path such as lease.u1.0.state for one");
    return false;
}

/* count(lease.*.state == closed) */
static const struct expr *matching(struct parser *p, u32 column)
{
    struct expr *e = new_expr(p, EXPR_MATCHING, column);
    u32 at;

    if (e == NULL || !read_path(p, &e->path))
        return NULL;
    at = p->now.column;
    if (p->now.kind != TOKEN_OP || !comparing(p->now.op))
        return expected(p, "a comparison");
    e->op = p->now.op;
    advance(p);
    e->b = product(p);
    e->dim = path_rows[e->path.id].dim; /* until it is compared */
    if (e->b == NULL || !compare_dims(p, at, e->dim, e->op, e->b->dim) ||
        !compare_names(p, e, e->b))
        return NULL;
    e->dim = DIM_COUNT;
    return close(p) ? e : NULL;
}

static bool find_log(struct parser *p, enum log_kind *out)
{
    struct nearest near = nearest_to(p->now.text);
    char hint[NEAREST_BYTES], text[2 * NEAREST_BYTES + 32];

    for (u32 i = 0; i < LOG_KINDS; i++) {
        nearest_offer(&near, log_names[i]);
        if (p->now.kind == TOKEN_WORD && strcmp(log_names[i], p->now.text) == 0) {
            *out = (enum log_kind)i;
            advance(p);
            return true;
        }
    }
    snprintf(text, sizeof(text), "no event '%s'%s", p->now.text, nearest_hint(&near, hint));
    wrong(p, p->now.column, text);
    return false;
}

static void offer(void *ctx, const char *name)
{
    nearest_offer(ctx, name);
}

static bool find_field(struct parser *p, enum log_kind kind, struct log_field *out)
{
    struct nearest near = nearest_to(p->now.text);
    char hint[NEAREST_BYTES], text[3 * NEAREST_BYTES];

    if (p->now.kind == TOKEN_WORD && log_field_find(kind, p->now.text, out)) {
        if (!out->no_token)
            return true;
        snprintf(text, sizeof(text), "%s does not say of which token '%s' is", log_names[kind],
                 p->now.text);
    } else {
        log_field_names(kind, offer, &near);
        snprintf(text, sizeof(text), "%s has no field '%s' to compare%s", log_names[kind],
                 p->now.text, nearest_hint(&near, hint));
    }
    wrong(p, p->now.column, text);
    return false;
}

/* reason = insufficient */
static bool condition(struct parser *p, enum log_kind kind, struct expr_condition *out)
{
    struct log_field field;
    u32 column;

    if (!find_field(p, kind, &field))
        return false;
    out->field = field_text(p->r, p->y, p->now.text);
    if (out->field == NULL)
        return false;
    advance(p);
    if (p->now.kind != TOKEN_OP || !comparing(p->now.op)) {
        expected(p, "a comparison such as =");
        return false;
    }
    out->op = p->now.op;
    advance(p);
    column = p->now.column;
    if (p->now.kind != TOKEN_WORD && p->now.kind != TOKEN_NUMBER && p->now.kind != TOKEN_QUOTED) {
        expected(p, "a value");
        return false;
    }
    if (!read_literal(p, &out->value) ||
        !compare_dims(p, column, field.dim, out->op, out->value.dim) ||
        !known_name(p, &field.names, &out->value, column))
        return false;
    advance(p);
    return true;
}

#define CONDITIONS_MAX 8u

/* count(event LeaseClosed where reason = insufficient and provider = p1) */
static const struct expr *events(struct parser *p, u32 column)
{
    struct expr *e = new_expr(p, EXPR_EVENTS, column);
    struct expr_condition *list =
        e == NULL ? NULL : field_take(p->r, p->y, sizeof(*list), CONDITIONS_MAX);

    if (list == NULL || !find_log(p, &e->log))
        return NULL;
    e->dim = DIM_COUNT;
    e->conditions = list;
    if (skip_word(p, "where")) {
        do {
            if (e->condition_count == CONDITIONS_MAX)
                return expected(p, "at most eight conditions");
            if (!condition(p, e->log, &list[e->condition_count++]))
                return NULL;
        } while (skip_word(p, "and"));
    }
    e->counter = p->r->s->expect.counters++;
    e->next_event = p->r->s->expect.events;
    p->r->s->expect.events = e;
    return close(p) ? e : NULL;
}

/* A word followed by '(' is a function, with a dot a path, else a name. */
static const struct expr *word(struct parser *p)
{
    static const char *const folds[] = {"sum", "min", "max"};
    struct word first = p->now;
    struct lexer ahead = p->lexer;
    bool call = lexer_next(&ahead).kind == TOKEN_OPEN;
    struct expr *e;

    if (!call && strchr(first.text, '.') == NULL)
        return literal(p);
    if (!call) {
        e = new_expr(p, EXPR_PATH, first.column);
        if (e == NULL || !read_path(p, &e->path))
            return NULL;
        e->text = field_text(p->r, p->y, first.text);
        if (path_is_many(&e->path))
            return wrong(p, first.column,
                         "names more than one, expected sum(), min(), max() or "
                         "count() around it");
        e->dim = path_rows[e->path.id].dim;
        return e;
    }
    for (u32 i = 0; i < ARRAY_LEN(folds); i++)
        if (strcmp(first.text, folds[i]) == 0) {
            advance(p);
            advance(p);
            return fold(p, (enum expr_fold)i, first.column);
        }
    if (strcmp(first.text, "count") != 0)
        return expected(p, "sum(), min(), max() or count()");
    advance(p);
    advance(p);
    if (skip_word(p, "event"))
        return events(p, first.column);
    return matching(p, first.column);
}

static const struct expr *primary(struct parser *p)
{
    const struct expr *e;

    if (p->now.kind == TOKEN_OPEN) {
        advance(p);
        e = either(p);
        return e != NULL && close(p) ? e : NULL;
    }
    if (p->now.kind == TOKEN_NUMBER || p->now.kind == TOKEN_QUOTED)
        return literal(p);
    if (p->now.kind != TOKEN_WORD)
        return expected(p, "a path, a value or a function");
    return word(p);
}

static struct expr *binary(struct parser *p, const struct expr *a, enum expr_op op,
                           const struct expr *b, enum dim dim, u32 column)
{
    struct expr *e = new_expr(p, EXPR_BINARY, column);

    if (e == NULL)
        return NULL;
    e->a = a;
    e->b = b;
    e->op = op;
    e->dim = dim;
    return e;
}

/* A count or a share times anything that is a number. */
static const struct expr *product(struct parser *p)
{
    const struct expr *a = primary(p);

    while (a != NULL && p->now.kind == TOKEN_OP && p->now.op == OP_MULTIPLY) {
        u32 column = p->now.column;
        advance(p);
        const struct expr *b = primary(p);
        if (b == NULL)
            return NULL;
        bool plain_a = a->dim == DIM_COUNT || a->dim == DIM_SHARE;
        bool plain_b = b->dim == DIM_COUNT || b->dim == DIM_SHARE;
        if (a->dim >= DIM_NAME || b->dim >= DIM_NAME || (!plain_a && !plain_b))
            return wrong(p, column, "one of the two must be a number or a share");
        /* A count takes the other's dimension, a share leaves it. */
        enum dim dim = !plain_a || (a->dim == DIM_SHARE && plain_b) ? a->dim : b->dim;
        a = binary(p, a, OP_MULTIPLY, b, dim, column);
    }
    return a;
}

static const struct expr *sum(struct parser *p)
{
    const struct expr *a = product(p);

    while (a != NULL && p->now.kind == TOKEN_OP &&
           (p->now.op == OP_ADD || p->now.op == OP_SUBTRACT)) {
        u32 column = p->now.column;
        enum expr_op op = p->now.op;
        advance(p);
        const struct expr *b = product(p);
        if (b == NULL)
            return NULL;
        if (a->dim != b->dim || a->dim >= DIM_NAME)
            return wrong(p, column, "expected two numbers of one kind");
        a = binary(p, a, op, b, a->dim, column);
    }
    return a;
}

/* The text from one word to before another. */
static const char *words_between(struct parser *p, u32 from, u32 to)
{
    char text[2 * TOKEN_BYTES];

    while (to > from && p->lexer.text[to - 1] == ' ')
        to--;
    snprintf(text, sizeof(text), "%.*s", (int)(to - from), p->lexer.text + from);
    return field_text(p->r, p->y, text);
}

static const struct expr *comparison(struct parser *p)
{
    u32 from = p->now.column;
    const struct expr *a = sum(p), *b;
    struct expr *e;

    if (a == NULL || p->now.kind != TOKEN_OP || !comparing(p->now.op))
        return a;
    u32 column = p->now.column;
    enum expr_op op = p->now.op;
    advance(p);
    b = sum(p);
    if (b == NULL || !compare_dims(p, column, a->dim, op, b->dim) || !compare_names(p, a, b))
        return NULL;
    e = binary(p, a, op, b, DIM_TRUTH, column);
    if (e != NULL)
        e->text = words_between(p, from, p->now.column);
    return e;
}

static const struct expr *negation(struct parser *p)
{
    u32 column = p->now.column, nots = 0;
    const struct expr *a;
    struct expr *e;

    while (skip_word(p, "not"))
        nots++;
    a = comparison(p);
    if (a == NULL || nots % 2 == 0)
        return a;
    if (a->dim != DIM_TRUTH)
        return wrong(p, column, "expected a truth after not");
    e = new_expr(p, EXPR_NOT, column);
    if (e == NULL)
        return NULL;
    e->a = a;
    e->dim = DIM_TRUTH;
    return e;
}

static const struct expr *joined(struct parser *p, const char *by, enum expr_op op,
                                 const struct expr *(*part)(struct parser *))
{
    const struct expr *a = part(p);

    while (a != NULL && is_word(p, by)) {
        u32 column = p->now.column;
        advance(p);
        const struct expr *b = part(p);
        if (b == NULL)
            return NULL;
        if (a->dim != DIM_TRUTH || b->dim != DIM_TRUTH)
            return wrong(p, column, "expected two truths");
        a = binary(p, a, op, b, DIM_TRUTH, column);
    }
    return a;
}

static const struct expr *both(struct parser *p)
{
    return joined(p, "and", OP_AND, negation);
}

static const struct expr *either(struct parser *p)
{
    const struct expr *e;

    if (++p->depth > DEPTH_MAX)
        return expected(p, "fewer brackets");
    e = joined(p, "or", OP_OR, both);
    p->depth--;
    return e;
}

const struct expr *expr_read(struct reading *r, const struct yaml *y)
{
    struct parser p = {.r = r, .y = y};
    const struct expr *e;
    struct expr *root;

    if (y->kind != YAML_SCALAR) {
        problem_at(r->why, r->file, y->line, y->column,
                   "expected an assertion such as provider.p1.tier == 6");
        return NULL;
    }
    p.lexer = (struct lexer){y->text, y->text, r->s->tokens, r->s->token_count};
    advance(&p);
    e = either(&p);
    if (e == NULL)
        return NULL;
    if (p.now.kind != TOKEN_END)
        return expected(&p, "the end, and, or");
    if (e->dim != DIM_TRUTH)
        return wrong(&p, 0, "expected something that is true or false");
    root = field_take(r, y, sizeof(*root), 1);
    if (root == NULL)
        return NULL;
    *root = *e;
    root->text = y->text;
    return root;
}
