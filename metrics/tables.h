/* tables - where the rows of a run go.
 *
 * One call a table, put_leases(t, &row), writes the row to each output that is open: CSV files and
 * a database, both opened and closed by the host.  An output that fails is remembered with its
 * reason and nothing more is written; the host looks at `error` when it likes and at the end.
 */
#ifndef METRICS_TABLES_H
#define METRICS_TABLES_H

#include "metrics/table.h"

struct csv;
struct database;

struct tables {
    struct csv *csv;           /* NULL: none */
    struct database *database; /* NULL: none */
    u64 run;                   /* number of the run: the first cell of every row */
    u64 rows[TABLES];          /* rows put so far */
    bool wanted[TABLES];
    char error[240]; /* empty while all is well */
};

/* Every table but the opt-in one (transfers) is wanted. */
void tables_init(struct tables *t, u64 run);

/* Is it worth making a row for this table? */
static inline bool tables_want(const struct tables *t, enum table_id id)
{
    return t->wanted[id];
}

/* row points to the struct of this table.  A table that is not wanted is passed over. */
void tables_put(struct tables *t, enum table_id id, const void *row);

#define TABLE(name, doc)                                                                           \
    static inline void put_##name(struct tables *t, const struct row_##name *row)                  \
    {                                                                                              \
        tables_put(t, TABLE_##name, row);                                                          \
    }
#define COLUMN(table, name, type, unit, doc)
#define RATIO(table, name, num, den, doc)
#define TABLE_END(name)
#include "metrics/columns.def"
#undef TABLE
#undef COLUMN
#undef RATIO
#undef TABLE_END

#endif /* METRICS_TABLES_H */
