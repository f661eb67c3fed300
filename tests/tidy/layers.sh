#!/bin/sh
# Who may include whom (design: protocol <- actors, chain-mock, metrics <- sim), checked
# twice: on each file's own #include lines, and for .c files on what the compiler really
# read (.d files of the build folder $1).  A file without a rule, or that was not compiled,
# is an error: a check that sees nothing passes.
set -eu
build=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The first line whose prefix fits is the file's rule; then the folders that it may include.
cat >"$scratch/rules" <<'RULES'
protocol/invariants/    protocol/
protocol/               protocol/ !protocol/invariants/
actors/                 protocol/ actors/ !protocol/invariants/
chain-mock/state/       protocol/ chain-mock/state/ chain-mock/contracts/ chain-mock/watch/
chain-mock/contracts/   protocol/ chain-mock/state/ chain-mock/contracts/ chain-mock/watch/
chain-mock/watch/       protocol/ chain-mock/state/ chain-mock/contracts/ chain-mock/watch/
chain-mock/wire/        protocol/ chain-mock/wire/ !protocol/invariants/
chain-mock/door/        protocol/ chain-mock/state/ chain-mock/contracts/ chain-mock/wire/ chain-mock/door/ !protocol/invariants/
metrics/                protocol/ metrics/
sim/engine/             protocol/ actors/ chain-mock/state/ chain-mock/contracts/ sim/engine/
sim/node/               protocol/ actors/ chain-mock/ sim/engine/ sim/node/
sim/rpc/                protocol/ actors/ chain-mock/ sim/engine/ sim/node/ sim/rpc/
sim/live/               protocol/ actors/ chain-mock/ sim/engine/ sim/node/ sim/rpc/ sim/live/
sim/testnet/            protocol/ actors/ chain-mock/ sim/engine/ sim/scenario/ sim/run/ sim/node/ sim/rpc/ sim/live/ sim/testnet/
sim/scenario/           protocol/ actors/ chain-mock/state/ chain-mock/contracts/ sim/engine/ sim/scenario/
sim/run/                protocol/ actors/ chain-mock/state/ chain-mock/contracts/ chain-mock/watch/ metrics/ sim/engine/ sim/scenario/ sim/study/ sim/run/
sim/study/              protocol/ actors/ chain-mock/state/ chain-mock/contracts/ metrics/ sim/engine/ sim/scenario/ sim/study/
sim/bench/              protocol/ actors/ chain-mock/ metrics/ sim/engine/ sim/scenario/ sim/run/ sim/study/ sim/node/ sim/rpc/ sim/bench/
sim/swarm/              protocol/ actors/ chain-mock/state/ sim/engine/ sim/scenario/ sim/run/ sim/study/ sim/swarm/
sim/cli/                protocol/ actors/ chain-mock/ metrics/ sim/
RULES

folders=
for folder in protocol actors chain-mock metrics sim; do
    [ ! -d $folder ] || folders="$folders $folder"
done
# shellcheck disable=SC2086 # lists of words, here and below
find $folders \( -name '*.[ch]' -o -name '*.def' \) | sort >"$scratch/files"

# "source header" for each inclusion.
xargs grep -HE '^[ 	]*#[ 	]*include[ 	]*"' <"$scratch/files" |
    sed -E 's/^([^:]*):[^"]*"([^"]*)".*/\1 \2/' >"$scratch/pairs"
grep '\.c$' "$scratch/files" | while read -r source; do
    dep=$build/${source%.c}.d
    if [ -f "$dep" ]; then
        sed -e 's/\\$//' -e 's/^[^:]*://' "$dep" | tr -s ' ' '\n' |
            awk -v source="$source" '/^[a-z-]+\/.*\.(h|def)$/ {print source, $0}'
    else
        echo "$source !not-compiled"
    fi
done >>"$scratch/pairs"

sort -u "$scratch/pairs" | awk -v rules="$scratch/rules" -v files="$scratch/files" '
    function rule_of(file,    i) {
        for (i = 1; i <= n; i++)
            if (index(file, prefix[i]) == 1)
                return i
        return 0
    }
    function allowed(i, header,    k, words, count, word, ok) {
        count = split(may[i], words, " ")
        ok = 0
        for (k = 1; k <= count; k++) {
            word = words[k]
            if (substr(word, 1, 1) == "!") {
                if (index(header, substr(word, 2)) == 1)
                    ok = 0
            } else if (index(header, word) == 1)
                ok = 1
        }
        return ok
    }
    function complain(text) {
        print text
        bad = 1
    }
    BEGIN {
        while ((getline line < rules) > 0) {
            prefix[++n] = line
            sub(/ .*/, "", prefix[n])
            may[n] = substr(line, length(prefix[n]) + 1)
        }
        while ((getline line < files) > 0)
            if (!rule_of(line))
                complain(line ": no rule says what this folder may include")
    }
    $2 == "!not-compiled" { complain($1 ": not compiled"); next }
    rule_of($1) && !allowed(rule_of($1), $2) { complain($1 ": may not include " $2) }
    END { exit bad }' || status=1

# One place where an actor is called, one where the chain moves.
one_caller() { # what, where
    # shellcheck disable=SC2086
    callers=$(grep -rlE -e "$1" $folders --include='*.c' | sort | tr '\n' ' ')
    [ "$callers" = "$2 " ] || {
        echo "$1 must be called in $2 alone, is called in: $callers"
        status=1
    }
}
one_caller '->on_event\(' sim/engine/world.c
# A call is indented, a definition is not.
one_caller '^ .*[^a-z_]world_dispatch\(' sim/engine/process.c
one_caller '^ .*[^a-z_]chain_step\(' sim/engine/process.c
exit "${status-0}"
