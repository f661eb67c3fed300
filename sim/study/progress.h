/* progress - one line on a terminal: how far, how long it took, how long it will take.
 *
 *   baseline   42 %  era 6 of 14   0:12, about 0:17 left
 */
#ifndef SIM_STUDY_PROGRESS_H
#define SIM_STUDY_PROGRESS_H

#include "protocol/base.h"

#include <stdio.h>

struct progress {
    FILE *out; /* NULL: say nothing */
    const char *label;
    const char *unit; /* of what is counted: era, run */
    u64 total;
    u64 started_ns, shown_ns; /* monotonic clock */
};

/* Shows only where `out` is a terminal and quiet is false; label and unit stay the caller's. */
void progress_start(struct progress *p, FILE *out, bool quiet, const char *label, const char *unit,
                    u64 total);

/* done of total units, and part of part_of of the one at hand (0 of 0 if that is not known).  Cheap
 * enough for every block: the line is written ten times a second at most. */
void progress_show(struct progress *p, u64 done, u64 part, u64 part_of);

/* Take the line away. */
void progress_end(struct progress *p);

#define PROGRESS_LINE 160u

/* What the line says after so long. */
void progress_line(char out[PROGRESS_LINE], const struct progress *p, u64 done, u64 part,
                   u64 part_of, u64 elapsed_ns);

#endif /* SIM_STUDY_PROGRESS_H */
