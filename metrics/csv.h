/* csv - tables as comma-separated text: UTF-8, LF, quoted as RFC 4180 says.
 *
 * The host opens the files and closes them; a table without a file is passed over.
 */
#ifndef METRICS_CSV_H
#define METRICS_CSV_H

#include "metrics/table.h"

#include <stdio.h>

struct csv {
    FILE *file[TABLES];
};

/* Write the names of the columns, `run` first.  False: the write failed (errno says why). */
must_use bool csv_header(struct csv *c, enum table_id id);

/* Write one row.  False: the write failed (errno says why). */
must_use bool csv_row(struct csv *c, enum table_id id, u64 run, const void *row);

/* text as a cell of its own, quoted if it must be; false as above. */
must_use bool csv_text(FILE *f, const char *text);

#endif /* METRICS_CSV_H */
