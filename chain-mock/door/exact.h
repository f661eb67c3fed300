/* exact - the exact set: the contracts of tx.def under names and addresses of their own.
 *
 * Signatures are made from the rows: TX(CREATE_ORDER, create_order, ...) is createOrder, with the
 * names of its fields in camel case, LOG(OrderCreated, ...) the event of that name,
 * ERR(BiddingClosed,
 * ...) an error without arguments.  REPORT_RESPONSES alone differs: its words are an argument.
 */
#ifndef CHAIN_MOCK_DOOR_EXACT_H
#define CHAIN_MOCK_DOOR_EXACT_H

#include "chain-mock/door/field.h"
#include "chain-mock/wire/abi_type.h"

/* The contracts that have an address: all but CONTRACT_COIN. */
#define EXACT_CONTRACTS ((u32)CONTRACT_COIN)

const char *exact_name(enum contract c); /* "OrreryEscrow" */

/* False: no contract of the exact set is there. */
must_use bool exact_contract(struct address a, enum contract *out);

/* Whose event a log is. */
enum contract exact_home(enum log_kind kind);

/* Signatures, which lie in the text that is given: as long as it is left alone. */
#define EXACT_CHARS 1024u
struct abi_signature exact_function(char text[EXACT_CHARS], enum tx_kind kind);
struct abi_signature exact_event(char text[EXACT_CHARS], enum log_kind kind);
struct abi_signature exact_error(char text[EXACT_CHARS], enum err e);

/* What is written with the names of rows, names of members and parameters included. */
struct abi_signature exact_camel(char text[EXACT_CHARS], const char *words);

/* The types of an event's data: of what is not indexed. */
struct text exact_event_data(char text[EXACT_CHARS], enum log_kind kind);

struct field_list exact_tx_fields(enum tx_kind kind);
struct field_list exact_log_fields(enum log_kind kind);

/* The answers that have an error: not None, UnknownCall and NotPayable, for which Solidity's own
 * dispatcher gives no data. */
bool exact_has_error(enum err e);

/* What a call of a contract of the set asks: None, or why nobody takes it. */
must_use enum err exact_tx(struct door *d, enum contract at, const struct door_call *c,
                           struct tx *out);

/* The log of the set. */
void exact_log(const struct door *d, const struct log *log, struct door_log *out, u8 *room,
               size_t size);

#endif /* CHAIN_MOCK_DOOR_EXACT_H */
