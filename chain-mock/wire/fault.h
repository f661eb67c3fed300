/* fault - what is wrong with bytes from outside, and where: the rows of fault.def.
 *
 * A reader keeps the first fault that it meets; {0} is none.
 */
#ifndef CHAIN_MOCK_WIRE_FAULT_H
#define CHAIN_MOCK_WIRE_FAULT_H

#include "protocol/base.h"

enum fault_kind {
#define FAULT(NAME, what, text) FAULT_##NAME,
#include "chain-mock/wire/fault.def"
#undef FAULT
    FAULT_KINDS
};

struct fault {
    enum fault_kind kind;
    size_t at; /* offset of the byte, from the start of what the reader was given */
};

/* Notes a fault, unless one is there already. */
void fault_note(struct fault *f, enum fault_kind kind, size_t at);

/* What the bytes should have been ("rlp") and what is wrong ("bytes after the end"): a message is
 * both and the offset. */
const char *fault_what(enum fault_kind kind);
const char *fault_text(enum fault_kind kind);

#endif /* CHAIN_MOCK_WIRE_FAULT_H */
