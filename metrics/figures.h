/* figures - the key figures of a run, as figures.def says to make them from its tables. */
#ifndef METRICS_FIGURES_H
#define METRICS_FIGURES_H

#include "protocol/base.h"

#include <sqlite3.h>

enum figure_id {
#define FIGURE(name, title, unit, fold, sql, doc) FIGURE_##name,
#include "metrics/figures.def"
#undef FIGURE
    FIGURES
};

struct figure {
    const char *name;
    const char *title; /* for a table that people read */
    const char *unit;  /* "" for a plain number */
    const char *doc;
};

struct figure_value {
    bool known; /* false: nothing to make it of */
    double value;
};

const struct figure *figure_of(enum figure_id id);

/* All figures of one run in a run.db.  A figure whose tables the run did not write is not known.
 * False: the database cannot be read, sqlite3_errmsg() says why. */
must_use bool figures_read(sqlite3 *db, u64 run, struct figure_value out[FIGURES]);

#define FIGURE_TEXT 32u

/* v with so many decimals, thousands apart: -1 234.50; without a group from 10^15 on. */
void number_print(char out[FIGURE_TEXT], double v, int decimals);

/* A value as people read it, five digits or the whole part, thousands apart; a dash if not known.
 */
void figure_print(char out[FIGURE_TEXT], struct figure_value v);

#endif /* METRICS_FIGURES_H */
