/* event_lines - events.jsonl: every log of the chain, one JSON object a line.
 *
 * {"block":997,"second":1994,"event":"OrderCreated","order":1,...}; integers beyond 2^53 and all
 * amounts are decimal strings, so that no reader rounds them.
 */
#ifndef SIM_RUN_EVENT_LINES_H
#define SIM_RUN_EVENT_LINES_H

#include "protocol/log.h"

#include <stdio.h>

void event_line(FILE *out, const struct log *log, u64 block, u64 second);

#endif /* SIM_RUN_EVENT_LINES_H */
