/* The report of a run: whole, self-contained, and honest about what is missing.  With an argument
 * the synthetic run's folder is left there, to be looked at. */
#include "sim/study/remove_tree.h"
#include "sim/study/report.h"
#include "sim/study/run_folder.h"
#include "tests/synthetic_run.h"
#include "tests/test.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char out[200];
static const struct provenance from = {
    "orrery run synthetic.yaml", "synthetic.yaml", "", "", "whitepaper", "", 1, 1, 1, "", ""};

static struct report_plan plan_of(const char *folder)
{
    return (struct report_plan){folder, "Does <this> market clear & pay?",
                                "orrery run synthetic.yaml --seed 1"};
}

/* A run's folder, sealed; only the tables wanted. */
static void make_run(struct run_folder *f, const char *id, const bool *wanted)
{
    struct run_folder_plan plan = {out, "synthetic", id, "Why?", wanted, 1};

    EXPECT(run_folder_open(f, &plan));
    synthetic_run(&f->tables, 1, 14, "");
    EXPECT(run_folder_seal(f));
}

static char *page_of(const char *folder)
{
    static char text[4 << 20];
    char path[1200];
    size_t n;
    FILE *page;

    snprintf(path, sizeof path, "%s/report.html", folder);
    page = fopen(path, "rb");
    if (page == NULL)
        return NULL;
    n = fread(text, 1, sizeof text - 1, page);
    fclose(page);
    text[n] = '\0';
    return text;
}

static size_t count(const char *page, const char *what)
{
    size_t n = 0;

    for (const char *at = page; (at = strstr(at, what)) != NULL; at++)
        n++;
    return n;
}

static void test_page(void)
{
    static struct run_folder f;
    char error[REPORT_ERROR] = "";
    struct report_plan plan;
    const char *page;

    make_run(&f, "1", NULL);
    plan = plan_of(f.partial);
    if (!report_write(&plan, error))
        printf("%s\n", error);
    EXPECT(error[0] == '\0');
    page = page_of(f.partial);
    EXPECT(page != NULL);
    EXPECT(count(page, "<svg") == 9 && count(page, "</svg>") == 9);
    EXPECT(count(page, "Nothing to show") == 0);
    EXPECT(count(page, "Does &lt;this&gt; market clear &amp; pay?") == 1);
    EXPECT(count(page, "src=") == 0 && count(page, "<script") == 0 && count(page, "<link") == 0);
    EXPECT(count(page, "<code>commission_bps</code>") == 1);
    EXPECT(count(page, "<code>provider_fee_bps</code>") ==
           1); /* the change; the start is default */
    EXPECT(count(page, "120 SPON</td><td class=\"n\">100 SPON") == 1);
    EXPECT(count(page, "</html>") == 1);
    EXPECT(run_folder_finish(&f, &from));
    printf("ok - a report of one file with every plot\n");
}

/* Ticks of eras are eras, and nothing is drawn below zero, where rewards would hide it. */
static void test_one_era(void)
{
    static struct run_folder f;
    struct run_folder_plan open = {out, "synthetic", "3", "Why?", NULL, 1};
    char error[REPORT_ERROR] = "";
    struct report_plan plan;

    EXPECT(run_folder_open(&f, &open));
    synthetic_run(&f.tables, 1, 1, "");
    EXPECT(run_folder_seal(&f));
    plan = plan_of(f.partial);
    EXPECT(report_write(&plan, error));
    const char *page = page_of(f.partial);
    EXPECT(count(page, "<text>-") == 0 && count(page, "<text> -") == 0);
    EXPECT(count(page, "<text> 0<") > 9);
    run_folder_discard(&f);
    printf("ok - a report of one era\n");
}

/* A run that wrote only era tables still has a report. */
static void test_few_tables(void)
{
    static struct run_folder f;
    bool wanted[TABLES] = {[TABLE_runs] = true, [TABLE_eras] = true};
    char error[REPORT_ERROR] = "";
    struct report_plan plan;

    make_run(&f, "2", wanted);
    plan = plan_of(f.partial);
    EXPECT(report_write(&plan, error));
    EXPECT(count(page_of(f.partial), "Nothing to show") == 4);
    EXPECT(count(page_of(f.partial), "<svg") == 5);
    run_folder_discard(&f);
    printf("ok - plots without their tables say so\n");
}

static void test_errors(void)
{
    static struct run_folder f;
    char error[REPORT_ERROR] = "", *path = getenv("PATH"), old[4096];
    struct report_plan plan = plan_of(out);

    EXPECT(!report_write(&plan, error));
    EXPECT(strstr(error, "run.db: unable to open") != NULL);
    make_run(&f, "3", NULL);
    plan = plan_of(f.partial);
    EXPECT(path != NULL);
    snprintf(old, sizeof old, "%s", path);
    EXPECT(setenv("PATH", out, 1) == 0); /* where no gnuplot is */
    EXPECT(!report_write(&plan, error));
    EXPECT(strstr(error, "install the package gnuplot-nox") != NULL);
    EXPECT(page_of(f.partial) == NULL);
    EXPECT(setenv("PATH", old, 1) == 0);
    run_folder_discard(&f);
    printf("ok - no database, no gnuplot: an error and no page\n");
}

int main(int argc, char **argv)
{
    const char *tmp = getenv("TMPDIR");

    if (argc > 1) {
        snprintf(out, sizeof out, "%s", argv[1]);
    } else {
        snprintf(out, sizeof out, "%.40s/orrery.XXXXXX", tmp == NULL ? "/tmp" : tmp);
        EXPECT(mkdtemp(out) != NULL);
    }
    test_page();
    test_one_era();
    test_few_tables();
    test_errors();
    EXPECT(argc > 1 || remove_tree(out));
    return 0;
}
