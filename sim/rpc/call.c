#include "sim/rpc/call.h"

#include <stdarg.h>
#include <stdio.h>

bool call_refuse(struct call *c, int code, const char *format, ...)
{
    va_list args;

    c->why = (struct refusal){.code = code};
    va_start(args, format);
    vsnprintf(c->why.message, sizeof(c->why.message), format, args);
    va_end(args);
    return false;
}

bool call_null(struct call *c)
{
    json_null(c->out);
    return true;
}

bool call_true(struct call *c)
{
    json_bool(c->out, true);
    return true;
}
