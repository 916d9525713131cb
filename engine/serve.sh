#!/usr/bin/env bash
# Starts the server for `make run`. As root it gives up root's rights first: the server has no use for them, and what is found wrong with it
# one day would cost the whole machine.
#
#   RUN_AS=NAME   the user to serve as; else whoever has this folder, and `nobody` where that is root. RUN_AS=root stays root.
set -euo pipefail
server=$1

if [ "$(id -u)" != 0 ] || [ "${RUN_AS:-}" = root ]; then
    exec "$server" serve
fi

if [ -n "${RUN_AS:-}" ]; then
    uid=$(id -u "$RUN_AS") gid=$(id -g "$RUN_AS")
elif [ "$(stat -c %u .)" != 0 ]; then
    uid=$(stat -c %u .) gid=$(stat -c %g .)
else
    uid=$(id -u nobody) gid=$(id -g nobody)
fi
name=$(id -nu "$uid" 2>/dev/null || echo "$uid")
drop=(setpriv --reuid="$uid" --regid="$gid" --clear-groups --)

if ! "${drop[@]}" true 2>/dev/null; then
    echo "== serving as root: setpriv (util-linux), which would give up its rights, is missing or not allowed here"
    exec "$server" serve
fi
if ! "${drop[@]}" test -x "$(realpath "$server")"; then
    echo "== serving as root: the user $name cannot get at $PWD. Put it where everybody may look, such as /opt, or name a user in RUN_AS"
    exec "$server" serve
fi
# Where the configuration names another place, that is for whoever wrote it to prepare.
if [ -z "${PUSH_NOTIFY_SERVER__DATA_DIR:-}${PUSH_NOTIFY_CONFIG:-}" ]; then
    mkdir -p -m 700 data
    chown -R "$uid:$gid" data
fi
echo "== serving as the user $name, without the rights of root (make run RUN_AS=root keeps them)"
exec "${drop[@]}" "$server" serve
