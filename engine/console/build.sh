#!/usr/bin/env bash
# Builds the console to target/console, which the server's build embeds; or checks or tests it.
#
#   engine/console/build.sh build     types, scripts and styles, packed
#   engine/console/build.sh check     types, lints, texts in both languages, licences of packages
#   engine/console/build.sh test      journeys in Chromium against target/debug/push-notify-under-test
#
# It needs Node.js 18 or later with npm. Root on Debian gets both installed; elsewhere, without them, a line says what to install, and
# the server is built without its console. CONSOLE=required makes that a failure.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf 'console: %s\n' "$*" >&2; }

has_node() {
    command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null
}

install_node() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then return; fi
    local missing=()
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    timeout 300 apt-get update -qq >&2 || say 'apt-get update failed; trying with the lists that are there'
    timeout 900 apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 || say 'they could not be installed'
}

# Without Node.js, or without the packages: not everybody who builds the server wants its console.
without() {
    say "$1"
    if [ "${CONSOLE:-}" = required ]; then exit 1; fi
    exit 0
}

# As the lock file has them; nothing of theirs is run.
packages() {
    if [ node_modules/.package-lock.json -nt package-lock.json ]; then return; fi
    say 'fetching packages (once)'
    timeout 600 npm ci --ignore-scripts --no-progress --loglevel=error >&2 ||
        without 'its packages cannot be fetched from here: the server has no console'
    touch node_modules/.package-lock.json
}

has_node || install_node
has_node || without 'needs Node.js 18 or later with npm (on Debian or Ubuntu: sudo apt-get install nodejs npm): the server has no console'
packages
case "${1:-}" in
    build) node build.mjs ;;
    check) node types.mjs && npm run --silent check ;;
    test) npm run --silent e2e ;;
    *) say "usage: $0 build | check | test"; exit 1 ;;
esac
