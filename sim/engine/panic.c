/* panic - what a failed check says before the process ends. */
#include "sim/engine/panic.h"

#include <stdio.h>
#include <stdlib.h>

static panic_note *note;
static const void *note_about;

void panic_set_note(panic_note *say, const void *about)
{
    note = say;
    note_about = about;
}

void check_failed(const char *what, const char *file, int line, const char *func)
{
    fprintf(stderr, "check failed: %s\n  at %s:%d in %s\n", what, file, line, func);
    if (note != NULL)
        note(note_about);
    abort();
}
