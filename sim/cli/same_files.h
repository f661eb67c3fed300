/* same_files - two run folders, compared file by file and byte by byte. */
#ifndef SIM_CLI_SAME_FILES_H
#define SIM_CLI_SAME_FILES_H

#include "protocol/base.h"

struct same_files {
    u32 files, differ; /* in either; of them not the same in both */
    char first[900];   /* the first that differs, and where */
    char error[900];
};

/* manifest.json, which has times, is left out; so are folders.  False: error, nothing can be said.
 */
must_use bool same_files(struct same_files *out, const char *before, const char *again);

#endif /* SIM_CLI_SAME_FILES_H */
