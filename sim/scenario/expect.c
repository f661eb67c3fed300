#include "sim/scenario/expect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario/expr.h"
#include "sim/scenario/scenario.h"

/* NOTHING: what it is about does not exist now.  IMPOSSIBLE: two tokens, or out of 127 bits. */
enum outcome { KNOWN, NOTHING, IMPOSSIBLE };

struct judge {
    const struct expect_run *run;
    const struct expect_world *world;
};

static enum outcome evaluate(const struct judge *j, const struct expr *e, struct value *out);

/* Values of one path, one after the other. */
struct gather {
    const struct expr *e;
    struct value with; /* of a comparison: the other side */
    struct value sum;
    i128 matches;
    bool some, impossible;
};

static void fold_in(struct gather *g, struct value v)
{
    if (!g->some) {
        g->sum = v;
        return;
    }
    if (v.dim == DIM_AMOUNT && v.token != g->sum.token) {
        g->impossible = true;
        return;
    }
    switch (g->e->fold) {
    case FOLD_SUM:
        if (__builtin_add_overflow(g->sum.n, v.n, &g->sum.n))
            g->impossible = true;
        return;
    case FOLD_MIN:
        if (v.n < g->sum.n)
            g->sum.n = v.n;
        return;
    case FOLD_MAX:
        if (v.n > g->sum.n)
            g->sum.n = v.n;
        return;
    }
    check_unreachable();
}

static void visit(void *ctx, struct value v)
{
    struct gather *g = ctx;
    bool is = false;

    switch (g->e->kind) {
    case EXPR_PATH:
        check(!g->some); /* one only */
        g->sum = v;
        break;
    case EXPR_FOLD:
        fold_in(g, v);
        break;
    case EXPR_MATCHING:
        if (value_compare(v, g->e->op, g->with, &is))
            g->matches += is;
        else
            g->impossible = true;
        break;
    case EXPR_VALUE:
    case EXPR_EVENTS:
    case EXPR_NOT:
    case EXPR_BINARY:
        check_unreachable();
    }
    g->some = true;
}

/* A name lives as long as the visit: it is compared there, or kept by the host. */
static enum outcome gathered(const struct judge *j, const struct expr *e, struct value *out)
{
    struct gather g = {.e = e};

    if (e->kind == EXPR_MATCHING) {
        enum outcome o = evaluate(j, e->b, &g.with);
        if (o != KNOWN)
            return o;
    }
    j->world->each(j->world->about, &e->path, visit, &g);
    if (g.impossible)
        return IMPOSSIBLE;
    if (e->kind == EXPR_MATCHING) {
        *out = (struct value){.dim = DIM_COUNT, .n = g.matches};
        return KNOWN;
    }
    *out = g.sum;
    return g.some ? KNOWN : NOTHING;
}

static bool divides(enum dim a, enum dim b)
{
    return a == DIM_SHARE && b != DIM_COUNT;
}

static enum outcome calculate(const struct expr *e, struct value a, struct value b,
                              struct value *out)
{
    bool whole = false, truth;

    *out = a;
    out->dim = e->dim;
    if (a.dim == DIM_AMOUNT && b.dim == DIM_AMOUNT && a.token != b.token)
        return IMPOSSIBLE;
    switch (e->op) {
    case OP_ADD:
        whole = !__builtin_add_overflow(a.n, b.n, &out->n);
        break;
    case OP_SUBTRACT:
        whole = !__builtin_sub_overflow(a.n, b.n, &out->n);
        break;
    case OP_MULTIPLY:
        whole = !__builtin_mul_overflow(a.n, b.n, &out->n);
        if (whole && (divides(a.dim, b.dim) || divides(b.dim, a.dim)))
            out->n /= (i128)BPS_WHOLE;
        out->token = a.dim == DIM_AMOUNT ? a.token : b.token;
        break;
    case OP_EQUAL:
    case OP_UNEQUAL:
    case OP_LESS:
    case OP_AT_MOST:
    case OP_GREATER:
    case OP_AT_LEAST:
        whole = value_compare(a, e->op, b, &truth);
        *out = (struct value){.dim = DIM_TRUTH, .n = whole && truth};
        break;
    case OP_OR:
    case OP_AND:
        check_unreachable();
    }
    return whole ? KNOWN : IMPOSSIBLE;
}

/* The first side decides where it can; else what is unknown stays unknown. */
static enum outcome junction(const struct judge *j, const struct expr *e, struct value *out)
{
    struct value a, b;
    i128 decides = e->op == OP_OR;
    enum outcome first = evaluate(j, e->a, &a), second;

    *out = (struct value){.dim = DIM_TRUTH, .n = decides};
    if (first == IMPOSSIBLE || (first == KNOWN && a.n == decides))
        return first;
    second = evaluate(j, e->b, &b);
    if (second == IMPOSSIBLE || (second == KNOWN && b.n == decides))
        return second;
    out->n = !decides;
    return first == KNOWN ? second : first;
}

static enum outcome evaluate(const struct judge *j, const struct expr *e, struct value *out)
{
    struct value a, b;
    enum outcome o;

    switch (e->kind) {
    case EXPR_VALUE:
        *out = e->value;
        return KNOWN;
    case EXPR_PATH:
    case EXPR_FOLD:
    case EXPR_MATCHING:
        return gathered(j, e, out);
    case EXPR_EVENTS:
        *out = (struct value){.dim = DIM_COUNT, .n = (i128)j->run->counts[e->counter]};
        return KNOWN;
    case EXPR_NOT:
        o = evaluate(j, e->a, out);
        if (o == KNOWN)
            out->n = !out->n;
        return o;
    case EXPR_BINARY:
        if (e->op == OP_OR || e->op == OP_AND)
            return junction(j, e, out);
        o = evaluate(j, e->a, &a);
        if (o != KNOWN)
            return o;
        o = evaluate(j, e->b, &b);
        return o == KNOWN ? calculate(e, a, b, out) : o;
    }
    check_unreachable();
}

static void print_value(const struct expect_run *run, struct value v, char text[UNITS_BYTES])
{
    bool negative = v.n < 0;
    u128 size = negative ? -(u128)v.n : (u128)v.n;
    char number[UNITS_BYTES] = "";

    switch (v.dim) {
    case DIM_NAME:
        snprintf(text, UNITS_BYTES, "%.60s", v.name);
        return;
    case DIM_TRUTH:
        snprintf(text, UNITS_BYTES, "%s", v.n != 0 ? "true" : "false");
        return;
    case DIM_COUNT:
        units_print(&units_count, size, number);
        break;
    case DIM_SHARE:
        units_print(&units_share, size, number);
        break;
    case DIM_SPAN:
        units_print(&units_span, size, number);
        break;
    case DIM_USD:
        units_print(&units_usd, size, number);
        break;
    case DIM_AMOUNT:
        units_print_amount(run->all->tokens[v.token].symbol, run->all->tokens[v.token].decimals,
                           size, number);
        break;
    }
    snprintf(text, UNITS_BYTES, "%s%.90s", negative ? "-" : "", number);
}

__attribute__((format(printf, 2, 3))) static void say(struct expect_result *result,
                                                      const char *format, ...)
{
    size_t n = strlen(result->why), room = sizeof(result->why) - n;
    va_list args;

    if (n > 0)
        n += (size_t)snprintf(result->why + n, room, "; ");
    if (n >= sizeof(result->why))
        return;
    va_start(args, format);
    vsnprintf(result->why + n, sizeof(result->why) - n, format, args);
    va_end(args);
}

/* Both sides of a comparison, as they are now; `part`: it is one of several, named by its words. */
static void explain_comparison(const struct judge *j, const struct expr *e, bool part,
                               struct expect_result *result)
{
    struct value a, b;
    char left[UNITS_BYTES], right[UNITS_BYTES];

    if (evaluate(j, e->a, &a) != KNOWN || evaluate(j, e->b, &b) != KNOWN)
        return;
    print_value(j->run, a, left);
    print_value(j->run, b, right);
    if (part)
        say(result, "%.70s: %.40s against %.40s", e->text, left, right);
    else
        say(result, "%.70s against %.70s", left, right);
}

static void explain(const struct judge *j, const struct expr *e, bool is, bool part,
                    struct expect_result *result);

/* The side that decides, or both where neither does alone. */
static void explain_junction(const struct judge *j, const struct expr *e, bool is,
                             struct expect_result *result)
{
    const struct expr *const sides[] = {e->a, e->b};
    bool decides = e->op == OP_OR;
    struct value v;

    for (u32 i = 0; i < 2; i++) {
        if (evaluate(j, sides[i], &v) != KNOWN || (v.n != 0) != is)
            continue;
        explain(j, sides[i], is, true, result);
        if (is == decides)
            return;
    }
}

/* Why e is what it is. */
static void explain(const struct judge *j, const struct expr *e, bool is, bool part,
                    struct expect_result *result)
{
    if (e->kind == EXPR_NOT)
        explain(j, e->a, !is, true, result);
    else if (e->kind == EXPR_BINARY && (e->op == OP_OR || e->op == OP_AND))
        explain_junction(j, e, is, result);
    else if (e->kind == EXPR_BINARY)
        explain_comparison(j, e, part, result);
    else if (e->kind == EXPR_PATH)
        say(result, "%.70s is %s", e->text, is ? "true" : "false");
}

static void decide(struct expect_result *result, enum verdict verdict, struct instant now,
                   const char *why)
{
    result->verdict = verdict;
    result->at = now;
    if (why != NULL)
        snprintf(result->why, sizeof(result->why), "%s", why);
}

/* Is it to be judged now?  An `at` waits for its moment, an `eventually` ends with it. */
static bool due(const struct expectation *x, const struct era_times *time, struct instant now,
                struct expect_result *result)
{
    struct instant moment;
    bool known = when_instant(&x->when, time, &moment);

    if (x->mode == EXPECT_AT)
        return known && now.ns >= moment.ns;
    if (x->mode == EXPECT_EVENTUALLY && known && now.ns > moment.ns) {
        decide(result, result->judged > 0 ? VERDICT_FAILED : VERDICT_VACUOUS, now,
               "it did not happen in time");
        return false;
    }
    return true;
}

/* That it holds, or does not, now. */
static void settle(const struct judge *j, const struct expectation *x, bool holds,
                   struct instant now, struct expect_result *result)
{
    result->judged++;
    switch (x->mode) {
    case EXPECT_AT:
        decide(result, holds ? VERDICT_PASSED : VERDICT_FAILED, now, NULL);
        break;
    case EXPECT_ALWAYS:
        if (!holds)
            decide(result, VERDICT_FAILED, now, NULL);
        break;
    case EXPECT_NEVER:
        if (holds)
            decide(result, VERDICT_FAILED, now, NULL);
        break;
    case EXPECT_EVENTUALLY:
        if (holds)
            decide(result, VERDICT_PASSED, now, NULL);
        break;
    }
    if (result->verdict == VERDICT_FAILED)
        explain(j, x->that, holds, false, result);
}

static void judge_one(const struct judge *j, const struct expectation *x,
                      const struct era_times *time, struct instant now,
                      struct expect_result *result)
{
    struct value given = {.n = true}, that;
    enum outcome o = KNOWN;

    if (result->verdict != VERDICT_OPEN || !due(x, time, now, result))
        return;
    if (x->given != NULL)
        o = evaluate(j, x->given, &given);
    if (o == KNOWN && given.n != 0)
        o = evaluate(j, x->that, &that);
    else if (o == KNOWN)
        o = NOTHING;
    if (o == KNOWN)
        settle(j, x, that.n != 0, now, result);
    else if (o == IMPOSSIBLE)
        decide(result, VERDICT_FAILED, now, "amounts of two tokens, or a number beyond 127 bits");
    else if (x->mode == EXPECT_AT)
        decide(result, VERDICT_VACUOUS, now, "what it is about does not exist then");
}

void expect_judge(struct expect_run *run, const struct expect_world *world,
                  const struct era_times *time, struct instant now)
{
    struct judge j = {run, world};

    for (u32 i = 0; i < run->all->count; i++)
        judge_one(&j, &run->all->rows[i], time, now, &run->results[i]);
}

static bool matches(const struct expr *e, const struct expect_world *world, const struct log *log)
{
    char room[EXPECT_WHO_BYTES];

    for (u32 i = 0; i < e->condition_count; i++) {
        const struct expr_condition *c = &e->conditions[i];
        struct value v = log_field_value(log, c->field, world, room);
        bool holds = false;
        if (!value_compare(v, c->op, c->value, &holds) || !holds)
            return false;
    }
    return true;
}

void expect_saw(struct expect_run *run, const struct expect_world *world, const struct log *log)
{
    for (const struct expr *e = run->all->events; e != NULL; e = e->next_event)
        if (e->log == log->kind && matches(e, world, log))
            run->counts[e->counter]++;
}

bool expect_next(const struct expect_run *run, const struct era_times *time, struct instant now,
                 struct instant *out)
{
    bool found = false;

    for (u32 i = 0; i < run->all->count; i++) {
        const struct expectation *x = &run->all->rows[i];
        struct instant moment;
        if (run->results[i].verdict != VERDICT_OPEN ||
            (x->mode != EXPECT_AT && x->mode != EXPECT_EVENTUALLY) ||
            !when_instant(&x->when, time, &moment) || moment.ns <= now.ns)
            continue;
        if (!found || moment.ns < out->ns)
            *out = moment;
        found = true;
    }
    return found;
}

bool expect_end(struct expect_run *run, struct instant now)
{
    bool passed = true;

    for (u32 i = 0; i < run->all->count; i++) {
        struct expect_result *result = &run->results[i];
        enum expect_mode mode = run->all->rows[i].mode;
        if (result->verdict == VERDICT_OPEN) {
            if (result->judged == 0)
                decide(result, VERDICT_VACUOUS, now,
                       mode == EXPECT_AT ? "the run ended before" : "it was never to be judged");
            else if (mode == EXPECT_EVENTUALLY)
                decide(result, VERDICT_FAILED, now, "it did not happen");
            else
                decide(result, VERDICT_PASSED, now, NULL);
        }
        passed = passed && result->verdict == VERDICT_PASSED;
    }
    return passed;
}
