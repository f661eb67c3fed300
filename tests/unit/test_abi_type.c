/* abi_type against the selectors and topics of the deployed contracts: those that the published SDK
 * uses, from spheron/abi/signatures.csv of the specification, and a few that are known to all;
 * abi_json against entries written by hand.
 *
 *   test_abi_type print    instead reads signatures, one a line, and prints canonical form, topic
 *                          and JSON of each, for test_abi_files.py
 */
#include "chain-mock/wire/abi_json.h"
#include "chain-mock/wire/abi_type.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static const struct {
    const char *signature, *begins; /* the first digits of its topic */
} rows[] = {
    {"transfer(address,uint256)", "a9059cbb"},
    {"event Transfer(address indexed from, address indexed to, uint256 value)",
     "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"},
    {"error Error(string)", "08c379a0"},
    {"error Panic(uint256)", "4e487b71"},
    {"function baz(uint32 x, bool y)", "cdcd77c0"},
    {"function bar(bytes3[2])", "fce353f6"},
    {"function sam(bytes, bool, uint256[])", "a5643bf2"},
    {"function f(uint256, uint32[], bytes10, bytes)", "8be65246"},
    {"function g(uint256[][], string[])", "2289b18c"},
    {"event LeaseUpdated(uint64 orderId, address providerAddress, address tenant, uint256 "
     "acceptedPrice)",
     "480bc44ffec4fc451b0b86af1548b1a95cbbe6ebdc5f401cfc82cb6b625a497a"},
    {"event OrderMatched(uint64 orderId, address providerAddress, uint256 providerId, uint256 "
     "acceptedPrice, address creator)",
     "34a0a9be1e394eebf0df0c0a87e3274087ba73ca31bc3aad57ba3b3c1964e57a"},
    {"event UpdateRequestAccepted(uint64 orderId, address providerAddress, address tenant)",
     "9e458d847c5e9a43c5634438d80192846986ee7c58dc75a2651eab15cd272260"},
    {"event LeaseClosed(uint256 leaseId, address providerAddress, address tenantAddress, uint32 "
     "endTime, uint8 state)",
     "baca767d2b3fece79baf53cd48fae773ffcee43b36bb830add11531237d87d75"},
    {"function closeLease(uint256 _leaseId)", "0d653369"},
    {"function getProviderLeases(address _providerAddress) view returns (uint256[], uint256[])",
     "001d9eb7"},
    {"function getTenantLeases(address _tenantAddress) view returns (uint256[], uint256[])",
     "07a78319"},
    {"function leases(uint256) view returns (uint256 leaseId, uint256 fizzId, uint64 requestId, "
     "uint256 acceptedPrice, address providerAddress, address tenantAddress, uint32 startBlock, "
     "uint32 startTime, uint32 endTime, uint8 state)",
     "8927a106"},
    {"function deposit(address _token, uint256 _amount) payable", "47e7ef24"},
    {"function getProviderEarnings(address _provider, address _token) view returns ((uint128 "
     "earned, uint128 withdrawn, uint128 balance))",
     "e17e958c"},
    {"function getUserData(address _user, address _token, bool _isOperator) view returns ((uint128 "
     "lockedBalance, uint128 unlockedBalance))",
     "5adb21c9"},
    {"function withdraw(address _token, uint256 _amount)", "f3fef3a3"},
    {"function withdrawProviderEarnings(address _provider, address _token, uint256 _amount)",
     "72abe017"},
    {"function getAttributes(address _fizzAddress, string _category) view returns ((uint256 id, "
     "uint256 units)[])",
     "367cfd13"},
    {"function getPendingAttributes(address _fizzAddress, string _category) view returns ((uint256 "
     "id, uint256 units)[])",
     "5283a6a0"},
    {"event FizzNodeAdded(uint256 indexed fizzId, address indexed walletAddress, uint256 "
     "providerId, string spec, address[] paymentsAccepted, uint8 status, uint256 joinTimestamp, "
     "address rewardWallet)",
     "bac01429a5df6265451b2045cf3b7cea4b559bb859947781a51ca69208e09812"},
    {"event FizzNodeProviderIdUpdated(uint256 indexed fizzId, uint256 providerId)",
     "3aad61d7a014e4d49ac6ac21391787374a8baf7c993b3f0c0c51548947c253d6"},
    {"event FizzNodeSpecUpdated(uint256 indexed fizzId, string spec)",
     "e66cfb4f5d4d90bbc4521fd8d63f62e903668d59a7622c92f073ebcf851c4141"},
    {"function addAcceptedPayment(address _tokenAddress)", "a1403ec9"},
    {"function addFizzNode((uint256 providerId, string spec, address walletAddress, address[] "
     "paymentsAccepted, address rewardWallet) params)",
     "2ba499d0"},
    {"function addressToFizzId(address) view returns (uint256)", "203102c4"},
    {"function getAllFizzNodes() view returns ((uint256 fizzId, uint256 providerId, string spec, "
     "address walletAddress, address[] paymentsAccepted, uint8 status, uint256 joinTimestamp, "
     "address rewardWallet)[])",
     "dd8f0b6c"},
    {"function getFizz(uint256 _fizzId) view returns (uint256 providerId, string spec, address[] "
     "paymentsAccepted, uint8 status, uint256 joinTimestamp, address walletAddress, address "
     "rewardWallet)",
     "7676b6c5"},
    {"function nextFizzId() view returns (uint256)", "97c0328e"},
    {"function removeAcceptedPayment(address _tokenAddress)", "5f1ebd4b"},
    {"function updateFizzProviderId(uint256 _providerId)", "d8c46f2a"},
    {"function updateFizzSpec(string _spec)", "b47c875f"},
    {"function createOrder((uint256 maxPrice, uint64 numOfBlocks, address token, string spec, "
     "uint16 version, uint8 mode, uint8[] tier) details)",
     "d33d43ab"},
    {"function getOrderById(uint64 _orderId) view returns ((uint64 id, uint256 maxPrice, uint64 "
     "numOfBlocks, address token, address creator, uint8 state, (string specs, uint16 version, "
     "uint8 mode, uint8[] tier) specs))",
     "b930807d"},
    {"function updateInitialOrder(uint64 _orderId, (uint256 maxPrice, uint64 numOfBlocks, address "
     "token, string spec, uint16 version, uint8 mode, uint8[] tier) details)",
     "a8b943b2"},
    {"function getAttributes(address _providerAddress, string _category) view returns ((uint256 "
     "id, uint256 units)[])",
     "367cfd13"},
    {"function getPendingAttributes(address _providerAddress, string _category) view returns "
     "((uint256 id, uint256 units)[])",
     "5283a6a0"},
    {"function getAllProviders() view returns ((uint256 providerId, address walletAddress, "
     "address[] paymentsAccepted, string spec, string hostUri, string certificate, uint8 status, "
     "uint8 tier, uint256 joinTimestamp, address rewardWallet)[])",
     "3bb4497c"},
    {"function getProvider(uint256 _providerId) view returns (string spec, string hostUri, string "
     "certificate, address[] paymentsAccepted, uint8 status, uint8 tier, uint256 joinTimestamp, "
     "address walletAddress, address rewardWallet)",
     "5c42d079"},
    {"function getProviderByAddress(address _walletAddress) view returns (string spec, string "
     "hostUri, string certificate, address[] paymentsAccepted, uint8 status, uint8 tier, uint256 "
     "joinTimestamp, address rewardWallet)",
     "2335bde0"},
    {"function getResource(uint256 _resourceID) view returns (string, string, uint256)",
     "1e8fca2d"},
    {"function approve(address spender, uint256 value) returns (bool)", "095ea7b3"},
    {"error InvalidAddress()", "e6c4247b"},
    {"error OrderNotActive()", "1d4ecc5b"},
    {"error OrderNotFound()", "d36d8965"},
    {"error ProviderNotActive()", "8017c96b"},
    {"error LeaseAlreadyTerminated()", "c867d9f1"},
    {"error OnlyTenantOrProvider()", "3b53767d"},
    {"event LeaseUpdated(uint256 indexed leaseId, address indexed providerAddress, address indexed "
     "tenantAddress, uint256 acceptedPrice, uint32 startBlock, uint32 startTime)",
     "f6d551b1f2b244e4e7b9229ae4194c2d710143d4b08bcd7a0900906dcec6e8e4"},
    {"event TokenRegistryContactUpdated(address indexed _tokenRegistry)",
     "7de8cc642c71b64c54edd8e8e2f97f53f53a212b70f587d71ab9c7c0f43c452c"},
    {"event AddressUpdated(uint8 indexed _type, address indexed _newAddress)",
     "dab6a10a2b64bf52b6d4f3921f6244f7e050c6a0bc35a77f81b42d0095248ee6"},
    {"function updateInitialOrderWithSignature(uint64 _orderId, (uint256 maxPrice, uint64 "
     "numOfBlocks, address token, string spec, uint16 version, uint8 mode, uint8[] tier) details, "
     "address claimedSigner, bytes signature, uint256 nonce, uint256 deadline)",
     "5d2e78a4"},
};

static void expect_canonical(const char *signature, const char *canonical)
{
    struct abi_signature s = abi_signature_of(signature);
    char out[ABI_CANONICAL_CHARS];

    EXPECT(abi_canonical(out, &s) == strlen(canonical) && strcmp(out, canonical) == 0);
}

static void test_canonical(void)
{
    expect_canonical("f()", "f()");
    expect_canonical("function f( uint8  a , (bool b,bytes c)[3][] d) view returns (int256)",
                     "f(uint8,(bool,bytes)[3][])");
    expect_canonical("event E((uint256 a, (address b)[] c) indexed d, bytes1)",
                     "E((uint256,(address)[]),bytes1)");
}

static void test_rows(void)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct abi_signature s = abi_signature_of(rows[i].signature);
        struct bytes32 topic = abi_topic(&s);
        struct slice want = bytes_of(rows[i].begins);
        EXPECT(bytes_equal(SLICE(topic.byte, want.n), want));
        EXPECT(bytes32_cmp(bytes32_of_u128(abi_selector(&s)), bytes32_of_low(topic.byte, 4)) == 0);
    }
}

static void expect_head(const char *type, size_t bytes, bool dynamic)
{
    struct abi_members m = abi_members_of_list((struct text){type, strlen(type)});
    struct abi_param p;

    EXPECT(abi_head_bytes(m) == bytes && abi_members_next(&m, &p));
    EXPECT(abi_is_dynamic(&p.type) == dynamic && !abi_members_next(&m, &p));
}

static void test_heads(void)
{
    expect_head("uint8", 32, false);
    expect_head("string", 32, true);
    expect_head("uint8[3]", 96, false);
    expect_head("uint8[]", 32, true);
    expect_head("uint8[3][]", 32, true);
    expect_head("uint8[][3]", 32, true);
    expect_head("uint8[2][3]", 192, false);
    expect_head("(uint8 a, (bool, address)[2] b)", 160, false);
    expect_head("(uint8 a, (bool, bytes)[2] b)", 32, true);
}

static void test_fits(void)
{
    struct bytes32 minus = bytes32_of_i64(-128), mixed = bytes32_of_i64(-129);
    const struct {
        const char *type;
        struct bytes32 word;
        bool fits;
    } cases[] = {
        {"uint8", bytes32_of_u128(255), true},
        {"uint8", bytes32_of_u128(256), false},
        {"uint128", bytes32_of_u128(U128_MAX), true},
        {"uint256", minus, true},
        {"int8", minus, true},
        {"int8", mixed, false},
        {"int8", bytes32_of_u128(127), true},
        {"int8", bytes32_of_u128(128), false},
        {"int256", mixed, true},
        {"bool", bytes32_of_u128(1), true},
        {"bool", bytes32_of_u128(2), false},
        {"address", bytes32_of_low(minus.byte, 20), true},
        {"address", bytes32_of_low(minus.byte, 21), false},
        {"bytes1", bytes32_of("ff00000000000000000000000000000000000000000000000000000000000000"),
         true},
        {"bytes1", bytes32_of("ff01000000000000000000000000000000000000000000000000000000000000"),
         false},
        {"bytes32", minus, true},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct text list = {cases[i].type, strlen(cases[i].type)};
        struct abi_members m = abi_members_of_list(list);
        struct abi_param p;
        EXPECT(abi_members_next(&m, &p));
        EXPECT(abi_word_fits(&p.type, cases[i].word) == cases[i].fits);
    }
}

static void expect_json(const char *signature, const char *want)
{
    struct abi_signature s = abi_signature_of(signature);
    char memory[1024];
    struct sink out = SINK(memory, sizeof(memory));

    abi_json(&out, &s);
    EXPECT(sink_end(&out) && strcmp(memory, want) == 0);
    out = SINK(memory, 20); /* cut, and says so */
    abi_json(&out, &s);
    EXPECT(!sink_end(&out) && out.n == strlen(want));
    EXPECT(strncmp(memory, want, 16) == 0 && strcmp(memory + 16, "...") == 0);
}

static void test_json(void)
{
    expect_json("function get((uint8 x, bool)[] a) view returns (bytes4)",
                "{\"type\":\"function\",\"name\":\"get\",\"inputs\":[{\"name\":\"a\",\"type\":"
                "\"tuple[]\",\"components\":[{\"name\":\"x\",\"type\":\"uint8\"},{\"name\":\"\","
                "\"type\":\"bool\"}]}],\"outputs\":[{\"name\":\"\",\"type\":\"bytes4\"}],"
                "\"stateMutability\":\"view\"}");
    expect_json("event Went(address indexed who)",
                "{\"type\":\"event\",\"name\":\"Went\",\"inputs\":[{\"indexed\":true,\"name\":"
                "\"who\",\"type\":\"address\"}],\"anonymous\":false}");
    expect_json("error No()", "{\"type\":\"error\",\"name\":\"No\",\"inputs\":[]}");
}

static void print_lines(void)
{
    char line[2048], canonical[ABI_CANONICAL_CHARS], json[8192], topic[65];

    while (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        struct abi_signature s = abi_signature_of(line);
        struct bytes32 hash = abi_topic(&s);
        struct sink out = SINK(json, sizeof(json));
        abi_canonical(canonical, &s);
        abi_json(&out, &s);
        EXPECT(sink_end(&out));
        for (size_t i = 0; i < sizeof(hash.byte); i++)
            snprintf(topic + 2 * i, 3, "%02x", hash.byte[i]);
        printf("%s\t0x%s\t%s\n", canonical, topic, json);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "print") == 0) {
        print_lines();
        return EXIT_SUCCESS;
    }
    test_canonical();
    test_rows();
    test_heads();
    test_fits();
    test_json();
    printf("ok - abi_type\n");
    return EXIT_SUCCESS;
}
