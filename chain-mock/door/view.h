/* view - the rows of view.def: what the exact set answers without a transaction. */
#ifndef CHAIN_MOCK_DOOR_VIEW_H
#define CHAIN_MOCK_DOOR_VIEW_H

#include "chain-mock/door/exact.h"

enum contract view_contract(enum door_view_id id);

/* Lies in the text, as the others of exact.h. */
struct abi_signature view_signature(char text[EXACT_CHARS], enum door_view_id id);

/* As door_view(), of one contract. */
must_use bool view_answer(struct door *d, enum contract at, struct slice data, u8 *out, size_t room,
                          size_t *n);

#endif /* CHAIN_MOCK_DOOR_VIEW_H */
