/* run - one run or many. */
#include "sim/cli/run.h"

enum exit_code command_run(const struct options *o)
{
    struct study s;
    struct problem why;
    enum exit_code code;

    if (!study_open(&s, o, o->args[0], STUDY_ALL_SEEDS, &why))
        return command_refused("%s", why.text);
    code = s.runs == 1 ? run_once(&s) : run_many(&s);
    study_close(&s);
    return code;
}
