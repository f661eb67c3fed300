/* explain_slashes - what was taken from a provider at a close, for what, and who has it now. */
#include "sim/cli/explain.h"

#include <stdio.h>
#include <string.h>

/* What the record is about, and where its amount is from. */
static void put_cause(struct source *s, const struct answer *a)
{
    const char *cause = answer_text(a, "cause");
    char at[TEXT_CELL], v[TEXT_CELL], fee[TEXT_CELL], amount[TEXT_CELL];
    unsigned long long evidence = answer_u64(a, "evidence"), hour = answer_u64(a, "hour");
    unsigned long long limit = answer_u64(a, "instant_s") - answer_u64(a, "offence_s");

    second_text(s, at, answer_u64(a, "instant_s"));
    tokens_text(v, answer_text(a, "v_spon"));
    tokens_text(fee, answer_text(a, "fee_spon"));
    tokens_text(amount, answer_text(a, "amount_spon"));
    printf("  record %llu, %s, instant %s\n", (unsigned long long)answer_u64(a, "slash"), cause,
           at);
    if (strcmp(cause, "standby") == 0)
        printf("    outage %llu lasted over %llu s without a lease: one hour's liveness V = %s SPON"
               " (§4.3.8, settled 54)\n",
               evidence, limit, amount);
    else if (strcmp(cause, "deployment") == 0)
        printf("    started hour %llu of outage %llu, with leases: the higher of V = %s and the "
               "leases' hourly\n"
               "    fees = %s: %s SPON (§4.3.8, settled 53)\n",
               hour, evidence, v, fee, amount);
    else if (strcmp(cause, "breach") == 0)
        printf("    lease %llu was not activated in time: the higher of V = %s and its hourly fee "
               "= %s:\n"
               "    %s SPON (§5.2.4, settled 116)\n",
               evidence, v, fee, amount);
    else
        printf(
            "    verdict %llu: misconduct_slash_bps of every pot, %s SPON (§4.3.8, settled 57)\n",
            evidence, amount);
}

static void put_pots(const struct answer *a)
{
    static const char *const pots[][2] = {{"own_spon", "own stake"},
                                          {"unbonding_spon", "own unbonding"},
                                          {"delegated_spon", "delegated stake"},
                                          {"rewards_spon", "claimable rewards"}};
    static const char *const goals[][2] = {{"slark_pool_spon", "the pool of the Slarks"},
                                           {"users_spon", "users"},
                                           {"treasury_spon", "the treasury"},
                                           {"dust_spon", "dust"}};
    char text[TEXT_CELL];
    const char *comma = "";

    fputs("    taken from ", stdout);
    for (size_t i = 0; i < sizeof pots / sizeof *pots; i++)
        if (strcmp(answer_text(a, pots[i][0]), "0") != 0) {
            printf("%s%s %s", comma, pots[i][1], tokens_text(text, answer_text(a, pots[i][0])));
            comma = ", ";
        }
    printf("%s; not there %s (settled 58, 60)\n", comma[0] == '\0' ? "nothing" : "",
           tokens_text(text, answer_text(a, "bad_debt_spon")));
    comma = "";
    fputs("    paid to ", stdout);
    for (size_t i = 0; i < sizeof goals / sizeof *goals; i++)
        if (strcmp(answer_text(a, goals[i][0]), "0") != 0) {
            printf("%s%s %s", comma, goals[i][1], tokens_text(text, answer_text(a, goals[i][0])));
            comma = ", ";
        }
    printf("%s (settled 56)\n", comma[0] == '\0' ? "nobody" : "");
}

static bool put_payees(struct source *s, u64 slash)
{
    struct answer p;
    char name[TEXT_CELL], paid[TEXT_CELL], weight[TEXT_CELL];

    if (!source_ask(s, &p,
                    "SELECT * FROM slash_payees WHERE run = ?1 AND slash = ?2 ORDER BY rowid",
                    slash, 0))
        return false;
    while (answer_next(&p))
        printf("      %-20s %16s SPON, pro rata of %s\n",
               user_name(s, name, answer_u64(&p, "user")),
               tokens_text(paid, answer_text(&p, "paid_spon")),
               tokens_text(weight, answer_text(&p, "weight_spon")));
    answer_end(&p);
    return true;
}

bool explain_slashes(struct source *s, u64 provider, u64 era)
{
    struct answer a;
    bool ok = true;
    u64 n = 0;

    if (!source_ask(
            s, &a,
            "SELECT * FROM slashes WHERE run = ?1 AND provider = ?2 AND era = ?3 ORDER BY slash",
            provider, era))
        return false;
    fputs("\nSlashes\n", stdout);
    for (; ok && answer_next(&a); n++) {
        put_cause(s, &a);
        put_pots(&a);
        ok = put_payees(s, answer_u64(&a, "slash"));
    }
    answer_end(&a);
    if (n == 0)
        fputs("  none at this close\n", stdout);
    return ok;
}
