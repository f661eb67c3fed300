#include "chain-mock/door/entries.h"

#include "chain-mock/wire/abi_json.h"

void entries_add(struct entries *e, const char *signature)
{
    if (e->json) {
        struct abi_signature s = abi_signature_of(signature);
        sink_chars(e->out, e->count == 0 ? "[\n" : ",\n");
        abi_json(e->out, &s);
    } else {
        sink_chars(e->out, signature);
        sink_chars(e->out, "\n");
    }
    e->count++;
}

bool entries_end(struct entries *e)
{
    if (e->json)
        sink_chars(e->out, e->count == 0 ? "[]\n" : "\n]\n");
    return sink_end(e->out);
}
