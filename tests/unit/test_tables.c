/* Tables: exact bytes of cells, CSV files, database and package description. */
#include "metrics/csv.h"
#include "metrics/database.h"
#include "metrics/datapackage.h"
#include "metrics/tables.h"
#include "tests/test.h"

#include <cjson/cJSON.h>
#include <string.h>

static bool amount_is(u128 wei, u32 decimals, const char *text)
{
    char out[CELL_SIZE];
    size_t n = amount_print(out, AMOUNT(wei), decimals);

    return n == strlen(text) && memcmp(out, text, n) == 0;
}

/* The cell of the named column of a row. */
static bool cell_is(enum table_id id, const char *column, const void *row, const char *text)
{
    const struct table *t = table_of(id);
    char out[CELL_SIZE];

    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(t->columns[i].name, column) == 0) {
            size_t n = cell_print(out, &t->columns[i], row);
            return n == strlen(text) && memcmp(out, text, n) == 0;
        }
    return false;
}

static void test_amounts(void)
{
    EXPECT(amount_is(0, 18, "0"));
    EXPECT(amount_is(1, 18, "0.000000000000000001"));
    EXPECT(amount_is(WEI_E18(12) + WEI_E18(1) / 2, 18, "12.5"));
    EXPECT(amount_is(WEI_E18(1000000000), 18, "1000000000"));
    EXPECT(amount_is(1000001, 6, "1.000001"));
    EXPECT(amount_is(10, 1, "1"));
    EXPECT(amount_is(90, 0, "90"));
    EXPECT(amount_is(U128_MAX, 0, "340282366920938463463374607431768211455"));
    EXPECT(amount_is(U128_MAX, 18, "340282366920938463463.374607431768211455"));
    EXPECT(amount_is(U128_MAX, 38, "3.40282366920938463463374607431768211455"));
    EXPECT(amount_is((u128)UINT64_MAX + 1, 0, "18446744073709551616"));
    EXPECT(amount_is((u128)10000000000000000000u * 10000000000000000000u, 0,
                     "100000000000000000000000000000000000000"));
    printf("ok - amounts are written exactly\n");
}

static void test_cells(void)
{
    struct row_bids bid = {.order_id = UINT64_MAX, .l_q32 = INT64_MIN, .won = 1};
    struct row_orders order = {.lease = NONE, .provider = 0, .price_wei = AMOUNT(7)};
    struct row_eras era = {.cpu_used_s = 2, .cpu_total_s = 3, .gpu_used_s = 5, .gpu_total_s = 0};
    struct row_providers full = {.up_s = 86400, .counted_s = 86400};
    struct row_providers part = {.up_s = UINT64_MAX - 1, .counted_s = UINT64_MAX};

    EXPECT(cell_is(TABLE_bids, "order_id", &bid, "18446744073709551615"));
    EXPECT(cell_is(TABLE_bids, "l_q32", &bid, "-9223372036854775808"));
    EXPECT(cell_is(TABLE_bids, "won", &bid, "1"));
    EXPECT(cell_is(TABLE_bids, "eligible", &bid, "0"));
    EXPECT(cell_is(TABLE_orders, "lease", &order, ""));
    EXPECT(cell_is(TABLE_orders, "provider", &order, "0"));
    EXPECT(cell_is(TABLE_orders, "price_wei", &order, "7"));
    EXPECT(cell_is(TABLE_eras, "cpu_utilisation", &era, "0.666666"));
    EXPECT(cell_is(TABLE_eras, "gpu_utilisation", &era, ""));
    EXPECT(cell_is(TABLE_providers, "uptime", &full, "1.000000"));
    EXPECT(cell_is(TABLE_providers, "uptime", &part, "0.999999"));
    EXPECT(table_named("leases") == TABLE_leases);
    EXPECT(table_named("lease") == TABLES);
    printf("ok - cells of each type\n");
}

/* What a file holds, ended with a zero; static. */
static const char *contents(FILE *f)
{
    static char text[8192];
    size_t n;

    rewind(f);
    n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    return text;
}

static const struct row_wallet_moves moves[] = {
    {1, "SPON", 5, 10, "deposit", {WEI_E18(3)}},
    {2, "a \"b\", c", 6, 12, NULL, {1}},
    {3, " x\n", 7, 14, "", {0}},
};

static const char moves_csv[] = "run,wallet,token,block,second_s,kind,amount_wei\n"
                                "7,1,SPON,5,10,deposit,3000000000000000000\n"
                                "7,2,\"a \"\"b\"\", c\",6,12,,1\n"
                                "7,3,\" x\n\",7,14,,0\n";

static void test_csv(void)
{
    struct csv csv = {.file = {0}};
    struct tables t;

    tables_init(&t, 7);
    t.csv = &csv;
    csv.file[TABLE_wallet_moves] = tmpfile();
    EXPECT(csv.file[TABLE_wallet_moves] != NULL);
    EXPECT(csv_header(&csv, TABLE_wallet_moves));
    EXPECT(csv_header(&csv, TABLE_owners)); /* no file: nothing to do */
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        put_wallet_moves(&t, &moves[i]);
    EXPECT(t.error[0] == '\0' && t.rows[TABLE_wallet_moves] == 3);
    EXPECT(strcmp(contents(csv.file[TABLE_wallet_moves]), moves_csv) == 0);
    fclose(csv.file[TABLE_wallet_moves]);
    printf("ok - csv, exact bytes, quoted\n");
}

/* A text longer than the writer's buffer arrives whole. */
static void test_long_text(void)
{
    struct csv csv = {.file = {0}};
    static char text[6000], want[7000];
    struct row_wallet_moves row = {1, text, 2, 3, text, {4}};

    memset(text, 'x', sizeof text - 1);
    text[4090] = '"';
    csv.file[TABLE_wallet_moves] = tmpfile();
    EXPECT(csv.file[TABLE_wallet_moves] != NULL);
    row.kind = "k";
    EXPECT(csv_row(&csv, TABLE_wallet_moves, 0, &row));
    memcpy(want, "0,1,\"", 5);
    memcpy(want + 5, text, 4091);
    want[5 + 4091] = '"';
    strcpy(want + 5 + 4092, text + 4091);
    strcat(want, "\",2,3,k,4\n");
    EXPECT(strcmp(contents(csv.file[TABLE_wallet_moves]), want) == 0);
    fclose(csv.file[TABLE_wallet_moves]);
    printf("ok - csv, a cell longer than the buffer\n");
}

/* A full disk is seen, named and nothing more is written. */
static void test_full(void)
{
    struct csv csv = {.file = {0}};
    struct tables t;

    tables_init(&t, 1);
    t.csv = &csv;
    csv.file[TABLE_wallet_moves] = fopen("/dev/full", "w");
    EXPECT(csv.file[TABLE_wallet_moves] != NULL);
    setvbuf(csv.file[TABLE_wallet_moves], NULL, _IONBF, 0);
    put_wallet_moves(&t, &moves[0]);
    put_wallet_moves(&t, &moves[1]);
    EXPECT(strcmp(t.error, "wallet_moves.csv: No space left on device") == 0);
    EXPECT(t.rows[TABLE_wallet_moves] == 0);
    fclose(csv.file[TABLE_wallet_moves]);
    printf("ok - a full disk is an error with the file's name\n");
}

/* The first cell of the first row of a query is this text. */
static bool query_is(sqlite3 *db, const char *sql, const char *text)
{
    sqlite3_stmt *stmt;
    const unsigned char *got;
    bool same = false;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        printf("%s: %s\n", sql, sqlite3_errmsg(db));
        return false;
    }
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        got = sqlite3_column_text(stmt, 0);
        same = strcmp(got == NULL ? "NULL" : (const char *)got, text) == 0;
        if (!same)
            printf("%s: %s\n", sql, got == NULL ? "NULL" : (const char *)got);
    }
    sqlite3_finalize(stmt);
    return same;
}

static void put_some(struct tables *t)
{
    struct row_runs run = {
        .arm = "low", .seed = UINT64_MAX, .supply_end_spon = AMOUNT(WEI_E18(5) / 2)};
    struct row_tokens token = {"USDX", 6, 0};
    struct row_orders order = {.order_id = 1,
                               .token = "USDX",
                               .max_price_wei = AMOUNT(2500000),
                               .price_usd_e8 = USD_E8(3),
                               .lease = NONE};
    struct row_eras era = {.w_points = U128_MAX, .gpu_used_s = 1, .gpu_total_s = 4};

    put_runs(t, &run);
    put_tokens(t, &token);
    put_orders(t, &order);
    put_eras(t, &era);
}

static void test_database(void)
{
    struct database d;
    struct tables t;
    sqlite3 *db;

    tables_init(&t, 4);
    t.database = &d;
    t.wanted[TABLE_bids] = false;
    EXPECT(sqlite3_open(":memory:", &db) == SQLITE_OK);
    EXPECT(database_open(&d, db, t.wanted));
    put_some(&t);
    put_bids(&t, &(struct row_bids){.order_id = 1});
    EXPECT(t.error[0] == '\0' && t.rows[TABLE_orders] == 1 && t.rows[TABLE_bids] == 0);
    EXPECT(database_close(&d));
    EXPECT(query_is(db, "SELECT seed FROM runs WHERE run = 4", "18446744073709551615"));
    EXPECT(query_is(db, "SELECT supply_end_spon FROM runs", "2.5"));
    EXPECT(query_is(db, "SELECT max_price_wei FROM orders", "2500000"));
    EXPECT(query_is(db, "SELECT lease FROM orders", "NULL"));
    EXPECT(query_is(db, "SELECT max_price FROM v_orders WHERE arm = 'low'", "2.5"));
    EXPECT(query_is(db, "SELECT price_usd FROM v_orders", "3.0"));
    EXPECT(query_is(db, "SELECT w_points FROM eras", "340282366920938463463374607431768211455"));
    EXPECT(query_is(db, "SELECT gpu_utilisation FROM eras", "0.25"));
    EXPECT(query_is(db, "SELECT cpu_utilisation FROM eras", "NULL"));
    EXPECT(query_is(db, "SELECT count(*) FROM sqlite_master WHERE name = 'bids'", "0"));
    for (size_t i = 0; i < TABLES; i++) {
        char sql[120];
        snprintf(sql, sizeof sql, "SELECT count(*) >= 0 FROM v_%s",
                 table_of((enum table_id)i)->name);
        EXPECT(!t.wanted[i] || query_is(db, sql, "1"));
        /* SQLite renames a column that is there twice */
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM pragma_table_info('v_%s') WHERE name GLOB '*:*'",
                 table_of((enum table_id)i)->name);
        EXPECT(!t.wanted[i] || query_is(db, sql, "0"));
    }
    sqlite3_close(db);
    printf("ok - database: exact values, views for people, only the tables wanted\n");
}

static void test_datapackage(void)
{
    bool wanted[TABLES] = {[TABLE_halts] = true, [TABLE_bids] = true};
    char *text = datapackage_text("baseline-1", "A \"title\"", wanted);
    cJSON *json = cJSON_Parse(text), *resources, *fields, *won;

    EXPECT(json != NULL);
    EXPECT(strcmp(cJSON_GetObjectItemCaseSensitive(json, "title")->valuestring, "A \"title\"") ==
           0);
    resources = cJSON_GetObjectItemCaseSensitive(json, "resources");
    EXPECT(cJSON_GetArraySize(resources) == 2);
    cJSON *bids = cJSON_GetArrayItem(resources, 0);
    EXPECT(strcmp(cJSON_GetObjectItemCaseSensitive(bids, "path")->valuestring, "bids.csv") == 0);
    fields = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(bids, "schema"),
                                              "fields");
    EXPECT(cJSON_GetArraySize(fields) == 1 + (int)table_of(TABLE_bids)->n_columns);
    won = cJSON_GetArrayItem(fields, 6);
    EXPECT(strcmp(cJSON_GetObjectItemCaseSensitive(won, "name")->valuestring, "won") == 0);
    EXPECT(strcmp(cJSON_GetObjectItemCaseSensitive(won, "type")->valuestring, "boolean") == 0);
    cJSON_Delete(json);
    free(text);
    printf("ok - datapackage.json describes the tables wanted\n");
}

/* Names are unique, documented, and no word of SQL. */
static void test_columns(void)
{
    sqlite3 *db;

    EXPECT(sqlite3_open(":memory:", &db) == SQLITE_OK);
    for (size_t i = 0; i < TABLES; i++) {
        const struct table *t = table_of((enum table_id)i);
        EXPECT(t->doc[0] != '\0');
        for (size_t a = 0; a < t->n_columns; a++) {
            const char *name = t->columns[a].name;
            EXPECT(t->columns[a].doc[0] != '\0');
            EXPECT(!sqlite3_keyword_check(name, (int)strlen(name)));
            for (size_t b = 0; b < a; b++)
                EXPECT(strcmp(name, t->columns[b].name) != 0);
            if (t->columns[a].type == COLUMN_spon)
                EXPECT(strstr(name, "_spon") != NULL);
            if (t->columns[a].type == COLUMN_wei)
                EXPECT(strstr(name, "_wei") != NULL);
        }
    }
    sqlite3_close(db);
    printf("ok - columns: names unique, documented, with their unit\n");
}

int main(void)
{
    test_amounts();
    test_cells();
    test_csv();
    test_long_text();
    test_full();
    test_database();
    test_datapackage();
    test_columns();
    return 0;
}
