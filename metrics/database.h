/* database - the same tables in SQLite, with views for people.
 *
 * Money is TEXT there, so that no unit is lost: spon columns in whole tokens, wei columns in base
 * units.  For each table `leases` a view `v_leases` shows the arm and the seed, money and prices as
 * numbers in whole tokens and dollars, rounded as doubles are: for looking, not for reckoning.
 */
#ifndef METRICS_DATABASE_H
#define METRICS_DATABASE_H

#include "metrics/table.h"

#include <sqlite3.h>

struct database {
    sqlite3 *handle; /* the host's */
    sqlite3_stmt *insert[TABLES];
    u64 waiting; /* rows since the last commit */
    char error[200];
};

/* Make the tables that are wanted and their views in an empty database that the host has opened
 * and will close.  False: error says why. */
must_use bool database_open(struct database *d, sqlite3 *handle, const bool wanted[TABLES]);

/* Insert one row.  False: error says why. */
must_use bool database_row(struct database *d, enum table_id id, u64 run, const void *row);

/* Commit what waits and let go of the handle; to be called after a failure too.  False: error says
 * why. */
must_use bool database_close(struct database *d);

#endif /* METRICS_DATABASE_H */
