#include "sim/cli/swarm_print.h"

#include "sim/cli/verdict.h"

#include <string.h>

#define NAMES_COLUMN 100 /* where a list of names is broken */

/* ---- lists of names ---- */

struct listing {
    FILE *out;
    const char *what; /* of its line */
    u32 all, reached;
    int column;
    bool begun;
};

/* What was reached is counted, what was not is named. */
static void list_name(struct listing *l, const char *name, u64 times)
{
    l->all++;
    l->reached += times > 0;
    if (times > 0)
        return;
    if (!l->begun)
        l->column = fprintf(l->out, "  never %-12s", l->what);
    if (l->column + (int)strlen(name) > NAMES_COLUMN)
        l->column = fprintf(l->out, "\n%20s", "") - 1;
    l->column += fprintf(l->out, " %s", name);
    l->begun = true;
}

static void list_end(struct listing *l)
{
    if (l->begun)
        fputc('\n', l->out);
    fprintf(l->out, "  %-18s %u of %u\n", l->what, l->reached, l->all);
}

static void put_errors(FILE *out, const struct reach *r)
{
    static const char *const names[ERR_KINDS] = {
#define ERR(name, text) #name,
#include "protocol/err.def"
#undef ERR
    };
    struct listing l = {.out = out, .what = "errors"};

    for (u32 i = 0; i < ERR_KINDS; i++)
        list_name(&l, names[i], r->errs[i]);
    list_end(&l);
}

static void put_transactions(FILE *out, const struct reach *r)
{
    struct listing l = {.out = out, .what = "transactions"};

    for (u32 i = 0; i < TX_KINDS; i++)
        list_name(&l, tx_rows[i].name, r->txs[i]);
    list_end(&l);
}

static void put_events(FILE *out, const struct reach *r)
{
    struct listing l = {.out = out, .what = "events"};

    for (u32 i = 0; i < LOG_KINDS; i++)
        list_name(&l, log_names[i], r->logs[i]);
    list_end(&l);
}

static void put_invariants(FILE *out, const struct reach *r)
{
    struct listing l = {.out = out, .what = "invariants"};

    for (u32 i = 0; i < INVARIANTS; i++)
        list_name(&l, invariant_rows[i].id, r->binding[i]);
    list_end(&l);
}

/* ---- tables ---- */

static void put_count(FILE *out, u64 n)
{
    char text[COUNT_TEXT];

    count_text(text, n);
    fprintf(out, n > 0 ? " %15s\n" : " %15s  NOT REACHED\n", text);
}

/* "LEASED" as "leased". */
static const char *state_name(const char *name, char text[40])
{
    size_t i = 0;

    for (; i < 39 && name[i] != '\0'; i++)
        text[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    text[i] = '\0';
    return text;
}

static void put_edges(FILE *out, const struct reach *r)
{
    char from[40], to[40];

    fputs("\nchanges of state\n", out);
    for (u32 i = 0; i < EDGES; i++) {
        const struct edge_row *e = &edge_rows[i];
        if (e->machine == NULL)
            continue;
        fprintf(out, "  %-9s %-10s -> %-30s", e->machine, state_name(e->from, from),
                state_name(e->to, to));
        put_count(out, r->edges[i]);
    }
}

static void put_choices(FILE *out, const struct reach *r)
{
    char text[COUNT_TEXT];
    u64 times;

    fprintf(out, "\n%-12s%16s %15s\n", "mishaps", "drawn", "with effect");
    for (u32 i = 0; i < CHOICE_KINDS; i++) {
        if (!reach_effect(r, (enum choice_kind)i, &times))
            continue;
        count_text(text, r->drawn[i]);
        fprintf(out, "  %-10s%16s", i == CHOICE_RUN ? "lost" : choice_rows[i].word, text);
        put_count(out, times);
    }
}

/* ---- sums ---- */

static void put_sum(FILE *out, const char *before, u64 n, const char *after)
{
    char text[COUNT_TEXT];

    count_text(text, n);
    fprintf(out, "%s%s %s", before, text, after);
}

static void put_canary(FILE *out, const struct swarm_result *r)
{
    if (r->canary_seen)
        fprintf(out, "canary  seen: \"%s\", shrunk from %u entries to %u in %u trials\n",
                r->canary.trial.key, r->canary.shrunk.entries_before, r->canary.shrunk.entries,
                r->canary.shrunk.trials);
    else
        fputs("canary  NOT SEEN: a world that must fail did not, so that nothing here is proved\n",
              out);
}

static void put_sums(FILE *out, const struct swarm_result *r)
{
    const struct reach *reach = &r->reach;
    u64 evaluations = 0;

    for (u32 i = 0; i < INVARIANTS; i++)
        evaluations += reach->evaluated[i];
    put_sum(out, "swarm   ", r->seeds, r->seeds == 1 ? "world in " : "worlds in ");
    fprintf(out, "%.1f s", (double)r->wall_ns / 1e9);
    put_sum(out, ": ", reach->edges[EDGE_ERA_CLOSED], "eras");
    put_sum(out, ", ", reach->simulated_s / 86400, "days");
    put_sum(out, ", ", reach->events, "events");
    put_sum(out, ", ", reach->blocks, "blocks");
    put_sum(out, ", ", evaluations, "evaluations of invariants\n");
    if (r->died)
        fputs("DIED    a process of the swarm itself; what follows is until then\n", out);
    if (r->failed == 0)
        fputs("passed  all of them", out);
    else
        put_sum(out, "FAILED  ", r->failed, "of them");
    if (r->left > 0)
        put_sum(out, "; ", r->left, "more were asked for and not tried");
    if (r->next != 0)
        fprintf(out, "; the next is --seed %llu", (unsigned long long)r->next);
    fputc('\n', out);
}

void swarm_print(FILE *out, const struct swarm_result *r)
{
    put_canary(out, r);
    put_sums(out, r);
    put_edges(out, &r->reach);
    put_choices(out, &r->reach);
    fputs("\nreached\n", out);
    put_errors(out, &r->reach);
    put_transactions(out, &r->reach);
    put_events(out, &r->reach);
    put_invariants(out, &r->reach);
}

void swarm_print_failure(FILE *out, const struct swarm_failure *f, const char *path)
{
    fprintf(out, "\nseed %llu: %s\n  why   %s\n", (unsigned long long)f->seed, f->trial.key,
            f->trial.why);
    if (f->others > 0)
        put_sum(out, "  too   ", f->others, "more worlds fail so\n");
    fprintf(out, "  shrunk from %u entries to %u in %u trials\n", f->shrunk.entries_before,
            f->shrunk.entries, f->shrunk.trials);
    if (path != NULL)
        fprintf(out, "  again orrery test %s\n", path);
    else
        fprintf(out, "  again orrery swarm --seeds %llu..%llu\n", (unsigned long long)f->seed,
                (unsigned long long)f->seed);
}
