/* csv - the rows of a comma-separated file that somebody else wrote.
 *
 * RFC 4180 with LF or CRLF, quoted fields with doubled quotes, lines that start with # before the
 * header, empty lines.  The reader copies nothing but the row it is at and allocates nothing; it
 * stops at the first error and keeps it, with file, line and column (in bytes, from 1), what was
 * expected and what was found.  A struct csv_reader points into itself: it is not copied.
 */
#ifndef SIM_SCENARIO_CSV_H
#define SIM_SCENARIO_CSV_H

#include "protocol/base.h"

#define CSV_COLUMNS_MAX 128u
#define CSV_ROW_BYTES_MAX 16384u
#define CSV_ERROR_BYTES 512u
#define CSV_ABSENT UINT32_MAX

struct csv_reader {
    const char *file; /* for messages */
    const char *at, *end;
    const char *line_start; /* of the line that at is in */
    u32 line;               /* of at */
    u32 row_line;           /* where the row that was read begins */
    u32 columns;            /* of the header */
    u32 fields;             /* of the row that was read */
    u32 names_bytes;        /* of text that the header has taken */
    const char *name[CSV_COLUMNS_MAX];
    const char *field[CSV_COLUMNS_MAX]; /* without quotes; ends with a 0 */
    u32 field_line[CSV_COLUMNS_MAX];    /* where a field begins */
    u32 field_column[CSV_COLUMNS_MAX];
    char text[CSV_ROW_BYTES_MAX];
    char error[CSV_ERROR_BYTES]; /* empty: none */
};

/* Reads the header.  bytes stay the caller's and must stay where they are.  False: csv->error. */
must_use bool csv_open(struct csv_reader *c, const char *file, const void *bytes, size_t n);

/* The index of a column.  CSV_ABSENT: there is none; csv_column() says so in csv->error, with the
 * nearest name; csv_find() is for columns that may be missing. */
u32 csv_column(struct csv_reader *c, const char *name);
u32 csv_find(const struct csv_reader *c, const char *name);

/* The next row: false at the end and after an error; csv->error tells them apart.  A row has as
 * many fields as the header. */
must_use bool csv_next(struct csv_reader *c);

/* The field of the row as a whole number from min to max.  False: csv->error. */
must_use bool csv_u64(struct csv_reader *c, u32 column, u64 min, u64 max, u64 *out);

/* Is nothing in the field? */
bool csv_empty(const struct csv_reader *c, u32 column);

/* Says "file:line:column: expected <expected>, found <the field>"; returns false. */
bool csv_expected(struct csv_reader *c, u32 column, const char *expected);

/* A whole file into memory that the caller frees.  False: error says why. */
must_use bool csv_read_file(const char *path, size_t max_bytes, char **bytes, size_t *n,
                            char error[CSV_ERROR_BYTES]);

#endif /* SIM_SCENARIO_CSV_H */
