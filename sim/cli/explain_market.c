/* explain_market - an order with the scores of its bids, a lease with its money. */
#include "sim/cli/explain.h"

#include <stdio.h>
#include <string.h>

static u32 decimals_of(struct source *s, const char *token)
{
    struct answer a;
    u32 decimals = 18;

    if (!source_ask(s, &a, "SELECT token, decimals FROM tokens WHERE run = ?1", 0, 0))
        return decimals;
    while (answer_next(&a))
        if (strcmp(answer_text(&a, "token"), token) == 0)
            decimals = (u32)answer_u64(&a, "decimals");
    answer_end(&a);
    return decimals;
}

static bool one_row(struct source *s, struct answer *a, const char *sql, const char *what,
                    u64 number)
{
    if (!source_ask(s, a, sql, number, 0))
        return false;
    if (answer_next(a))
        return true;
    answer_end(a);
    snprintf(s->error, sizeof s->error, "there is no %s %llu in this run", what,
             (unsigned long long)number);
    return false;
}

static void put_specs(const struct answer *a)
{
    char gib[TEXT_CELL];
    unsigned long long gpus = answer_u64(a, "gpus");

    printf("%llu vCPU, %s GiB RAM, %llu GiB disk", (unsigned long long)answer_u64(a, "cores"),
           scaled_text(gib, (u128)answer_u64(a, "ram_mib") * 100 / 1024, 2),
           (unsigned long long)answer_u64(a, "disk_gib"));
    if (gpus > 0)
        printf(", %llu GPU %s", gpus,
               answer_text(a, "gpu_model")[0] == '\0' ? "of any model"
                                                      : answer_text(a, "gpu_model"));
    if (answer_u64(a, "replicas") > 1)
        printf(", %llu replicas", (unsigned long long)answer_u64(a, "replicas"));
}

/* A signed number of 2^-32, to four decimals; cut off towards zero. */
static const char *q32_text(char out[TEXT_CELL], i64 v)
{
    u64 size = v < 0 ? (u64)-v : (u64)v;
    u64 whole = size >> 32, part = (size & 0xffffffffu) * 10000 >> 32;

    snprintf(out, TEXT_CELL, "%s%llu.%04llu", v < 0 ? "-" : "", (unsigned long long)whole,
             (unsigned long long)part);
    return out;
}

static bool put_bids(struct source *s, u64 order, u32 decimals)
{
    struct answer b;
    char name[TEXT_CELL], price[TEXT_CELL], l[TEXT_CELL], g[TEXT_CELL], key[TEXT_CELL];

    if (!source_ask(s, &b,
                    "SELECT * FROM bids WHERE run = ?1 AND order_id = ?2"
                    " ORDER BY eligible DESC, key_q32 DESC, provider",
                    order, 0))
        return false;
    fputs("  bids, best key first: key = floor(L x 10000 / match_randomness) + G (§4.2.3)\n"
          "    provider                     price/h          L          G        key\n",
          stdout);
    while (answer_next(&b)) {
        provider_name(s, name, answer_u64(&b, "provider"));
        scaled_text(price, answer_u128(&b, "price_wei"), decimals);
        if (answer_flag(&b, "eligible"))
            printf("    %-22s %13s %10s %10s %10s%s\n", name, price,
                   q32_text(l, (i64)answer_u64(&b, "l_q32")),
                   q32_text(g, (i64)answer_u64(&b, "g_q32")),
                   q32_text(key, (i64)answer_u64(&b, "key_q32")),
                   answer_flag(&b, "won") ? "  won" : "");
        else
            printf("    %-22s %13s   filtered out at the match (settled 102)\n", name, price);
    }
    answer_end(&b);
    return true;
}

bool explain_order(struct source *s, u64 order)
{
    struct answer a;
    char who[TEXT_CELL], at[TEXT_CELL], price[TEXT_CELL];
    bool ok = true;

    if (!one_row(s, &a, "SELECT * FROM orders WHERE run = ?1 AND order_id = ?2", "order", order))
        return false;
    u32 decimals = decimals_of(s, answer_text(&a, "token"));
    printf("Order %llu of %s, %s\n  asks ", (unsigned long long)order,
           user_name(s, who, answer_u64(&a, "user")),
           second_text(s, at, answer_u64(&a, "created_s")));
    put_specs(&a);
    printf("\n  for %llu s at most %s %s an hour, tier %llu or better%s%s\n",
           (unsigned long long)answer_u64(&a, "duration_s"),
           scaled_text(price, answer_u128(&a, "max_price_wei"), decimals), answer_text(&a, "token"),
           (unsigned long long)answer_u64(&a, "worst_tier"),
           answer_text(&a, "region")[0] != '\0' ? ", region " : "", answer_text(&a, "region"));
    printf("  %llu bids in its window, %llu passed the filter: %s%s%s\n",
           (unsigned long long)answer_u64(&a, "bids"),
           (unsigned long long)answer_u64(&a, "eligible"), answer_text(&a, "outcome"),
           answer_text(&a, "reason")[0] != '\0' ? ", " : "", answer_text(&a, "reason"));
    if (answer_u64(&a, "bids") > 0)
        ok = put_bids(s, order, decimals);
    if (ok && !answer_empty(&a, "lease"))
        printf("  lease %llu at %s %s an hour, %llu s after the order (settled 12)\n",
               (unsigned long long)answer_u64(&a, "lease"),
               scaled_text(price, answer_u128(&a, "price_wei"), decimals), answer_text(&a, "token"),
               (unsigned long long)answer_u64(&a, "wait_s"));
    answer_end(&a);
    return ok;
}

static void put_part(const struct answer *a, u32 decimals, const char *column, const char *text)
{
    char amount[TEXT_CELL];

    printf("    %-46s %18s\n", text, scaled_text(amount, answer_u128(a, column), decimals));
}

static void put_lease_money(const struct answer *a, u32 decimals)
{
    char price[TEXT_CELL], text[TEXT_CELL];
    unsigned long long billed = answer_u64(a, "billed_s"), agreed = answer_u64(a, "agreed_s");

    scaled_text(price, answer_u128(a, "price_wei"), decimals);
    printf("  money, in %s (settled 104; rates of the creation, settled 101)\n",
           answer_text(a, "token"));
    printf("    lock = ceil(%s x %llu s / 3600)\n", price, agreed);
    put_part(a, decimals, "locked_gross_wei", "locked");
    put_part(a, decimals, "locked_fee_wei", "locked for the user fee");
    if (answer_u128(a, "shrunk_wei") > 0)
        put_part(a, decimals, "shrunk_wei", "of it shrank inside the escrow (settled 150)");
    printf("    debit = min(lock, floor(%s x %llu s billed / 3600))\n", price, billed);
    put_part(a, decimals, "gross_wei", "debited");
    put_part(a, decimals, "provider_net_wei", "  to the provider");
    snprintf(text, sizeof text, "  commission, %s %% of it",
             scaled_text(price, answer_u64(a, "commission_bps"), 2));
    put_part(a, decimals, "commission_wei", text);
    snprintf(text, sizeof text, "  provider fee, %s %%",
             scaled_text(price, answer_u64(a, "provider_fee_bps"), 2));
    put_part(a, decimals, "provider_fee_wei", text);
    put_part(a, decimals, "rest_wei", "  what rounding leaves");
    snprintf(text, sizeof text, "user fee beside it, %s %%",
             scaled_text(price, answer_u64(a, "user_fee_bps"), 2));
    put_part(a, decimals, "user_fee_wei", text);
    put_part(a, decimals, "refund_wei", "unlocked at the end");
}

bool explain_lease(struct source *s, u64 lease)
{
    struct answer a;
    char who[TEXT_CELL], provider[TEXT_CELL], at[TEXT_CELL];

    if (!one_row(s, &a, "SELECT * FROM leases WHERE run = ?1 AND lease = ?2", "lease", lease))
        return false;
    printf("Lease %llu of order %llu: %s at %s, ", (unsigned long long)lease,
           (unsigned long long)answer_u64(&a, "order_id"),
           user_name(s, who, answer_u64(&a, "user")),
           provider_name(s, provider, answer_u64(&a, "provider")));
    put_specs(&a);
    printf("\n  started %s", second_text(s, at, answer_u64(&a, "start_s")));
    if (!answer_empty(&a, "replaces"))
        printf(" as the update of lease %llu (settled 109)",
               (unsigned long long)answer_u64(&a, "replaces"));
    if (!answer_empty(&a, "confirmed_s"))
        printf(", confirmed %s", second_text(s, at, answer_u64(&a, "confirmed_s")));
    printf("\n  ended %s: %s, after %llu s of %llu agreed, %llu extensions; workload %s%s\n",
           second_text(s, at, answer_u64(&a, "end_s")), answer_text(&a, "end_reason"),
           (unsigned long long)(answer_u64(&a, "end_s") - answer_u64(&a, "start_s")),
           (unsigned long long)answer_u64(&a, "agreed_s"),
           (unsigned long long)answer_u64(&a, "extensions"), answer_text(&a, "workload"),
           answer_flag(&a, "task_failed") ? ": a failed task (settled 42)" : "");
    put_lease_money(&a, decimals_of(s, answer_text(&a, "token")));
    answer_end(&a);
    return true;
}
