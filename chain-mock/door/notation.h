/* notation - the nested texts that come with orders and providers: JSON, and the short form without
 * quotation marks that the published SDK writes (spheron/sdk.md d.3).
 *
 *     struct notation n = notation_of(text);
 *     struct text key;
 *     for (notation_enter(&n, '{'); notation_key(&n, &key);)
 *         if (notation_is(key, "c")) count = notation_number(&n);
 *         else notation_skip(&n);
 *
 * Every value must be taken or skipped.  After something wrong ok is false, loops end and numbers
 * are 0.
 */
#ifndef CHAIN_MOCK_DOOR_NOTATION_H
#define CHAIN_MOCK_DOOR_NOTATION_H

#include "chain-mock/wire/slice.h"

struct notation {
    struct text rest;
    bool ok, first; /* first: of the object or array that was entered last */
};

struct notation notation_of(struct text t);

/* Into the object '{' or array '[' that stands here. */
void notation_enter(struct notation *n, char bracket);

/* The next member of the object; false: it ends here, and is left. */
bool notation_key(struct notation *n, struct text *key);

/* Whether the array has another element; false: it ends here, and is left. */
bool notation_element(struct notation *n);

struct text notation_word(struct notation *n); /* a word, in quotation marks or not */
u64 notation_number(struct notation *n);       /* digits, at most 18 of them */
void notation_skip(struct notation *n);        /* a value of any kind */

/* Whether all of the text has been read and nothing was wrong. */
must_use bool notation_done(struct notation *n);

bool notation_is(struct text t, const char *word);

/* Digits alone, at most 18. */
must_use bool notation_digits(struct text t, u64 *out);

#endif /* CHAIN_MOCK_DOOR_NOTATION_H */
