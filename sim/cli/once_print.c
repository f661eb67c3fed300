/* once_print - the key figures of a run and whether it went as it should. */
#include "sim/cli/once.h"

#include "sim/cli/verdict.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where a group of figures begins. */
static const struct {
    enum figure_id first;
    const char *title;
} groups[] = {{FIGURE_orders, "Market"},
              {FIGURE_leases, "Leases"},
              {FIGURE_provider_income, "Providers"},
              {FIGURE_minted, "Money of the protocol"}};

static const char *bold(bool on)
{
    return !isatty(STDOUT_FILENO) ? "" : on ? "\033[1m" : "\033[0m";
}

static const char *red(bool on)
{
    return !isatty(STDOUT_FILENO) ? "" : on ? "\033[31m" : "\033[0m";
}

static void print_figures(const struct once *o)
{
    char text[FIGURE_TEXT];

    for (u32 i = 0; i < FIGURES; i++) {
        const struct figure *f = figure_of((enum figure_id)i);
        for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
            if (groups[g].first == (enum figure_id)i)
                printf("\n%s%s%s\n", bold(true), groups[g].title, bold(false));
        figure_print(text, o->figures[i]);
        printf("  %-24s %14s%s%s\n", f->title, text,
               o->figures[i].known && f->unit[0] != '\0' ? " " : "",
               o->figures[i].known ? f->unit : "");
    }
}

static void print_head(const struct once *o)
{
    const struct study *s = o->study;
    const char *arm = study_arm_name(s, study_arm(s, 0));

    printf("%s%s%s  %s\n", bold(true), s->scenario.name, bold(false), s->scenario.question);
    if (arm[0] != '\0')
        printf("arm %s, ", arm);
    printf("seed %llu, %u eras (%.4g days), %u providers, %u users\n",
           (unsigned long long)study_seed(s, 0), s->scenario.eras,
           (double)o->result.end_s / 86400.0, s->scenario.provider_count, s->scenario.user_count);
}

/* Those that do not hold; their number. */
static u32 print_failures(const struct once *o)
{
    const struct expectations *all = &o->study->scenario.expect;
    u32 failures = 0;

    for (u32 i = 0; i < all->count; i++) {
        const struct expect_result *r = &o->result.expect[i];
        if (r->verdict == VERDICT_PASSED)
            continue;
        failures++;
        printf("%sNot so%s        %s:%u: ", red(true), red(false), o->study->scenario.path,
               all->rows[i].line);
        verdict_text(stdout, &all->rows[i]);
        printf("\n              %s\n", verdict_why(r));
    }
    return failures;
}

static void print_expectations(const struct once *o)
{
    const struct expectations *all = &o->study->scenario.expect;
    u32 failures = print_failures(o);

    if (all->count > 0 && failures == 0)
        printf("Expectations  all %u hold\n", all->count);
    else if (all->count > 0)
        printf("Expectations  %u of %u do not hold\n", failures, all->count);
}

static void print_no_report(const struct once *o)
{
    if (o->report_error[0] != '\0')
        fprintf(stderr, "orrery: no report.html: %s\n", o->report_error);
}

void once_print_failures(const struct once *o)
{
    (void)print_failures(o);
    print_no_report(o);
}

void once_print(const struct once *o)
{
    char checked[CHECKED_TEXT], events[COUNT_TEXT], blocks[COUNT_TEXT];

    if (!o->study->options->quiet) {
        print_head(o);
        print_figures(o);
        putchar('\n');
        checked_text(checked, verdict_checked(&o->result));
        printf("Invariants    %s, none violated\n", checked);
        print_expectations(o);
        verdict_notes(stdout, "Note          ", &o->result.notes);
        count_text(events, o->result.events);
        count_text(blocks, o->result.blocks);
        printf("Run           %.1f s, %s events, %s blocks, hash %016llx\n", o->took_s, events,
               blocks, (unsigned long long)o->result.rolling_hash);
        printf("Results       %s%s\n", o->folder.whole,
               o->report_error[0] == '\0' ? "/report.html" : "");
    } else {
        printf("%s\n", o->folder.whole);
    }
    print_no_report(o);
}

static char *text_of(const struct expectation *e)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    if (f == NULL)
        return NULL;
    verdict_text(f, e);
    if (fclose(f) == 0)
        return text;
    free(text);
    return NULL;
}

/* Where they stand in the file is for people: a resolved scenario has other lines. */
static cJSON *expectations_json(const struct once *o, bool lines)
{
    static const char *const words[] = {[VERDICT_OPEN] = "open",
                                        [VERDICT_PASSED] = "passed",
                                        [VERDICT_FAILED] = "failed",
                                        [VERDICT_VACUOUS] = "vacuous"};
    const struct expectations *all = &o->study->scenario.expect;
    cJSON *list = cJSON_CreateArray();

    for (u32 i = 0; i < all->count; i++) {
        cJSON *item = cJSON_CreateObject();
        char *text = text_of(&all->rows[i]);
        if (lines)
            cJSON_AddNumberToObject(item, "line", all->rows[i].line);
        cJSON_AddStringToObject(item, "expectation", text == NULL ? "" : text);
        free(text);
        cJSON_AddStringToObject(item, "verdict", words[o->result.expect[i].verdict]);
        cJSON_AddStringToObject(item, "why", verdict_why(&o->result.expect[i]));
        cJSON_AddItemToArray(list, item);
    }
    return list;
}

char *once_expectations(const struct once *o)
{
    cJSON *list = expectations_json(o, false);
    char *text = cJSON_Print(list);

    cJSON_Delete(list);
    return text;
}

void once_print_json(const struct once *o)
{
    const struct study *s = o->study;
    struct checked checked = verdict_checked(&o->result);
    char hash[HASH64_TEXT], seed[24];
    cJSON *j = cJSON_CreateObject();

    hash64_text(hash, o->result.rolling_hash);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)study_seed(s, 0));
    cJSON_AddStringToObject(j, "scenario", s->scenario.name);
    cJSON_AddStringToObject(j, "arm", study_arm_name(s, study_arm(s, 0)));
    cJSON_AddRawToObject(j, "seed", seed);
    cJSON_AddStringToObject(j, "folder", o->folder.whole);
    cJSON_AddNumberToObject(j, "events", (double)o->result.events);
    cJSON_AddStringToObject(j, "rolling_hash", hash);
    cJSON *figures = cJSON_AddObjectToObject(j, "figures");
    for (u32 i = 0; i < FIGURES; i++) {
        const char *name = figure_of((enum figure_id)i)->name;
        if (o->figures[i].known)
            cJSON_AddNumberToObject(figures, name, o->figures[i].value);
        else
            cJSON_AddNullToObject(figures, name);
    }
    cJSON_AddItemToObject(j, "expectations", expectations_json(o, true));
    cJSON *notes = cJSON_AddObjectToObject(j, "notes");
    cJSON_AddNumberToObject(notes, "demands_turned_away", (double)o->result.notes.turned_away);
    cJSON_AddNumberToObject(notes, "refused", (double)o->result.notes.refused);
    cJSON_AddStringToObject(notes, "first_refused", o->result.notes.refusal);
    cJSON *invariants = cJSON_AddObjectToObject(j, "invariants");
    cJSON_AddNumberToObject(invariants, "kinds", checked.kinds);
    cJSON_AddNumberToObject(invariants, "evaluations", (double)checked.evaluations);
    char *text = cJSON_Print(j);
    puts(text == NULL ? "null" : text);
    free(text);
    cJSON_Delete(j);
}
