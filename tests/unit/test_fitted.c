/* Fitted tables: what each reader takes and the exact words about what it does not. */
#include "sim/scenario/fitted.h"
#include "tests/test.h"

#include <string.h>

static char error[CSV_ERROR_BYTES];

static void test_distribution(void)
{
    struct distribution d, before;
    static const char text[] = "# source\np_ppb,value\n0,1\n500000000,3\n1000000000,3\n";
    EXPECT(fitted_parse_distribution(&d, 1000, "f", text, strlen(text), error));
    EXPECT(d.knot[0] == 1000 && d.knot[64] == 2000 && d.knot[128] == 3000 && d.knot[272] == 3000);

    static const struct {
        const char *text, *error;
    } bad[] = {
        {"p,value\n", "f:1:1: expected a column p_ppb, there is none"},
        {"p_ppb,v\n", "f:1:1: expected a column value, there is none"},
        {"p_ppb,value\n", "f:1:1: expected a last row with p_ppb 1000000000"},
        {"p_ppb,value\n0,1\n9,2\n", "f:3:1: expected a last row with p_ppb 1000000000"},
        {"p_ppb,value\n1,1\n", "f:2:1: expected a whole number from 0 to 0, found \"1\""},
        {"p_ppb,value\n0,1\n0,2\n",
         "f:3:1: expected a whole number from 1 to 1000000000, found \"0\""},
        {"p_ppb,value\n0,5\n7,4\n",
         "f:3:3: expected a whole number from 5 to 4611686018427387, found \"4\""},
        {"p_ppb,value\n0,5\n7,5000000000000000\n",
         "f:3:3: expected a whole number from 5 to 4611686018427387, found \"5000000000000000\""},
        {"p_ppb,value\n0,5\n1000000000,6\n1000000001,7\n",
         "f:4:1: expected nothing behind the row with p_ppb 1000000000, found \"1000000001\""},
    };
    before = d;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        EXPECT(!fitted_parse_distribution(&d, 1000, "f", bad[i].text, strlen(bad[i].text), error));
        EXPECT(strcmp(error, bad[i].error) == 0 && memcmp(&d, &before, sizeof d) == 0);
    }
    printf("ok - quantiles: scaled, or refused with their place\n");
}

static void test_list(void)
{
    static struct fitted_list list;
    static const char text[] = "value,name,unit\n7,a,s\n0,bb,\n";
    u64 v = 5;
    EXPECT(fitted_parse_list(&list, "f", text, strlen(text), error) && list.count == 2);
    EXPECT(fitted_list_get(&list, "a", &v) && v == 7);
    EXPECT(fitted_list_get(&list, "bb", &v) && v == 0);
    EXPECT(!fitted_list_get(&list, "b", &v) && v == 0);

    static const struct {
        const char *text, *error;
    } bad[] = {
        {"name,value\n", "f:1:1: expected a row with a name and a value"},
        {"name,value\na,1\na,2\n", "f:3:1: expected a name that stands here once, found \"a\""},
        {"name,value\n,1\n", "f:2:1: expected a name of at most 31 bytes, found \"\""},
        {"name,value\nabcdefghijklmnopqrstuvwxyz123456,1\n",
         "f:2:1: expected a name of at most 31 bytes, found \"abcdefghijklmnopqrstuvwxyz123456\""},
        {"name,value\na,9007199254740993\n", "f:2:3: expected a whole number from 0 to "
                                             "9007199254740992, found \"9007199254740993\""},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        EXPECT(!fitted_parse_list(&list, "f", bad[i].text, strlen(bad[i].text), error));
        EXPECT(strcmp(error, bad[i].error) == 0 && list.count == 2);
    }
    printf("ok - lists: names once, values whole\n");
}

static void test_matrix(void)
{
    static struct fitted_matrix m;
    static const char text[] = "region,eu,us\neu,5000,\nus,80000,40000\n";
    EXPECT(fitted_parse_matrix(&m, "f", text, strlen(text), error) && m.count == 2);
    EXPECT(strcmp(m.region[0], "eu") == 0 && strcmp(m.region[1], "us") == 0);
    EXPECT(m.rtt_us[0] == 5000 && m.rtt_us[1] == 0 && m.rtt_us[2] == 80000 && m.rtt_us[3] == 40000);

    static const struct {
        const char *text, *error;
    } bad[] = {
        {"from,eu\neu,1\n", "f:1:1: expected the first column to be region"},
        {"region\neu\n", "f:1:1: expected a column for each of 1 to 64 regions"},
        {"region,eu,us\neu,1,1\n", "f:2:1: expected one row for each region"},
        {"region,eu\neu,1\nus,1\n", "f:3:1: expected one row for each region, found \"us\""},
        {"region,eu,us\nus,1,1\n",
         "f:2:1: expected the regions in the order of the columns, found \"us\""},
        {"region,eu\neu,0\n", "f:2:4: expected a whole number from 1 to 60000000, found \"0\""},
        {"region,\n,1\n", "f:1:8: expected a name of at most 31 bytes, found \"\""},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        EXPECT(!fitted_parse_matrix(&m, "f", bad[i].text, strlen(bad[i].text), error));
        EXPECT(strcmp(error, bad[i].error) == 0 && m.count == 2);
    }
    printf("ok - matrix: square, in one order, gaps are unknown pairs\n");
}

static void test_shapes(void)
{
    static struct fitted_shapes s;
    static const char text[] = "cpu_milli,memory_mib,gpus,models,weight\n"
                               "1000,2000,1,t4|p100,5\n3000,4000,0,,1\n";
    EXPECT(fitted_parse_shapes(&s, "f", text, strlen(text), error) && s.count == 2);
    EXPECT(s.shape[0].cpu_milli == 1000 && s.shape[0].memory_mib == 2000);
    EXPECT(s.shape[0].gpus == 1 && s.shape[0].weight == 5);
    EXPECT(strcmp(s.shape[0].models, "t4|p100") == 0 && s.shape[1].models[0] == '\0');

    static const struct {
        const char *rows, *error;
    } bad[] = {
        {"", "f:1:1: expected a row"},
        {"1,1,0,t4,1\n", "f:2:7: expected nothing, for the row has no GPU, found \"t4\""},
        {"1,1,1,t4,0\n", "f:2:10: expected a whole number from 1 to 9007199254740992, found \"0\""},
        {"1,1,2000,t4,1\n", "f:2:5: expected a whole number from 0 to 1024, found \"2000\""},
        {"-1,1,0,,1\n", "f:2:1: expected a whole number from 0 to 1000000000, found \"-1\""},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        char all[256];
        snprintf(all, sizeof all, "cpu_milli,memory_mib,gpus,models,weight\n%s", bad[i].rows);
        EXPECT(!fitted_parse_shapes(&s, "f", all, strlen(all), error));
        EXPECT(strcmp(error, bad[i].error) == 0 && s.count == 2);
    }
    EXPECT(!fitted_parse_shapes(&s, "f", "a\n", 2, error));
    EXPECT(strcmp(error, "f:1:1: expected a column cpu_milli, there is none") == 0);
    printf("ok - shapes: whole numbers together, with their models\n");
}

int main(void)
{
    test_distribution();
    test_list();
    test_matrix();
    test_shapes();
    return 0;
}
