#!/bin/sh
# A violation as a person meets it, in the build with planted mistakes $1 (make VARIANT=mutants): the
# run stops and says what does not hold, where, and with which command one gets there again; and
# that command does.
set -eu
orrery=$PWD/$1/orrery
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

is() { # name, command...
    name=$1
    shift
    if "$@"; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        cat "$scratch/said"
        status=1
    fi
}

ends() { # exit code, command...
    want=$1
    shift
    got=0
    "$@" >"$scratch/said" 2>&1 </dev/null || got=$?
    [ "$got" -eq "$want" ]
}

has() { # basic regular expression of a whole line
    grep -qx -e "$1" "$scratch/said"
}

# mutant, scenario, invariant with its §, subject, both sides
violates() {
    export ORRERY_MUTANT="$1"
    out=$scratch/$1
    file=scenarios/$2.yaml
    is "$1: the run stops" ends 1 "$orrery" run "$file" -q --out "$out"
    is "$1: which invariant, §, about what, both sides" has "orrery: violated: $3 $4: $5: .*"
    is "$1: event, block, time" has '  event [0-9]*, block [0-9]*, [0-9]*[.][0-9]* s of the run'
    is "$1: the run again" has "  The same again: orrery run $file --seed 1"
    is "$1: what is left looks like no run" sh -c "[ \$(ls -d '$out'/* | grep -c '[.]violated\$') -eq 1 ] &&
        [ \$(ls '$out' | wc -l) -eq 1 ] && [ ! -e '$out'/*/manifest.json ]"
    event=$(sed -n 's/^  event \([0-9]*\),.*/\1/p' "$scratch/said")
    command=$(sed -n 's/^  Replay to it: orrery //p' "$scratch/said")
    is "$1: the command names the event" test "${command##* }" = "$event"
    is "$1: the command replays to it" ends 1 sh -c "'$orrery' $command"
    is "$1: it is that event" has "record = $event"
    is "$1: it is the same violation" has "violated: $3 $4: $5: .*"
    is "$1: it was the last event" ends 1 "$orrery" replay "$out"/*
    is "$1: of all" has "every record did again what the log says: records $((event + 1))"
}

violates REFUND_SHORT lease-user-close 'LEA-5 (§4.6.3, §4.6.4)' 'lease 1' '407999 against 408000'
is 'the event before shows nothing' ends 0 "$orrery" replay "$out"/* --to-event "$((event - 1))"
is 'a second run leaves the same' ends 1 "$orrery" run "$file" -q --out "$out"
is 'and replaces the first' test "$(ls "$out" | wc -l)" -eq 1
is 'a test fails' ends 1 "$orrery" test "$file"
is 'a test says why' grep -q 'why: "violated: LEA-5 ' "$scratch/said"
is 'many runs fail' ends 1 "$orrery" run "$file" --seeds 1..2 -q --out "$scratch/many"
is 'many runs say how to see it' has "  The same again: orrery run $file --seed 1"
violates FIRST_HOUR_FREE outage-during-lease 'RWD-1 (§4.3.8)' 'provider 1' '0 against 1'
violates LAST_UNIT_KEPT lease-user-close 'ESC-11 (§4.6.3)' 'withdraw 11' '0 against 1'

# A swarm leaves a scenario that shows it.
export ORRERY_MUTANT=LESSER_SLASH
is 'a swarm fails' ends 1 "$orrery" swarm --seeds 1..20 --out "$scratch/swarm" -q
is 'a swarm says what and where' has 'seed [0-9]*: invariant SLA-3'
seed=$(sed -n 's/^seed \([0-9]*\): .*/\1/p' "$scratch/said")
is 'a swarm that cannot write' ends 2 "$orrery" swarm --seeds 1..20 --out /dev/null/out -q
is 'says how to see it all the same' has "  again orrery swarm --seeds [0-9]*[.][.][0-9]*"
is 'a swarm fails again' ends 1 "$orrery" swarm --seeds 1..20 --out "$scratch/swarm" -q
is 'a swarm says how to see it' has "  again orrery test $scratch/swarm/swarm-$seed.yaml"
is 'the scenario of a swarm fails' ends 1 "$orrery" test "$scratch/swarm/swarm-$seed.yaml"
is 'alike' grep -q 'why: "violated: SLA-3 ' "$scratch/said"
export ORRERY_MUTANT=NO_SUCH_MISTAKE
is 'no such mistake' ends 2 "$orrery" --version
unset ORRERY_MUTANT
is 'none is made unasked' ends 0 "$orrery" run scenarios/lease-user-close.yaml -q --out "$scratch/sound"
exit $status
