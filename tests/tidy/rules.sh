#!/bin/sh
# Rules that need no compiler: sizes, names, guards, words, spaces, and what may lie where.
# They hold for every file that is not built; each complaint is a line, file first.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

find . \( -name .git -o -path ./build -o -path ./out -o -path ./tests/fuzz/corpus -o -name __pycache__ \) -prune -o -type f -print |
    sed 's|^\./||' | sort >"$scratch/all"
only() { grep -E "$1" "$scratch/all" || true; } # the files whose names fit
code='\.([ch]|def|sh|py)$'
text='(\.([ch]|def|sh|py|md|ya?ml|json|csv|ipynb)|(^|/)(Makefile|LICENSE)|^\.ci/[^/]*)$'

# Top level: these names and dotfiles, nothing else.
grep -vE '^(\.|(protocol|chain-mock|actors|sim|metrics|scenarios|tests|notebooks)/|(Makefile|README\.md|ARCHITECTURE\.md|CONTRIBUTING\.md|CHANGELOG\.md|LICENSE)$)' \
    "$scratch/all" | sed 's/$/: not a name of the top level/' >>"$scratch/complaints" || true

# A folder with sources says what may live there.
only "$code|\.ya?ml\$" | grep / | grep -v '^\.' | sed 's|/[^/]*$||' | sort -u |
    while read -r folder; do
        [ -f "$folder/README.md" ] || echo "$folder: has no README.md"
    done >>"$scratch/complaints"

only "$code" | grep -E '(^|/)(utils?|helpers?|common|misc|stuff)[./]' |
    sed 's/$/: is named after nothing/' >>"$scratch/complaints" || true

# The sources, read once: files of at most 600 lines, functions of at most 70.
only "$code" | xargs awk '
    function complain(text) { print FILENAME ":" FNR ": " text }
    FNR == 1 { body = 0; if (file != "" && lines > 600) print file ": " lines " lines, more than 600"
               file = FILENAME; is_c = file ~ /\.[ch]$/ }
    { lines = FNR }
    is_c && /^{/ { body = FNR }
    is_c && /^}/ && body { if (FNR - body + 1 > 70) complain("a function of " FNR - body + 1 " lines, more than 70"); body = 0 }
    is_c && /\t/ { complain("a tab") }
    is_c && /typedef struct( [a-z0-9_]+)? *\{/ { complain("typedef of a struct") }
    file ~ /^(protocol|actors|chain-mock)\/.*\.c$/ && /^[ ]*default:/ { complain("default: hides a missing case") }
    END { if (lines > 600) print file ": " lines " lines, more than 600" }' >>"$scratch/complaints"

# A header is guarded by the name of its path.
for header in $(only '\.h$'); do
    guard=$(echo "$header" | tr 'a-z/.-' 'A-Z___')
    [ "$(grep -cxE "#(ifndef|define) $guard|#endif /\* $guard \*/" "$header")" -eq 3 ] ||
        echo "$header: is not guarded by $guard"
done >>"$scratch/complaints"

# Words and spaces.  A bracket keeps a pattern from finding itself.
xargs_grep() { # complaint, pattern, options...
    complaint=$1
    pattern=$2
    shift 2
    only "$text" | grep -v '^LICENSE$' | xargs grep -nHE "$@" -e "$pattern" |
        sed -E "s/^([^:]*:[0-9]+):.*/\1: $complaint/" >>"$scratch/complaints" || true
}
xargs_grep 'a banned word' '\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b'
xargs_grep 'a path of one machine' '(^|[^A-Za-z0-9_.])/(wor[k]|hom[e]|roo[t])/[a-z.]'
xargs_grep 'the host of a registry' '\b(deb[.]debian|registry[.]npmjs|pypi|files[.]pythonhosted|static[.]crates)[.](org|io)\b'
xargs_grep 'space at the end' '[[:space:]]$'
for file in $(only "$text"); do
    [ ! -s "$file" ] || [ "$(tail -c 1 "$file" | od -An -tx1)" = ' 0a' ] || echo "$file: ends without a newline"
done >>"$scratch/complaints"

for script in $(only '\.sh$|^\.ci/'); do
    case $(head -n 1 "$script") in
    '#!/bin/bash') bash -n "$script" ;;
    '#!/bin/sh') sh -n "$script" ;;
    *) case $script in *.md) ;; *) echo "$script: does not begin with #!/bin/sh or #!/bin/bash" ;; esac ;;
    esac
done >>"$scratch/complaints" 2>&1

[ ! -s "$scratch/complaints" ] && exit 0
cat "$scratch/complaints"
exit 1
