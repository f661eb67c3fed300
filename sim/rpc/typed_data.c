#include "sim/rpc/typed_data.h"

#include "chain-mock/wire/hex.h"
#include "sim/rpc/json.h"
#include "sim/rpc/scan.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define DOMAIN_TYPE "EIP712Domain"
#define BYTES_MAX (16u << 20) /* of what is hashed at once */

/* A text or bytes that grow are a struct json here: it is what has memory. */
struct encoder {
    const cJSON *types;
    const char *why; /* the first thing that is wrong */
};

static bool refuse(struct encoder *e, const char *why)
{
    if (e->why == NULL)
        e->why = why;
    return false;
}

static void add_word(struct json *to, struct bytes32 word)
{
    json_raw(to, (struct text){(const char *)word.byte, sizeof(word.byte)});
}

static void add_chars(struct json *to, const char *chars)
{
    json_raw(to, (struct text){chars, strlen(chars)});
}

/* Of all that was added, which is then given back. */
static bool take_hash(struct encoder *e, struct json *of, struct bytes32 *out)
{
    bool ok = !of->failed;

    if (ok)
        *out = bytes32_keccak(SLICE((const u8 *)of->at, of->n));
    json_free(of);
    return ok || refuse(e, "no memory for typed data of this size");
}

/* --- types --- */

/* The members of a struct type; NULL: it is none. */
static const cJSON *struct_type(struct encoder *e, struct text name)
{
    const cJSON *type = e->types->child;

    for (; type != NULL; type = type->next)
        if (strlen(type->string) == name.n && memcmp(type->string, name.at, name.n) == 0)
            return cJSON_IsArray(type) ? type : NULL;
    return NULL;
}

/* "Person[2][]" is of Person. */
static struct text base_of(const char *type)
{
    return (struct text){type, strcspn(type, "[")};
}

struct closure {
    const cJSON *type[TYPED_DATA_TYPES_MAX];
    u32 count;
};

static bool has_type(const struct closure *c, const cJSON *type)
{
    for (u32 i = 0; i < c->count; i++)
        if (c->type[i] == type)
            return true;
    return false;
}

static bool member_of(struct encoder *e, const cJSON *member, const char **name, const char **type)
{
    *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(member, "name"));
    *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(member, "type"));
    return (*name != NULL && *type != NULL) ||
           refuse(e, "types: a member has no name and type, or these are no strings");
}

/* The type and all that it refers to; the list grows while it is walked. */
static bool close_over(struct encoder *e, struct closure *c)
{
    const char *name, *type;

    for (u32 i = 0; i < c->count; i++)
        for (const cJSON *m = c->type[i]->child; m != NULL; m = m->next) {
            if (!member_of(e, m, &name, &type))
                return false;
            const cJSON *inner = struct_type(e, base_of(type));
            if (inner == NULL || has_type(c, inner))
                continue;
            if (c->count == TYPED_DATA_TYPES_MAX)
                return refuse(e, "types: more than 64 refer to each other");
            c->type[c->count++] = inner;
        }
    return true;
}

static int by_name(const void *a, const void *b)
{
    const cJSON *const *left = a, *const *right = b;

    return strcmp((*left)->string, (*right)->string);
}

/* "Mail(Person from,string contents)". */
static bool put_type(struct encoder *e, struct json *out, const cJSON *type)
{
    const char *name, *of;

    add_chars(out, type->string);
    JSON_RAW(out, "(");
    for (const cJSON *m = type->child; m != NULL; m = m->next) {
        if (!member_of(e, m, &name, &of))
            return false;
        add_chars(out, of);
        JSON_RAW(out, " ");
        add_chars(out, name);
        if (m->next != NULL)
            JSON_RAW(out, ",");
    }
    JSON_RAW(out, ")");
    return true;
}

/* EIP-712: "the set of referenced struct types is collected, sorted by name and appended". */
static bool type_hash(struct encoder *e, const cJSON *type, struct bytes32 *out)
{
    struct closure c = {.type = {type}, .count = 1};
    struct json text = JSON(BYTES_MAX);
    bool ok = close_over(e, &c);

    qsort(c.type + 1, c.count - 1, sizeof(c.type[0]), by_name);
    for (u32 i = 0; ok && i < c.count; i++)
        ok = put_type(e, &text, c.type[i]);
    return take_hash(e, &text, out) && ok;
}

/* --- values of one word --- */

/* The number after a prefix, 0 if none stands there. */
static u32 width_of(const char *type, size_t prefix)
{
    u32 width = 0;

    for (const char *c = type + prefix; *c >= '0' && *c <= '9' && width < 1000; c++)
        width = width * 10 + (u32)(*c - '0');
    return width;
}

/* v = v x 10 + digit; false: beyond 256 bits. */
static bool add_digit(struct bytes32 *v, u32 digit)
{
    u32 carry = digit;

    for (size_t i = sizeof(v->byte); i > 0; i--) {
        carry += v->byte[i - 1] * 10u;
        v->byte[i - 1] = (u8)carry;
        carry >>= 8;
    }
    return carry == 0;
}

static bool read_decimal(const char *digits, struct bytes32 *out)
{
    *out = (struct bytes32){{0}};
    if (*digits == '\0')
        return false;
    for (; *digits != '\0'; digits++)
        if (*digits < '0' || *digits > '9' || !add_digit(out, (u32)(*digits - '0')))
            return false;
    return true;
}

static struct bytes32 negative_of(struct bytes32 v)
{
    u32 carry = 1;

    for (size_t i = sizeof(v.byte); i > 0; i--) {
        carry += (u8)~v.byte[i - 1];
        v.byte[i - 1] = (u8)carry;
        carry >>= 8;
    }
    return v;
}

/* The magnitude of a number, a decimal or a hex string, and its sign. */
static bool read_magnitude(const cJSON *value, struct bytes32 *out, bool *negative)
{
    struct fault fault;
    double v = value->valuedouble;

    if (cJSON_IsNumber(value)) {
        *negative = v < 0;
        v = v < 0 ? -v : v;
        if (!(v < 9007199254740992.0) || (double)(u64)v < v)
            return false;
        *out = bytes32_of_u128((u64)v);
        return true;
    }
    if (!cJSON_IsString(value))
        return false;
    const char *text = value->valuestring;
    *negative = text[0] == '-';
    text += *negative;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return hex_read_u256(out, (struct text){text, strlen(text)}, HEX_LENIENT, &fault);
    return read_decimal(text, out);
}

/* Bits that a magnitude needs. */
static u32 bits_of(struct bytes32 v)
{
    size_t n = bytes32_length(v);
    u32 bits = 0;

    if (n == 0)
        return 0;
    for (u8 top = v.byte[32 - n]; top != 0; top >>= 1)
        bits++;
    return bits + 8 * (u32)(n - 1);
}

/* intN: from -2^(N-1), whose magnitude less one has N-1 bits. */
static bool put_integer(struct encoder *e, const char *type, const cJSON *value,
                        struct bytes32 *out)
{
    bool is_signed = type[0] == 'i', negative = false;
    u32 width = width_of(type, is_signed ? 3 : 4);
    struct bytes32 v;

    if (width == 0)
        width = 256;
    if (width > 256 || width % 8 != 0)
        return refuse(e, "types: no such integer type");
    if (!read_magnitude(value, &v, &negative))
        return refuse(e, "message: not an integer, or one that JSON does not hold exactly");
    negative = negative && !bytes32_is_zero(v);
    u32 bits = bits_of(v);
    if (negative) {
        v = negative_of(v); /* ~v is the magnitude less one */
        struct bytes32 inverse = v;
        for (size_t i = 0; i < sizeof(inverse.byte); i++)
            inverse.byte[i] = (u8)~inverse.byte[i];
        bits = bits_of(inverse);
    }
    if ((negative && !is_signed) || bits > width - is_signed)
        return refuse(e, "message: an integer beyond its type");
    *out = v;
    return true;
}

static bool put_fixed_bytes(struct encoder *e, const char *type, const cJSON *value,
                            struct bytes32 *out)
{
    u32 width = width_of(type, 5);
    struct fault fault;

    *out = (struct bytes32){{0}};
    if (width == 0 || width > 32)
        return refuse(e, "types: no such bytes type");
    if (!cJSON_IsString(value) ||
        !hex_read_fixed(out->byte, width,
                        (struct text){value->valuestring, strlen(value->valuestring)}, &fault))
        return refuse(e, "message: not bytes of their type's length");
    return true;
}

static bool put_chars(struct encoder *e, const cJSON *value, struct bytes32 *out)
{
    if (!cJSON_IsString(value))
        return refuse(e, "message: not a string");
    *out = bytes32_keccak(SLICE((const u8 *)value->valuestring, strlen(value->valuestring)));
    return true;
}

static bool put_hex(struct encoder *e, const cJSON *value, struct bytes32 *out)
{
    struct slice data;

    if (read_data(value, &data) != NULL)
        return refuse(e, "message: not bytes in hex");
    *out = bytes32_keccak(data);
    return true;
}

static bool put_address(struct encoder *e, const cJSON *value, struct bytes32 *out)
{
    struct address a;

    if (read_address(value, &a) != NULL)
        return refuse(e, "message: not an address");
    *out = address_to_bytes32(a);
    return true;
}

static bool put_atom(struct encoder *e, const char *type, const cJSON *value, struct bytes32 *out)
{
    if (strcmp(type, "string") == 0)
        return put_chars(e, value, out);
    if (strcmp(type, "bytes") == 0)
        return put_hex(e, value, out);
    if (strcmp(type, "address") == 0)
        return put_address(e, value, out);
    if (strcmp(type, "bool") == 0) {
        *out = bytes32_of_u128(cJSON_IsTrue(value) ? 1 : 0);
        return cJSON_IsBool(value) || refuse(e, "message: neither true nor false");
    }
    if (strncmp(type, "bytes", 5) == 0)
        return put_fixed_bytes(e, type, value, out);
    if (strncmp(type, "uint", 4) == 0 || strncmp(type, "int", 3) == 0)
        return put_integer(e, type, value, out);
    return refuse(e, "types: a type that is not there");
}

/* --- structs and arrays --- */

static bool put_value(struct encoder *e, struct text type, const cJSON *value, struct bytes32 *out);

static bool hash_struct(struct encoder *e, const cJSON *type, const cJSON *value,
                        struct bytes32 *out)
{
    struct json bytes = JSON(BYTES_MAX);
    struct bytes32 word;
    const char *name, *of;
    bool ok = type_hash(e, type, &word);

    if (!cJSON_IsObject(value))
        ok = refuse(e, "message: not an object where a struct should stand");
    add_word(&bytes, word);
    for (const cJSON *m = type->child; ok && m != NULL; m = m->next) {
        ok = member_of(e, m, &name, &of);
        const cJSON *member = ok ? cJSON_GetObjectItemCaseSensitive(value, name) : NULL;
        if (ok && member == NULL)
            ok = refuse(e, "message: a member of the type is missing");
        ok = ok && put_value(e, (struct text){of, strlen(of)}, member, &word);
        add_word(&bytes, word);
    }
    return take_hash(e, &bytes, out) && ok;
}

/* The last brackets are the outermost. */
static bool hash_array(struct encoder *e, struct text type, const cJSON *value, struct bytes32 *out)
{
    struct json bytes = JSON(BYTES_MAX);
    struct bytes32 word;
    size_t inner = type.n - 1;
    bool ok = cJSON_IsArray(value) || refuse(e, "message: not an array");

    while (inner > 0 && type.at[inner] != '[')
        inner--;
    u32 want = width_of(type.at, inner + 1);
    if (ok && type.at[inner + 1] != ']' && (u32)cJSON_GetArraySize(value) != want)
        ok = refuse(e, "message: an array of another length than its type");
    const cJSON *item = ok ? value->child : NULL;
    for (; ok && item != NULL; item = item->next) {
        ok = put_value(e, (struct text){type.at, inner}, item, &word);
        add_word(&bytes, word);
    }
    return take_hash(e, &bytes, out) && ok;
}

static bool put_value(struct encoder *e, struct text type, const cJSON *value, struct bytes32 *out)
{
    char name[64];

    *out = (struct bytes32){{0}};
    if (type.n > 0 && type.at[type.n - 1] == ']')
        return hash_array(e, type, value, out);
    const cJSON *inner = struct_type(e, type);
    if (inner != NULL)
        return cJSON_IsNull(value) || hash_struct(e, inner, value, out);
    if (type.n >= sizeof(name))
        return refuse(e, "types: a type that is not there");
    memcpy(name, type.at, type.n);
    name[type.n] = '\0';
    return put_atom(e, name, value, out);
}

/* --- the whole --- */

static bool hash_named(struct encoder *e, const char *name, const cJSON *value, struct bytes32 *out)
{
    const cJSON *type = name == NULL ? NULL : struct_type(e, (struct text){name, strlen(name)});

    if (type == NULL)
        return refuse(e, "types: neither primaryType nor EIP712Domain may be missing");
    return hash_struct(e, type, value, out);
}

static bool hash_whole(struct encoder *e, const cJSON *data, struct bytes32 *out)
{
    const char *primary =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(data, "primaryType"));
    u8 whole[2 + 2 * 32] = {0x19, 0x01};
    struct bytes32 domain, message;

    e->types = cJSON_GetObjectItemCaseSensitive(data, "types");
    if (!cJSON_IsObject(e->types))
        return refuse(e, "types is not an object");
    if (!hash_named(e, DOMAIN_TYPE, cJSON_GetObjectItemCaseSensitive(data, "domain"), &domain))
        return false;
    memcpy(whole + 2, domain.byte, 32);
    if (primary != NULL && strcmp(primary, DOMAIN_TYPE) == 0) {
        *out = bytes32_keccak(SLICE(whole, 34));
        return true;
    }
    if (!hash_named(e, primary, cJSON_GetObjectItemCaseSensitive(data, "message"), &message))
        return false;
    memcpy(whole + 34, message.byte, 32);
    *out = bytes32_keccak(SLICE(whole, sizeof(whole)));
    return true;
}

/* The string's JSON; NULL: it is none. */
static cJSON *parse(struct text text)
{
    struct scan_request all;
    struct scan scan;

    if (!scan_body(&scan, text, &all, 1) || scan.batch)
        return NULL;
    return cJSON_ParseWithLength(all.text.at, all.text.n);
}

bool typed_data_hash(const struct args *a, u32 i, struct bytes32 *out)
{
    struct encoder e = {NULL, NULL};
    struct text text;

    if (!arg_text(a, i, &text))
        return false;
    cJSON *data = parse(text);
    if (data == NULL)
        return arg_refuse(a, i, "not a string of JSON");
    bool ok = hash_whole(&e, data, out);
    cJSON_Delete(data);
    return ok || arg_refuse(a, i, e.why);
}
