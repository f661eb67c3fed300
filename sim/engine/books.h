/* books - what providers have in their books, against the chain: LEA-12, LEA-13, CAP-5. */
#ifndef SIM_ENGINE_BOOKS_H
#define SIM_ENGINE_BOOKS_H

#include "sim/engine/process.h"

/* After an event of an actor; of others than providers there is nothing to see. */
void books_look(const struct process *p, struct actor_id to, const struct event *event);

#endif /* SIM_ENGINE_BOOKS_H */
