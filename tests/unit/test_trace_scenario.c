/* The scenario of the real trace reads the real files. */
#include "sim/scenario/scenario.h"
#include "tests/test.h"

#include <stdlib.h>
#include <unistd.h>

int main(void)
{
    const char *data = getenv("DATA");
    struct scenario_options options = {.data_dir = data != NULL ? data : "../shared/data"};
    struct scenario s;
    struct problem why;

    if (access(options.data_dir, R_OK) != 0) {
        printf("the trace under %s\n", options.data_dir);
        return 77;
    }
    bool read = scenario_read("scenarios/trace-openb.yaml", &options, &s, &why);
    if (!read)
        printf("# %s\n", why.text);
    EXPECT(read);
    EXPECT(s.workload.kind == WORKLOAD_TRACE && s.workload.jobs.count == 7355);
    EXPECT(s.providers[0].machine_count == 1523 && s.providers[0].count <= 1523);
    EXPECT(s.providers[0].machine_draw == MACHINES_EACH_ONCE);
    scenario_free(&s);
    printf("ok - 7,355 orders and 1,523 machines\n");
    return EXIT_SUCCESS;
}
