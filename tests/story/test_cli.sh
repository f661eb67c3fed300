#!/bin/sh
# The program as a person meets it: what it says, what it ends with, what it leaves behind.
set -eu
orrery=$PWD/$1/orrery
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

fail() {
    echo "not ok - $1"
    [ ! -f "$scratch/said" ] || head -n 20 "$scratch/said"
    status=1
}

# name, exit code expected, basic regular expression that a line of what it says matches; -- command
says() {
    name=$1
    code=$2
    pattern=$3
    shift 4
    got=0
    "$@" >"$scratch/said" 2>&1 </dev/null || got=$?
    if [ "$got" -ne "$code" ]; then
        fail "$name: exit code $got instead of $code"
    elif ! grep -q -e "$pattern" "$scratch/said"; then
        fail "$name: nothing like '$pattern'"
    else
        echo "ok - $name"
    fi
}

same() { # name, folder, folder: all files but the manifests are the same
    if diff -r -x manifest.json "$2" "$3" >"$scratch/said" 2>&1; then echo "ok - $1"; else fail "$1"; fi
}

is() { # name, command...
    name=$1
    shift
    rm -f "$scratch/said"
    if "$@"; then echo "ok - $name"; else fail "$name"; fi
}

only() { # folder holds exactly these names
    folder=$1
    shift
    [ "$(ls -A "$folder")" = "$(printf '%s\n' "$@")" ]
}

lease=scenarios/lease-expired.yaml
outage=scenarios/outage-during-lease.yaml

# ---- help and usage ----
says 'help lists the commands' 0 '^  explain ' -- "$orrery" --help
says 'each command has its help' 0 '^Usage: orrery run \[OPTION...\] SCENARIO' -- "$orrery" run --help
says 'help of a command, the other way' 0 '^Usage: orrery diff' -- "$orrery" help diff
says 'a version' 0 '^orrery ' -- "$orrery" --version
says 'nothing asked' 2 '^Usage: ' -- "$orrery"
says 'no such command' 2 "'rnu' is no command, did you mean 'run'?" -- "$orrery" rnu
says 'no such option' 2 "unknown option --sedds, did you mean '--seeds'?" -- "$orrery" run --sedds=1..2 $lease
says 'benchmarks are listed' 0 '^phold  ' -- "$orrery" bench
says 'no such benchmark' 2 "there is no benchmark 'phlod', did you mean 'phold'?" -- "$orrery" bench phlod
says 'a benchmark measures' 0 'events a second of one core .*median of 2' -- "$orrery" bench market --providers 5 --orders 10 --rounds 2
says 'no plot without sizes' 2 'draws a benchmark of sizes' -- "$orrery" bench rpc --plot "$scratch/x.svg"
says 'no plot of which nobody can have the file' 2 'nowhere/x.svg: No such file' -- \
    "$orrery" bench tiers --providers 5 --eras 2 --plot "$scratch/nowhere/x.svg"
says 'no size of what has none' 2 'bench: phold has no use for --providers' -- "$orrery" bench phold --providers 5
says 'one way to print' 2 'json and --markdown are two ways' -- "$orrery" bench tiers --providers 5 --eras 2 --json --markdown
says 'a benchmark is drawn' 0 '^tiers, 5 providers' -- "$orrery" bench tiers --providers 5 --eras 2 --plot "$scratch/x.svg"
is 'as a picture' grep -q '^<svg' "$scratch/x.svg"
says 'a year has tables' 0 'rows of tables  *1[0-9][0-9]$' -- "$orrery" bench year --providers 5 --orders 10 --eras 2
says 'a swarm passes' 0 '^passed  all of them; the next is --seed 21' -- "$orrery" swarm --seeds 1..20 --out "$scratch/swarm"
is 'and leaves nothing' test ! -e "$scratch/swarm"
says 'it says where it never came' 0 '^  job       ordering   -> open  *[0-9]' -- "$orrery" swarm --seeds 1..20 -q
says 'a swarm for a while' 0 '^canary  seen: "network.orders > 0", shrunk from [0-9]* entries to 3' -- "$orrery" swarm --time 1s --seed 7
says 'a swarm whose time is up' 0 '^passed  all of them; [0-9 ]* more were asked for and not tried; the next is' -- \
    "$orrery" swarm --time 1s --seeds 1..100000
says 'a swarm to the last seed' 0 '^passed  all of them$' -- "$orrery" swarm --seeds 18446744073709551615..18446744073709551615
says 'a swarm that is stopped' 0 '^passed  all of them; the next is --seed [0-9]*$' -- \
    timeout --preserve-status --foreground -s INT 2 "$orrery" swarm --time 10min
says 'a swarm for no time' 2 '--time 0s: expected a time of up to a year, as 60s, 10min' -- "$orrery" swarm --time 0s
says 'a benchmark without its demand' 2 '--demand holds: expected scaled or held' -- "$orrery" bench market --demand holds
says 'no argument' 2 'expected SCENARIO' -- "$orrery" run
says 'no state file' 2 "testnet: --state '': expected the name of a file" -- "$orrery" testnet --state ''
says 'no such arm, live' 2 "there is no arm 'comission-10', did you mean 'commission-10'?" -- \
    "$orrery" testnet scenarios/fee-change.yaml --arm comission-10
says 'an argument too many' 2 "'x' is one argument too many" -- "$orrery" run $lease x
says 'no number' 2 'expected a whole number' -- "$orrery" run $lease --seed -1
says 'seeds backwards' 2 'expected A..B' -- "$orrery" run $lease --seeds 5..2
says 'seed and seeds' 2 'expected one of them' -- "$orrery" run $lease --seed 1 --seeds 1..2
says 'no folder' 2 "--out '': expected the path of a folder" -- "$orrery" run $lease --out ''
says 'no such file' 2 'nowhere.yaml' -- "$orrery" run nowhere.yaml
says 'no such parameter' 2 "did you mean 'commission_bps'?" -- "$orrery" run $lease --set comission_bps=10%
says 'a value out of range' 2 'commission_bps' -- "$orrery" run $lease --set commission_bps=101%
says 'no such profile' 2 'whitepaper' -- "$orrery" run $lease --profile withepaper
says 'no such arm' 2 "did you mean 'commission-10'?" -- "$orrery" run scenarios/fee-change.yaml --arm comission-10
says 'a parameter explained' 0 '20%' -- "$orrery" params --explain commission_bps
says 'no such parameter to explain' 2 'commission_bps' -- "$orrery" params --explain commission_bp
is 'parameters are JSON' sh -c "'$orrery' params --json | python3 -m json.tool >/dev/null"
says 'every contract with its address' 0 '^0x3854Be113E7B1C7fD8CF4805dF6c7f30d1FA1bC6  Escrow$' -- "$orrery" abi
says 'a contract of the exact set' 0 '^function createOrder(uint32 wallet, uint32 token, ' -- "$orrery" abi OrreryOrder
says 'a contract by its address' 0 '^event Transfer(' -- "$orrery" abi 0x96ca5955f25648fb44c5d772badb4313000c66fe
says 'no such contract' 2 "did you mean 'Escrow'" -- "$orrery" abi Escro
is 'the ABI of all is JSON' sh -c "'$orrery' abi --json | python3 -m json.tool >/dev/null"
is 'the ABI of one is JSON' sh -c "'$orrery' abi Bid --json | python3 -m json.tool >/dev/null"
is 'the schema is JSON' sh -c "'$orrery' schema | python3 -m json.tool >/dev/null"

# ---- a wrong scenario: file, line, column, nearest name ----
sed 's/^eras:/ears:/' $lease >"$scratch/wrong.yaml"
says 'a wrong key' 2 "wrong.yaml:[0-9]*:[0-9]*: .*did you mean 'eras'?" -- "$orrery" run "$scratch/wrong.yaml"
{ cat $lease; echo 'output: {tables: [eras, erras]}'; } >"$scratch/tables.yaml"
for command in run test; do
    says "a wrong table in a $command" 2 "tables.yaml:$(wc -l <"$scratch/tables.yaml"):25: tables: .*'erras', did you mean 'eras'?" -- \
        "$orrery" $command "$scratch/tables.yaml"
done
says 'a wrong key in a test' 2 '^not ok 1 ' -- "$orrery" test "$scratch/wrong.yaml"

# ---- one run ----
says 'a run' 0 '^Invariants .* none violated' -- "$orrery" run $lease --out "$scratch/a"
run=$(echo "$scratch"/a/lease-expired-*)
for file in manifest.json datapackage.json scenario.resolved.json run.db run.log runs.csv leases.csv \
    checkpoints.csv report.html; do
    is "it leaves $file" test -s "$run/$file"
done
sed 's/amount: 100 SPON/amount: 900 SPON/' scenarios/misconduct.yaml >"$scratch/greedy.yaml"
says 'what it refused of what somebody did' 1 '^Note .* refused 1 .* unstake saver at 345602 s: ' \
    -- "$orrery" run "$scratch/greedy.yaml" --out "$scratch/refused"
sed -e '/^expect:/,$d' -e 's/exit: leaver/halt: {for: 99d}/' scenarios/misconduct.yaml >"$scratch/halted.yaml"
says 'a halt that outlasts the run' 0 '^Note .* stands still from second 262800 to the end' \
    -- "$orrery" run "$scratch/halted.yaml" --out "$scratch/halted"
is 'and its row' grep -q '^1,262800,8816400$' "$scratch"/halted/*/halts.csv
sed -e '/^expect:/,$d' -e 's/at: era 3 + 1h, exit: leaver/at: 0s, stake: {who: leaver, amount: 10 SPON}/' scenarios/misconduct.yaml >"$scratch/twice.yaml"
says 'a first stake that was refused' 0 '^# Note: .* refused 1 .* stake leaver at 4 s: not enough' -- "$orrery" test "$scratch/twice.yaml"
says 'in each of many' 0 '^Note .* refused 3 .* stake leaver at 4 s: not enough' -- \
    "$orrery" run "$scratch/twice.yaml" --seeds 1..3 --out "$scratch/refused"
says 'what the chain refused of the timeline' 1 '^Note .* refused 4 .* approve first at 7202 s: .* does not wait for' \
    -- "$orrery" run scenarios/approval.yaml --set auto_approve=on --out "$scratch/refused"
says 'quiet says where' 0 "^$scratch/b/lease-expired-[0-9a-f]*\$" -- "$orrery" run $lease -q --out "$scratch/b"
"$orrery" run $lease -q --out "$scratch/b" >"$scratch/quiet"
is 'quiet says nothing else' test "$(wc -l <"$scratch/quiet")" -eq 1
says 'a run is a function of its input' 0 '^The runs are the same' -- "$orrery" diff "$scratch"/a/* "$scratch"/b/*
"$orrery" run $lease --json --out "$scratch/b" >"$scratch/json"
is 'figures are JSON' python3 -c "
import json
run = json.load(open('$scratch/json'))
assert run['figures']['leases'] == 1 and run['seed'] == 1
assert all(e['verdict'] == 'passed' for e in run['expectations'])"
says 'actors are pure' 0 'none violated' -- "$orrery" run $outage --check-pure --out "$scratch/c"
says 'another seed' 0 . -- "$orrery" run $lease -q --seed 2 --out "$scratch/d"
says 'differs, and where' 1 'the first record that differs' -- "$orrery" diff "$scratch"/a/* "$scratch"/d/*
says 'no run to compare' 2 . -- "$orrery" diff "$scratch"/a/* "$scratch/nowhere"

# Without a log, after the last checkpoint (here: without one) only the ends tell runs apart.
{ cat $lease; echo 'output: {log: false}'; } >"$scratch/dumb.yaml"
for place in 1 2 3; do
    "$orrery" run "$scratch/dumb.yaml" -q --seed $((place / 2 + 1)) --out "$scratch/dumb-$place" >/dev/null
done
says 'the ends differ' 1 '! rolling_hash = ' -- "$orrery" diff "$scratch"/dumb-1/* "$scratch"/dumb-2/*
says 'the ends are the same' 0 '^The runs are the same' -- "$orrery" diff "$scratch"/dumb-2/* "$scratch"/dumb-3/*
rm "$scratch"/dumb-3/*/manifest.json
says 'neither log nor end' 3 'cannot be said' -- "$orrery" diff "$scratch"/dumb-2/* "$scratch"/dumb-3/*
"$orrery" run $lease -q --seeds 1..2 --out "$scratch/dumb-4" >/dev/null
"$orrery" run $lease -q --seeds 1..3 --out "$scratch/dumb-5" >/dev/null
says 'studies differ in a run' 1 'it has 2 | 3' -- "$orrery" diff "$scratch"/dumb-4/* "$scratch"/dumb-5/*

# ---- what is made of a run ----
says 'a replay' 0 '^every record did again' -- "$orrery" replay "$run"
says 'a replay to a record' 0 '^record = 7$' -- "$orrery" replay "$run" --to-event 7
says 'a replay to a record that is not there' 2 'counted from 0' -- "$orrery" replay "$run" --to-event 99999999
cp -r "$run" "$scratch/cut"
head -c "$(($(wc -c <"$run/run.log") / 2))" "$run/run.log" >"$scratch/cut/run.log"
says 'a log that was cut is inconclusive' 3 . -- "$orrery" replay "$scratch/cut"
python3 -c "
log = bytearray(open('$run/run.log', 'rb').read())
log[len(log) // 2] ^= 4
open('$scratch/cut/run.log', 'wb').write(log)"
says 'a log with one changed byte' 4 '^the record is not what was written: record [0-9]*$' -- "$orrery" replay "$scratch/cut"
says 'shows the event' 4 '^record = [0-9]*$' -- "$orrery" replay "$scratch/cut"
says 'and what differs' 4 '^  > ' -- "$orrery" replay "$scratch/cut"
echo junk >"$scratch/cut/run.log"
says 'no log' 2 'no log' -- "$orrery" replay "$scratch/cut"
says 'a rerun' 0 '^Same as before' -- "$orrery" rerun "$run/manifest.json" --out "$scratch/again"
same 'a rerun has the same bytes' "$run" "$(echo "$scratch"/again/*)"
sed 's/"rolling_hash":.*/"rolling_hash":	"0000000000000000",/' "$run/manifest.json" >"$scratch/cut/manifest.json"
says 'what is not the same again is not deterministic' 4 'not the same' -- \
    "$orrery" rerun "$scratch/cut" --out "$scratch/again"
cp -r "$run" "$scratch/lie"
sed 's/"rolling_hash":.*/"rolling_hash":	"0000000000000000",/' "$run/manifest.json" >"$scratch/lie/manifest.json"
says 'a manifest that says another end' 4 'manifest.json says .*0000000000000000, it is ' -- "$orrery" rerun "$scratch/lie"
rm -r "$scratch/lie.again"
cp "$run/manifest.json" "$scratch/lie/manifest.json"
says 'a rerun without --out' 0 '^Same as before: [0-9]* files' -- "$orrery" rerun "$scratch/lie"
is 'leaves nothing' test ! -e "$scratch/lie.again"
says 'a rerun of the folder where one is' 0 '^Same as before' -- sh -c "cd '$scratch/lie' && '$orrery' rerun ."
is 'leaves nothing there' sh -c "! ls -d '$scratch'/*.again '$scratch'/lie/*.again 2>/dev/null"
sed 's/expired/expirex/' "$run/leases.csv" >"$scratch/lie/leases.csv"
echo x >>"$scratch/lie/wallets.csv"
says 'a file that was changed' 4 'not the same: leases.csv differs from line 2, byte ' -- "$orrery" rerun "$scratch/lie"
says 'how many were' 4 '^  2 of [0-9]* files differ' -- "$orrery" rerun "$scratch/lie"
is 'its folder is left alone' grep -q expirex "$scratch/lie/leases.csv"
same 'what it is now lies beside it' "$run" "$(echo "$scratch"/lie.again/*)"
cp "$run"/*.csv "$scratch/lie"
rm "$scratch/lie/orders.csv"
says 'a file that is gone' 4 'orders.csv was not there before' -- "$orrery" rerun "$scratch/lie"
mv "$scratch/lie" "$scratch/again/$(basename "$run")x"
rm -r "$scratch"/again/*[!x]
mv "$scratch"/again/*x "$scratch/again/$(basename "$run")"
says 'a rerun into the place of what it is compared with' 4 '[.]again/lease-expired' -- \
    "$orrery" rerun "$scratch"/again/* --out "$scratch/again"
is 'replaces nothing' test ! -e "$scratch/again/$(basename "$run")/orders.csv"
rm -r "$scratch"/again/*
is 'the page says what was expected' grep -q '<td>passed</td><td><code>at 72000 s: lease.u1.0.reason == expired' "$run/report.html"
is 'and what held' grep -q '<td>ESC-1</td><td>deposited == ' "$run/report.html"
cp "$run/report.html" "$scratch/page"
rm "$run/report.html"
says 'a report again' 0 'report.html' -- "$orrery" report "$run"
is 'it is the same page' cmp "$run/report.html" "$scratch/page"
says 'no manifest' 2 'manifest.json' -- "$orrery" report "$scratch"

# ---- explain: numbers of settled's rows 53 and 56, two started hours at 2 SPON an hour ----
"$orrery" run $outage -q --out "$scratch/e" >/dev/null
run=$(echo "$scratch"/e/*)
says 'a provider by name' 0 '^Provider 1, p1, ' -- "$orrery" explain "$run" provider p1 --era 0
is 'two started hours' sh -c "[ \$('$orrery' explain '$run' provider 1 --era 0 | grep -c 'deployment, instant') -eq 2 ]"
says 'what was taken' 0 'taken from own stake 2; not there 0' -- "$orrery" explain "$run" provider 1 --era 0
says 'the tier and its table' 0 '^  > 7 \|^  > [1-6] ' -- "$orrery" explain "$run" provider 1 --era 0
says 'and what else tier 1 asks' 0 'papers too, SOC2 and a valid audit report: NO ' -- "$orrery" explain "$run" provider 1 --era 0
is 'the manifest says which compiler' grep -qE '"compiler":	"(gcc|clang) [0-9]+[.]' "$run/manifest.json"
"$orrery" run scenarios/misconduct.yaml -q --out "$scratch/left" >/dev/null
left=$(echo "$scratch"/left/*)
says 'why a provider may not bid' 0 'bidding off: it is leaving' -- "$orrery" explain "$left" provider leaver --era 4
says 'nor another' 0 'bidding off: struck by a verdict' -- "$orrery" explain "$left" provider guilty --era 1
says 'and since when' 0 'standing: .*; exiting era 3, 01:00:02$' -- "$orrery" explain "$left" provider leaver --era 4
"$orrery" run scenarios/approval.yaml -q --out "$scratch/never" >/dev/null
says 'who was never approved' 0 'bidding off: not approved' -- "$orrery" explain "$scratch"/never/* provider never.0 --era 1
says 'a lease' 0 'debit = min(lock, floor(' -- "$orrery" explain "$run" lease 1
says 'an order' 0 '  won$' -- "$orrery" explain "$run" order 1
says 'no such provider' 2 "no provider 'p2' in this run" -- "$orrery" explain "$run" provider p2
says 'no such lease' 2 'no lease 99' -- "$orrery" explain "$run" lease 99
says 'no such order' 2 "order '99999999999999999999': expected its number" -- \
    "$orrery" explain "$run" order 99999999999999999999
says 'two scenarios are no pair' 1 '^they are runs of two scenarios: Who pays whom .* | ' -- "$orrery" diff "$left" "$run"
says 'no such era' 2 'era 77' -- "$orrery" explain "$run" provider 1 --era 77
says 'no such thing' 2 "did you mean 'lease'?" -- "$orrery" explain "$run" leese 1
says 'no such run' 2 'run.db' -- "$orrery" explain "$scratch/nowhere" lease 1

# ---- many runs ----
says 'seeds' 0 '4 seeds' -- "$orrery" run $outage --seeds 1..4 -j 1 --out "$scratch/j1"
says 'seeds on all cores' 0 '4 seeds' -- "$orrery" run $outage --seeds 1..4 -j 4 --out "$scratch/j4"
"$orrery" run scenarios/fee-change.yaml --seeds 1..2 --out "$scratch/arms" >"$scratch/table"
is 'no line ends in a blank' sh -c "grep -q '^Orders  ' '$scratch/table' && ! grep ' \$' '$scratch/table'"
says 'a rerun of many' 0 '^Same as before' -- "$orrery" rerun "$scratch"/j1/* --out "$scratch/again"
rm "$scratch"/j?/*/summary.html # has the command line in it
same 'the same bytes for any -j' "$(echo "$scratch"/j1/*)" "$(echo "$scratch"/j4/*)"

study=$(echo "$scratch"/j4/*)
says 'no page of one run of many' 2 'holds 4 runs, whose page is summary.html' -- "$orrery" report "$study"
is 'and none is left' test ! -e "$study/report.html"
says 'nothing to explain of many' 2 'holds 4 runs .* expected the folder of one' -- "$orrery" explain "$study" provider 1

# ---- a trace: the id is of what its file holds, and a rerun takes no other ----
mkdir "$scratch/data"
head='cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,pod_phase,creation_time,deletion_time,scheduled_time'
printf '%s\n' "$head" 1000,1024,0,0,,Running,60,3600,70 2000,1024,0,0,,Running,600,900,610 >"$scratch/data/jobs.csv"
{ sed '/^orders:/,$d' $lease; echo 'workload: {trace: {file: jobs.csv}}'; } >"$scratch/trace.yaml"
says 'a trace' 0 '^Results ' -- "$orrery" run "$scratch/trace.yaml" --data "$scratch/data" --out "$scratch/t"
run=$(echo "$scratch"/t/*)
is 'the manifest names its data' grep -q '"file":	"jobs.csv"' "$run/manifest.json"
says 'a rerun reads it again' 0 '^Same as before' -- "$orrery" rerun "$run" --data "$scratch/data"
sed -i '$d' "$scratch/data/jobs.csv"
says 'a rerun from another file' 2 "resolved.json:[0-9]*:[0-9]*: trace: 'jobs.csv' is another file" -- \
    "$orrery" rerun "$run" --data "$scratch/data"
says 'a replay too' 2 "'jobs.csv' is another file" -- "$orrery" replay "$run" --data "$scratch/data"
says 'a run of it' 0 . -- "$orrery" run "$scratch/trace.yaml" -q --data "$scratch/data" --out "$scratch/t"
is 'is another run' sh -c "[ \$(ls '$scratch/t' | wc -l) -eq 2 ]"

# ---- files named from the root ----
sed "s|{file: jobs.csv}|{file: $scratch/data/jobs.csv}|" "$scratch/trace.yaml" >"$scratch/rooted.yaml"
says 'a trace named from the root' 0 '^Results ' -- "$orrery" run "$scratch/rooted.yaml" --out "$scratch/t"
says 'needs no --data' 0 '^ok 1 ' -- "$orrery" test "$scratch/rooted.yaml"
sed "s|^      ask: .*|&\n      stake_factor: {table: $PWD/scenarios/fitted/ask_ratio_bps.csv, unit: 1bps}|" $lease >"$scratch/table.yaml"
says 'a table named from the root' 0 '^Results ' -- "$orrery" run "$scratch/table.yaml" --out "$scratch/t"

# ---- expectations ----
sed 's/reason == expired/reason == user/' $lease >"$scratch/else.yaml"
says 'an expectation that fails' 1 '^not ok .*reason == user' -- "$orrery" test "$scratch/else.yaml"
says 'and where it stands' 1 'at: .*else.yaml:[0-9]*:[0-9]*' -- "$orrery" test "$scratch/else.yaml"
says 'a run says so too, and is kept' 1 '^Not so ' -- "$orrery" run "$scratch/else.yaml" --out "$scratch/f"
is 'kept' test -s "$(echo "$scratch"/f/*)/manifest.json"
is 'its page says so' grep -q 'class="fails">failed</td><td><code>at 72000 s: lease.u1.0.reason == user' "$scratch"/f/*/report.html
says 'a rerun of it says so' 1 '^Not so ' -- "$orrery" rerun "$scratch"/f/*
says 'and that it is the same' 1 '^Same as before' -- "$orrery" rerun "$scratch"/f/*
sed 's/expired/expirex/' "$(echo "$scratch"/f/*)/leases.csv" >"$scratch/leases"
cp "$scratch/leases" "$(echo "$scratch"/f/*)/leases.csv"
says 'or that it is not' 4 'not the same: leases.csv' -- "$orrery" rerun "$scratch"/f/*
sed 's/lease.u1.0.reason == expired/lease.u1.7.reason == expired/' $lease >"$scratch/empty.yaml"
says 'a vacuous one fails' 1 '^not ok .*lease.u1.7' -- "$orrery" test "$scratch/empty.yaml"
says 'traces need --data' 0 '# SKIP needs --data' -- "$orrery" test scenarios/trace-openb.yaml
says 'a run without its trace' 2 'data' -- "$orrery" run scenarios/trace-openb.yaml --out "$scratch/g"

# ---- nothing half-written ----
limited() { # blocks of 512 bytes that a file may have; then a write fails as on a full disk
    sh -c 'ulimit -f "$1"; shift; exec "$@"' sh "$@"
}
says 'a disk that is full' 2 'orrery: .*: ' -- limited 64 "$orrery" run $outage --out "$scratch/full"
is 'leaves nothing' only "$scratch/full" ''
says 'a disk that is full, for many' 2 'orrery: .*: ' -- limited 64 "$orrery" run $outage --seeds 1..2 --out "$scratch/full"
is 'leaves nothing of many' only "$scratch/full" ''
big=$(echo "$scratch"/e/*)
cp "$big/report.html" "$scratch/page"
says 'a disk that is full, for a page' 2 'File too large' -- limited 128 "$orrery" report "$big"
is 'the page before is there' cmp "$big/report.html" "$scratch/page"
is 'and no other' sh -c "! ls '$big' | grep partial"
says 'a full standard output' 2 'cannot write the results' -- sh -c "'$orrery' params >/dev/full"
says 'no folder can be made' 2 'cannot make the folder' -- "$orrery" run $lease --out /dev/null/out

"$orrery" run scenarios/baseline.yaml -q --out "$scratch/kill" >/dev/null 2>&1 &
child=$!
for _ in $(seq 200); do
    [ ! -s "$(echo "$scratch"/kill/*.partial/bids.csv)" ] || break
    sleep 0.05
done
kill -9 "$child"
wait "$child" 2>/dev/null || true
is 'a killed run leaves only what is called partial' sh -c "ls '$scratch/kill' | grep -c . >/dev/null &&
    [ \"\$(ls '$scratch/kill' | grep -vc '[.]partial\$')\" -eq 0 ]"

exit $status
