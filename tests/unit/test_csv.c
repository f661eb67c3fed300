/* CSV: what is read, and the exact words about what is not. */
#include "sim/scenario/csv.h"
#include "tests/test.h"

#include <string.h>

static struct csv_reader c;

static bool opened(const char *text)
{
    return csv_open(&c, "f.csv", text, strlen(text));
}

static bool row_is(const char *a, const char *b)
{
    return csv_next(&c) && strcmp(c.field[0], a) == 0 && strcmp(c.field[1], b) == 0;
}

static void test_read(void)
{
    EXPECT(
        opened("\xef\xbb\xbf# from x\n#,\"\n\n a,b\r\n1,2\n\n\"x,\"\"y\"\"\nz\",\r\n,\"\"\n#1,#2"));
    EXPECT(c.columns == 2 && csv_find(&c, " a") == 0 && csv_find(&c, "b") == 1);
    EXPECT(csv_find(&c, "a") == CSV_ABSENT && c.error[0] == '\0');
    EXPECT(row_is("1", "2") && c.row_line == 5);
    EXPECT(row_is("x,\"y\"\nz", "") && c.row_line == 7 && csv_empty(&c, 1) && !csv_empty(&c, 0));
    EXPECT(row_is("", "") && c.row_line == 9);
    EXPECT(row_is("#1", "#2") && c.row_line == 10);
    EXPECT(!csv_next(&c) && c.error[0] == '\0');
    EXPECT(strcmp(c.name[1], "b") == 0);
    EXPECT(opened("a") && c.columns == 1 && !csv_next(&c) && c.error[0] == '\0');
    EXPECT(opened("a,b\n1,\"2\"\r") && row_is("1", "2") && !csv_next(&c));
    printf("ok - quotes, CRLF, comments, empty lines and a missing last line end\n");
}

static void test_numbers(void)
{
    u64 v = 7;
    EXPECT(opened("a,b\n18446744073709551615,0\n"));
    EXPECT(csv_next(&c) && csv_u64(&c, 0, 0, UINT64_MAX, &v) && v == UINT64_MAX);
    EXPECT(csv_u64(&c, 1, 0, 0, &v) && v == 0);

    static const char *const bad[] = {
        "18446744073709551616",   "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "", "9", "101",
        "99999999999999999999999"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        char text[64], error[200];
        v = 7;
        snprintf(text, sizeof text, "a,b\nxy,%s\n", bad[i]);
        EXPECT(opened(text) && csv_next(&c) && !csv_u64(&c, 1, 10, 100, &v) && v == 7);
        snprintf(error, sizeof error,
                 "f.csv:2:4: expected a whole number from 10 to 100, found \"%s\"", bad[i]);
        EXPECT(strcmp(c.error, error) == 0);
        EXPECT(!csv_next(&c));
    }
    printf("ok - numbers are whole, in their range, or refused with their place\n");
}

static void test_errors(void)
{
    static const struct {
        const char *text, *error;
    } bad[] = {
        {"", "f.csv:1:1: expected a line with the names of the columns"},
        {"\n# x\n", "f.csv:3:1: expected a line with the names of the columns"},
        {"a,b,a\n", "f.csv:1:5: expected a column name that stands here once, found \"a\""},
        {"a,b\n1,2\n1\n", "f.csv:3:1: expected 2 fields, found 1"},
        {"a,b\n1,2,3\n", "f.csv:2:1: expected 2 fields, found 3"},
        {"a,b\n1,\"2\n3\n", "f.csv:2:3: expected a quote that ends this field"},
        {"a,b\n\"1\"x,2\n",
         "f.csv:2:4: expected a comma or the end of the line behind a quoted field"},
        {"a,b\n1x\",2\n", "f.csv:2:3: expected quotes around a whole field only"},
        {"a,b\n\"1\n\n\",\"2\"3\n",
         "f.csv:4:6: expected a comma or the end of the line behind a quoted field"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        bool good = opened(bad[i].text);
        while (good && csv_next(&c))
            EXPECT(c.error[0] == '\0');
        EXPECT(strcmp(c.error, bad[i].error) == 0);
    }
    EXPECT(csv_open(&c, "f.csv", "a,b\n1,\0002\n", 9) && !csv_next(&c));
    EXPECT(strcmp(c.error, "f.csv:2:3: expected text, found a byte 0") == 0);
    EXPECT(csv_open(&c, "f.csv", "a,b\n1,\"\0002\"\n", 11) && !csv_next(&c));
    EXPECT(strcmp(c.error, "f.csv:2:4: expected text, found a byte 0") == 0);
    EXPECT(!csv_open(&c, "f.csv", NULL, 0));

    EXPECT(opened("a,b\n") && csv_column(&c, "gpus") == CSV_ABSENT);
    EXPECT(strcmp(c.error, "f.csv:1:1: expected a column gpus, there is none") == 0);
    EXPECT(opened("num_gpu,b\n") && csv_column(&c, "num_gpus") == CSV_ABSENT);
    EXPECT(strcmp(c.error, "f.csv:1:1: expected a column num_gpus, there is none, did you mean "
                           "'num_gpu'?") == 0);
    EXPECT(opened("a,b\n1,\x01wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww\n") && csv_next(&c));
    EXPECT(!csv_expected(&c, 1, "x"));
    EXPECT(strcmp(c.error, "f.csv:2:3: expected x, found "
                           "\"?wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww...\"") == 0);
    printf("ok - errors name the place and what was expected\n");
}

static void test_limits(void)
{
    static char text[3 * CSV_ROW_BYTES_MAX];
    memset(text, ',', CSV_COLUMNS_MAX);
    EXPECT(!opened(text) && strstr(c.error, "expected at most 128 columns") != NULL);
    memset(text, 'x', CSV_ROW_BYTES_MAX - 1);
    EXPECT(opened(text) && c.columns == 1);
    text[CSV_ROW_BYTES_MAX - 1] = 'x';
    EXPECT(!opened(text) && strstr(c.error, "f.csv:1:1: expected a row of at most") != NULL);
    memset(text, 'x', 2 * CSV_ROW_BYTES_MAX);
    memcpy(text, "a\n\"", 3);
    EXPECT(opened(text) && !csv_next(&c) && strstr(c.error, "f.csv:2:1: expected a row") != NULL);
    printf("ok - longer rows and more columns than stated are refused\n");
}

static void test_file(void)
{
    char *bytes, error[CSV_ERROR_BYTES];
    size_t n;
    FILE *f = tmpfile();
    EXPECT(f != NULL);
    char path[64];
    snprintf(path, sizeof path, "/dev/fd/%d", fileno(f));
    for (u32 i = 0; i < 100000; i++)
        fputs("0123456789", f);
    fflush(f);
    EXPECT(csv_read_file(path, 1000000, &bytes, &n, error) && n == 1000000);
    EXPECT(memcmp(bytes + n - 12, "890123456789", 12) == 0);
    free(bytes);
    EXPECT(!csv_read_file(path, 999999, &bytes, &n, error));
    EXPECT(strstr(error, "expected at most 999999 bytes") != NULL);
    fclose(f);
    EXPECT(!csv_read_file("no/such/file.csv", 10, &bytes, &n, error));
    EXPECT(strcmp(error, "no/such/file.csv: No such file or directory") == 0);
    EXPECT(!csv_read_file("/", 10, &bytes, &n, error) && strncmp(error, "/: ", 3) == 0);
    printf("ok - a file is read whole or the reason is said\n");
}

int main(void)
{
    test_read();
    test_numbers();
    test_errors();
    test_limits();
    test_file();
    return 0;
}
