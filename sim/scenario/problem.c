#include "sim/scenario/problem.h"

#include <stdarg.h>
#include <stdio.h>

bool problem_at(struct problem *why, const char *file, u32 line, u32 column, const char *format,
                ...)
{
    va_list args;
    size_t size = sizeof(why->text);
    int n = line == 0 ? snprintf(why->text, size, "%s: ", file)
                      : snprintf(why->text, size, "%s:%u:%u: ", file, line, column);

    if (n < 0 || (size_t)n >= size)
        return false;
    va_start(args, format);
    vsnprintf(why->text + n, size - (size_t)n, format, args);
    va_end(args);
    return false;
}
