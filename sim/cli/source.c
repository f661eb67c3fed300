/* source - SQLite with names, and numbers as people read them. */
#include "sim/cli/source.h"

#include "metrics/table.h"

#include <stdio.h>
#include <string.h>

static bool failed(struct source *s, const char *what)
{
    snprintf(s->error, sizeof s->error, "%.700s: %.400s", what,
             s->db == NULL ? "cannot be opened" : sqlite3_errmsg(s->db));
    sqlite3_close(s->db);
    s->db = NULL;
    return false;
}

bool source_open(struct source *s, const char *folder)
{
    char path[700];
    struct answer a;

    *s = (struct source){.db = NULL};
    snprintf(path, sizeof path, "%.600s/run.db", folder);
    if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return failed(s, path);
    if (sqlite3_prepare_v2(s->db, "SELECT min(run) AS run, count(*) AS runs FROM runs", -1, &a.rows,
                           NULL) != SQLITE_OK)
        return failed(s, path);
    bool found = answer_next(&a) && !answer_empty(&a, "run");
    u64 runs = found ? answer_u64(&a, "runs") : 0;
    s->run = found ? answer_u64(&a, "run") : 0;
    answer_end(&a);
    if (runs == 1)
        return true;
    source_close(s);
    if (runs == 0)
        snprintf(s->error, sizeof s->error, "%s: holds no run", path);
    else
        snprintf(s->error, sizeof s->error,
                 "%s: holds %llu runs and not all of their tables, expected the folder of one run: "
                 "orrery run with one --seed, and one --arm",
                 path, (unsigned long long)runs);
    return false;
}

void source_close(struct source *s)
{
    sqlite3_close(s->db);
    s->db = NULL;
}

bool source_ask(struct source *s, struct answer *a, const char *sql, u64 x, u64 y)
{
    u64 values[] = {s->run, x, y};

    if (sqlite3_prepare_v2(s->db, sql, -1, &a->rows, NULL) != SQLITE_OK) {
        snprintf(s->error, sizeof s->error, "run.db: %.400s; were all tables written?",
                 sqlite3_errmsg(s->db));
        return false;
    }
    for (int i = 0; i < 3 && i < sqlite3_bind_parameter_count(a->rows); i++)
        sqlite3_bind_int64(a->rows, i + 1, (sqlite3_int64)values[i]);
    return true;
}

bool answer_next(struct answer *a)
{
    return sqlite3_step(a->rows) == SQLITE_ROW;
}

void answer_end(struct answer *a)
{
    sqlite3_finalize(a->rows);
    a->rows = NULL;
}

static int place(const struct answer *a, const char *column)
{
    int n = sqlite3_column_count(a->rows), i = 0;

    while (i < n && strcmp(sqlite3_column_name(a->rows, i), column) != 0)
        i++;
    check(i < n);
    return i;
}

u64 answer_u64(const struct answer *a, const char *column)
{
    return (u64)sqlite3_column_int64(a->rows, place(a, column));
}

static u128 digits(const char *text)
{
    u128 v = 0;

    for (; *text >= '0' && *text <= '9'; text++)
        v = 10 * v + (u128)(u8)(*text - '0');
    return v;
}

u128 answer_u128(const struct answer *a, const char *column)
{
    return digits(answer_text(a, column));
}

const char *answer_text(const struct answer *a, const char *column)
{
    const unsigned char *text = sqlite3_column_text(a->rows, place(a, column));

    return text == NULL ? "" : (const char *)text;
}

bool answer_empty(const struct answer *a, const char *column)
{
    return sqlite3_column_type(a->rows, place(a, column)) == SQLITE_NULL;
}

bool answer_flag(const struct answer *a, const char *column)
{
    return answer_u64(a, column) != 0;
}

u128 source_param(struct source *s, const char *name, u64 era)
{
    struct answer a;
    u128 v = 0;
    bool found;

    check(source_ask(s, &a,
                     "SELECT value FROM params WHERE run = ?1 AND era <= ?2 AND name = ?3"
                     " ORDER BY era DESC, rowid DESC LIMIT 1",
                     era, 0));
    sqlite3_bind_text(a.rows, 3, name, -1, SQLITE_TRANSIENT);
    found = answer_next(&a);
    if (found)
        v = answer_u128(&a, "value");
    answer_end(&a);
    check(found);
    return v;
}

#define DECIMALS_SHOWN 6

const char *tokens_text(char out[TEXT_CELL], const char *cell)
{
    size_t whole = strcspn(cell, "."), at = 0, rest;

    for (size_t i = 0; i < whole && at < TEXT_CELL - 10; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            out[at++] = ' ';
        out[at++] = cell[i];
    }
    rest = strlen(cell + whole);
    if (rest > 1 + DECIMALS_SHOWN)
        rest = 1 + DECIMALS_SHOWN;
    memcpy(out + at, cell + whole, rest);
    at += rest;
    while (rest > 1 && out[at - 1] == '0') {
        at--;
        rest--;
    }
    if (rest == 1)
        at--;
    out[at] = '\0';
    return out;
}

const char *scaled_text(char out[TEXT_CELL], u128 n, u32 decimals)
{
    char cell[CELL_SIZE];

    cell[amount_print(cell, AMOUNT(n), decimals)] = '\0';
    return tokens_text(out, cell);
}

const char *second_text(struct source *s, char out[TEXT_CELL], u64 second)
{
    struct answer a;
    u64 era = 0, start = 0;

    if (source_ask(s, &a,
                   "SELECT era, start_s FROM eras WHERE run = ?1 AND start_s <= ?2"
                   " ORDER BY era DESC LIMIT 1",
                   second, 0)) {
        if (answer_next(&a)) {
            era = answer_u64(&a, "era");
            start = answer_u64(&a, "start_s");
        }
        answer_end(&a);
    }
    u64 in = second - start;
    snprintf(out, TEXT_CELL, "era %llu, %02llu:%02llu:%02llu", (unsigned long long)era,
             (unsigned long long)(in / 3600), (unsigned long long)(in / 60 % 60),
             (unsigned long long)(in % 60));
    return out;
}
