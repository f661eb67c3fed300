/* fitted - tables that were derived from real data (scenarios/fitted, notebooks/derive).
 *
 * Each reader takes bytes in memory; file is for messages.  False: error says where and what was
 * expected.  What a table holds is the caller's, and is filled only on success.
 */
#ifndef SIM_SCENARIO_FITTED_H
#define SIM_SCENARIO_FITTED_H

#include "sim/engine/distribution.h"
#include "sim/scenario/csv.h"

#define FITTED_BYTES_MAX (16u * 1024 * 1024)
#define FITTED_NAME_BYTES 32u
#define FITTED_QUANTILES_MAX 4096u

/* Columns p_ppb, value; the unit of value is the file's, out is value x scale (not 0). */
must_use bool fitted_parse_distribution(struct distribution *out, u64 scale, const char *file,
                                        const void *bytes, size_t n, char error[CSV_ERROR_BYTES]);

/* Columns name, value (and others for people): names differ.  Weights of a choice, prices by GPU
 * model, single figures. */
#define FITTED_LIST_MAX 256u
struct fitted_list {
    char name[FITTED_LIST_MAX][FITTED_NAME_BYTES];
    u64 value[FITTED_LIST_MAX];
    u32 count;
};
must_use bool fitted_parse_list(struct fitted_list *out, const char *file, const void *bytes,
                                size_t n, char error[CSV_ERROR_BYTES]);
/* The value of a name; false: there is no such name. */
must_use bool fitted_list_get(const struct fitted_list *list, const char *name, u64 *value);

/* Columns region, then one a region in the order of the rows: median round trip in
 * microseconds, row = from; an empty cell is a pair that nobody measured and becomes 0. */
#define FITTED_REGIONS_MAX 64u
#define FITTED_RTT_US_MAX 60000000u
struct fitted_matrix {
    char region[FITTED_REGIONS_MAX][FITTED_NAME_BYTES];
    u64 rtt_us[FITTED_REGIONS_MAX * FITTED_REGIONS_MAX]; /* [from * count + to] */
    u32 count;
};
must_use bool fitted_parse_matrix(struct fitted_matrix *out, const char *file, const void *bytes,
                                  size_t n, char error[CSV_ERROR_BYTES]);

/* Columns cpu_milli, memory_mib, gpus, models, weight: what orders ask, or machines have,
 * together.  models: keys of GPUs with | between, empty for any (orders) or none (gpus 0). */
#define FITTED_SHAPES_MAX 1024u
#define FITTED_MODELS_BYTES 96u
struct fitted_shape {
    u64 cpu_milli, memory_mib, gpus, weight;
    char models[FITTED_MODELS_BYTES];
};
struct fitted_shapes {
    struct fitted_shape shape[FITTED_SHAPES_MAX];
    u32 count;
};
must_use bool fitted_parse_shapes(struct fitted_shapes *out, const char *file, const void *bytes,
                                  size_t n, char error[CSV_ERROR_BYTES]);

/* A whole file of at most FITTED_BYTES_MAX; the caller frees. */
must_use bool fitted_read(const char *path, char **bytes, size_t *n, char error[CSV_ERROR_BYTES]);

#endif /* SIM_SCENARIO_FITTED_H */
