/* scenario_tables - the keys of a scenario file: the root of what is read, written and described.
 */
#ifndef SIM_SCENARIO_SCENARIO_TABLES_H
#define SIM_SCENARIO_SCENARIO_TABLES_H

#include "sim/scenario/field.h"

extern const struct object scenario_object;
extern const struct object provider_object;
extern const struct object user_object;
extern const struct object order_object;
extern const struct object workload_object;
extern const struct object token_object;
extern const struct object network_object;
extern const struct object timeline_object;
extern const struct object arm_object;
extern const struct object expectation_object;
extern const struct object output_object;

#define OBJECT(name_, fields_, S, ...)                                                             \
    {                                                                                              \
        .name = (name_), .fields = (fields_), .count = ARRAY_LEN(fields_),                         \
        .size = sizeof(struct S), __VA_ARGS__                                                      \
    }

/* Names in draws of a list of events: from, from + 1, ... */
void timeline_number(const struct timeline_entry *list, u32 count, u32 from);

/* The name of a group stands in paths and draws: it must be the only one. */
bool field_new_group(struct reading *r, const struct yaml *y, const char *name);

/* A file under --data.  NULL: none was given, or the path is too long. */
const char *field_data_path(struct reading *r, const struct yaml *y, const char *file);

/* Take down that it was read, and what it held. */
must_use bool field_data_note(struct reading *r, const struct yaml *y, const char *file,
                              struct trace_content content);

#endif /* SIM_SCENARIO_SCENARIO_TABLES_H */
