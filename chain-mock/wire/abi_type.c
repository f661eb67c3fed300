#include "chain-mock/wire/abi_type.h"

#include "chain-mock/wire/address.h"
#include "chain-mock/wire/sink.h"

#include <string.h>

/* --- text --- */

static struct text cut(struct text t, size_t from, size_t to)
{
    check(from <= to && to <= t.n);
    return (struct text){t.at + from, to - from};
}

static struct text skip_spaces(struct text t)
{
    size_t n = 0;

    while (n < t.n && t.at[n] == ' ')
        n++;
    return cut(t, n, t.n);
}

static bool is(struct text t, const char *word)
{
    return t.n == strlen(word) && memcmp(t.at, word, t.n) == 0;
}

static bool begins(struct text t, const char *word)
{
    return t.n >= strlen(word) && memcmp(t.at, word, strlen(word)) == 0;
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$';
}

/* Takes the letters and digits at the start; none if there are none. */
static struct text take_word(struct text *t)
{
    struct text from = skip_spaces(*t);
    size_t n = 0;

    while (n < from.n && in_word(from.at[n]))
        n++;
    *t = cut(from, n, from.n);
    return cut(from, 0, n);
}

/* Takes what stands in the parentheses, of any depth, that the text begins with. */
static struct text take_parentheses(struct text *t)
{
    size_t n = 0, depth = 0;

    check(t->n > 0 && t->at[0] == '(');
    do {
        check(n < t->n);
        depth += t->at[n] == '(';
        depth -= t->at[n] == ')';
        n++;
    } while (depth > 0);
    struct text inside = cut(*t, 1, n - 1);
    *t = cut(*t, n, t->n);
    return inside;
}

static u32 number_of(struct text t)
{
    u32 sum = 0;

    check(t.n > 0 && t.n <= 5 && t.at[0] != '0');
    for (size_t i = 0; i < t.n; i++) {
        check(t.at[i] >= '0' && t.at[i] <= '9');
        sum = sum * 10 + (u32)(t.at[i] - '0');
    }
    return sum;
}

/* --- types --- */

static struct abi_type sized(struct text text, size_t prefix, enum abi_kind kind, u32 step,
                             u32 most)
{
    u32 size = number_of(cut(text, prefix, text.n));

    check(size % step == 0 && size <= most);
    return (struct abi_type){.kind = kind, .size = size, .text = text};
}

static struct abi_type elementary(struct text text)
{
    if (begins(text, "uint"))
        return sized(text, 4, ABI_UINT, 8, 256);
    if (begins(text, "int"))
        return sized(text, 3, ABI_INT, 8, 256);
    if (is(text, "bool"))
        return (struct abi_type){.kind = ABI_BOOL, .text = text};
    if (is(text, "address"))
        return (struct abi_type){.kind = ABI_ADDRESS, .text = text};
    if (is(text, "string"))
        return (struct abi_type){.kind = ABI_STRING, .text = text};
    if (is(text, "bytes"))
        return (struct abi_type){.kind = ABI_BYTES, .text = text};
    check(begins(text, "bytes"));
    return sized(text, 5, ABI_FIXED_BYTES, 1, 32);
}

static struct abi_type type_of(struct text text)
{
    check(text.n > 0);
    if (text.at[text.n - 1] == ']') { /* the last brackets are the outermost array */
        size_t open = text.n - 1;
        while (text.at[open] != '[')
            check(open-- > 0);
        struct text count = cut(text, open + 1, text.n - 1);
        return (struct abi_type){ABI_ARRAY, count.n == 0 ? 0 : number_of(count), text,
                                 cut(text, 0, open)};
    }
    if (text.at[0] == '(') {
        struct text rest = text, inside = take_parentheses(&rest);
        check(rest.n == 0 && inside.n > 0);
        return (struct abi_type){ABI_TUPLE, 0, text, inside};
    }
    return elementary(text);
}

/* A type with its brackets, and the rest. */
static struct text take_type(struct text *t)
{
    struct text from = skip_spaces(*t), rest = from;

    if (from.n > 0 && from.at[0] == '(')
        (void)take_parentheses(&rest);
    else
        (void)take_word(&rest);
    while (rest.n > 0 && rest.at[0] == '[') {
        const char *close = memchr(rest.at, ']', rest.n);
        check(close != NULL);
        rest = cut(rest, (size_t)(close - rest.at) + 1, rest.n);
    }
    *t = rest;
    return cut(from, 0, from.n - rest.n);
}

struct abi_members abi_members_of_list(struct text list)
{
    return (struct abi_members){.types = skip_spaces(list)};
}

struct abi_members abi_members_of_data(struct text list)
{
    return (struct abi_members){.types = skip_spaces(list), .unindexed = true};
}

struct abi_members abi_members_of(const struct abi_type *type, size_t elements)
{
    if (type->kind == ABI_TUPLE)
        return abi_members_of_list(type->inner);
    check(type->kind == ABI_ARRAY);
    return (struct abi_members){.types = type->inner, .array = true, .left = elements};
}

/* Takes "type indexed name," off a list. */
static struct abi_param take_param(struct text *list)
{
    struct abi_param p = {.type = type_of(take_type(list))};

    p.name = take_word(list);
    p.indexed = is(p.name, "indexed");
    if (p.indexed)
        p.name = take_word(list);
    *list = skip_spaces(*list);
    if (list->n != 0) {
        check(list->at[0] == ',' && list->n > 1);
        *list = cut(*list, 1, list->n);
    }
    return p;
}

bool abi_members_next(struct abi_members *m, struct abi_param *out)
{
    if (m->array) {
        if (m->left == 0)
            return false;
        m->left--;
        *out = (struct abi_param){.type = type_of(m->types)};
        return true;
    }
    while (m->types.n != 0) {
        struct abi_param p = take_param(&m->types);
        if (m->unindexed && p.indexed)
            continue;
        *out = p;
        return true;
    }
    return false;
}

bool abi_is_dynamic(const struct abi_type *type)
{
    struct abi_members members;
    struct abi_param p;

    if (type->kind != ABI_TUPLE && type->kind != ABI_ARRAY)
        return type->kind == ABI_BYTES || type->kind == ABI_STRING;
    if (type->kind == ABI_ARRAY && type->size == 0)
        return true;
    members = abi_members_of(type, 1);
    while (abi_members_next(&members, &p))
        if (abi_is_dynamic(&p.type))
            return true;
    return false;
}

size_t abi_type_head_bytes(const struct abi_type *type)
{
    if ((type->kind != ABI_TUPLE && type->kind != ABI_ARRAY) || abi_is_dynamic(type))
        return ABI_WORD;
    return abi_head_bytes(abi_members_of(type, type->size));
}

size_t abi_head_bytes(struct abi_members m)
{
    struct abi_param p;
    size_t sum = 0;

    if (m.array) {
        struct abi_type element = type_of(m.types);
        return m.left * abi_type_head_bytes(&element);
    }
    while (abi_members_next(&m, &p))
        sum += abi_type_head_bytes(&p.type);
    return sum;
}

static bool sign_extended(struct bytes32 word, size_t bytes)
{
    size_t other = sizeof(word.byte) - bytes;
    u8 sign = word.byte[other] >= 0x80 ? 0xff : 0;

    for (size_t i = 0; i < other; i++)
        if (word.byte[i] != sign)
            return false;
    return true;
}

static bool zero_from(struct bytes32 word, size_t first)
{
    for (size_t i = first; i < sizeof(word.byte); i++)
        if (word.byte[i] != 0)
            return false;
    return true;
}

bool abi_word_fits(const struct abi_type *type, struct bytes32 word)
{
    switch (type->kind) {
    case ABI_UINT:
        return bytes32_length(word) <= type->size / 8;
    case ABI_INT:
        return sign_extended(word, type->size / 8);
    case ABI_BOOL:
        return bytes32_cmp(word, bytes32_of_u128(1)) <= 0;
    case ABI_ADDRESS:
        return bytes32_length(word) <= ADDRESS_BYTES;
    case ABI_FIXED_BYTES:
        return zero_from(word, type->size);
    case ABI_BYTES:
    case ABI_STRING:
    case ABI_TUPLE:
    case ABI_ARRAY:
        break;
    }
    check_unreachable(); /* none of these is one word */
}

/* --- signatures --- */

struct abi_signature abi_signature_of(const char *text)
{
    struct abi_signature s = {0};
    struct text rest = {text, strlen(text)};

    s.name = take_word(&rest);
    if (is(s.name, "function") || is(s.name, "event") || is(s.name, "error")) {
        s.kind = s.name;
        s.name = take_word(&rest);
    }
    check(s.name.n > 0);
    s.inputs = take_parentheses(&rest);
    struct text word = take_word(&rest);
    if (word.n > 0 && !is(word, "returns")) {
        s.mutability = word;
        word = take_word(&rest);
    }
    if (word.n > 0) {
        check(is(word, "returns"));
        rest = skip_spaces(rest);
        s.outputs = take_parentheses(&rest);
    }
    check(rest.n == 0);
    return s;
}

static void add_list(struct sink *out, struct abi_members m);

static void add_type(struct sink *out, const struct abi_type *type)
{
    if (type->kind == ABI_TUPLE) {
        add_list(out, abi_members_of(type, 0));
    } else if (type->kind == ABI_ARRAY) {
        struct abi_type element = type_of(type->inner);
        add_type(out, &element);
        sink_add(out, cut(type->text, type->inner.n, type->text.n)); /* "[3]" */
    } else {
        sink_add(out, type->text);
    }
}

static void add_list(struct sink *out, struct abi_members m)
{
    struct abi_param p;

    sink_chars(out, "(");
    for (bool first = true; abi_members_next(&m, &p); first = false) {
        if (!first)
            sink_chars(out, ",");
        add_type(out, &p.type);
    }
    sink_chars(out, ")");
}

size_t abi_canonical(char out[ABI_CANONICAL_CHARS], const struct abi_signature *s)
{
    struct sink sink = SINK(out, ABI_CANONICAL_CHARS);

    sink_add(&sink, s->name);
    add_list(&sink, abi_members_of_list(s->inputs));
    check(sink_end(&sink));
    return sink.n;
}

struct bytes32 abi_topic(const struct abi_signature *s)
{
    char text[ABI_CANONICAL_CHARS];
    size_t n = abi_canonical(text, s);

    return bytes32_keccak(SLICE((const u8 *)text, n));
}

u32 abi_selector(const struct abi_signature *s)
{
    struct bytes32 topic = abi_topic(s);

    return (u32)topic.byte[0] << 24 | (u32)topic.byte[1] << 16 | (u32)topic.byte[2] << 8 |
           topic.byte[3];
}
