/* methods: each name and alias is found and nothing else is, by comparison one by one; the nearest
 * name; what the table says of itself. */
#include "sim/rpc/methods.h"

#include "tests/test.h"

#include <cjson/cJSON.h>
#include <string.h>

static struct method_names names;

/* The slow way. */
static bool has_alias(const char *aliases, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = strstr(aliases, name); at != NULL; at = strstr(at + 1, name))
        if ((at == aliases || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
            return true;
    return false;
}

static void test_found(void)
{
    enum method m;

    for (u32 i = 0; i < names.count; i++) {
        const char *name = names.entry[i].name;
        EXPECT(method_find(&names, name, &m));
        const struct method_row *row = method_row(m);
        EXPECT(strcmp(row->name, name) == 0 || has_alias(row->aliases, name));
        EXPECT(row->least <= row->most && row->doc[0] != '\0');
    }
    for (u32 i = 0; i < METHODS; i++)
        EXPECT(method_find(&names, method_row((enum method)i)->name, &m) && (u32)m == i);
    EXPECT(method_find(&names, "hardhat_setBalance", &m) && m == METHOD_anvil_setBalance);
    EXPECT(method_find(&names, "eth_requestAccounts", &m) && m == METHOD_eth_accounts);
    EXPECT(method_find(&names, "anvil_snapshot", &m) && m == METHOD_evm_snapshot);
    /* it would be taken for anvil_revert, which does something else */
    EXPECT(method_find(&names, "hardhat_reset", &m) && m == METHOD_anvil_reset);
    EXPECT(!method_find(&names, "", &m) && !method_find(&names, "eth_", &m));
    EXPECT(!method_find(&names, "eth_chainid", &m) && !method_find(&names, "zzz", &m));
}

static void test_nearest(void)
{
    EXPECT(strcmp(method_nearest(&names, "eth_chainID"), "eth_chainId") == 0);
    EXPECT(strcmp(method_nearest(&names, "eth_getBalence"), "eth_getBalance") == 0);
    EXPECT(strcmp(method_nearest(&names, "hardhat_setbalance"), "hardhat_setBalance") == 0);
    EXPECT(method_nearest(&names, "nothing_like_this_at_all") == NULL);
}

static void test_listed(void)
{
    struct json out = JSON(1 << 20);
    size_t lines = 0;

    methods_modules(&out);
    cJSON *tree = cJSON_ParseWithLength(out.at, out.n);
    EXPECT(tree != NULL && cJSON_GetArraySize(tree) == 11);
    EXPECT(cJSON_GetObjectItemCaseSensitive(tree, "eth") != NULL);
    EXPECT(cJSON_GetObjectItemCaseSensitive(tree, "anvil") != NULL);
    cJSON_Delete(tree);
    json_cut(&out, 0);
    methods_list(&out);
    for (size_t i = 0; i < out.n; i++)
        lines += out.at[i] == '\n';
    EXPECT(lines == METHODS && memcmp(out.at, "eth_chainId ", 12) == 0);
    json_free(&out);
}

int main(void)
{
    method_names_open(&names);
    test_found();
    test_nearest();
    test_listed();
    puts("ok - methods");
    return 0;
}
