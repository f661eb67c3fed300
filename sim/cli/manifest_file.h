/* manifest_file - manifest.json of a run folder, read again. */
#ifndef SIM_CLI_MANIFEST_FILE_H
#define SIM_CLI_MANIFEST_FILE_H

#include "protocol/base.h"

#define MANIFEST_ERROR 700u

struct manifest_file {
    char *command, *arm, *rolling_hash, *state_hash, *version;
    char *question; /* of scenario.resolved.json beside it */
    u64 seed, seeds, events;
    u64 runs;           /* whose rows the folder holds */
    char folder[512];   /* that it is in */
    char scenario[600]; /* scenario.resolved.json beside it */
};

/* path: the file, or its folder.  False: error; nothing is to be closed. */
must_use bool manifest_file_open(struct manifest_file *m, const char *path,
                                 char error[MANIFEST_ERROR]);
void manifest_file_close(struct manifest_file *m);

#endif /* SIM_CLI_MANIFEST_FILE_H */
