#!/bin/sh
# What a folder may call and keep, by the account of the object files in $1, and what may
# stand in its sources.  Compiler flags do not suffice: gcc lets constants fold that were
# doubles, clang turns doubles into calls.
#
#   pure      protocol actors chain-mock/state chain-mock/contracts chain-mock/watch
#   library   chain-mock/wire chain-mock/door: as pure, and may call string functions and libraries
#   figures   metrics: doubles for statistics, writes to what it is handed, opens nothing
#   host      sim: the only folder that knows an operating system
set -eu
build=$1
status=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
complain() {
    echo "$*"
    status=1
}

level() {
    case $1 in
    protocol/* | actors/* | chain-mock/state/* | chain-mock/contracts/* | chain-mock/watch/*) echo pure ;;
    chain-mock/wire/* | chain-mock/door/*) echo library ;;
    metrics/*) echo figures ;;
    sim/*) echo host ;;
    *) echo none ;;
    esac
}

# No heap, no clock, no soft float (__muldf3 and its kin): none of them is in the lists.  __cpu_model
# says how wide the processor's registers are, which changes how long a digest takes and no more.
pure='memcpy|memset|memcmp|bcmp|memmove|strlen|__memcpy_chk|__memset_chk|__memmove_chk|__stack_chk_fail|check_failed|_GLOBAL_OFFSET_TABLE_|__u?divti3|__u?modti3|__udivmodti4|__popcountdi2|__cpu_model'
library="$pure|str(n?cmp|chr|spn|cspn)|mem(chr|mem)|secp256k1_[a-z0-9_]+"
figures="$library|sqlite3_(bind|column|prepare|reset|step|finalize|exec|errmsg|errcode|changes|clear|last|extended|db|free|realloc|malloc)[a-z0-9_]*|gsl_[A-Za-z0-9_]+|cJSON_[A-Za-z0-9_]+|f(write|printf|puts|putc|flush|error)|putc|v?s?n?printf|__(f|v|sn|vsn)+printf_chk|stpcpy|strpbrk|strstr|__floatuntidf|strerror|__errno_location|abs|sqrt|f?abs|floor|ceil|l?l?round|log(10|2|1p)?|exp(m1)?|pow|fm(in|ax|od)|l?ldexp|frexp|isnan|qsort"

# Comments and strings out, includes not followed.
bare() {
    gcc -fpreprocessed -dD -E -P -x c "$1" |
        sed -E -e 's/"([^"\\]|\\.)*"/""/g' -e "s/'([^'\\\\]|\\\\.)*'/0/g"
}
float='\b(float|double|_Float[0-9]+x?|__float[0-9]+|float_t|double_t|_Complex|__fp16|__bf16)\b|(^|[^A-Za-z0-9_.])([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+[eE][+-]?[0-9]+)|\b0[xX][0-9a-fA-F.]+[pP]'

folders=
for folder in protocol actors chain-mock metrics sim; do
    [ ! -d $folder ] || folders="$folders $folder"
done
# shellcheck disable=SC2086 # a list of words
for source in $(find $folders \( -name '*.[ch]' -o -name '*.def' \) | sort); do
    level=$(level "$source")
    case $level in
    none) complain "$source: no rule says how pure this folder is" ;;
    pure | library)
        words=$(bare "$source" | grep -oE "$float" | sort -u | tr '\n' ' ')
        [ -z "$words" ] || complain "$source: floating point: $words"
        ;;
    esac
    if [ "$level" = pure ]; then
        for header in $(sed -nE 's/^[ \t]*#[ \t]*include[ \t]*<([^>]*)>.*/\1/p' "$source"); do
            case $header in
            stdbool.h | stddef.h | stdint.h | string.h | Random123/philox.h) ;;
            *) complain "$source: pure, and includes <$header>" ;;
            esac
        done
    fi
    case $level-$source in
    pure-*.c | library-*.c | figures-*.c)
        object=$build/${source%.c}.o
        if [ -f "$object" ]; then
            echo "$source $level $object"
        else
            complain "$source: not compiled"
        fi >>"$scratch/objects"
        ;;
    esac
done
grep ': not compiled$' "$scratch/objects" || true

objects=$(grep -v ': not compiled$' "$scratch/objects" | cut -d' ' -f3)
# shellcheck disable=SC2086
nm -A $objects | sed -E 's/^([^:]*):[0-9a-f ]* ([A-Za-z]) /\1 \2 /' >"$scratch/nm"
awk '$2 ~ /[TRDB]/ {print $3}' "$scratch/nm" | sort -u >"$scratch/defined"
# "source level symbol" for each symbol that is called and not defined in these folders.
awk '$2 == "U" {print $1, $3}' "$scratch/nm" | awk -v objects="$scratch/objects" \
    -v defined="$scratch/defined" '
    BEGIN {
        while ((getline line < objects) > 0) { split(line, w, " "); of[w[3]] = w[1] " " w[2] }
        while ((getline line < defined) > 0) ours[line] = 1
    }
    !($2 in ours) {print of[$1], $2}' >"$scratch/calls"
for level in pure library figures; do
    eval "allowed=\$$level"
    awk -v level=$level '$2 == level {print $1 ": calls " $3}' "$scratch/calls" |
        grep -vE ": calls ($allowed)\$" && status=1
done

# shellcheck disable=SC2086
nm -f sysv $objects | tr -d ' ' | awk -F'|' -v build="$build/" '
    /^Symbolsfrom/ { file = substr($0, 12); sub(/:$/, "", file); sub(/\.o$/, ".c", file)
                     file = substr(file, length(build) + 1) }
    $7 ~ /^(\.bss|\.data|\.tbss|\.tdata|\*COM\*|COMMON)/ && $7 !~ /^\.data\.rel\.ro/ {
        print file ": keeps " $1 }' >"$scratch/keeps"
[ ! -s "$scratch/keeps" ] || {
    cat "$scratch/keeps"
    status=1
}
exit $status
