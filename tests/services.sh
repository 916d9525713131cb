#!/usr/bin/env bash
# Private PostgreSQL and Redis servers for the tests, and a Chromium for those of the console.
#
#   tests/services.sh ensure        installs what is missing (as root, where there is apt-get), or says what to install; an
#                                   Alertmanager too, without which its test is skipped
#   tests/services.sh run CMD...    runs CMD with PUSH_NOTIFY_TEST_POSTGRES and PUSH_NOTIFY_TEST_REDIS set to servers of its
#                                   own: on free ports of the loopback address, in a temporary folder, stopped at the end.
#                                   FSYNC=on: PostgreSQL waits for its disk, as a measurement wants it
set -euo pipefail

say() { printf 'services: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# --- What must be there --------------------------------------------------------------------------------------------------

# The folder with initdb and postgres: on the PATH, or where Debian hides them (the newest version).
postgres_bin() {
    local initdb
    if initdb=$(command -v initdb) && command -v postgres >/dev/null; then
        dirname "$initdb"
        return
    fi
    local dir found=''
    for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V); do
        if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then found=$dir; fi
    done
    [ -n "$found" ] && printf '%s\n' "$found"
}

# The Python that sees Debian's packages first; any that has aiosmtpd will do.
has_aiosmtpd() {
    local python
    for python in /usr/bin/python3 python3; do
        if "$python" -c 'import aiosmtpd' 2>/dev/null; then return 0; fi
    done
    return 1
}

missing_packages() {
    postgres_bin >/dev/null || echo postgresql
    command -v redis-server >/dev/null || echo redis-server
    has_aiosmtpd || echo python3-aiosmtpd
    command -v chromium >/dev/null || echo chromium
}

has_alertmanager() { command -v prometheus-alertmanager >/dev/null; }

# RUNLEVEL keeps packages from starting servers of their own.
install() { RUNLEVEL=1 timeout 900 apt-get install -y -qq --no-install-recommends "$@" >&2; }

ensure_alertmanager() {
    if has_alertmanager; then return; fi
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say 'installing prometheus-alertmanager'
        export DEBIAN_FRONTEND=noninteractive
        timeout 300 apt-get update -qq >&2 || say 'apt-get update failed; trying with the lists that are there'
        install prometheus-alertmanager || true
    fi
    has_alertmanager || say 'there is no prometheus-alertmanager here: what needs it is skipped'
}

ensure() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    missing=${missing% }
    if [ -z "$missing" ]; then return; fi
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        fail "the tests need $missing. On Debian or Ubuntu: sudo apt-get install $missing
          Elsewhere: a PostgreSQL (initdb, postgres), redis-server and chromium on the PATH, and the Python package aiosmtpd."
    fi
    say "installing $missing"
    export DEBIAN_FRONTEND=noninteractive
    timeout 300 apt-get update -qq >&2 || say 'apt-get update failed; trying with the lists that are there'
    # shellcheck disable=SC2086
    install $missing || fail "could not install $missing"
    missing=$(missing_packages | tr '\n' ' ')
    [ -z "$missing" ] || fail "still missing after the installation: $missing"
}

# --- Servers of our own --------------------------------------------------------------------------------------------------

dir=''
postgres_pid=''
redis_pid=''
command_pid=''
password=''
port=''
# Should this script be killed, the servers go with it.
with_us=(env)
if setpriv --pdeathsig INT true 2>/dev/null; then with_us=(setpriv --pdeathsig INT); fi
as_postgres=("${with_us[@]}")

alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# Asks a process of ours to end, and after ten seconds makes it.
stop() {
    local pid=$1 signal=$2 left=100
    alive "$pid" || return 0
    kill "-$signal" "$pid" 2>/dev/null || true
    while alive "$pid" && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

cleanup() {
    trap '' INT TERM HUP
    # A process group of its own.
    if alive "$command_pid"; then kill -TERM -- "-$command_pid" 2>/dev/null || true; fi
    # INT is PostgreSQL's fast shutdown.
    stop "$postgres_pid" INT
    stop "$redis_pid" TERM
    if [ -n "$dir" ]; then rm -rf "$dir"; fi
}

# Below the range from which the kernel gives ports to whoever asks for any.
pick_port() {
    local tries=50
    while [ "$tries" -gt 0 ]; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
        tries=$((tries - 1))
    done
    fail 'no free port'
}

# wait_until SECONDS PID CMD...: fails when PID ends or the time is over.
wait_until() {
    local left=$(($1 * 10)) pid=$2
    shift 2
    while [ "$left" -gt 0 ]; do
        if "$@" >/dev/null 2>&1; then return 0; fi
        alive "$pid" || return 1
        sleep 0.1
        left=$((left - 1))
    done
    return 1
}

start_postgres() {
    local bin data=$dir/postgres tries
    bin=$(postgres_bin)
    mkdir "$data"
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s' "$password" >"$dir/password"
    # PostgreSQL refuses to run as root.
    if [ "$(id -u)" -eq 0 ]; then
        id postgres >/dev/null 2>&1 || fail 'there is no user postgres to run PostgreSQL as'
        as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups --pdeathsig INT)
        setpriv --version >/dev/null 2>&1 || as_postgres=(runuser -u postgres --)
        # Passed through, not looked into.
        chmod 711 "$dir"
        chown postgres "$data" "$dir/password"
    fi
    (cd "$dir" && "${as_postgres[@]}" "$bin/initdb" -D "$data" -U postgres -E UTF8 --locale=C -A scram-sha-256 \
        --pwfile="$dir/password" >"$dir/initdb.log" 2>&1) || { cat "$dir/initdb.log" >&2; fail 'initdb failed'; }
    for tries in 1 2 3 4 5; do
        pick_port
        (cd "$dir" && exec "${as_postgres[@]}" "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories= -c max_connections=300 -c fsync="${FSYNC:-off}" -c logging_collector=off \
            >"$dir/postgres.log" 2>&1) &
        postgres_pid=$!
        if wait_until 30 "$postgres_pid" grep -q 'ready to accept connections' "$dir/postgres.log"; then
            export PUSH_NOTIFY_TEST_POSTGRES="postgres://postgres:$password@127.0.0.1:$port/postgres"
            return
        fi
        stop "$postgres_pid" INT
        say "PostgreSQL did not start on port $port (try $tries)"
    done
    cat "$dir/postgres.log" >&2
    fail 'PostgreSQL does not start'
}

start_redis() {
    local tries
    for tries in 1 2 3 4 5; do
        pick_port
        "${with_us[@]}" redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --daemonize no --dir "$dir" \
            >"$dir/redis.log" 2>&1 &
        redis_pid=$!
        if wait_until 10 "$redis_pid" redis-cli -h 127.0.0.1 -p "$port" ping; then
            export PUSH_NOTIFY_TEST_REDIS="redis://127.0.0.1:$port"
            return
        fi
        stop "$redis_pid" TERM
        say "Redis did not start on port $port (try $tries)"
    done
    cat "$dir/redis.log" >&2
    fail 'Redis does not start'
}

run() {
    [ "$#" -gt 0 ] || fail 'run what?'
    ensure
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    dir=$(mktemp -d "${TMPDIR:-/tmp}/push-notify-services.XXXXXX")
    start_postgres
    start_redis
    # A process group of its own, so that all of it can be told to end; and in the background, so that a signal to this script
    # is heard at once.
    set -m
    "${with_us[@]}" "$@" </dev/null &
    command_pid=$!
    set +m
    local status=0
    wait "$command_pid" || status=$?
    command_pid=''
    exit "$status"
}

case "${1:-}" in
    ensure)
        ensure
        ensure_alertmanager
        ;;
    run) shift; run "$@" ;;
    *) fail "usage: $0 ensure | run CMD..." ;;
esac
