/* lines - what a testnet says while it runs, a line at a time, to somebody who may not listen.
 *
 * A file or a terminal takes each line at once, and is waited for.  A pipe or socket whose reader
 * does not read would stop the chain when it is full, so a line that it has no room for is left out
 * and counted, and when it has room again it is told how many.
 */
#ifndef SIM_TESTNET_LINES_H
#define SIM_TESTNET_LINES_H

#include "protocol/base.h"

#include <stdio.h>

struct lines {
    FILE *out;  /* the caller's */
    bool waits; /* out is waited for, always */
    u64 left_out;
    FILE *line; /* the one that is being made */
    char *text;
    size_t size;
};

/* False: no memory. */
must_use bool lines_open(struct lines *l, FILE *out);
void lines_close(struct lines *l);

/* Where the next line is to be written, without its end; lines_end() says it. */
FILE *lines_begin(struct lines *l);
/* What there is no room for after so many milliseconds is left out. */
void lines_end(struct lines *l, u32 patience_ms);

#endif /* SIM_TESTNET_LINES_H */
