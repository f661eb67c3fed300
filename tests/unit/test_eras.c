/* Starts of eras where timelines change their length, by hand. */
#include "sim/scenario/eras.h"
#include "tests/test.h"

#include <string.h>

#define HEAD "name: n\nquestion: q\neras: 4\n"
#define H 3600u

static void starts(const char *text, u32 arm, u64 out[5])
{
    static const struct scenario_options options;
    struct scenario s;
    struct problem why = {""};
    bool read = scenario_parse("f", text, strlen(text), &options, &s, &why);

    if (!read)
        printf("# %s\n", why.text);
    EXPECT(read);
    eras_starts(&s, arm, out);
    scenario_free(&s);
}

static void expect_starts(const char *text, u32 arm, u64 a, u64 b, u64 c, u64 d)
{
    u64 at[5];

    starts(text, arm, at);
    EXPECT(at[0] == 0 && at[1] == a * H && at[2] == b * H && at[3] == c * H && at[4] == d * H);
}

int main(void)
{
    expect_starts(HEAD, 0, 24, 48, 72, 96);
    expect_starts(HEAD "params: {era_seconds: 6h}\n", 0, 6, 12, 18, 24);
    /* from the era after; the last of an era counts, whatever the order in the file */
    expect_starts(HEAD "timeline:\n  - {at: 20h, set: {era_seconds: 2h}}\n"
                       "  - {at: 10h, set: {era_seconds: 3h}}\n",
                  0, 24, 26, 28, 30);
    /* one in the first second of an era is in that era; moments of eras move with them */
    expect_starts(HEAD "timeline:\n  - {at: 23h, set: {era_seconds: 1h}}\n"
                       "  - {at: era 2, set: {era_seconds: 5h}}\n",
                  0, 24, 25, 26, 31);
    /* an arm's parameters, and its changes beside the scenario's: the later one counts */
    static const char arms[] = HEAD "timeline: [{at: 5h, set: {era_seconds: 2h}}]\n"
                                    "arms:\n  - {name: a, params: {era_seconds: 12h}}\n"
                                    "  - {name: b, timeline: [{at: 4h, set: {era_seconds: 7h}}]}\n"
                                    "  - {name: c, timeline: [{at: 5h, set: {era_seconds: 7h}}]}\n";
    expect_starts(arms, 0, 12, 14, 16, 18);
    expect_starts(arms, 1, 24, 26, 28, 30);
    expect_starts(arms, 2, 24, 31, 38, 45);
    printf("ok - starts of eras\n");
    return EXIT_SUCCESS;
}
