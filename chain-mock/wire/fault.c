#include "chain-mock/wire/fault.h"

static const char *const whats[] = {
#define FAULT(NAME, what, text) [FAULT_##NAME] = what,
#include "chain-mock/wire/fault.def"
#undef FAULT
};

static const char *const texts[] = {
#define FAULT(NAME, what, text) [FAULT_##NAME] = text,
#include "chain-mock/wire/fault.def"
#undef FAULT
};

void fault_note(struct fault *f, enum fault_kind kind, size_t at)
{
    if (f->kind == FAULT_NONE)
        *f = (struct fault){kind, at};
}

const char *fault_what(enum fault_kind kind)
{
    check((size_t)kind < ARRAY_LEN(whats));
    return whats[kind];
}

const char *fault_text(enum fault_kind kind)
{
    check((size_t)kind < ARRAY_LEN(texts));
    return texts[kind];
}
