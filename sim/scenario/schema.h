/* schema - the JSON Schema (draft 2020-12) of scenario files, from the tables that read them. */
#ifndef SIM_SCENARIO_SCHEMA_H
#define SIM_SCENARIO_SCHEMA_H

/* JSON text, ends with a newline; the caller frees it.  NULL: out of memory. */
char *schema_text(void);

#endif /* SIM_SCENARIO_SCHEMA_H */
