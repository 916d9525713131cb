#!/usr/bin/env bash
# Throws made-up bytes at what parses the bytes of strangers, for some seconds each.
#
#   tests/fuzz.sh [TARGET...]    the targets of tests/fuzz/targets, by default all, as many at a time as there are processors
#
# FUZZ_SECONDS: how long each runs (20). What was found worth trying stays in target/fuzz/corpus, for the next run. A failure leaves
# its input in target/fuzz/failures. It takes nothing but the stable compiler: what cargo-fuzz does by options of its own are
# stable ones of rustc, and no sanitizer is used.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
home=$root/target/fuzz
seconds=${FUZZ_SECONDS:-20}

say() { printf 'fuzz: %s\n' "$*" >&2; }

# Counters in all that is built for the target; the host's build scripts and macros stay as they are, since --target is given.
build() {
    local host
    host=$(rustc -vV | sed -n 's/^host: //p')
    export RUSTFLAGS='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares'
    cargo build --quiet --locked --manifest-path tests/fuzz/Cargo.toml --target "$host" --target-dir "$home/build" --bins
    binaries=$home/build/$host/debug
}

# What is like the real thing, to begin with.
seeds() {
    mkdir -p "$home/seeds/delivery" "$home/seeds/manifest"
    local file plugin
    for file in plugins/provider-*/fixtures/*.json; do
        case $file in *.expected.json) continue ;; esac
        plugin=${file#plugins/}
        cp "$file" "$home/seeds/delivery/${plugin%%/*}-${file##*/}"
    done
    for file in plugins/*/plugin.toml; do
        plugin=${file#plugins/}
        cp "$file" "$home/seeds/manifest/${plugin%%/*}.toml"
    done
    cp -r tests/fuzz/seeds/. "$home/seeds/"
}

# one TARGET: quiet unless it fails.
one() {
    local target=$1 log=$home/$1.log
    mkdir -p "$home/corpus/$target" "$home/failures"
    if "$binaries/$target" "$home/corpus/$target" "$home/seeds/$target" -artifact_prefix="$home/failures/$target-" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 >"$log" 2>&1; then
        say "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, nothing found"
    else
        tail -n 40 "$log" >&2
        say "$target FAILED. To see it again: $binaries/$target $home/failures/$target-..."
        return 1
    fi
}

if [ "$#" -eq 0 ]; then
    for file in tests/fuzz/targets/*.rs; do set -- "$@" "$(basename "$file" .rs)"; done
fi
build
seeds
running=0
failed=0
for target in "$@"; do
    if [ "$running" -ge "$(nproc)" ]; then wait -n || failed=1; running=$((running - 1)); fi
    one "$target" &
    running=$((running + 1))
done
while [ "$running" -gt 0 ]; do wait -n || failed=1; running=$((running - 1)); done
exit "$failed"
