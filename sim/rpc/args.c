#include "sim/rpc/args.h"

#include "chain-mock/wire/hex.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define NOT_STRING "not a string"
#define EXACT_BELOW 9007199254740992.0 /* 2^53 */
#define HASH_CHARS 66u

static struct text text_of(const cJSON *item)
{
    return (struct text){item->valuestring, strlen(item->valuestring)};
}

/* --- values --- */

static const char *exact_number(const cJSON *item, u64 *out)
{
    double v = item->valuedouble;

    if (v < 0)
        return "a negative number";
    if (!(v >= 0) || v >= EXACT_BELOW)
        return "a number that JSON does not hold exactly: write it in hex";
    if ((double)(u64)v < v)
        return fault_text(FAULT_HEX_DECIMAL);
    *out = (u64)v;
    return NULL;
}

const char *read_u64(const cJSON *item, u64 *out)
{
    struct fault fault;

    if (cJSON_IsNumber(item))
        return exact_number(item, out);
    if (!cJSON_IsString(item))
        return "neither a hex string nor a number";
    return hex_read_u64(out, text_of(item), HEX_LENIENT, &fault) ? NULL : fault_text(fault.kind);
}

static const char *read_u256(const cJSON *item, struct bytes32 *out)
{
    struct fault fault;
    u64 small = 0;

    if (cJSON_IsNumber(item)) {
        const char *why = exact_number(item, &small);
        if (why == NULL)
            *out = bytes32_of_u128(small);
        return why;
    }
    if (!cJSON_IsString(item))
        return "neither a hex string nor a number";
    return hex_read_u256(out, text_of(item), HEX_LENIENT, &fault) ? NULL : fault_text(fault.kind);
}

const char *read_amount(const cJSON *item, struct amount *out)
{
    struct bytes32 v;
    const char *why = read_u256(item, &v);

    if (why != NULL)
        return why;
    return bytes32_to_amount(v, out) ? NULL : fault_text(FAULT_HEX_BEYOND_128);
}

static const char *fixed(const cJSON *item, u8 *out, size_t n)
{
    struct fault fault;

    if (!cJSON_IsString(item))
        return NOT_STRING;
    return hex_read_fixed(out, n, text_of(item), &fault) ? NULL : fault_text(fault.kind);
}

const char *read_hash(const cJSON *item, struct bytes32 *out)
{
    return fixed(item, out->byte, sizeof(out->byte));
}

const char *read_address(const cJSON *item, struct address *out)
{
    return fixed(item, out->byte, sizeof(out->byte));
}

const char *read_data(const cJSON *item, struct slice *out)
{
    struct fault fault;
    size_t n;

    if (!cJSON_IsString(item))
        return NOT_STRING;
    struct text t = text_of(item);
    u8 *here = (u8 *)item->valuestring; /* a byte is written behind the digits that it came from */
    if (!hex_read_data(here, t.n, &n, t, &fault))
        return fault_text(fault.kind);
    *out = SLICE(here, n);
    return NULL;
}

static bool tag_of(struct text t, enum block_tag *out)
{
    static const char *const names[] = {
        [BLOCK_LATEST] = "latest",       [BLOCK_PENDING] = "pending",   [BLOCK_SAFE] = "safe",
        [BLOCK_FINALIZED] = "finalized", [BLOCK_EARLIEST] = "earliest",
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(t.at, names[i]) == 0) {
            *out = (enum block_tag)i;
            return true;
        }
    return false;
}

static const char *block_object(const cJSON *item, struct block_ref *out)
{
    const cJSON *number = read_member(item, "blockNumber"), *hash = read_member(item, "blockHash");

    if (number != NULL && hash != NULL)
        return "cannot specify both BlockHash and BlockNumber, choose one or the other";
    if (number != NULL)
        return cJSON_IsObject(number) ? NOT_STRING : read_block(number, out);
    if (hash == NULL)
        return "neither blockNumber nor blockHash";
    out->tag = BLOCK_HASH;
    return read_hash(hash, &out->hash);
}

const char *read_block(const cJSON *item, struct block_ref *out)
{
    *out = (struct block_ref){.tag = BLOCK_NUMBER};
    if (cJSON_IsObject(item))
        return block_object(item, out);
    if (cJSON_IsString(item) && tag_of(text_of(item), &out->tag))
        return NULL;
    if (cJSON_IsString(item) && text_of(item).n == HASH_CHARS) {
        out->tag = BLOCK_HASH;
        return read_hash(item, &out->hash);
    }
    return read_u64(item, &out->number);
}

const cJSON *read_member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return item == NULL || cJSON_IsNull(item) ? NULL : item;
}

/* --- parameters --- */

static const cJSON *item_at(const struct args *a, u32 i)
{
    const cJSON *item = a->first;

    for (; item != NULL && i > 0; i--)
        item = item->next;
    return item == NULL || cJSON_IsNull(item) ? NULL : item;
}

bool arg_absent(const struct args *a, u32 i)
{
    return item_at(a, i) == NULL;
}

bool arg_refuse(const struct args *a, u32 i, const char *why)
{
    *a->why = (struct refusal){.code = -32602};
    snprintf(a->why->message, sizeof(a->why->message), "invalid argument %u: %s", i, why);
    return false;
}

static bool missing(const struct args *a, u32 i)
{
    *a->why = (struct refusal){.code = -32602};
    snprintf(a->why->message, sizeof(a->why->message), "missing value for required argument %u", i);
    return false;
}

static bool needed(const struct args *a, u32 i, const cJSON **out)
{
    *out = item_at(a, i);
    return *out != NULL || missing(a, i);
}

static bool judged(const struct args *a, u32 i, const char *why)
{
    return why == NULL || arg_refuse(a, i, why);
}

bool arg_bool(const struct args *a, u32 i, bool *out)
{
    const cJSON *item;

    if (!needed(a, i, &item))
        return false;
    *out = cJSON_IsTrue(item);
    return cJSON_IsBool(item) || arg_refuse(a, i, "neither true nor false");
}

bool arg_u64(const struct args *a, u32 i, u64 *out)
{
    const cJSON *item;

    return needed(a, i, &item) && judged(a, i, read_u64(item, out));
}

bool arg_u256(const struct args *a, u32 i, struct bytes32 *out)
{
    const cJSON *item;

    return needed(a, i, &item) && judged(a, i, read_u256(item, out));
}

bool arg_amount(const struct args *a, u32 i, struct amount *out)
{
    const cJSON *item;

    return needed(a, i, &item) && judged(a, i, read_amount(item, out));
}

bool arg_data(const struct args *a, u32 i, struct slice *out)
{
    const cJSON *item;

    return needed(a, i, &item) && judged(a, i, read_data(item, out));
}

bool arg_hash(const struct args *a, u32 i, struct bytes32 *out)
{
    const cJSON *item;

    return needed(a, i, &item) && judged(a, i, read_hash(item, out));
}

bool arg_address(const struct args *a, u32 i, struct address *out)
{
    const cJSON *item;

    return needed(a, i, &item) && judged(a, i, read_address(item, out));
}

bool arg_text(const struct args *a, u32 i, struct text *out)
{
    const cJSON *item;

    if (!needed(a, i, &item))
        return false;
    if (!cJSON_IsString(item))
        return arg_refuse(a, i, NOT_STRING);
    *out = text_of(item);
    return true;
}

bool arg_object(const struct args *a, u32 i, const cJSON **out)
{
    return needed(a, i, out) && (cJSON_IsObject(*out) || arg_refuse(a, i, "not an object"));
}

bool arg_block(const struct args *a, u32 i, struct block_ref *out)
{
    const cJSON *item = item_at(a, i);

    *out = (struct block_ref){.tag = BLOCK_LATEST};
    return item == NULL || judged(a, i, read_block(item, out));
}

bool arg_block_number(const struct args *a, u32 i, struct block_ref *out)
{
    const cJSON *item;

    if (!needed(a, i, &item) || !judged(a, i, read_block(item, out)))
        return false;
    return (out->tag != BLOCK_HASH && !cJSON_IsObject(item)) ||
           arg_refuse(a, i, "a hash where a block number or a tag should stand");
}
