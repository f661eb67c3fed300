/* tables - one row to every output. */
#include "metrics/tables.h"

#include "metrics/csv.h"
#include "metrics/database.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void tables_init(struct tables *t, u64 run)
{
    memset(t, 0, sizeof *t);
    t->run = run;
    for (size_t i = 0; i < TABLES; i++)
        t->wanted[i] = i != TABLE_transfers;
}

static bool put_csv(struct tables *t, enum table_id id, const void *row)
{
    if (t->csv == NULL || csv_row(t->csv, id, t->run, row))
        return true;
    snprintf(t->error, sizeof t->error, "%s.csv: %s", table_of(id)->name, strerror(errno));
    return false;
}

static bool put_database(struct tables *t, enum table_id id, const void *row)
{
    if (t->database == NULL || database_row(t->database, id, t->run, row))
        return true;
    snprintf(t->error, sizeof t->error, "%s", t->database->error);
    return false;
}

void tables_put(struct tables *t, enum table_id id, const void *row)
{
    check(id < TABLES);
    if (!t->wanted[id] || t->error[0] != '\0')
        return;
    if (put_csv(t, id, row) && put_database(t, id, row))
        t->rows[id]++;
}
