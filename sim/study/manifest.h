/* manifest - what a run was made with and on, as manifest.json.
 *
 * The only file of a run that says when and where: all others are functions of the run's input.
 */
#ifndef SIM_STUDY_MANIFEST_H
#define SIM_STUDY_MANIFEST_H

#include "sim/study/run_folder.h"

/* The caller frees the text; NULL without memory. */
char *manifest_text(const struct run_folder *f, const struct provenance *p);

#endif /* SIM_STUDY_MANIFEST_H */
