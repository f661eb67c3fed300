/* The summary of replicates, against figures worked by hand. */
#include "sim/study/summary.h"
#include "tests/test.h"

#include <string.h>

#define SEEDS 3u

static const char *const arms[] = {"low", "high, \"new\""};
static const u64 seeds[SEEDS] = {4, 5, 18446744073709551615u};
static struct figure_value values[2 * SEEDS * FIGURES];

static struct summary study(size_t n_arms)
{
    return (struct summary){
        "fees", "Who pays <more>?", "orrery run fees.yaml --seeds 4..6", arms, n_arms, seeds, SEEDS,
        values};
}

static void set(enum figure_id id, size_t arm, size_t seed, double v)
{
    values[(arm * SEEDS + seed) * FIGURES + id] = (struct figure_value){true, v};
}

static void set_values(void)
{
    const double low[] = {10, 12, 14}, high[] = {11, 14, 14};

    for (size_t i = 0; i < SEEDS; i++) {
        set(FIGURE_orders, 0, i, low[i]);
        set(FIGURE_orders, 1, i, high[i]);
        set(FIGURE_minted, 0, i, 1234567);
        set(FIGURE_minted, 1, i, 1234567 + 1000);
    }
    set(FIGURE_revenue, 0, 0, 5.25); /* known in one run of one arm only */
}

static const char *contents(FILE *f)
{
    static char text[1 << 20];
    size_t n;

    rewind(f);
    n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

static bool cell_is(struct estimate e, bool sign, const char *want)
{
    char text[SUMMARY_CELL];

    summary_cell(text, e, sign);
    if (strcmp(text, want) != 0)
        printf("%s, not %s\n", text, want);
    return strcmp(text, want) == 0;
}

static void test_cells(void)
{
    EXPECT(cell_is((struct estimate){3, 12, 2, 4.968}, false, "12.0 ± 5.0"));
    EXPECT(cell_is((struct estimate){3, -12345.6, 2, 234}, true, "-12 346 ± 234"));
    EXPECT(cell_is((struct estimate){3, 0.5, 2, 0.00123}, true, "+0.5000 ± 0.0012"));
    EXPECT(cell_is((struct estimate){3, 0.5, 2, 1e-12}, false, "0.500000 ± 0.000000"));
    EXPECT(cell_is((struct estimate){3, 7, 0, 0}, false, "7"));
    EXPECT(cell_is((struct estimate){1, 7.5, 0, 0}, true, "+7.50"));
    EXPECT(cell_is((struct estimate){0, 0, 0, 0}, true, "-"));
    printf("ok - cells show two digits of the interval\n");
}

static void test_estimates(void)
{
    struct summary s = study(2);
    struct estimate e = summary_difference(&s, FIGURE_orders, 1, 0);

    EXPECT(e.n == 3 && cell_is(e, true, "+1.0 ± 2.5")); /* t(2) x 1 / sqrt 3 = 2.484 */
    EXPECT(cell_is(summary_of(&s, FIGURE_orders, 0), false, "12.0 ± 5.0"));
    EXPECT(summary_of(&s, FIGURE_revenue, 0).n == 1);
    EXPECT(summary_difference(&s, FIGURE_revenue, 1, 0).n == 0);
    EXPECT(estimate_differs(summary_difference(&s, FIGURE_minted, 1, 0)));
    printf("ok - means, and differences paired by seed\n");
}

static void test_csv(void)
{
    struct summary s = study(2);
    const char *text;
    FILE *f = tmpfile();

    EXPECT(f != NULL && summary_csv(&s, f));
    text = contents(f);
    EXPECT(strstr(text, "figure,unit,arm,against,n,mean,sd,half_95\n"
                        "orders,,low,,3,12,2,4.9682754") == text);
    EXPECT(strstr(text, "\norders,,\"high, \"\"new\"\"\",low,3,1,1,2.4841377") != NULL);
    EXPECT(strstr(text, "\nminted,SPON,\"high, \"\"new\"\"\",low,3,1000,0,0\n") != NULL);
    EXPECT(strstr(text, "\nrevenue,USD,low,,1,5.25,,\n") != NULL);
    EXPECT(strstr(text, "\nrevenue,USD,\"high, \"\"new\"\"\",,0,,,\n") != NULL);
    f = tmpfile();
    EXPECT(f != NULL && summary_values_csv(&s, f));
    text = contents(f);
    EXPECT(strstr(text, "arm,seed,figure,unit,value\nlow,4,orders,,10\n") == text);
    EXPECT(strstr(text, "\nlow,18446744073709551615,orders,,14\n") != NULL);
    EXPECT(strstr(text, "\n\"high, \"\"new\"\"\",5,revenue,USD,\n") != NULL);
    printf("ok - summary.csv and figures.csv\n");
}

static void test_text(void)
{
    struct summary s = study(2);
    const char *text;
    FILE *f = tmpfile();

    EXPECT(f != NULL && summary_print(&s, f));
    text = contents(f);
    EXPECT(strstr(text, "fees: 3 seeds, mean and 95 % interval\n") == text);
    EXPECT(strstr(text, "\nOrders                                             12.0 ± 5."
                        "0                13.0 ± 4.3                +1.0 ± 2.5\n") != NULL);
    EXPECT(strstr(text, "\nMinted                   SPON                       1 234 56"
                        "7                 1 235 567                    +1 000 *\n") != NULL);
    s = study(1);
    f = tmpfile();
    EXPECT(f != NULL && summary_print(&s, f));
    EXPECT(strstr(contents(f), "paired") == NULL);
    printf("ok - aligned text\n");
}

/* path: where to leave the page to be looked at, or NULL */
static void test_page(const char *path)
{
    struct summary s = study(2);
    char error[SUMMARY_ERROR] = "";
    FILE *f = path == NULL ? tmpfile() : fopen(path, "w+");
    const char *text;

    EXPECT(f != NULL && summary_page(&s, f, error));
    text = contents(f);
    EXPECT(strstr(text, "Who pays &lt;more&gt;?") != NULL);
    EXPECT(strstr(text, "<td class=\"n differs\">+1 000</td>") != NULL);
    EXPECT(strstr(text, "<td class=\"n\">+1.0 ± 2.5</td>") != NULL);
    text = strstr(text, "<svg");
    EXPECT(text != NULL && strstr(text + 1, "<svg") != NULL); /* orders and minted vary */
    EXPECT(strstr(strstr(text + 1, "<svg") + 1, "<svg") == NULL);
    printf("ok - a page with error bars\n");
}

int main(int argc, char **argv)
{
    set_values();
    test_cells();
    test_estimates();
    test_csv();
    test_text();
    test_page(argc > 1 ? argv[1] : NULL);
    return 0;
}
