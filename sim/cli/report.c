/* report - report.html of a run again, from its run.db. */
#include "sim/study/report.h"

#include "sim/cli/command.h"
#include "sim/cli/manifest_file.h"

#include <stdio.h>

enum exit_code command_report(const struct options *o)
{
    struct manifest_file m;
    char error[MANIFEST_ERROR], why[REPORT_ERROR];

    if (!manifest_file_open(&m, o->args[0], error))
        return command_refused("%s", error);
    struct report_plan plan = {m.folder, m.question, m.command};
    bool ok = report_write(&plan, why);
    if (ok)
        printf("%s/report.html\n", m.folder);
    manifest_file_close(&m);
    return ok ? EXIT_PASS : command_refused("%s", why);
}
