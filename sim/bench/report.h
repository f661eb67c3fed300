/* report - what a suite came to: for people, as JSON, as tables in Markdown. */
#ifndef SIM_BENCH_REPORT_H
#define SIM_BENCH_REPORT_H

#include "sim/bench/suite.h"

#include <stdio.h>

void report_bench_text(FILE *to, const struct suite *s);
void report_bench_json(FILE *to, const struct suite *s); /* one object */
/* A table with what others reach beside it: what the README shows. */
void report_bench_markdown(FILE *to, const struct suite *s);
/* What others reach in this case of this benchmark; "": nothing is known. */
const char *report_bench_peer(const char *bench, const char *name);

/* How it grows, as an SVG file: what is done a second, and memory for each of n.  False: error,
 * also where the cases are no sizes. */
must_use bool report_bench_plot(FILE *to, const struct suite *s, char error[BENCH_ERROR]);

#endif /* SIM_BENCH_REPORT_H */
