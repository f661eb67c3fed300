/* Bad scenario files, and the exact words that answer each. */
#include "sim/scenario/scenario.h"
#include "tests/test.h"

#include <string.h>

#define HEAD "name: n\nquestion: q\neras: 2\n"
#define MACHINES "machines: [{cpu: 8, ram: 8GiB}]"
#define P1 "population:\n  providers: [{name: p1, " MACHINES "}]\n"
#define U1 "  users: [{name: u1, deposit: 9 SPON}]\n"
#define ORDER "orders: [{at: 1h, user: u1, cpu: 1, max_price: 1 SPON, duration: 1h"

struct bad {
    const char *text, *error;
};

static const struct bad yaml_rows[] = {
    {"", "f:1:1: the file is empty"},
    {"a: [1", "f:2:1: not YAML: did not find expected ',' or ']' while parsing a flow sequence"},
    {"a: 1\na: 2\n", "f:2:1: 'a' is here already in line 1"},
    {"a: &x 1\nb: *x\n", "f:1:4: anchors are not used here, expected a plain value"},
    {"a: !!int 1\n", "f:1:4: tags are not used here, expected a plain value"},
    {"a: *x\n", "f:1:4: aliases are not used here, expected a plain value"},
    {"--- {a: 1}\n--- {b: 2}\n", "f:2:1: expected one document in a file"},
    {"%TAG ! x:\n--- {a: 1}\n", "f:1:1: tags are not used here, expected no %TAG"},
    {"? [1]\n: 2\n", "f:1:3: expected a word as key"},
    {"a: \"x\\0y\"\n", "f:1:4: a text with a zero byte, expected a plain value"},
    {"\tname: x\n", "f:1:1: not YAML: found a tab, expected spaces"},
    {"name: é\npopulation:\n\tproviders: []\n", "f:3:1: not YAML: found a tab, expected spaces"},
    {"name: @x\n", "f:1:7: not YAML: found character that cannot start any token while scanning "
                   "for the next token"},
    {"\xef\xbb\xbfnmae: x\n", "f:1:1: 'nmae' is not a key of a scenario, did you mean 'name'?"},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]\n", "f:1:26: nested too deeply"},
    {"just text\n",
     "f:1:1: found 'just text', expected a scenario: a mapping with keys such as 'name'"},
    {"[1, 2]\n", "f:1:1: found a list, expected a scenario: a mapping with keys such as 'name'"},
    {"a: \xff\n", "f: not YAML: invalid leading UTF-8 octet (byte 3)"},
};

static const struct bad key_rows[] = {
    {"name: n\neras: 2\n", "f:1:1: a scenario needs 'question', a text"},
    {"nam: n\nquestion: q\neras: 2\n",
     "f:1:1: 'nam' is not a key of a scenario, did you mean 'name'?"},
    {HEAD "populaton: {}\n",
     "f:4:1: 'populaton' is not a key of a scenario, did you mean 'population'?"},
    {HEAD "xyzzy: 1\n", "f:4:1: 'xyzzy' is not a key of a scenario"},
    {"name: 7up\nquestion: q\neras: 2\n",
     "f:1:7: name: found '7up', expected a name of letters, digits, - and _"},
    {"name: [n]\nquestion: q\neras: 2\n",
     "f:1:7: name: found a list, expected a name of letters, digits, - and _"},
    {"name: n\nquestion: q\neras:\n", "f:3:6: eras: found nothing, expected a whole number"},
    {"name: n\nquestion: q\neras: 0\n", "f:3:7: eras: '0' is out of range, expected 1 to 100000"},
    {"name: n\nquestion: q\neras: 2.5\n",
     "f:3:7: eras: '2.5' has more decimals than there are, expected a whole number"},
    {"name: n\nquestion: q\neras: -1\n", "f:3:7: eras: found '-1', expected a whole number"},
    {"name: n\nquestion: q\neras: 2 eras\n",
     "f:3:7: eras: found '2 eras', expected a whole number"},
    {"name: n\nquestion: q\neras: 99999999999999999999999999999999999999999\n",
     "f:3:7: eras: '9999999999999999999999999999999999999999' is too large, expected a whole "
     "number"},
    {HEAD "profile: deployed-2025\n",
     "f:4:10: profile: found 'deployed-2025', expected whitepaper"},
    {HEAD "seeds: 9..3\n",
     "f:4:8: seeds: found '9..3', expected a seed such as 1, or seeds such as 1..20"},
    {HEAD "covers: [a, a]\n", "f:4:13: covers: 'a' is here twice"},
    {HEAD "covers: [§4.2, settled 41, SLA-3, LEA-99]\n",
     "f:4:35: covers: found 'LEA-99', expected a section such as §4.6.3, a row such as settled "
     "104, or the id of an invariant, did you mean 'LEA-9'?"},
    {HEAD "covers: [setled 41]\n",
     "f:4:10: covers: found 'setled 41', expected a section such as §4.6.3, a row such as settled "
     "104, or the id of an invariant"},
    {HEAD "output: {log: maybe}\n", "f:4:15: log: found 'maybe', expected true or false"},
    {HEAD "network: {loss: 2x}\n",
     "f:4:17: loss: found '2x', expected a share such as 0.1% or 500ppm"},
    {HEAD "network: {latency: {within: 5ms}}\n",
     "f:4:20: latency: found a mapping, expected {within: 5ms, between: 80ms}, the path of a CSV, "
     "or a matrix in microseconds"},
    {HEAD "network: {regions: []}\n", "f:4:10: 0 regions, expected 1 to 250"},
    {HEAD "network: {regions: [a, b], latency: [[1, 2]]}\n",
     "f:4:37: latency: found a list, expected one list a region"},
};

static const struct bad value_rows[] = {
    {HEAD "params: {comission_bps: 10%}\n",
     "f:4:10: params: no parameter 'comission_bps', did you mean 'commission_bps'?"},
    {HEAD "params: {commission_bps: 101%}\n",
     "f:4:26: commission_bps: '101%' is out of range, expected 0% to 100%"},
    {HEAD "params: {commission_bps: 10}\n",
     "f:4:26: commission_bps: '10' has not the right unit, expected a share such as 20% or 150bps"},
    {HEAD "params: {commission_bps: 0.005%}\n",
     "f:4:26: commission_bps: '0.005%' has more decimals than there are, expected a share such as "
     "20% or 150bps"},
    {HEAD "params: {era_seconds: 90min}\n",
     "f:4:23: era_seconds: '90min' breaks the rule: era_seconds is a multiple of 1h"},
    {HEAD "params: {tier7_zero: perhaps}\n",
     "f:4:22: tier7_zero: 'perhaps' is no such value, expected on or off"},
    {HEAD "params: {tier_1_stake: 500 USDX}\n",
     "f:4:24: tier_1_stake: '500 USDX' has not the right unit, expected an amount such as \"12.5 "
     "SPON\""},
    {HEAD "params: {promotion_eras: [3]}\n", "f:4:26: params: found a list, expected one value"},
    {HEAD "params: {commission_bps: 95%, provider_fee_bps: 6%, tier7_zero: off}\n",
     "f:4:49: provider_fee_bps: '6%' breaks the rule: commission_bps and provider_fee_bps are at "
     "most 100% together, here 95% and 6%"},
    {HEAD "params: {cooldown_s: 1h, commission_bps: 99%}\n",
     "f:4:42: commission_bps: '99%' breaks the rule: commission_bps and provider_fee_bps are at "
     "most 100% together, here 99% and 2%"},
    {HEAD "tokens: [{symbol: USDX}]\n",
     "f:4:10: the first token is 'USDX', expected SPON with 18 decimals"},
    {HEAD "tokens: []\n", "f:1:1: no tokens, expected at least SPON"},
    {HEAD "tokens: [{symbol: SPON}, {symbol: SPON}]\n", "f:4:26: token 'SPON' is here already"},
    {HEAD "tokens: [{symbol: SPON, prices: [{at: 2h, usd: 1 USD}, {at: 1h, usd: 2 USD}]}]\n",
     "f:4:10: prices of SPON: entry 2 is not later than the one before"},
    {HEAD "population: {providers: [{name: p1}]}\n",
     "f:4:26: p1: needs one of machines, machine_table and nodes"},
    {HEAD "population:\n  providers:\n    - name: p1\n      machines: [{cpu: 8, ram: 8}]\n",
     "f:7:32: ram: found '8', expected a size such as 64GiB or 2TiB"},
    {HEAD "population:\n  providers:\n    - name: p1\n      machines: [{cpu: 8, ram: 8GiB, gpus: "
          "{rtx409: 1}}]\n",
     "f:7:45: gpus: no GPU model 'rtx409', did you mean 'rtx4090'?"},
    {HEAD
     "population:\n  providers:\n    - name: p1\n      machines: [{cpu: 8, ram: 8GiB, gpu: t4}]\n",
     "f:7:38: 'gpu' is not a key of a machine, did you mean 'gpus'?"},
    {HEAD "population:\n  providers:\n    - name: p1\n      stake: 1.0000000000000000001 SPON\n    "
          "  " MACHINES "\n",
     "f:7:14: stake: '1.0000000000000000001 SPON' has more than the 18 decimals of SPON"},
    {HEAD "population:\n  providers:\n    - {name: p1, tokens: [SPNO], " MACHINES "}\n",
     "f:6:27: tokens: no token 'SPNO', did you mean 'SPON'?"},
    {HEAD "population:\n  providers:\n    - {name: p1, regions: mars, " MACHINES "}\n",
     "f:6:27: regions: no region 'mars' in network.regions"},
    {HEAD "population:\n  providers:\n    - {name: p1, compliance: [SOC3], " MACHINES "}\n",
     "f:6:31: compliance: found 'SOC3', expected SOC2, HIPAA or GDPR"},
    {HEAD "population:\n  providers:\n    - {name: p1, availability: allways, " MACHINES "}\n",
     "f:6:32: availability: found 'allways', expected one of always, drawn, did you mean "
     "'always'?"},
    {HEAD "population:\n  providers:\n    - {name: p1, uptime: {lognormall: {median: 2h, sigma: "
          "1}}, " MACHINES "}\n",
     "f:6:27: uptime: 'lognormall' is no kind of distribution, did you mean 'lognormal'?"},
    {HEAD "population:\n  providers:\n    - {name: p1, uptime: {lognormal: {median: 2h}}, " MACHINES
          "}\n",
     "f:6:38: uptime: found a mapping, expected median and sigma"},
    {HEAD "population:\n  providers:\n    - {name: p1, uptime: {lognormal: {median: 2h, sgma: "
          "1}}, " MACHINES "}\n",
     "f:6:38: uptime: lognormal needs 'sigma'"},
    {HEAD "population:\n  providers:\n    - {name: p1, uptime: {uniform: [3h, 2h]}, " MACHINES
          "}\n",
     "f:6:36: uptime: uniform: a min that is not above the max"},
    {HEAD
     "population:\n  providers:\n    - {name: p1, uptime: {table: nowhere.csv, unit: 1s}, " MACHINES
     "}\n",
     "f:6:34: uptime: ./nowhere.csv: No such file or directory"},
    {HEAD "population:\n  providers:\n    - {name: p1, uptime: {table: nowhere.csv}, " MACHINES
          "}\n",
     "f:6:34: uptime: a table needs 'unit', what its 1 is: a duration such as 90s, 10min, 2h, 30d"},
    {HEAD "population:\n  providers:\n    - {name: p1, nodes: {file: nodes.csv}}\n",
     "f:6:7: 'nodes.csv' is real data, expected --data DIR that holds it"},
    {HEAD "population:\n  providers:\n    - {name: p1, " MACHINES "}\n    - {name: p1, " MACHINES
          "}\n",
     "f:7:7: group 'p1' is here already"},
    {HEAD "population:\n  providers:\n    - {name: p1, count: 3, machine_draw: each_once, " MACHINES
          "}\n",
     "f:6:7: p1: count is 3, expected at most its 1 machines, each once"},
    {HEAD "population:\n  users:\n    - {name: u1, deposit: 5 USDX}\n",
     "f:6:7: u1: deposit is in USDX, expected the user's token SPON"},
};

static const struct bad event_rows[] = {
    {HEAD P1 U1 "orders: [{at: 1h, user: u2, cpu: 1, max_price: 1 SPON, duration: 1h}]\n",
     "f:7:25: no users 'u2', did you mean 'u1'?"},
    {HEAD P1 U1 ORDER ", gpu: rtx4090}]\n", "f:7:10: gpu is stated, expected gpus: how many"},
    {HEAD P1 U1 "orders: [{at: soon, user: u1, cpu: 1, max_price: 1 SPON, duration: 1h}]\n",
     "f:7:15: at: found 'soon', expected a moment such as 2d, era 3 or era 3 + 10h"},
    {HEAD P1 U1 "orders: [{at: 1h, user: u1, cpu: 1, max_price: 1 USDX, duration: 1h}]\n",
     "f:7:10: max_price is in USDX, but u1 pays in SPON"},
    {HEAD P1 U1 "orders: [{at: 1h, user: u1, cpu: 1, max_price: 1 SPON}]\n",
     "f:7:10: an order needs 'duration', a duration such as 90s, 10min, 2h, 30d"},
    {HEAD P1 U1 ORDER ", update: {after: 1h}}]\n", "f:7:78: an update needs 'cpu', a whole number"},
    {HEAD P1 "workload: {generated: {orders_per_day: 5, requests: [{cpu: 1}]}}\n",
     "f:1:1: a workload needs users, expected population.users"},
    {HEAD P1 U1 "workload: {}\n", "f:7:11: a workload needs one of: generated or trace"},
    {HEAD P1 U1 "workload: {trace: {file: x}, generated: {orders_per_day: 5}}\n",
     "f:7:30: a workload cannot have both 'trace' and 'generated'"},
    {HEAD P1 U1 "workload: {trace: {file: x}}\n",
     "f:7:19: 'x' is real data, expected --data DIR that holds it"},
    {HEAD P1 "timeline: [{at: 1h}]\n",
     "f:6:12: an event of the timeline needs one of: down, price, set, halt, shrink, token, "
     "approve, lose, delay, twice, lag, hold, refuse, crash, exit, stake, "
     "unstake, auto_stake, claim, deposit, withdraw, transfer, give_wallet, rate or verdict"},
    {HEAD P1 "timeline: [{at: 1h, down: {who: p2, for: 1h}}]\n",
     "f:6:33: no providers or users 'p2', did you mean 'p1'?"},
    {HEAD P1 "timeline: [{at: 1h, lag: {who: p1, for: 1h}}]\n",
     "f:6:26: a lagging node needs 'by', a duration such as 90s, 10min, 2h, 30d"},
    {HEAD P1 "timeline: [{at: 1h, crash: {who: p1, by: 1s, for: 1h}}]\n",
     "f:6:38: 'by' is not a key of a crash"},
    {HEAD P1 U1 "timeline: [{at: 1h, lose: {who: u2, share: 10%, for: 1h}}]\n",
     "f:7:33: no providers or users 'u2', did you mean 'u1'?"},
    {HEAD P1 "timeline: [{at: 1h, lose: {who: p1, share: 0%, for: 1h}}]\n",
     "f:6:44: share: '0%' is out of range, expected 0.01% to 100%"},
    {HEAD P1 U1 "timeline: [{at: 1h, approve: u1}]\n",
     "f:7:30: 'u1' are users, expected providers"},
    {HEAD P1 "timeline: [{at: 1h, down: {who: p1.3, for: 1h}}]\n",
     "f:6:33: 'p1.3', expected p1 or p1.0"},
    {HEAD P1 "timeline: [{at: 1h, down: {who: 130% of providers, for: 1h}}]\n",
     "f:6:33: who: found '130% of providers', expected providers, users, a group, a member such as "
     "gpu.17, or \"30% of gpu\""},
    {HEAD P1 "timeline: [{at: 1h, exit: 0% of p1}]\n",
     "f:6:27: exit: found '0% of p1', expected a share above 0 % of a group, of providers or of "
     "users"},
    {HEAD P1 "timeline: [{at: 1h, exit: 30% of p1.0}]\n",
     "f:6:27: exit: found '30% of p1.0', expected a share above 0 % of a group, of providers or of "
     "users"},
    {HEAD P1 "timeline: [{at: 1h, down: {who: p1, for: 0s}}]\n",
     "f:6:42: for: '0s' is too small, expected at least 1s"},
    {HEAD P1 "timeline: [{at: 999999999999d, exit: p1}]\n",
     "f:6:17: at: found '999999999999d', expected a moment up to era 1000000 or 53000d"},
    {HEAD P1 "timeline: [{at: era 1000001, exit: p1}]\n",
     "f:6:17: at: found 'era 1000001', expected a moment up to era 1000000 or 53000d"},
    {HEAD P1 "timeline: [{at: 1h, stake: {who: p1, amount: 99999999999999999999999999 SPON}}]\n",
     "f:6:46: amount: found '99999999999999999999999999 SPON', expected an amount below 2^96 base "
     "units"},
    {HEAD P1 "timeline: [{at: 1h, stake: {who: p1, amount: 0 SPON}}]\n",
     "f:6:12: the amount is 0, expected more than that"},
    {HEAD P1 U1 "timeline: [{at: 1h, deposit: {who: u1, amount: 0 SPON}}]\n",
     "f:7:12: the amount is 0, expected more than that"},
    {HEAD P1 U1 "timeline: [{at: 1h, give_wallet: {who: u1, to: u1}}]\n",
     "f:7:12: give_wallet: who and to are the same user, expected two"},
    {HEAD P1 "timeline: [{at: 1h, set: {}}]\n",
     "f:6:12: set: no parameter is there, expected one or more"},
    {HEAD P1 "timeline: [{at: 1h, approve: p2}]\n",
     "f:6:30: no providers 'p2', did you mean 'p1'?"},
    {HEAD P1 U1 "timeline: [{at: 1h, approve: u1}]\n",
     "f:7:30: 'u1' are users, expected providers"},
    {HEAD P1 "timeline: [{at: 1h, approve: p1.3}]\n", "f:6:30: 'p1.3', expected p1 or p1.0"},
    {HEAD P1 "timeline: [{at: 1h, approve: [p1]}]\n",
     "f:6:30: approve: found a list, expected providers, a group, a member such as gpu.17, or "
     "\"30% of gpu\""},
    {HEAD P1 "timeline: [{at: 1h, down: {who: p1, for: 1h}, halt: {for: 1h}}]\n",
     "f:6:47: an event of the timeline cannot have both 'down' and 'halt'"},
    {HEAD P1 "timeline: [{at: era 7, halt: {for: 1h}}]\n",
     "f:6:17: at: 'era 7' is not in the run, expected a moment before its end, era 2 or 2d"},
    {"name: n\nquestion: q\neras: 100000\nparams: {era_seconds: 7d}\n",
     "f:3:7: eras: the run lasts 60480000000 s, expected at most 9223372036 s"},
    {HEAD P1 "timeline: [{at: 1h, halt: {for: 1h}}, {at: 2d, halt: {for: 1h}}]\n",
     "f:6:44: at: '2d' is not in the run, expected a moment before its end, era 2 or 2d"},
    {HEAD P1 "timeline: [{at: era 1 + 24h, halt: {for: 1h}}]\n",
     "f:6:17: at: 'era 1 + 24h' is not in the run, expected a moment before its end, era 2 or 2d"},
    {HEAD P1 U1 "orders: [{at: 3d, user: u1, cpu: 1, max_price: 1 SPON, duration: 1h}]\n",
     "f:7:15: at: '3d' is not in the run, expected a moment before its end, era 2 or 2d"},
    {HEAD P1 "timeline: [{at: 1h, set: {era_seconds: 1h}}, {at: 25h, halt: {for: 1h}}]\n",
     "f:6:51: at: '25h' is not in the run, expected a moment before its end, era 2 or 25h"},
    {HEAD P1 "timeline: [{at: 30h, halt: {for: 1h}}]\n"
             "arms: [{name: a}, {name: b, params: {era_seconds: 12h}}]\n",
     "f:6:17: arm 'b': at: '30h' is not in the run, expected a moment before its end, era 2 or 1d"},
    {HEAD P1 "arms: [{name: a}, {name: b, timeline: [{at: 50h, halt: {for: 1h}}]}]\n",
     "f:6:45: arm 'b': at: '50h' is not in the run, expected a moment before its end, era 2 or 2d"},
    {HEAD P1 "timeline: [{at: 1h, set: {heartbeat_s: 30s}}]\n",
     "f:6:12: 'heartbeat_s' stays as it is at genesis: expected under params"},
    {HEAD P1 "timeline: [{at: 1h, set: {commission_bps: 90%, provider_fee_bps: 90%}}]\n",
     "f:6:66: provider_fee_bps: '90%' breaks the rule: commission_bps and provider_fee_bps are at "
     "most 100% together, here 90% and 90%"},
    {HEAD P1 "timeline: [{at: 1h, set: {era_seconds: 5400s}}]\n",
     "f:6:40: era_seconds: '90min' breaks the rule: era_seconds is a multiple of 1h"},
    {HEAD P1 "timeline: [{at: 1h, set: {commission_bps: 99%, provider_fee_bps: 0%}}]\n",
     "f:6:43: commission_bps: '99%' breaks the rule: commission_bps and provider_fee_bps are at "
     "most 100% together, here 99% and 2%: they change one after the other, in the order of the "
     "file"},
    {HEAD P1 "timeline:\n  - {at: 3h, set: {commission_bps: 60%}}\n"
             "  - {at: 2h, set: {provider_fee_bps: 50%}}\n",
     "f:7:36: commission_bps: '60%' breaks the rule: commission_bps and provider_fee_bps are at "
     "most 100% together, here 60% and 50%"},
    {HEAD P1 "timeline: [{at: 2h, set: {provider_fee_bps: 50%}}]\n"
             "arms: [{name: a, timeline: [{at: 1h, set: {commission_bps: 60%}}]}]\n",
     "f:6:45: arm 'a': provider_fee_bps: '50%' breaks the rule: commission_bps and "
     "provider_fee_bps are at most 100% together, here 60% and 50%"},
    {HEAD P1 "timeline: [{at: 1h, set: {cooldown: 1h}}]\n",
     "f:6:27: set: no parameter 'cooldown', did you mean 'cooldown_s'?"},
    {HEAD "arms: [{name: a}, {name: a}]\n", "f:4:19: arm 'a' is here already"},
    {HEAD "arms: [{name: a, params: {commission_bps: 99%}}]\n",
     "f:4:43: arm 'a': commission_bps: '99%' breaks the rule: commission_bps and provider_fee_bps "
     "are at most 100% together, here 99% and 2%"},
    {HEAD "arms: [{name: a, counts: {gpu: 5}}]\n", "f:4:27: no providers 'gpu'"},
};

static const struct bad expect_rows[] = {
    {HEAD P1 "expect: [{always: provider.p1.teir == 6}]\n",
     "f:6:19: a provider has no 'teir', did you mean 'tier'?"},
    {HEAD P1 "expect: [{always: provder.p1.tier == 6}]\n",
     "f:6:19: nothing is called 'provder', did you mean 'provider'?"},
    {HEAD P1 "expect: [{always: provider.p2.tier == 6}]\n",
     "f:6:19: no providers 'p2', did you mean 'p1'?"},
    {HEAD P1 "expect: [{always: provider.p1.1.tier == 6}]\n",
     "f:6:19: no 'p1.1', expected p1.0 to p1.0, or p1.*"},
    {HEAD P1 "expect: [{always: provider.*.tier == 6}]\n",
     "f:6:19: names more than one, expected sum(), min(), max() or count() around it"},
    {HEAD P1 "expect: [{always: provider.p1.stake > 500}]\n",
     "f:6:37: an amount is not compared with a number"},
    {HEAD P1 "expect: [{always: provider.p1.up > true}]\n",
     "f:6:34: a truth is compared with == or != only"},
    {HEAD P1 "expect: [{always: provider.p1.tier}]\n",
     "f:6:19: expected something that is true or false"},
    {HEAD P1 "expect: [{always: provider.p1.tier == }]\n",
     "f:6:38: found the end, expected a path, a value or a function"},
    {HEAD P1 "expect: [{always: (provider.p1.tier == 6}]\n", "f:6:41: found the end, expected ')'"},
    {HEAD P1 "expect: [{always: provider.p1.tier == 6 maybe}]\n",
     "f:6:41: found 'maybe', expected the end, and, or"},
    {HEAD P1 "expect: [{always: \"provider.p1.tier == 6 %\"}]\n",
     "f:6:42: found '%', expected the end, and, or"},
    {HEAD P1 "expect: [{always: avg(provider.*.tier) == 6}]\n",
     "f:6:19: found 'avg', expected sum(), min(), max() or count()"},
    {HEAD P1 "expect: [{always: count(event LeaseClose) == 0}]\n",
     "f:6:31: no event 'LeaseClose', did you mean 'LeaseClosed'?"},
    {HEAD P1 "expect: [{always: count(event LeaseClosed where raison = user) == 0}]\n",
     "f:6:49: LeaseClosed has no field 'raison' to compare, did you mean 'reason'?"},
    {HEAD P1 "expect: [{always: count(event LeaseClosed where reason = expird) == 0}]\n",
     "f:6:58: it is never 'expird', expected one of expired, insufficient, provider_breach, user, "
     "provider, updated, did you mean 'expired'?"},
    {HEAD P1 "expect: [{always: count(event LeaseClosed where provider = p9) == 0}]\n",
     "f:6:60: nobody is called 'p9', expected a provider such as p1 or gpu.17, did you mean "
     "'p1'?"},
    {HEAD P1 "expect: [{always: count(event LeaseClosed where provider = p1.0) == 0}]\n",
     "f:6:60: nobody is called 'p1.0', expected 'p1'"},
    {HEAD P1 "expect: [{always: count(event LeaseClosed where token = USDC) == 0}]\n",
     "f:6:57: it is never 'USDC', expected one of SPON, USDX, did you mean 'USDX'?"},
    {HEAD P1 "expect: [{always: count(event OrderCreated where creator = tresury) == 0}]\n",
     "f:6:60: nobody is called 'tresury', expected a member or role such as p1 or gpu.17, did you "
     "mean 'treasury'?"},
    {HEAD P1 U1 "expect: [{never: lease.u1.0.reason == insuficient}]\n",
     "f:7:39: it is never 'insuficient', expected one of expired, insufficient, provider_breach, "
     "user, provider, updated, did you mean 'insufficient'?"},
    {HEAD P1 U1 "expect: [{always: lease.u1.0.state != clsoed}]\n",
     "f:7:39: it is never 'clsoed', expected one of active, closed, did you mean 'closed'?"},
    {HEAD P1 U1 "expect: [{always: not \"opne\" == order.u1.0.state}]\n",
     "f:7:23: it is never 'opne', expected one of open, matched, expired, cancelled, did you mean "
     "'open'?"},
    {HEAD P1 U1 "expect: [{always: count(lease.*.provider == p2) == 0}]\n",
     "f:7:45: nobody is called 'p2', expected a provider such as p1 or gpu.17, did you mean 'p1'?"},
    {HEAD P1 U1 "expect: [{always: closed != clsoed}]\n",
     "f:7:19: two names are compared, expected a path such as lease.u1.0.state for one"},
    {HEAD P1 "expect: [{always: count(event LeaseClosed where gross > 5) == 0}]\n",
     "f:6:57: an amount is not compared with a number"},
    {HEAD P1 "expect: [{always: count(event OrderMatched where price > 5 SPON) == 0}]\n",
     "f:6:50: OrderMatched does not say of which token 'price' is"},
    {HEAD P1 "expect: [{at: 1h}]\n",
     "f:6:10: an expectation needs 'that', an assertion such as provider.p1.tier == 6"},
    {HEAD P1 "expect: [{eventually: network.era > 0}]\n",
     "f:6:10: an expectation needs 'within', a moment such as 2d, era 3 or era 3 + 10h"},
    {HEAD P1 "expect: [{always: network.era > 0, within: 1h}]\n",
     "f:6:36: 'within' does not go with the other keys of an expectation"},
    {HEAD P1 "expect: [{at: 2d, that: network.era > 0}, {at: 49h, that: network.era > 0}]\n",
     "f:6:48: at: '49h' is not in the run, expected a moment up to its end, era 2 or 2d"},
    {HEAD P1 "expect: [{eventually: network.era > 0, within: era 3}]\n",
     "f:6:48: within: 'era 3' is not in the run, expected a moment up to its end, era 2 or 2d"},
    {HEAD P1 "expect: [{given: network.era > 0}]\n",
     "f:6:10: an expectation needs one of: at, always, never or eventually"},
    {HEAD P1 "expect: [{always: network.supply * network.minted > 5}]\n",
     "f:6:34: one of the two must be a number or a share"},
};

static void expect_refused(const struct bad *rows, size_t n)
{
    static const struct scenario_options options;
    struct scenario s;
    struct problem why;
    bool same = true;

    for (size_t i = 0; i < n; i++) {
        why = (struct problem){0};
        bool read = scenario_parse("f", rows[i].text, strlen(rows[i].text), &options, &s, &why);
        if (read || strcmp(why.text, rows[i].error) != 0) {
            printf("not ok - %s\n  expected %s\n  got      %s\n", rows[i].text, rows[i].error,
                   read ? "a scenario" : why.text);
            same = false;
        }
    }
    EXPECT(same);
}

static void test_options(void)
{
    static const char *const bad[][2] = {
        {"comission_bps=10%",
         "--set: no parameter 'comission_bps', did you mean 'commission_bps'?"},
        {"commission_bps", "--set: 'commission_bps', expected name=value"},
        {"commission_bps=99%",
         "--set: commission_bps: '99%' breaks the rule: commission_bps and provider_fee_bps are at "
         "most 100% together, here 99% and 2%"},
    };
    struct scenario s;
    struct problem why;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct scenario_options options = {.sets = &bad[i][0], .set_count = 1};
        EXPECT(!scenario_parse("f", HEAD, strlen(HEAD), &options, &s, &why));
        EXPECT(strcmp(why.text, bad[i][1]) == 0);
    }
    struct scenario_options profile = {.profile = "deployed-2025"};
    EXPECT(!scenario_parse("f", HEAD, strlen(HEAD), &profile, &s, &why));
    EXPECT(strcmp(why.text, "--profile: 'deployed-2025', expected whitepaper") == 0);
    struct scenario_options none = {0};
    EXPECT(!scenario_read("nowhere/f.yaml", &none, &s, &why));
    EXPECT(strcmp(why.text, "nowhere/f.yaml: No such file or directory") == 0);
}

int main(void)
{
    expect_refused(yaml_rows, ARRAY_LEN(yaml_rows));
    expect_refused(key_rows, ARRAY_LEN(key_rows));
    expect_refused(value_rows, ARRAY_LEN(value_rows));
    expect_refused(event_rows, ARRAY_LEN(event_rows));
    expect_refused(expect_rows, ARRAY_LEN(expect_rows));
    test_options();
    printf("ok - each bad scenario is answered in the words it should be\n");
    return EXIT_SUCCESS;
}
