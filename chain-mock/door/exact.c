#include "chain-mock/door/exact.h"

#include <string.h>

/* ---- the rows ---- */

#define ACCOUNT_u32 false
#define ACCOUNT_account true
#define ACCOUNT_u64 false
#define ACCOUNT_u128 false
#define ACCOUNT_amount false
#define ACCOUNT_machine false
#define ACCOUNT_specs false

#define FIELD(type, name) {FIELD_ABI_##type, #name, ACCOUNT_##type},
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    static const struct field_row tx_fields_##name[] = {fields};
#include "protocol/tx.def"
#undef TX
#define LOG(NAME, name, to, fields, doc)                                                           \
    static const struct field_row log_fields_##name[] = {fields};
#include "protocol/log.def"
#undef LOG
#undef FIELD

#define LIST(rows)                                                                                 \
    {                                                                                              \
        (rows), ARRAY_LEN(rows)                                                                    \
    }

static const struct field_list tx_fields[TX_KINDS] = {
#define TX(NAME, name, contract, gas, roles, fields, doc) [TX_##NAME] = LIST(tx_fields_##name),
#include "protocol/tx.def"
#undef TX
};

static const struct field_list log_fields[LOG_KINDS] = {
#define LOG(NAME, name, to, fields, doc) [LOG_##NAME] = LIST(log_fields_##name),
#include "protocol/log.def"
#undef LOG
};

static const char *const error_names[ERR_KINDS] = {
#define ERR(name, text) [ERR_##name] = #name,
#include "protocol/err.def"
#undef ERR
};

static const struct field_row response_rows[] = {{"uint32", "first", false},
                                                 {"uint32[]", "responses", false}};

struct field_list exact_tx_fields(enum tx_kind kind)
{
    static const struct field_list responses = LIST(response_rows);

    return kind == TX_REPORT_RESPONSES ? responses : tx_fields[kind];
}

struct field_list exact_log_fields(enum log_kind kind)
{
    return log_fields[kind];
}

bool exact_has_error(enum err e)
{
    return e != ERR_None && e != ERR_UnknownCall && e != ERR_NotPayable;
}

/* ---- names and addresses ---- */

const char *exact_name(enum contract c)
{
    static const char *const names[EXACT_CONTRACTS] = {
        [CONTRACT_TOKEN] = "OrreryToken",           [CONTRACT_ORACLE] = "OrreryOracle",
        [CONTRACT_REGISTRY] = "OrreryRegistry",     [CONTRACT_STAKING] = "OrreryStaking",
        [CONTRACT_REWARDER] = "OrreryRewarder",     [CONTRACT_ESCROW] = "OrreryEscrow",
        [CONTRACT_ORDER] = "OrreryOrder",           [CONTRACT_BID] = "OrreryBid",
        [CONTRACT_LEASE] = "OrreryLease",           [CONTRACT_LIVENESS] = "OrreryLiveness",
        [CONTRACT_GOVERNANCE] = "OrreryGovernance",
    };

    check((u32)c < EXACT_CONTRACTS);
    return names[c];
}

struct address door_exact_address(enum contract c)
{
    struct address a = {"Orrery"};

    check((u32)c < EXACT_CONTRACTS);
    a.byte[ADDRESS_BYTES - 1] = (u8)(c + 1);
    return a;
}

bool exact_contract(struct address a, enum contract *out)
{
    u32 number = a.byte[ADDRESS_BYTES - 1];

    if (number == 0 || number > EXACT_CONTRACTS)
        return false;
    *out = (enum contract)(number - 1);
    return address_equal(a, door_exact_address(*out));
}

enum contract exact_home(enum log_kind kind)
{
    switch (kind) {
    case LOG_TokenSet:
    case LOG_TokenShrunk:
    case LOG_Transferred:
    case LOG_Allowed:
    case LOG_TransferFee:
    case LOG_Moved:
        return CONTRACT_TOKEN;
    case LOG_PriceSet:
        return CONTRACT_ORACLE;
    case LOG_ProviderProposed:
    case LOG_ProviderApproved:
    case LOG_ProviderContract:
    case LOG_MachineUpdated:
    case LOG_RatingSet:
    case LOG_AutoStakeSet:
    case LOG_AuditPublished:
    case LOG_ProviderActive:
    case LOG_ProviderExited:
    case LOG_TierChanged:
        return CONTRACT_REGISTRY;
    case LOG_StakeMoved:
    case LOG_Slashed:
    case LOG_SlashPaid:
        return CONTRACT_STAKING;
    case LOG_RewardsClaimed:
    case LOG_ProviderEra:
    case LOG_EraClosed:
        return CONTRACT_REWARDER;
    case LOG_WalletCreated:
    case LOG_Deposited:
    case LOG_Withdrawn:
    case LOG_WalletTransferred:
    case LOG_EarningsClaimed:
    case LOG_FeesClaimed:
        return CONTRACT_ESCROW;
    case LOG_OrderCreated:
    case LOG_OrderCancelled:
    case LOG_OrderExpired:
        return CONTRACT_ORDER;
    case LOG_BidPlaced:
    case LOG_BidScored:
    case LOG_OrderMatched:
        return CONTRACT_BID;
    case LOG_LeaseCreated:
    case LOG_LeaseConfirmed:
    case LOG_LeaseExtended:
    case LOG_LeaseEnding:
    case LOG_UpdateRequested:
    case LOG_LeaseClosed:
    case LOG_LeaseRated:
    case LOG_TaskJudged:
        return CONTRACT_LEASE;
    case LOG_ProviderDown:
    case LOG_ProviderUp:
    case LOG_ChainHalted:
        return CONTRACT_LIVENESS;
    case LOG_ParamChanged:
    case LOG_VerdictGiven:
        return CONTRACT_GOVERNANCE;
    case LOG_KINDS:
        break;
    }
    check_unreachable();
}

/* ---- signatures ---- */

/* "max_price" as maxPrice; of types, whose members have names, too. */
static void add_camel(struct sink *out, const char *words)
{
    for (; *words != '\0'; words++) {
        char c = *words;
        if (c == '_') {
            c = *++words;
            check(c >= 'a' && c <= 'z');
            c = (char)(c - 'a' + 'A');
        }
        sink_add(out, (struct text){&c, 1});
    }
}

enum which { CALL, EVENT, DATA };

static void add_list(struct sink *out, struct field_list l, enum which which)
{
    bool first = true;

    for (u32 i = 0; i < l.count; i++) {
        bool indexed = which != CALL && field_indexed(l, i);
        if (which == DATA && indexed)
            continue;
        if (!first)
            sink_chars(out, ", ");
        first = false;
        add_camel(out, l.rows[i].type);
        sink_chars(out, indexed ? " indexed " : " ");
        add_camel(out, l.rows[i].name);
    }
}

static struct abi_signature signature(struct sink *out)
{
    sink_chars(out, ")");
    check(sink_end(out));
    return abi_signature_of(out->out);
}

struct abi_signature exact_camel(char text[EXACT_CHARS], const char *words)
{
    struct sink out = SINK(text, EXACT_CHARS);

    add_camel(&out, words);
    check(sink_end(&out));
    return abi_signature_of(text);
}

struct abi_signature exact_function(char text[EXACT_CHARS], enum tx_kind kind)
{
    struct sink out = SINK(text, EXACT_CHARS);

    sink_chars(&out, "function ");
    add_camel(&out, tx_rows[kind].name);
    sink_chars(&out, "(");
    add_list(&out, exact_tx_fields(kind), CALL);
    return signature(&out);
}

struct abi_signature exact_event(char text[EXACT_CHARS], enum log_kind kind)
{
    struct sink out = SINK(text, EXACT_CHARS);

    sink_chars(&out, "event ");
    sink_chars(&out, log_names[kind]);
    sink_chars(&out, "(");
    add_list(&out, exact_log_fields(kind), EVENT);
    return signature(&out);
}

struct abi_signature exact_error(char text[EXACT_CHARS], enum err e)
{
    struct sink out = SINK(text, EXACT_CHARS);

    sink_chars(&out, "error ");
    sink_chars(&out, error_names[e]);
    sink_chars(&out, "(");
    return signature(&out);
}

struct text exact_event_data(char text[EXACT_CHARS], enum log_kind kind)
{
    struct sink out = SINK(text, EXACT_CHARS);

    add_list(&out, exact_log_fields(kind), DATA);
    check(sink_end(&out));
    return (struct text){text, out.n};
}
