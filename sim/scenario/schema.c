#include "sim/scenario/schema.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/scenario_tables.h"

char *schema_text(void)
{
    cJSON *root = object_schema(&scenario_object);
    char *text, *out = NULL;
    size_t n;

    cJSON_AddStringToObject(root, "$schema", "https://json-schema.org/draft/2020-12/schema");
    cJSON_AddStringToObject(root, "title", "Orrery scenario");
    text = cJSON_Print(root);
    cJSON_Delete(root);
    n = text == NULL ? 0 : strlen(text);
    if (text != NULL)
        out = malloc(n + 2);
    if (out != NULL) {
        memcpy(out, text, n);
        memcpy(out + n, "\n", 2);
    }
    cJSON_free(text);
    return out;
}
