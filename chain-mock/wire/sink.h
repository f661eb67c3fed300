/* sink - a text that grows into memory of the caller.
 *
 * What does not fit is counted and left out, so that a second try can have the right room.
 */
#ifndef CHAIN_MOCK_WIRE_SINK_H
#define CHAIN_MOCK_WIRE_SINK_H

#include "chain-mock/wire/slice.h"

struct sink {
    char *out;
    size_t room, n; /* n characters, if all of them fit */
};

#define SINK(out, room) ((struct sink){(out), (room), 0})

void sink_add(struct sink *s, struct text t);
void sink_chars(struct sink *s, const char *chars); /* ended by NUL */
void sink_hex(struct sink *s, struct slice bytes);  /* "0x", two digits a byte */

/* Ends the text with NUL; room >= 4.  False: it does not fit with its NUL, and ends in "...". */
bool sink_end(struct sink *s);

#endif /* CHAIN_MOCK_WIRE_SINK_H */
