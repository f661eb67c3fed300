/* text - a log for a reader. */
#include "tests/property/model/parts.h"

#include <stdio.h>
#include <string.h>

static void print_number(FILE *f, u128 v)
{
    char digits[40];
    u32 n = 0;

    do
        digits[n++] = (char)('0' + (u32)(v % 10));
    while ((v /= 10) > 0);
    while (n > 0)
        (void)fputc(digits[--n], f);
}

static void print_machine(FILE *f, struct machine x)
{
    (void)fprintf(f, "%u cpu, %u GiB, gpu %u x %u, %u x %u", x.cpu, x.ram_gib, x.gpu[0].model,
                  x.gpu[0].count, x.gpu[1].model, x.gpu[1].count);
}

static void print_specs(FILE *f, struct specs x)
{
    (void)fprintf(f, "%u cpu, %u GiB, gpu %u x %u", x.cpu, x.ram_gib, x.gpu_model, x.gpus);
}

#define PRINT_u32(f, v) print_number(f, v)
#define PRINT_account(f, v) print_number(f, v)
#define PRINT_u64(f, v) print_number(f, v)
#define PRINT_u128(f, v) print_number(f, v)
#define PRINT_amount(f, v) print_number(f, (v).wei)
#define PRINT_machine(f, v) print_machine(f, v)
#define PRINT_specs(f, v) print_specs(f, v)

#define SAME_u32(a, b) ((a) == (b))
#define SAME_account(a, b) ((a) == (b))
#define SAME_u64(a, b) ((a) == (b))
#define SAME_u128(a, b) ((a) == (b))
#define SAME_amount(a, b) ((a).wei == (b).wei)
#define SAME_machine(a, b) (memcmp(&(a), &(b), sizeof(a)) == 0)
#define SAME_specs(a, b) (memcmp(&(a), &(b), sizeof(a)) == 0)

static void print_fields(FILE *f, const struct log *l, const struct log *other)
{
    switch (l->kind) {
#define FIELD(type, name)                                                                          \
    if (!SAME_##type(x->name, y->name)) {                                                          \
        (void)fputs(" " #name " ", f);                                                             \
        PRINT_##type(f, x->name);                                                                  \
        (void)fputs(" (model ", f);                                                                \
        PRINT_##type(f, y->name);                                                                  \
        (void)fputs(")", f);                                                                       \
    }
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *x = &l->u.name, *y = &other->u.name;                              \
        fields break;                                                                              \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        break;
    }
}

void model_log_differences(char text[MODEL_TEXT], const struct log *l, const struct log *other)
{
    FILE *f = fmemopen(text, MODEL_TEXT, "w");

    check(f != NULL && l->kind == other->kind);
    if (l->tx != other->tx)
        (void)fprintf(f, " tx %u (model %u)", l->tx, other->tx);
    print_fields(f, l, other);
    (void)fclose(f);
    text[MODEL_TEXT - 1] = '\0';
}

void model_log_text(char text[MODEL_TEXT], const struct log *l)
{
    FILE *f = fmemopen(text, MODEL_TEXT, "w");

    check(f != NULL);
    (void)fprintf(f, "%s", log_names[l->kind]);
    switch (l->kind) {
#define FIELD(type, name)                                                                          \
    (void)fputs(" " #name " ", f);                                                                 \
    PRINT_##type(f, body->name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &l->u.name;                                                \
        fields break;                                                                              \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        break;
    }
    (void)fclose(f);
    text[MODEL_TEXT - 1] = '\0';
}
