#include "chain-mock/wire/abi_json.h"

#include <string.h>

/* What is put here is made of letters, digits and brackets: nothing needs an escape. */
static void field(struct sink *out, const char *key, struct text value)
{
    sink_chars(out, "\"");
    sink_chars(out, key);
    sink_chars(out, "\":\"");
    sink_add(out, value);
    sink_chars(out, "\"");
}

static void constant(struct sink *out, const char *key, const char *value)
{
    field(out, key, (struct text){value, strlen(value)});
}

static bool is(struct text t, const char *word)
{
    return t.n == strlen(word) && memcmp(t.at, word, t.n) == 0;
}

static void params(struct sink *out, const char *key, struct abi_members m, bool event);

/* The tuple under any number of brackets, or what is there instead; `tuple[]` says the rest. */
static struct abi_type innermost(struct abi_type type)
{
    struct abi_param p;

    while (type.kind == ABI_ARRAY) {
        struct abi_members one = abi_members_of(&type, 1);
        check(abi_members_next(&one, &p));
        type = p.type;
    }
    return type;
}

static void param(struct sink *out, const struct abi_param *p, bool event)
{
    struct abi_type inner = innermost(p->type);

    sink_chars(out, "{");
    if (event)
        sink_chars(out, p->indexed ? "\"indexed\":true," : "\"indexed\":false,");
    field(out, "name", p->name);
    sink_chars(out, ",");
    if (inner.kind == ABI_TUPLE) {
        size_t brackets = p->type.text.n - inner.text.n;
        sink_chars(out, "\"type\":\"tuple");
        sink_add(out, (struct text){inner.text.at + inner.text.n, brackets});
        sink_chars(out, "\",");
        params(out, "components", abi_members_of(&inner, 0), false);
    } else {
        field(out, "type", p->type.text);
    }
    sink_chars(out, "}");
}

static void params(struct sink *out, const char *key, struct abi_members m, bool event)
{
    struct abi_param p;

    sink_chars(out, "\"");
    sink_chars(out, key);
    sink_chars(out, "\":[");
    for (bool first = true; abi_members_next(&m, &p); first = false) {
        if (!first)
            sink_chars(out, ",");
        param(out, &p, event);
    }
    sink_chars(out, "]");
}

void abi_json(struct sink *out, const struct abi_signature *s)
{
    struct text nonpayable = {"nonpayable", strlen("nonpayable")};
    bool event = is(s->kind, "event"), error = is(s->kind, "error");

    sink_chars(out, "{");
    constant(out, "type", event ? "event" : error ? "error" : "function");
    sink_chars(out, ",");
    field(out, "name", s->name);
    sink_chars(out, ",");
    params(out, "inputs", abi_members_of_list(s->inputs), event);
    if (event) {
        sink_chars(out, ",\"anonymous\":false");
    } else if (!error) {
        sink_chars(out, ",");
        params(out, "outputs", abi_members_of_list(s->outputs), false);
        sink_chars(out, ",");
        field(out, "stateMutability", s->mutability.n != 0 ? s->mutability : nonpayable);
    }
    sink_chars(out, "}");
}
