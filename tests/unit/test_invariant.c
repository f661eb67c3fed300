/* The tally: what is counted when a check holds, does not, or has nothing to check; the first
 * violation is kept, and its words end where their room does. */
#include "protocol/invariants/invariant.h"
#include "tests/test.h"

#include <string.h>

static struct tally t;

static void expect_counts(enum invariant_id id, u64 evaluated, u64 binding, u64 violated)
{
    EXPECT(tally_evaluated(&t, id) == evaluated && tally_binding(&t, id) == binding);
    EXPECT(t.violated[FORM_CHEAP][id] + t.violated[FORM_FULL][id] == violated);
}

static void counts(void)
{
    t = (struct tally){0};
    invariant_equal(&t, INV_LED_1, 5, 5, "token", 1);
    invariant_at_most(&t, INV_LED_1, 5, 5, "token", 1);
    invariant_at_most(&t, INV_LED_1, 4, 5, "token", 1);
    invariant_implies(&t, INV_LED_1, true, true, "token", 1);
    expect_counts(INV_LED_1, 4, 4, 0);
    invariant_implies(&t, INV_LED_1, false, false, "token", 1);
    invariant_implies(&t, INV_LED_1, false, true, "token", 1);
    expect_counts(INV_LED_1, 6, 4, 0);
    EXPECT(!t.first.found);
    t.form = FORM_FULL;
    invariant_equal(&t, INV_LED_3, 5, 6, "token", 2);
    invariant_at_most(&t, INV_LED_1, 6, 5, "token", 3);
    invariant_implies(&t, INV_LED_1, true, false, "token", 4);
    expect_counts(INV_LED_3, 1, 1, 1);
    expect_counts(INV_LED_1, 8, 6, 2);
    EXPECT(t.violated[FORM_CHEAP][INV_LED_1] == 0);
    EXPECT(t.first.found && t.first.id == INV_LED_3 && t.first.left == 5 && t.first.right == 6 &&
           t.first.subject_id == 2);
    printf("ok - what is counted, and the first violation\n");
}

static void words(void)
{
    char text[VIOLATION_TEXT_BYTES], want[VIOLATION_TEXT_BYTES], subject[2 * VIOLATION_TEXT_BYTES];
    struct violation v = {true, INV_LED_1, 0, U128_MAX, "token", 12};

    violation_text(text, &v);
    snprintf(want, sizeof(want), "LED-1 (%s) token 12: 0 against %s: %s",
             invariant_rows[INV_LED_1].section, "340282366920938463463374607431768211455",
             invariant_rows[INV_LED_1].text);
    EXPECT(strcmp(text, want) == 0);
    memset(subject, 'x', sizeof(subject) - 1);
    subject[sizeof(subject) - 1] = '\0';
    v.subject = subject;
    violation_text(text, &v);
    EXPECT(strlen(text) == VIOLATION_TEXT_BYTES - 1 && text[VIOLATION_TEXT_BYTES - 2] == 'x');
    printf("ok - its words, as many as there is room for\n");
}

int main(void)
{
    counts();
    words();
    return EXIT_SUCCESS;
}
