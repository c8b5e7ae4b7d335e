#!/usr/bin/env bats
# What an installed service has around it: systemd's units, a socket that is passed, its commands'
# complaints.

load helpers
load mock

setup_file() {
    start_stack
}

teardown_file() {
    stop_stack
}

@test "systemd's units are valid" {
    local units=$BATS_TEST_DIRNAME/../../scripts/systemd unit
    for unit in grantkeeper.service grantkeeper.socket; do
        sed "s|/usr/local/bin/grantkeeper|$binaries/grantkeeper|" "$units/$unit" \
            >"$BATS_TEST_TMPDIR/$unit"
        # Sections, settings, comments.
        run grep -nvE '^(#.*|\[[A-Z][a-z]+\]|[A-Z][A-Za-z0-9]+=.*|)$' "$BATS_TEST_TMPDIR/$unit"
        expect_equal "$output" ""
    done
    if command -v systemd-analyze >/dev/null; then
        run systemd-analyze verify "$BATS_TEST_TMPDIR"/grantkeeper.{service,socket}
        expect_equal "$output" ""
    fi
}

@test "a request that comes while the service restarts waits on the passed socket" {
    stop_process service
    start_process supervisor perl "$BATS_TEST_DIRNAME/supervisor.pl" \
        "$work/run/grantkeeper.sock" "$work/run/go" \
        "$binaries/grantkeeper" serve --config "$settings"
    await 15 service_is_ready
    expect_match "$(<"$work/logs/supervisor.log")" 'descriptor 3'

    kill -TERM "$(sed -n 's/^started //p' "$work/logs/supervisor.log")"
    await 15 grep -q '^ended .* with 0' "$work/logs/supervisor.log"
    curl -s -o /dev/null -w '%{http_code}' "$base/grantkeeper/healthz" \
        >"$BATS_TEST_TMPDIR/status" 3>&- &
    local waiting=$!
    await 15 nginx_has_connected
    kill -0 "$waiting"
    touch "$work/run/go"
    wait "$waiting"
    expect_equal "$(<"$BATS_TEST_TMPDIR/status")" 200

    stop_process supervisor
    start_service
}

# Whether somebody waits in the queue of the passed socket: a Unix socket without an owner yet.
nginx_has_connected() {
    ss -xHl src "$work/run/grantkeeper.sock" | awk '$3 > 0 { found = 1 } END { exit !found }'
}

@test "init in a folder of one's own keeps everything there, and overwrites nothing" {
    local folder=$BATS_TEST_TMPDIR/trial
    run --separate-stderr "$binaries/grantkeeper" init --directory "$folder" \
        --public-base-url http://localhost:8080 --set log.format=json
    expect_equal "$status" 0
    expect_match "$output" "$folder/grantkeeper.sock"
    expect_equal "$(stat -c %a "$folder" "$folder/grantkeeper.keyring" "$folder/grantkeeper.yaml" |
        tr '\n' ' ')" "700 600 644 "
    expect_equal "$(grep -vE '^ *(#|$)|:$' "$folder/grantkeeper.yaml" | tr -s '\n ' '|')" \
        "publicBaseUrl:|http://localhost:8080|format:|json|"
    run "$binaries/grantkeeper" check --config "$folder/grantkeeper.yaml"
    expect_equal "$status" 0
    run "$binaries/grantkeeper" init --directory "$folder" --public-base-url http://localhost:8080
    expect_equal "$status" 1
    expect_match "$output" 'exists already'
}

@test "init takes no value that check would refuse, and both say which setting it is" {
    local folder=$BATS_TEST_TMPDIR/trial
    run "$binaries/grantkeeper" init --directory "$folder" \
        --public-base-url http://localhost:8080 --set 'upstream.allowedNetworks=10.0.0.1/8'
    expect_equal "$status" 64
    expect_match "$output" '--set: upstream.allowedNetworks .*did you mean 10.0.0.0/8'
    [[ ! -e $folder ]]
    "$binaries/grantkeeper" init --directory "$folder" --public-base-url http://localhost:8080 \
        --set 'upstream.allowedNetworks=[10.0.0.5, fd00::/8]' --set workers.max=8
    run -0 "$binaries/grantkeeper" check --config "$folder/grantkeeper.yaml"
    sed -i 's|10.0.0.5|10.0.0.1/8|' "$folder/grantkeeper.yaml"
    run -1 "$binaries/grantkeeper" check --config "$folder/grantkeeper.yaml"
    expect_match "$output" 'grantkeeper.yaml:[0-9]+: upstream.allowedNetworks .*10.0.0.0/8'
    printf 'not a certificate\n' >"$folder/ca.pem"
    sed -i 's|10.0.0.1/8|10.0.0.1|' "$folder/grantkeeper.yaml"
    GRANTKEEPER_UPSTREAM_CA_FILE=$folder/ca.pem run -1 "$binaries/grantkeeper" check \
        --config "$folder/grantkeeper.yaml"
    expect_match "$output" 'GRANTKEEPER_UPSTREAM_CA_FILE: upstream.caFile .*no certificate'
}

@test "a command that can't do its work says why, in one line that names the cause" {
    local folder=$BATS_TEST_TMPDIR/trial
    "$binaries/grantkeeper" init --directory "$folder" --public-base-url http://localhost:8080
    export GRANTKEEPER_CONFIG=$folder/grantkeeper.yaml
    local command
    for command in check serve; do
        GRANTKEEPER_CONFIG=/nowhere.yaml complains "$command" '/nowhere.yaml does not exist'
        GRANTKEEPER_DATABASE=/nowhere/x complains "$command" 'the database /nowhere/x'
        GRANTKEEPER_DATABASE=$folder complains "$command" "the database $folder"
        GRANTKEEPER_DATABASE=$settings complains "$command" "$settings.* not a database"
        GRANTKEEPER_KEY_RING=/nowhere/x complains "$command" 'no key ring at /nowhere/x'
        GRANTKEEPER_SOCKET_PATH=/nowhere/x complains "$command" '/nowhere'
        GRANTKEEPER_SOCKET_PATH=$settings complains "$command" 'not a socket'
        GRANTKEEPER_SOCKET_GROUP=nobody-here complains "$command" 'no group nobody-here'
        GRANTKEEPER_WORKERS_MIN=many complains "$command" 'workers.min'
    done
    GRANTKEEPER_SOCKET_PATH=$work/run/grantkeeper.sock complains serve 'already answers'
    chmod 0644 "$folder/grantkeeper.keyring"
    complains check 'chmod 600'
}

# complains COMMAND REGEX: it fails with one line that matches.
complains() {
    run --separate-stderr "$binaries/grantkeeper" "$1"
    expect_equal "$status" 1
    # shellcheck disable=SC2154 # set by run
    expect_match "$stderr" "$2"
    expect_equal "$(wc -l <<<"$stderr")" 1
}

# The lines of a section of README that are indented as code.
readme_lines() {
    awk -v title="## $1" '$0 == title { found = 1; next } /^## / { found = 0 }
        found && /^    [^ ]/ { sub(/^    /, ""); print; code = 1; next }
        found && code && /^     / { print }' "$BATS_TEST_DIRNAME/../../README.md"
}

@test "README's lines for the API work as they are written" {
    printf '%s\n' "$mock_client_secret" |
        grantkeeper integration add --issuer "$mock" --client-id "$mock_client_id" --slug mock \
            --scope files.read --api-base-uri "$mock/api" --secret-stdin
    sign_in alice
    connect alice mock

    export GK=$base COOKIE KEY=$admin_key
    COOKIE=grantkeeper=$(cookie alice grantkeeper)
    readme_lines 'The API in brief' >"$BATS_TEST_TMPDIR/lines"
    expect_equal "$(grep -c '^curl ' "$BATS_TEST_TMPDIR/lines")" 6
    # shellcheck disable=SC2016 # the lines' own shell expands it
    sed -i '1i curl() { command curl --no-progress-meter --fail "$@" && echo; }' \
        "$BATS_TEST_TMPDIR/lines"
    run bash -euo pipefail "$BATS_TEST_TMPDIR/lines"
    expect_equal "$status" 0
    expect_match "$output" '"inf:integration-connection":\[\{"id"'
    expect_match "$output" '"nextPageToken"'
    expect_match "$output" '"hello'
    as alice GET /api/integrations/mock/connection
    expect_problem 404
}
