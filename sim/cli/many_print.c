/* many_print - what many runs say together, on a terminal or as JSON. */
#include "sim/cli/many.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static u64 unexpected(const struct gathered *g, u64 *first)
{
    u64 n = 0;

    for (u64 i = g->study->runs; i-- > 0;)
        if (!g->outcomes[i].expected) {
            n++;
            *first = i;
        }
    return n;
}

enum exit_code many_expected(const struct gathered *g)
{
    u64 first;

    return unexpected(g, &first) > 0 ? EXIT_CHECK : EXIT_PASS;
}

static void print_expected(const struct gathered *g)
{
    const struct study *s = g->study;
    u64 first = 0, n = unexpected(g, &first);

    if (s->scenario.expect.count == 0)
        return;
    if (n == 0) {
        printf("Expectations  all %u hold in each of %llu runs\n", s->scenario.expect.count,
               (unsigned long long)s->runs);
        return;
    }
    printf("Expectations  not all hold in %llu of %llu runs, first:\n  %s\n  ",
           (unsigned long long)n, (unsigned long long)s->runs, g->outcomes[first].unexpected);
    study_again(stdout, s, first);
    putchar('\n');
}

static struct checked checked_all(const struct gathered *g)
{
    struct checked all = {0, 0};

    for (u64 i = 0; i < g->study->runs; i++) {
        const struct checked *one = &g->outcomes[i].checked;
        all.evaluations += one->evaluations;
        all.kinds = all.kinds > one->kinds ? all.kinds : one->kinds;
    }
    return all;
}

/* Of all runs, with the first refusal of the first run that has one. */
static struct run_notes notes_all(const struct gathered *g)
{
    struct run_notes all = {0};

    for (u64 i = 0; i < g->study->runs; i++) {
        const struct run_notes *one = &g->outcomes[i].notes;
        if (all.refused == 0 && one->refused > 0)
            memcpy(all.refusal, one->refusal, sizeof all.refusal);
        all.refused += one->refused;
        all.turned_away += one->turned_away;
    }
    return all;
}

void many_print(const struct gathered *g)
{
    char text[CHECKED_TEXT];
    struct run_notes notes = notes_all(g);
    u64 first;

    if (g->study->again) {
        if (unexpected(g, &first) > 0)
            print_expected(g);
        return;
    }
    if (g->study->options->quiet) {
        printf("%s\n", g->folder.whole);
        return;
    }
    if (!summary_print(&g->summary, stdout))
        return; /* main() sees that standard output failed */
    checked_text(text, checked_all(g));
    printf("\nInvariants    %s, none violated\n", text);
    print_expected(g);
    verdict_notes(stdout, "Note          ", &notes);
    printf("Results       %s/summary.html\n", g->folder.whole);
}

static void add_estimate(cJSON *list, enum figure_id id, const char *arm, const char *against,
                         struct estimate e)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddStringToObject(item, "figure", figure_of(id)->name);
    cJSON_AddStringToObject(item, "unit", figure_of(id)->unit);
    cJSON_AddStringToObject(item, "arm", arm);
    cJSON_AddStringToObject(item, "against", against);
    cJSON_AddNumberToObject(item, "n", (double)e.n);
    if (e.n > 0)
        cJSON_AddNumberToObject(item, "mean", e.mean);
    if (e.n > 1)
        cJSON_AddNumberToObject(item, "half_95", e.half);
    cJSON_AddItemToArray(list, item);
}

void many_print_json(const struct gathered *g)
{
    const struct summary *m = &g->summary;
    struct checked checked = checked_all(g);
    struct run_notes notes = notes_all(g);
    cJSON *j = cJSON_CreateObject(), *list;
    u64 first;

    cJSON_AddStringToObject(j, "scenario", m->name);
    cJSON_AddStringToObject(j, "folder", g->folder.whole);
    cJSON_AddNumberToObject(j, "runs", (double)g->study->runs);
    cJSON_AddNumberToObject(j, "runs_not_as_expected", (double)unexpected(g, &first));
    cJSON_AddNumberToObject(j, "evaluations_of_invariants", (double)checked.evaluations);
    cJSON_AddNumberToObject(j, "refused", (double)notes.refused);
    cJSON_AddStringToObject(j, "first_refused", notes.refusal);
    list = cJSON_AddArrayToObject(j, "figures");
    for (u32 i = 0; i < FIGURES; i++) {
        enum figure_id id = (enum figure_id)i;
        for (size_t arm = 0; arm < m->n_arms; arm++)
            add_estimate(list, id, m->arms[arm], "", summary_of(m, id, arm));
        for (size_t arm = 1; arm < m->n_arms; arm++)
            add_estimate(list, id, m->arms[arm], m->arms[0], summary_difference(m, id, arm, 0));
    }
    char *text = cJSON_Print(j);
    puts(text == NULL ? "null" : text);
    free(text);
    cJSON_Delete(j);
}
