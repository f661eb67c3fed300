/* export - the whole chain as bytes, and back.
 *
 *     "ORRERYST", version, hash of the state, counters, parameters
 *     each table: size of a row, places, free places in their order, rows in use by place
 *     what the checkers remember, or not
 *     checksum of all before it
 *
 * Rows are their own encoding (rows.h).  Places by id and the moments follow from the rows and are
 * made anew; logs are no part.  An import either gives a chain whose full hash is the header's, or
 * says what is wrong with the bytes; the memory is then to be thrown away.  Free places are given
 * away in the same order, so both chains go on alike (DET-2).
 */
#ifndef CHAIN_MOCK_STATE_EXPORT_H
#define CHAIN_MOCK_STATE_EXPORT_H

#include "chain-mock/state/chain.h"

#define EXPORT_VERSION 2u

enum export_err {
    EXPORT_OK,
    EXPORT_SHORT,
    EXPORT_NOT_A_STATE,
    EXPORT_OTHER_VERSION,
    EXPORT_BAD_PARAMETERS,
    EXPORT_OTHER_ROWS,
    EXPORT_TOO_MANY_ROWS,
    EXPORT_BAD_FREE_LIST,
    EXPORT_BAD_IDS,
    EXPORT_BAD_CHECKSUM,
    EXPORT_OTHER_HASH,
    EXPORT_ERRS
};

const char *export_err_text(enum export_err e);

/* Takes bytes in order; gives n bytes in order, false: there are not so many. */
struct export_sink {
    void (*put)(void *about, const void *bytes, size_t n);
    void *about;
};
struct export_source {
    bool (*take)(void *about, void *bytes, size_t n);
    void *about;
};

/* Between blocks only.  history: with what the checkers remember. */
void chain_export(const struct chain *c, bool history, const struct export_sink *sink);

/* memory, rtt_us, regions and tally as for chain_init(); without history the checkers begin anew
 * (TIER-2 and 3 wait until they know enough eras).  What stands after the checksum is not read. */
must_use enum export_err chain_import(struct chain *c, void *memory, const u32 *rtt_us, u32 regions,
                                      struct tally *tally, const struct export_source *source);

#endif /* CHAIN_MOCK_STATE_EXPORT_H */
