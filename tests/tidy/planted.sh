#!/bin/sh
# The lint, tested: in a scratch copy, plant bad files where nobody would look, all at once,
# and demand that each is found, for the right reason, by the build of each compiler.
set -eu
here=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
shared=$here/../shared
mkdir "$scratch/tree"
# With dates and objects, so that what is built already is not built again.
for name in Makefile .ci .clang-format .clang-tidy *; do
    case $name in build | out | notebooks | scenarios) continue ;; esac
    [ ! -e "$name" ] || [ -e "$scratch/tree/$name" ] || cp -a "$name" "$scratch/tree"
done
mkdir "$scratch/tree/build"
for build in gcc-release clang-release; do
    [ ! -d "build/$build" ] || cp -a "build/$build" "$scratch/tree/build"
done
[ ! -d "$shared" ] || ln -s "$shared" "$scratch/shared"
cd "$scratch/tree"
status=0
fail() {
    echo "not ok - $*"
    status=1
}

lint() { # compiler, -k: go on past what does not compile; of the second one, what hangs on it
    unset MAKEFLAGS MAKELEVEL
    case $1 in
    gcc) make -s -k CC=gcc lint >out 2>&1 ;;
    *) make -s -k CC="$1" lint-build >out 2>&1 ;;
    esac
}

plant() { # file; its content is on stdin
    mkdir -p "$(dirname "$1")"
    cat >"$1"
    echo "$1" >>../planted
}

finds() { # what...: a complaint that the lint must have made
    for what; do
        grep -qE -e "$what" out || fail "$cc: the lint does not say: $what"
    done
}

uproot() {
    xargs rm -f <../planted
    : >../planted
}

bad='#include <stddef.h>
void *malloc(size_t n);
void *planted_NAME(void);
void *planted_NAME(void)
{
    static size_t calls;
    const double half = 0.5;
    calls += (size_t)(half * 8);
    return malloc(calls);
}'
literal='unsigned planted(unsigned n);
unsigned planted(unsigned n)
{
    return n + (unsigned)(1.5 * 8);
}'
soft='unsigned planted(unsigned n);
unsigned planted(unsigned n)
{
    __typeof__(1e0) x = n;
    return (unsigned)(x * x);
}'
nothing='typedef int nothing;'
long() { # lines of a function
    printf 'void planted_long(void);\nvoid planted_long(void)\n{\n'
    yes '    ;' | head -n "$1"
    printf '}\n'
}

for cc in gcc clang; do
    # That it passes as it is, is seen at the end; now what is planted is all there is to compile.
    (unset MAKEFLAGS MAKELEVEL && make -s CC=$cc all >out 2>&1) || {
        fail "$cc: the copy does not build"
        cat out
        exit 1
    }

    number=0
    pure='protocol/new/deep actors/new chain-mock/state/new chain-mock/contracts chain-mock/wire'
    for folder in $pure; do
        number=$((number + 1))
        echo "$bad" | sed "s/NAME/$number/" | plant $folder/planted.c
    done
    echo "$literal" | plant protocol/planted_literal.c
    { echo '#include "sim/engine/version.h"'; echo "$nothing"; } | plant chain-mock/contracts/planted_up.c
    { echo '#include "actors/actor.h"'; echo "$nothing"; } | plant chain-mock/state/planted_side.c
    { echo '#include "chain-mock/wire/rlp.h"'; echo "$nothing"; } | plant chain-mock/state/planted_wire.c
    { echo '#include "chain-mock/state/chain.h"'; echo "$nothing"; } | plant chain-mock/wire/planted_state.c
    { echo '#include "sim/engine/version.h"'; echo "$nothing"; } | plant metrics/planted_up.c
    printf '%s\n%s\n' '#include <stdio.h>' 'int planted_open(void);
int planted_open(void)
{
    return fopen("x", "r") == NULL;
}' | plant metrics/planted_open.c
    { echo '#include <time.h>'; echo "$nothing"; } | plant actors/planted_time.c
    echo "$nothing" | plant chain-mock/planted.c
    echo "$nothing" | plant elsewhere/planted.c
    { echo '#include "sim/engine/version.h"'; } | plant protocol/planted.h
    long 69 | plant sim/engine/planted_long.c
    { echo "$nothing"; yes '/* */' | head -n 600; } | plant sim/engine/planted_file.c
    printf 'typedef struct planted {\n\tint x; \n} planted; /* TOD%s */\n' O | plant sim/engine/planted_words.c
    printf '/* /hom%s/somebody, pypi%sorg */\n%s\n' e . "$nothing" | plant sim/engine/planted_path.c
    printf '{}' | plant scenarios/planted.json
    printf 'int   planted_format;\n' | plant sim/engine/utils.h
    printf '/* settled 104: "as I like it" */\n%s\n' "$nothing" | plant sim/engine/planted_quote.c
    printf 'void planted_step(void);\nvoid planted_step(void)\n{\n    (void)sizeof(chain_step(0, 0));\n}\n' |
        sed '1i #include "chain-mock/state/chain.h"' | plant sim/study/planted_step.c
    # Makefile, README.md ... are allowed names, this is not:
    echo x | plant planted_top
    lint $cc && fail "$cc: the lint passes over everything that was planted"
    grep -q "tests/tidy/pure.sh" out || { fail "$cc: what is planted does not compile"; grep error: out; }

    for folder in $pure; do
        finds "$folder/planted.c: calls malloc" "$folder/planted.c: keeps (planted_..)?calls" \
            "$folder/planted.c: floating point: .*double"
    done
    finds 'protocol/planted_literal.c: floating point' \
        'chain-mock/contracts/planted_up.c: may not include sim/engine/version.h' \
        'chain-mock/state/planted_side.c: may not include actors/actor.h' \
        'chain-mock/state/planted_wire.c: may not include chain-mock/wire/rlp.h' \
        'chain-mock/wire/planted_state.c: may not include chain-mock/state/chain.h' \
        'metrics/planted_up.c: may not include sim/engine/version.h' \
        'metrics/planted_open.c: calls fopen' \
        'actors/planted_time.c: pure, and includes <time.h>' \
        'chain-mock/planted.c: no rule says what' \
        'chain-mock/planted.c: no rule says how' \
        'chain_step.*must be called in sim/engine/process.c alone, is called in: .*planted_step.c' \
        'protocol/planted.h: may not include sim/engine/version.h'
    [ $cc = clang ] || finds 'elsewhere/planted.c: in no folder' 'protocol/planted.h: is not guarded by PROTOCOL_PLANTED_H' \
        'planted_long.c:[0-9]+: a function of 71 lines' \
        'planted_file.c: 601 lines' \
        'planted_words.c:1: typedef of a struct' 'planted_words.c:2: a tab' \
        'planted_words.c:2: space at the end' 'planted_words.c:3: a banned word' \
        'planted_path.c:1: a path of one machine' 'planted_path.c:1: the host of a registry' \
        'scenarios/planted.json: ends without a newline' \
        'utils.h: is named after nothing' 'utils.h:1:4: error: code should be clang-formatted' \
        'protocol/new/deep: has no README.md' 'planted_top: not a name of the top level'
    [ ! -d "$shared" ] || [ $cc = clang ] || finds 'planted_quote.c:1: not in settled 104: "as I like it"'
    uproot

    # What does not compile, or is not even tried, is found too.
    echo "$soft" | plant protocol/planted.c
    lint $cc && fail "$cc: the lint passes over a soft float"
    case $cc in
    gcc) finds 'SSE register|floating point' ;;
    clang) finds 'calls __(muldf3|floatunsidf)' ;;
    esac
    uproot
    lint $cc || {
        fail "$cc: something stayed behind"
        cat out
    }
done
[ $status -ne 0 ] || echo "ok - planted faults are found"
exit $status
