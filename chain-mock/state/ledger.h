/* ledger - the only way money moves: from one field to another, for a cause of the closed list.
 *
 * Both fields are in rows that the caller has opened.  A movement enters both sides, so that the
 * commit can compare entries with rows (LED-3): a field changed without the ledger is found there.
 */
#ifndef CHAIN_MOCK_STATE_LEDGER_H
#define CHAIN_MOCK_STATE_LEDGER_H

#include "chain-mock/state/state.h"

/* One end of a movement: which pocket, whose (a row of that pocket's table), and the field. */
struct place {
    enum pocket pocket;
    u32 row;
    struct amount *field;
};

struct place place_account(struct state *s, u32 account, u32 token);
struct place place_token(struct state *s, u32 token, enum pocket pocket);
struct place place_standing(struct state *s, u32 provider, enum pocket pocket);

/* False: the source does not hold so much, or the sum overflows; then nothing has changed. */
must_use bool ledger_move(struct state *s, u32 token, struct place from, struct place to,
                          struct amount amount, enum cause cause);

/* As above where it must be possible: a failure is a bug. */
void ledger_pay(struct state *s, u32 token, struct place from, struct place to,
                struct amount amount, enum cause cause);

/* New money; false: beyond 128 bits. */
must_use bool ledger_mint(struct state *s, u32 token, struct place to, struct amount amount,
                          enum cause cause);
void ledger_burn(struct state *s, u32 token, struct place from, struct amount amount,
                 enum cause cause);

/* An entry for a pocket that is derived from other fields (POCKET_LEASE): the caller changes what
 * it derives from. */
void ledger_enter(struct state *s, u32 token, enum pocket from, u32 from_row, enum pocket to,
                  u32 to_row, struct amount amount, enum cause cause);

#endif /* CHAIN_MOCK_STATE_LEDGER_H */
