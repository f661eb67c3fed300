/* source - run.db of a run folder, read by queries whose cells have names.
 *
 * What a run's tables say is exact text (money) or integers; nothing here goes through a double.
 */
#ifndef SIM_CLI_SOURCE_H
#define SIM_CLI_SOURCE_H

#include "protocol/base.h"

#include <sqlite3.h>

#define SOURCE_ERROR 1200u

struct source {
    sqlite3 *db;
    u64 run; /* the one that is there: ?1 of every query */
    char error[SOURCE_ERROR];
};

/* False: error, also where there are several runs; nothing is to be closed. */
must_use bool source_open(struct source *s, const char *folder);
void source_close(struct source *s);

struct answer {
    sqlite3_stmt *rows;
};

/* ?1 is the run, ?2 and ?3 are x and y; answer_end() is due.  A query that the database does not
 * take is a bug, or tables that were not written: false, error says what is missing. */
must_use bool source_ask(struct source *s, struct answer *a, const char *sql, u64 x, u64 y);
must_use bool answer_next(struct answer *a);
void answer_end(struct answer *a);

/* Cells of the row at hand by the column's name, which must be there. */
u64 answer_u64(const struct answer *a, const char *column);
u128 answer_u128(const struct answer *a, const char *column);
const char *answer_text(const struct answer *a, const char *column); /* "" where empty */
bool answer_empty(const struct answer *a, const char *column);
bool answer_flag(const struct answer *a, const char *column);

/* Value of a parameter in an era. */
u128 source_param(struct source *s, const char *name, u64 era);

#define TEXT_CELL 64u

/* An amount of a column in whole tokens ("613.512345678901234567"), thousands apart, cut off after
 * six decimals; the end of `out`. */
const char *tokens_text(char out[TEXT_CELL], const char *cell);

/* n / 10^decimals, thousands apart, zeros at the end left out. */
const char *scaled_text(char out[TEXT_CELL], u128 n, u32 decimals);

/* "era 3, 07:15:00": a second of the run, as time since the start of its era. */
const char *second_text(struct source *s, char out[TEXT_CELL], u64 second);

#endif /* SIM_CLI_SOURCE_H */
