#!/usr/bin/env bash
# All tests: the plugins' own, the others, the documentation's examples, the made-up requests, and the console in a browser.
# Says at the end how long each part took.
#
#   tests/suite.sh [NAME...]    with names, only those tests of the workspace that have one of them in theirs
#
# Goes through cargo-nextest where it is installed, which says of each test how long it took; else through `cargo test`.
set -euo pipefail
cd "$(dirname "$0")/.."

times=()
part() {
    local name=$1 start=$SECONDS
    shift
    printf '== %s\n' "$name" >&2
    "$@"
    times+=("$(printf '%6d s  %s' $((SECONDS - start)) "$name")")
}

# Seconds that tests took, added up by crate and folder: of tests that run side by side it is more than the clock says.
by_folder() {
    local report=target/nextest/default/times.xml
    [ -f "$report" ] || return 0
    awk '
        /<testcase / {
            match($0, / name="[^"]*"/); name = substr($0, RSTART + 7, RLENGTH - 8)
            match($0, / classname="[^"]*"/); crate = substr($0, RSTART + 12, RLENGTH - 13)
            match($0, / time="[^"]*"/); time = substr($0, RSTART + 7, RLENGTH - 8)
            sub(/::.*/, "", name)
            where = crate ~ /::it$/ ? "it/" name : crate
            count[where]++; sum[where] += time
        }
        END { for (where in count) printf "%8.1f s  %4d tests  %s\n", sum[where], count[where], where }
    ' "$report" | sort -rn
}

summary() {
    printf '\n== how long the tests took, each by itself\n' >&2
    by_folder >&2
    printf '== how long the parts took\n' >&2
    printf '%s\n' "${times[@]}" >&2
}

# The plugins are a workspace of their own; here they are built for the machine itself.
test_plugins() {
    CARGO_TARGET_DIR=$PWD/target/native cargo test --quiet --manifest-path plugins/Cargo.toml --workspace
}

# Where it was built: the server that the tests started has it inside.
test_console() {
    if [ ! -f target/console/index.html ]; then
        printf 'the console was not built: its tests are skipped\n' >&2
        return
    fi
    engine/console/build.sh test
}

rm -f target/nextest/default/times.xml
trap summary EXIT
[ "$#" -gt 0 ] || part 'tests of the plugins' test_plugins
# All commands name the whole workspace: another selection of crates has other features, and builds what depends on those anew.
part 'building the tests' cargo test --quiet --workspace --no-run
if command -v cargo-nextest >/dev/null; then
    part 'tests' tests/services.sh run cargo nextest run --workspace "$@"
    [ "$#" -gt 0 ] || part 'examples of the documentation' cargo test --quiet --workspace --doc
else
    part 'tests, and examples of the documentation' tests/services.sh run cargo test --quiet --workspace "$@"
fi
[ "$#" -gt 0 ] || part 'made-up requests' tests/schemathesis.sh
[ "$#" -gt 0 ] || part 'the console in Chromium' test_console
