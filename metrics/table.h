/* table - what a run leaves behind, as rows of typed structs.
 *
 * columns.def names every table and column once; here they become `struct row_leases` and its like,
 * and a description of each column by which the writers find it.  A row is filled by who knows the
 * facts and handed to put_leases() of tables.h; nothing keeps a pointer into it.
 */
#ifndef METRICS_TABLE_H
#define METRICS_TABLE_H

#include "protocol/amount.h"

/* An opt column without a value. */
#define NONE UINT64_MAX

typedef u64 column_u64;
typedef i64 column_i64;
typedef u64 column_opt;
typedef bool8 column_flag;
typedef u128 column_whole;
typedef struct amount column_spon;
typedef struct amount column_wei;
typedef const char *column_text;

#define TABLE(name, doc) struct row_##name {
#define COLUMN(table, name, type, unit, doc) column_##type name;
#define RATIO(table, name, num, den, doc)
#define TABLE_END(name)                                                                            \
    }                                                                                              \
    ;
#include "metrics/columns.def"
#undef TABLE
#undef COLUMN
#undef RATIO
#undef TABLE_END

enum table_id {
#define TABLE(name, doc) TABLE_##name,
#define COLUMN(table, name, type, unit, doc)
#define RATIO(table, name, num, den, doc)
#define TABLE_END(name)
#include "metrics/columns.def"
#undef TABLE
#undef COLUMN
#undef RATIO
#undef TABLE_END
    TABLES
};

enum column_type {
    COLUMN_u64,
    COLUMN_i64,
    COLUMN_opt,
    COLUMN_flag,
    COLUMN_whole,
    COLUMN_spon,
    COLUMN_wei,
    COLUMN_text,
    COLUMN_ratio,
};

struct column {
    const char *name;
    const char *unit; /* "" for a name or a plain number */
    const char *doc;
    size_t at;  /* where in the row struct; of a ratio: its numerator */
    size_t den; /* of a ratio: where its denominator is */
    enum column_type type;
};

struct table {
    const char *name;
    const char *doc;
    const struct column *columns;
    size_t n_columns;
    size_t row_size;
};

/* What columns.def says of a table. */
const struct table *table_of(enum table_id id);

/* The table of that name, or TABLES. */
enum table_id table_named(const char *name);

/* Longest cell that is not a text, and longest text that a cell takes. */
#define CELL_SIZE 48u
#define TEXT_MAX 4096u

/* Write column c of row as text into out (CELL_SIZE bytes), without an end mark; returns its
 * length. A text column is left to the caller: 0.  An empty cell (NONE, a ratio over 0) is 0 too.
 */
size_t cell_print(char *out, const struct column *c, const void *row);

/* The text of a text column; "" for NULL. */
const char *cell_text(const struct column *c, const void *row);

/* v in decimal digits; returns their number, at most 39. */
size_t u128_print(char *out, u128 v);

/* An amount in whole tokens of so many decimals, zeros at the end left out: 12.5, 0.000001, 3.
 * Returns the length, at most 41; decimals <= 38. */
size_t amount_print(char *out, struct amount a, u32 decimals);

#endif /* METRICS_TABLE_H */
