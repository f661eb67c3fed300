/* field - what a scenario file may say, as tables: reader, writer and JSON Schema use the same
 * rows.
 *
 * An object is a mapping of the file and a struct in memory; a field is one key and one member
 * (or a few) of the struct; a kind is what a value of a field looks like.  Fields are read in the
 * order of the table, whatever the file's: what a field refers to stands above it.
 */
#ifndef SIM_SCENARIO_FIELD_H
#define SIM_SCENARIO_FIELD_H

#include <cjson/cJSON.h>

#include "sim/scenario/fitted.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/units.h"
#include "sim/scenario/yaml.h"

struct field;

struct reading {
    struct scenario *s;
    const struct scenario_options *options;
    const char *file, *folder;
    struct problem *why;
};

struct kind {
    const char *expected;
    /* at: the struct whose member (or members) the field is. */
    bool (*read)(struct reading *r, const struct field *f, const struct yaml *y, void *at);
    /* NULL: nothing to say, the field is left out. */
    cJSON *(*write)(const struct scenario *s, const struct field *f, const void *at);
    cJSON *(*schema)(const struct field *f);
};

struct field {
    const char *key;
    const struct kind *kind;
    size_t offset, width; /* of the member */
    size_t count_offset;  /* of the count that belongs to it, where its kind has one */
    const void *more;     /* what the kind needs to know: units, words, an object */
    u64 min, max;         /* of a number, in base units; max 0: what the member holds */
    const char *def;      /* text that stands for an absent value; NULL: none */
    bool8 required;
    u8 chooses; /* variant of the object that this key makes it, + 1; 0: none */
    u32 only;   /* bit mask of the variants that may have it; 0: all */
    const char *doc;
};

struct object {
    const char *name; /* "a provider group" */
    const struct field *fields;
    u32 count;
    size_t size;
    bool8 has_variants; /* exactly one choosing key must be there */
    size_t variant_offset;
    bool (*present)(const void *at); /* NULL: always; else: is there something to write */
    bool (*finish)(struct reading *r, const struct yaml *y, void *at); /* NULL: nothing to do */
    const char *doc;
};

bool object_read(struct reading *r, const struct object *o, const struct yaml *y, void *at);
cJSON *object_write(const struct scenario *s, const struct object *o, const void *at);
cJSON *object_schema(const struct object *o);

/* Says "file:line:column: key: found x, expected y"; always false. */
bool field_expected(struct reading *r, const struct field *f, const struct yaml *y,
                    const char *expected);

/* Memory of the scenario; NULL: *r->why says so. */
void *field_take(struct reading *r, const struct yaml *y, size_t size, size_t count);
const char *field_text(struct reading *r, const struct yaml *y, const char *text);

/* The member of a field. */
static inline void *field_member(const struct field *f, void *at)
{
    return (u8 *)at + f->offset;
}
static inline const void *field_member_const(const struct field *f, const void *at)
{
    return (const u8 *)at + f->offset;
}

/* Unsigned members of 1, 2, 4 or 8 bytes. */
void field_store(void *at, size_t width, u64 v);
u64 field_load(const void *at, size_t width);

/* A scalar's text as a quantity of the units within min..max. */
bool field_quantity(struct reading *r, const struct field *f, const struct yaml *y,
                    const struct unit_set *units, u64 min, u64 max, u64 *out);

/* Several rows of parameters, y their mapping, go with p.  False: which rule they break, and where;
 * the message begins with `who`. */
bool field_sets_go(struct reading *r, const struct yaml *y, const char *who, const struct params *p,
                   const struct param_set *sets, u32 count);

/* The group of providers or users with this name; INDEX_NONE: there is none. */
u32 scenario_find_group(const struct scenario *s, bool users, const char *name);
/* The same, and false with the nearest name in *r->why. */
bool field_group(struct reading *r, const struct yaml *y, u32 column, bool users, const char *name,
                 u32 *out);

/* A file beside the scenario; the caller frees bytes, which are NULL where no files are opened. */
struct field_file {
    char path[1024];
    char *bytes;
    size_t size;
};
bool field_file_load(struct reading *r, const struct field *f, const struct yaml *y,
                     struct field_file *out);

/* The same read as a list; the caller frees it. */
bool field_list_read(struct reading *r, const struct field *f, const struct yaml *y,
                     struct fitted_list **out);

/* Pieces of a schema. */
cJSON *schema_type(const char *type, const char *description);
cJSON *schema_words(const char *const *words);

/* The kinds; `more` in brackets. */
extern const struct kind kind_number;       /* [unit_set] unsigned member */
extern const struct kind kind_flag;         /* bool8 */
extern const struct kind kind_text;         /* const char * */
extern const struct kind kind_name;         /* const char *: a word for paths and draws */
extern const struct kind kind_hash;         /* u64 of sixteen digits; 0: none */
extern const struct kind kind_names;        /* const char *const * and a count */
extern const struct kind kind_word;         /* [words, NULL at the end] u32: which of them */
extern const struct kind kind_seeds;        /* two u64, first and last */
extern const struct kind kind_when;         /* struct when */
extern const struct kind kind_object;       /* [object] the struct */
extern const struct kind kind_list;         /* [object] a pointer to structs and a count */
extern const struct kind kind_params;       /* struct params: rows on top of what is there */
extern const struct kind kind_sets;         /* param_set list and a count */
extern const struct kind kind_native;       /* struct amount of SPON */
extern const struct kind kind_money;        /* [word for none] struct money */
extern const struct kind kind_token;        /* u32 */
extern const struct kind kind_tokens;       /* u32: a mask */
extern const struct kind kind_region;       /* u32, INDEX_NONE for "any" */
extern const struct kind kind_mix;          /* struct mix of regions */
extern const struct kind kind_selector;     /* struct selector of providers */
extern const struct kind kind_anyone;       /* struct selector of providers or users */
extern const struct kind kind_user;         /* struct selector of one user */
extern const struct kind kind_dist;         /* [unit_set] const struct distribution * */
extern const struct kind kind_gpu;          /* u16, "any" */
extern const struct kind kind_gpus;         /* struct gpu_line[GPU_LINES] */
extern const struct kind kind_gpu_map;      /* struct gpu_map */
extern const struct kind kind_compliance;   /* u8 */
extern const struct kind kind_machine_file; /* machine_kind list and a count */
extern const struct kind kind_request_file; /* request_kind list and a count */
extern const struct kind kind_hours;        /* u32[24] */
extern const struct kind kind_rtt;          /* pointer to a matrix */
extern const struct kind kind_counts;       /* members of groups */
extern const struct kind kind_expr;         /* const struct expr *, and its text */

/* A field of struct S. */
#define FIELD_AT(S, member)                                                                        \
    .offset = offsetof(struct S, member), .width = sizeof(((struct S *)0)->member)
#define FIELD_COUNT(S, member) .count_offset = offsetof(struct S, member)

#endif /* SIM_SCENARIO_FIELD_H */
