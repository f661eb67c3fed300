#!/bin/sh
# .ci/setup, tested on machines that are not this one: programs of the same names stand before
# the real ones and say what such a machine would.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
fake() { # name; its body is on stdin
    { echo '#!/bin/sh'; cat; } >"$scratch/bin/$1"
    chmod +x "$scratch/bin/$1"
}
machine() { # a new machine: gcc is missing, the rest is there; nobody is root, no sudo
    rm -rf "$scratch/bin"
    mkdir "$scratch/bin"
    for tool in sh env cat rm true mktemp; do ln -s "/usr/bin/$tool" "$scratch/bin/$tool"; done
    fake id <<'END'
echo 1000
END
    fake dpkg-query <<'END'
for package; do :; done
case $package in
gcc) exit 1 ;;
libgsl-dev) echo 'not-installed ' ;;
*) echo 'installed ' ;;
esac
END
    fake apt-get <<END
echo "\$DEBIAN_FRONTEND \$*" >>"$scratch/apt"
END
    : >"$scratch/apt"
}
setup() { # exit code expected, then what it must say, each a pattern
    code=$1
    shift
    got=0
    PATH="$scratch/bin" sh .ci/setup run >"$scratch/out" 2>&1 || got=$?
    [ "$got" -eq "$code" ] || { echo "not ok - $name: exit code $got"; status=1; }
    for pattern; do
        grep -q -e "$pattern" "$scratch/out" || { echo "not ok - $name: does not say $pattern"; cat "$scratch/out"; status=1; }
    done
}
installs() { # the packages that apt-get must have been told, or nothing
    want=${1:+"noninteractive -q .* update;noninteractive -q .* install -y --no-install-recommends $1;"}
    got=$(tr '\n' ';' <"$scratch/apt")
    echo "$got" | grep -qx -e "${want:-}" || { echo "not ok - $name: apt-get was told: $got"; status=1; }
}

name='neither root nor sudo'
machine
setup 2 "su -c 'apt-get update && apt-get install -y --no-install-recommends gcc libgsl-dev'"
installs ''

name='sudo that asks for a password'
fake sudo <<'END'
exit 1
END
setup 2 "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends gcc libgsl-dev'"
installs ''

name='sudo that asks nothing'
fake sudo <<'END'
[ "$1" = -n ] && shift
exec "$@"
END
setup 0 'installing gcc libgsl-dev'
installs 'gcc libgsl-dev'

name='root'
machine
fake id <<'END'
echo 0
END
setup 0 'installing gcc libgsl-dev'
installs 'gcc libgsl-dev'

name='root without a network'
fake apt-get <<'END'
echo 'E: cannot reach it'
exit 100
END
setup 2 'E: cannot reach it' 'install -y --no-install-recommends gcc libgsl-dev failed'

name='nothing is missing'
machine
fake dpkg-query <<'END'
echo 'installed '
END
setup 0
installs ''

name='not Debian'
machine
rm "$scratch/bin/dpkg-query"
setup 0 'this is not Debian'
PATH="$scratch/bin" sh .ci/setup nonsense >"$scratch/out" 2>&1 && { echo 'not ok - setup nonsense passes'; status=1; }
[ $status -ne 0 ] || echo 'ok - the set-up installs what is missing, or says how'
exit $status
