#include "chain-mock/wire/sink.h"

#include <string.h>

void sink_add(struct sink *s, struct text t)
{
    size_t left = s->n < s->room ? s->room - s->n : 0;

    if (t.n != 0 && left != 0)
        memcpy(s->out + s->n, t.at, t.n < left ? t.n : left);
    s->n += t.n;
}

void sink_chars(struct sink *s, const char *chars)
{
    sink_add(s, (struct text){chars, strlen(chars)});
}

void sink_hex(struct sink *s, struct slice bytes)
{
    const char *digits = "0123456789abcdef";

    sink_chars(s, "0x");
    for (size_t i = 0; i < bytes.n; i++) {
        char two[2] = {digits[bytes.at[i] >> 4], digits[bytes.at[i] & 15]};
        sink_add(s, (struct text){two, sizeof(two)});
    }
}

bool sink_end(struct sink *s)
{
    const char dots[] = "...";

    check(s->room >= sizeof(dots));
    if (s->n < s->room) {
        s->out[s->n] = '\0';
        return true;
    }
    memcpy(s->out + s->room - sizeof(dots), dots, sizeof(dots));
    return false;
}
