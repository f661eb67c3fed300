/* param_table - the rows of params.def as data, for everything that loops over them. */
#ifndef SIM_SCENARIO_PARAM_TABLE_H
#define SIM_SCENARIO_PARAM_TABLE_H

#include <stdio.h>

#include "protocol/params.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/units.h"

enum param_type {
    PARAM_TYPE_amount,
    PARAM_TYPE_usd,
    PARAM_TYPE_bps,
    PARAM_TYPE_ratio,
    PARAM_TYPE_span,
    PARAM_TYPE_millis,
    PARAM_TYPE_micros,
    PARAM_TYPE_count,
    PARAM_TYPE_flag
};

struct param_row {
    const char *name, *type_text, *unit, *source, *doc;
    enum param_type type;
    u128 def, min, max;
};

extern const struct param_row param_rows[PARAM_KINDS];

/* False: no such name; hint is the end of a message, with the nearest one. */
#define PARAM_HINT_BYTES 96u
must_use bool param_find(const char *name, enum param_id *out, char hint[PARAM_HINT_BYTES]);

/* A value with the unit of its row: "10min", "20%", "500 SPON", "on", "3 eras" or "3".  False:
 * *why (without a place) says what was expected. */
#define PARAM_WHY_BYTES 256u
must_use bool param_read(enum param_id id, const char *text, u128 *out, char why[PARAM_WHY_BYTES]);

/* Canonical text, reads back to v. */
const char *param_print(enum param_id id, u128 v, char text[UNITS_BYTES]);

/* A row and a value for it. */
struct param_set {
    enum param_id id;
    u128 value;
};

/* Several at once, so that a rule between rows is asked only of the whole.  False: the rows break
 * one, *p is unchanged. */
must_use bool param_sets_apply(struct params *p, const struct param_set *sets, u32 count);

/* After that: which rule, as why (without a place), and the place of the last of the sets that it
 * is about. */
u32 param_sets_broken(const struct params *p, const struct param_set *sets, u32 count,
                      char why[PARAM_WHY_BYTES]);

/* One `--set name=value`.  False: why says what was expected. */
must_use bool param_read_set(const char *text, struct param_set *out, char why[PARAM_WHY_BYTES]);

/* All rows, aligned, or as a JSON array.  False: out could not be written. */
must_use bool param_list(FILE *out, bool json);

/* One row in full.  False: no such name, hint as for param_find(). */
must_use bool param_explain(FILE *out, const char *name, char hint[PARAM_HINT_BYTES]);

#endif /* SIM_SCENARIO_PARAM_TABLE_H */
