#!/usr/bin/env bash
# schemathesis against the server's own OpenAPI document, as an administrator and as a user.
#
#   tests/schemathesis.sh [ROLE] [ARGS...]    ROLE is admin or user, else both; ARGS go to schemathesis
#
# The server (as it was built for the tests, or what PUSH_NOTIFY_BINARY names) runs on a free port, with a data folder of its own that
# goes when it ends. Its plugins are granted nothing, so that no made-up address is ever called. Where Python or PyPI cannot be
# had it says that it was skipped, and succeeds.
set -euo pipefail
cd "$(dirname "$0")/.."

version=4.32.5
seed=20260119
examples=${SCHEMATHESIS_EXAMPLES:-30}
home=$PWD/target/schemathesis
binary=${PUSH_NOTIFY_BINARY:-$PWD/target/debug/push-notify-under-test}
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance,negative_data_rejection,unsupported_method,ignored_auth

say() { printf 'schemathesis: %s\n' "$*" >&2; }

install() {
    local python=$home/venv/bin/python
    if "$python" -c "import importlib.metadata as m; assert m.version('schemathesis') == '$version'" 2>/dev/null; then return; fi
    rm -rf "$home/venv"
    mkdir -p "$home"
    say "installing schemathesis $version (once)"
    { python3 -m venv "$home/venv" && timeout 300 "$python" -m pip install --quiet --disable-pip-version-check \
        "schemathesis==$version"; } >"$home/install.log" 2>&1
}

dir=''
server=''
cleanup() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    if [ -n "$dir" ]; then rm -rf "$dir"; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start() {
    dir=$(mktemp -d "${TMPDIR:-/tmp}/push-notify-schemathesis.XXXXXX")
    cat >"$dir/config.toml" <<END
[server]
listen = "127.0.0.1:0"
data_dir = "$dir/data"
[auth]
admin_password = "Admin-1-not-real"
[rate_limit]
enabled = false
[plugins.dingtalk]
grants = []
[plugins.email]
grants = []
[plugins.openai]
grants = []
[plugins.anthropic]
grants = []
[plugins.ollama]
grants = []
END
    (cd "$dir" && exec "$binary" serve --config "$dir/config.toml") >"$home/server.log" 2>&1 &
    server=$!
    local left=600
    until base=$(grep -om1 'listening on http://[0-9.:]*' "$home/server.log"); do
        if [ "$left" -eq 0 ] || ! kill -0 "$server" 2>/dev/null; then
            cat "$home/server.log" >&2
            say "$binary does not start: build it with \`cargo build --workspace --bin push-notify-under-test\`"
            exit 1
        fi
        left=$((left - 1))
        sleep 0.1
    done
    base=${base#listening on }
    until grep -q 'the plugins are loaded' "$home/server.log"; do
        sleep 0.1
    done
}

# Makes one of each thing (ids from 1, which schemathesis likes), and a user; prints the administrator's and the user's token.
tokens() {
    "$home/venv/bin/python" - "$base" <<'END'
import hashlib, hmac, json, sys, urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

def post(path, body, **headers):
    body = json.dumps(body).encode()
    if secret := headers.pop("sign", None):
        headers["X-Hub-Signature-256"] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers |= {"Content-Type": "application/json"}
    with opener.open(urllib.request.Request(sys.argv[1] + path, body, headers)) as answer:
        return json.load(answer)["data"]

def login(name, password):
    return post("/api/v1/auth/login", {"username": name, "password": password})["access_token"]

admin = login("admin", "Admin-1-not-real")

def make(noun, **body):
    return post(f"/api/v1/{noun}", body, Authorization=f"Bearer {admin}")

for name in ("one", "two", "three"):
    secret = "test-secret-not-real"
    url = f"https://github.com/example/{name}"
    model = make("models", name=name, type="chat-1", api_url="https://ai.example.com/v1/chat/completions", api_key="sk-not-real")
    # With a model there is a review of each event, although it comes to nothing.
    repo = make("repos", name=name, url=url, type="github", webhook_secret=secret, model_id=model["id"])
    make("targets", name=name, type="dingtalk", config={"access_token": "robot-token-not-real"})
    content = "{{.FileName}} {{.FileContent}}"
    make("templates", name=name, type="dingtalk", scene="commit_notify", title="{{.RepoName}}", content="{{.CommitMsg}}")
    make("prompts", name=name, type="codeview", content=content)
    make("users", username=f"user_{name}", email=f"{name}@example.com", password="User-1-not-real", role="user")
    commit = {"id": "9fceb02d0ae5", "message": "feat: sums", "timestamp": "2026-01-19T14:00:00Z",
              "author": {"name": "dev", "email": "dev@example.com"}, "added": ["sum.go"], "modified": [], "removed": []}
    push = {"ref": "refs/heads/main", "before": "1" * 40, "after": "9fceb02d0ae5", "commits": [commit], "head_commit": commit,
            "repository": {"id": 1, "name": name, "full_name": f"example/{name}", "html_url": url},
            "pusher": {"name": "dev", "email": "dev@example.com"}, "sender": {"login": "dev"}}
    post("/webhook/" + repo["webhook_url"].rsplit("/", 1)[1], push, sign=secret, **{"X-GitHub-Event": "push", "X-GitHub-Delivery": name})
print(admin, login("user_one", "User-1-not-real"))
END
}

# run ROLE TOKEN ARGS...
run() {
    local role=$1 token=$2 left_out status=0
    shift 2
    # What would end the very session that the run goes through: logging out, changing the password, and, for the
    # administrator, whatever happens to a user, who might be this one. `tests/it` looks at these.
    left_out='/auth/(logout|password)$'
    if [ "$role" = admin ]; then left_out="$left_out|/users/\\{id\\}"; fi
    say "as $role"
    (cd "$dir" && NO_PROXY=127.0.0.1 timeout 600 "$home/venv/bin/schemathesis" run "$base/api/v1/doc" --url "$base" \
        --header "Authorization: Bearer $token" --exclude-path-regex "$left_out" --checks "$checks" \
        --phases examples,coverage,fuzzing --max-examples "$examples" --seed "$seed" --generation-database none \
        --workers 1 --request-timeout 20 --suppress-health-check all --warnings off --no-color "$@") \
        || status=$?
    if [ "$status" -ne 0 ]; then
        say "failed as $role. To see it again: tests/schemathesis.sh $role (the server's log is in target/schemathesis/server.log)"
    fi
    return "$status"
}

roles='admin user'
case "${1:-}" in admin | user) roles=$1; shift ;; esac
if ! install; then
    say "SKIPPED: schemathesis could not be installed here (target/schemathesis/install.log says why)"
    exit 0
fi
start
made=$(tokens)
# One process for each role, at the same time, and one thread in each: before Python 3.11.8 two threads that parse Python code, as
# hypothesis does, can end in a SystemError that has nothing to do with the server.
declare -A running
for role in $roles; do
    if [ "$role" = admin ]; then token=${made% *}; else token=${made#* }; fi
    run "$role" "$token" "$@" >"$home/$role.log" 2>&1 &
    running[$role]=$!
done
failed=0
for role in $roles; do
    wait "${running[$role]}" || failed=1
    cat "$home/$role.log"
done
exit "$failed"
