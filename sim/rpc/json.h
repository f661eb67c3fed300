/* json - an answer as it is written: text that grows in memory of its own, up to a stated limit.
 *
 * Values are written straight, in order; no tree is made.  Commas come by themselves: a value or a
 * name that follows another value gets one.  Numbers are quantities and bytes are data (rpc.md 3),
 * but where a function says otherwise.
 *
 * What does not fit, or for which there is no memory, is left out from there on and `failed` says
 * so; json_cut() takes an answer back to where it stood.
 */
#ifndef SIM_RPC_JSON_H
#define SIM_RPC_JSON_H

#include "chain-mock/wire/address.h"

struct json {
    char *at;
    size_t n, room, limit; /* n characters; room is there, limit may be */
    bool failed;
};

/* No memory yet. */
#define JSON_NO_LIMIT (SIZE_MAX / 8)
#define JSON(limit) ((struct json){NULL, 0, 0, (limit), false})

void json_free(struct json *j);
/* Back to n characters, with nothing failed. */
void json_cut(struct json *j, size_t n);

/* Characters as they are: text that is JSON already. */
void json_raw(struct json *j, struct text t);
#define JSON_RAW(j, literal) json_raw((j), (struct text){(literal), sizeof(literal) - 1})

void json_begin(struct json *j, char bracket); /* '{' or '[' */
void json_end(struct json *j, char bracket);   /* '}' or ']' */
void json_name(struct json *j, const char *name);

void json_null(struct json *j);
void json_bool(struct json *j, bool v);
void json_u64(struct json *j, u64 v);
void json_u256(struct json *j, struct bytes32 v);
void json_amount(struct json *j, struct amount v);
void json_data(struct json *j, struct slice bytes);
void json_hash(struct json *j, const struct bytes32 *v);
void json_address(struct json *j, struct address a);
void json_value(struct json *j, struct text t); /* a value that is JSON already */
void json_string(struct json *j, struct text t);
void json_chars(struct json *j, const char *chars); /* a string that ends with NUL */

/* JSON numbers: a count, one that may be negative, milliseconds as seconds, and a ratio of at most
 * 1 with four places. */
void json_count(struct json *j, u64 v);
void json_signed(struct json *j, i64 v);
void json_seconds(struct json *j, u64 ms);
void json_ratio(struct json *j, u64 part, u64 of);

#endif /* SIM_RPC_JSON_H */
