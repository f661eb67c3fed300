/* print - events, blocks and their answers as text: one field a line, "name = value".
 *
 * For people (`orrery replay`) and for comparison (`orrery diff`): two records are the same when
 * their texts are.
 */
#ifndef SIM_ENGINE_PRINT_H
#define SIM_ENGINE_PRINT_H

#include "sim/engine/record.h"

void print_event(FILE *out, const struct event *e);
void print_tx(FILE *out, const struct tx *tx);
void print_log(FILE *out, const struct log *log);

/* A whole record; what cannot be decoded is said to be so. */
void print_record(FILE *out, const struct record *r);

#endif /* SIM_ENGINE_PRINT_H */
