/* datapackage - the tables of a run described for other programs (Frictionless Data, tabular
 * data package): every column with type, unit and meaning. */
#ifndef METRICS_DATAPACKAGE_H
#define METRICS_DATAPACKAGE_H

#include "metrics/table.h"

/* The text of datapackage.json for the tables that are wanted, each in <table>.csv.  The caller
 * frees it with free(); NULL without memory. */
char *datapackage_text(const char *name, const char *title, const bool wanted[TABLES]);

#endif /* METRICS_DATAPACKAGE_H */
