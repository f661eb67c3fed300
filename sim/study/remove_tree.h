/* remove_tree - a folder and all that is in it, gone. */
#ifndef SIM_STUDY_REMOVE_TREE_H
#define SIM_STUDY_REMOVE_TREE_H

#include "protocol/base.h"

/* Links are removed, never followed.  True also when nothing is there; false: errno says why. */
must_use bool remove_tree(const char *path);

#endif /* SIM_STUDY_REMOVE_TREE_H */
