#!/bin/sh
# Unmodified clients against a testnet: test_clients.sh BUILD starts BUILD/orrery testnet on a free port, tells
# the suites of this folder of it, and ends it.  What npm installs lies in build/clients.
set -eu
build=$1
here=$(dirname "$0")
installed=build/clients
scratch=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT

command -v node >/dev/null && command -v npm >/dev/null || {
    echo 'node and npm are not here: apt-get install nodejs npm'
    exit 77
}

# Once for each lock file.  The suites lie beside what they import, for node looks there.
if ! cmp -s "$here/package-lock.json" "$installed/package-lock.json"; then
    rm -rf "$installed"
    mkdir -p "$installed"
    cp "$here/package.json" "$here/package-lock.json" "$installed/"
    npm ci --prefix "$installed" --ignore-scripts --no-audit --no-fund >"$scratch/npm" 2>&1 || {
        rm -rf "$installed"
        cat "$scratch/npm"
        echo 'npm ci failed'
        exit 1
    }
fi
cp "$here"/*.mjs "$installed/"

"$build/orrery" testnet --port 0 --block-time 0 --receipt-hold >"$scratch/screen" 2>&1 &
server=$!
for _ in $(seq 100); do
    # The screen ends with an empty line after the population.
    grep -q 'nobody lives here\|live here' "$scratch/screen" && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
url=$(sed -n 's/^JSON-RPC *\(http:[^ ]*\).*/\1/p' "$scratch/screen")
[ -n "$url" ] || {
    cat "$scratch/screen"
    echo 'the testnet does not say where it listens'
    exit 1
}
"$build/orrery" abi --json >"$scratch/abi.json"
node "$installed/describe.mjs" "$scratch/screen" "$scratch/abi.json" >"$scratch/testnet.json"

PATH=$(cd "$installed/node_modules/.bin" && pwd):$PATH
export PATH
status=0
for suite in ethers viem cast; do
    echo "# $suite"
    timeout 120 node "$installed/$suite.mjs" "$url" "$scratch/testnet.json" || status=1
done
kill -0 "$server" || {
    cat "$scratch/screen"
    echo 'not ok - the testnet did not live to the end'
    status=1
}

echo '# the lines of the README, and what the README says that the testnet says'
sed -n '/^```js/,/^```/p' README.md | grep -v '^```' | sed "s#http://127.0.0.1:8545#$url#" >"$installed/readme.mjs"
if [ "$(grep -c . "$installed/readme.mjs")" -eq 4 ] && timeout 60 node "$installed/readme.mjs" | grep -q '^0x[0-9a-f]\{64\}$' &&
    grep -q 'Deposited  wallet [0-9]*, token USDT, amount 25 USDT' "$scratch/screen"; then
    echo 'ok - four lines deposit'
else
    cat "$installed/readme.mjs"
    grep Deposited "$scratch/screen" || true
    echo 'not ok - four lines deposit'
    status=1
fi
exit $status
