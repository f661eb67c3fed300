/* panic - what the process says when a check() fails: where, and in which run and event. */
#ifndef SIM_ENGINE_PANIC_H
#define SIM_ENGINE_PANIC_H

#include "protocol/base.h"

typedef void panic_note(const void *about);

/* say(about) is called after a failed check and before abort(); NULL takes it back. */
void panic_set_note(panic_note *say, const void *about);

#endif /* SIM_ENGINE_PANIC_H */
