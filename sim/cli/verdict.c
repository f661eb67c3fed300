/* verdict - expectations and invariants of a run in words. */
#include "sim/cli/verdict.h"

#include "protocol/invariants/invariant.h"

void count_text(char out[COUNT_TEXT], u64 n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    size_t at = 0;

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[at++] = ' ';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

static const char *mode_word(enum expect_mode mode)
{
    switch (mode) {
    case EXPECT_AT:
        return "at";
    case EXPECT_ALWAYS:
        return "always";
    case EXPECT_NEVER:
        return "never";
    case EXPECT_EVENTUALLY:
        return "eventually";
    }
    check_unreachable();
}

static void moment_text(FILE *out, const struct when *w)
{
    if (w->by_era)
        fprintf(out, " era %u", w->era);
    if (w->by_era && w->after.ns > 0)
        fputs(" +", out);
    if (w->after.ns > 0 || !w->by_era)
        fprintf(out, " %llu s", (unsigned long long)(w->after.ns / SEC(1)));
}

void verdict_text(FILE *out, const struct expectation *e)
{
    fputs(mode_word(e->mode), out);
    if (e->mode == EXPECT_AT)
        moment_text(out, &e->when);
    fprintf(out, ": %s", e->text);
    if (e->mode == EXPECT_EVENTUALLY) {
        fputs(", within", out);
        moment_text(out, &e->when);
    }
    if (e->given_text != NULL)
        fprintf(out, ", given %s", e->given_text);
}

const char *verdict_why(const struct expect_result *r)
{
    if (r->why[0] != '\0')
        return r->why;
    return r->verdict == VERDICT_VACUOUS ? "never judged on anything that exists" : "";
}

struct checked verdict_checked(const struct run_result *r)
{
    struct checked c = {0, 0};

    for (u32 i = 0; i < INVARIANTS; i++) {
        c.evaluations += tally_evaluated(r->tally, (enum invariant_id)i);
        c.kinds += tally_evaluated(r->tally, (enum invariant_id)i) > 0;
    }
    return c;
}

void verdict_notes(FILE *out, const char *begin, const struct run_notes *n)
{
    char count[COUNT_TEXT];

    count_text(count, n->turned_away);
    if (n->turned_away > 0)
        fprintf(out,
                "%s%s demands found their user with all its places for jobs taken and were never "
                "ordered: more users, or fewer orders\n",
                begin, count);
    count_text(count, n->refused);
    if (n->refused > 0)
        fprintf(out, "%sthe chain refused %s of the scenario's transactions, the first was %s\n",
                begin, count, n->refusal);
    if (n->halted)
        fprintf(out, "%sthe chain stands still from second %llu to the end of the run\n", begin,
                (unsigned long long)n->halted_s);
}

void checked_text(char out[CHECKED_TEXT], struct checked c)
{
    char count[COUNT_TEXT];

    count_text(count, c.evaluations);
    snprintf(out, CHECKED_TEXT, "%s evaluations of %u invariants", count, c.kinds);
}
