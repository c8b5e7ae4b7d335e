#!/usr/bin/env bats
# The service itself: health, integrations, files at rest, logs, starting and stopping.

load helpers
load mock
load upstream

setup_file() {
    start_stack
    start_upstream
}

teardown_file() {
    stop_stack
}

setup() {
    is_running service || start_service
}

@test "the process and what it needs are healthy" {
    request GET /grantkeeper/healthz
    expect_status 200
    request GET /grantkeeper/readyz
    expect_status 200
}

@test "openapi.json describes every path" {
    request GET /grantkeeper/openapi.json
    expect_status 200
    expect_equal "$(field Content-Type)" application/json
    expect_match "$(json .openapi)" '^3\.1\.'
    expect_equal "$(json '.paths | keys[]' | sort)" "$(sort <<'PATHS'
/api/integration-connections
/api/integrations/{id}/connect
/api/integrations/{id}/connection
/api/integrations/{id}/request
/api/integrations/{id}/request/{path}
/grantkeeper/connect/{id}
/grantkeeper/connected
/grantkeeper/error
/grantkeeper/healthz
/grantkeeper/integrations
/grantkeeper/integrations/{id}
/grantkeeper/metrics
/grantkeeper/openapi.json
/grantkeeper/readyz
/grantkeeper/session
/grantkeeper/sessions
/grantkeeper/sessions/start
/oauth2/callback
/oauth2/callback/{slug}
PATHS
)"
}

@test "the command, openapi.json, the metrics and User-Agent tell one version" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local version
    version=$("$binaries/grantkeeper" --version)
    expect_match "$version" '^[0-9]+\.[0-9]+\.[0-9]+'
    request GET /grantkeeper/openapi.json
    expect_equal "$(json .info.version)" "$version"
    request GET /grantkeeper/metrics
    expect_equal "$(grep '^grantkeeper_build_info' <<<"$body")" \
        "grantkeeper_build_info{version=\"$version\"} 1"
    as alice GET "/api/integrations/$slug/request/echo"
    expect_status 200
    expect_equal "$(json '.headers[] | select(.name | ascii_downcase == "user-agent") | .value')" \
        "Grantkeeper/$version"
}

@test "integrations are made, read, listed, changed and removed" {
    sign_in alice
    add_integration '.name = "First" | .category = "tests" | .description = "an integration"'
    as alice GET "/grantkeeper/integrations/$slug"
    expect_status 200
    expect_equal "$(json '[.id, .slug, .name, .type, .category, .mode, .authType] | @csv')" \
        "\"$integration\",\"$slug\",\"First\",\"custom\",\"tests\",\"per-user\",\"oauth2\""
    as alice GET "/grantkeeper/integrations?limit=200"
    expect_status 200
    expect_match "$body" "$integration"
    change_integration '.name = "Second"'
    as alice GET "/grantkeeper/integrations/$integration"
    expect_equal "$(json .name)" Second
    by "$admin_key" DELETE "/grantkeeper/integrations/$integration"
    expect_status 204
    as alice GET "/grantkeeper/integrations/$slug"
    expect_problem 404
}

@test "a client's id and secret are never returned" {
    sign_in alice
    add_integration
    expect_no_match "$body" "$mock_client_secret"
    local who
    for who in "as alice" "by $admin_key"; do
        $who GET "/grantkeeper/integrations/$slug"
        expect_no_match "$body" "$mock_client_secret|clientSecret|$mock_client_id"
        $who GET /grantkeeper/integrations
        expect_no_match "$body" "$mock_client_secret|clientSecret"
    done
}

@test "integrations are a superuser's to change" {
    sign_in alice
    add_integration
    as_json alice POST /grantkeeper/integrations "$definition"
    expect_problem 403
    as_json alice PUT "/grantkeeper/integrations/$slug" "$definition"
    expect_problem 403
    as alice DELETE "/grantkeeper/integrations/$slug"
    expect_problem 403
    request GET /grantkeeper/integrations
    expect_problem 401
}

@test "an integration that is wrong is a 400 that names every field" {
    local bad name
    while IFS='|' read -r name bad; do
        by_json "$admin_key" POST /grantkeeper/integrations "$(jq "$bad" <<<"$(mock_definition wrong)")"
        expect_problem 400
        expect_match "$(json .detail)" "$name"
    done <<'CASES'
slug|del(.slug)
slug|.slug = "Upper Case"
slug|.slug = "../x"
apiBaseUri|del(.apiBaseUri)
apiBaseUri|.apiBaseUri = "/relative"
apiBaseUri|.apiBaseUri = "https://u:p@h.test"
apiBaseUri|.apiBaseUri = "file:///etc"
authUri|del(.authUri)
tokenUri|.tokenUri = "ftp://h.test/"
clientId|del(.clientId)
mode|.mode = "everybody"
authType|.authType = "magic"
unheardOf|.unheardOf = 1
state|.authorizationParameters = {state: "mine"}
Cookie|.forwardHeaders = ["Cookie"]
scope|.scope = 1
CASES
}

@test "a slug is taken once" {
    add_integration
    by_json "$admin_key" POST /grantkeeper/integrations "$definition"
    expect_problem 409
}

@test "an integration with connections is not removed, unless they are to go, too" {
    sign_in alice bob
    add_integration
    connect alice "$slug"
    connect bob "$slug"
    by "$admin_key" DELETE "/grantkeeper/integrations/$slug"
    expect_problem 409 integration_in_use
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    mock_clear_events
    by "$admin_key" DELETE "/grantkeeper/integrations/$slug?disconnect=true"
    expect_status 204
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
    as alice GET /api/integration-connections
    expect_no_match "$body" "$integration"
    await 60 both_are_revoked
}

both_are_revoked() {
    (($(mock_revocations | grep -c refresh_token) == 2))
}

@test "moving an integration to another origin needs a confirmation and ends its connections" {
    sign_in alice
    add_integration
    connect alice "$slug"
    definition=$(jq ".apiBaseUri = \"$upstream\"" <<<"$definition")
    by_json "$admin_key" PUT "/grantkeeper/integrations/$slug" "$definition"
    expect_problem 409
    local before
    before=$(seen_count)
    by_json "$admin_key" PUT "/grantkeeper/integrations/$slug?confirm=true" "$definition"
    expect_status 200
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 409 reauthorization_required
    expect_equal "$(seen_count)" "$before"
}

@test "SECURITY 40: no other user may read or write the files" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local file
    for file in "$work"/private/grantkeeper.db*; do
        expect_equal "$(basename -- "$file") $(stat -c %a "$file")" "$(basename -- "$file") 600"
    done
    [[ -f $work/private/grantkeeper.db-wal ]]
    find "$work/private" -name 'grantkeeper.keyring*' -type f -printf '%m\n' | sort -u >"$BATS_TEST_TMPDIR/modes"
    expect_match "$(cat -- "$BATS_TEST_TMPDIR/modes")" '^[46]00$'
}

@test "SECURITY 41: the socket is nginx's and no other user's" {
    expect_equal "$(stat -c %F/%a "$work/run/grantkeeper.sock")" socket/660
    if ((EUID == 0)); then expect_equal "$(stat -c %G "$work/run/grantkeeper.sock")" www-data; fi
    expect_equal "$(service_listeners)" 0
}

# How many TCP sockets the service listens on.
service_listeners() {
    local pid inode
    pid=$(process_id service)
    {
        for inode in $(find "/proc/$pid/fd" -printf '%l\n' | sed -n 's/^socket:\[\(.*\)\]$/\1/p'); do
            awk -v inode="$inode" '$4 == "0A" && $10 == inode' "/proc/$pid/net/tcp" \
                "/proc/$pid/net/tcp6" || true
        done
    } | wc -l
}

@test "SECURITY 26: core dumps are off" {
    local pid
    pid=$(process_id service)
    grep -Eq '^Max core file size +0 +0 ' "/proc/$pid/limits"
    # What is not dumpable belongs to root, whoever runs it.
    if ((EUID != 0)); then expect_equal "$(stat -c %U "/proc/$pid/mem")" root; fi
}

@test "SECURITY 38: a token that is moved to another's row does not work there" {
    sign_in alice bob
    add_integration
    connect alice "$slug"
    as_json bob POST "/api/integrations/$slug/connect" '{"accessToken": "not-good"}'
    expect_status 201
    sql "UPDATE connection SET tokenExpiresAt = NULL, credential = (SELECT credential FROM connection
         WHERE holder = 'alice' AND integrationId = '$integration')
         WHERE holder = 'bob' AND integrationId = '$integration'"
    as bob GET "/api/integrations/$slug/request/files"
    expect_problem 500
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "SECURITY 26: no secret is in an answer, a page or a log" {
    sign_in alice
    mock_clear_events
    add_integration
    begin alice "$slug"
    approve
    local code state session binding
    code=$(query_value "$callback_url" code)
    state=$(query_value "$callback_url" state)
    session=$(cookie alice grantkeeper)
    finish alice
    binding=$(cookie alice grantkeeper-browser)
    : >"$BATS_TEST_TMPDIR/answers"
    local target
    for target in "$(field Location)" "/api/integrations/$slug/connection" \
        /api/integration-connections /grantkeeper/integrations "/grantkeeper/integrations/$slug" \
        /grantkeeper/metrics /grantkeeper/session; do
        as alice GET "$target"
        cat -- "$BATS_TEST_TMPDIR/head" "$BATS_TEST_TMPDIR/body" >>"$BATS_TEST_TMPDIR/answers"
    done
    # Trouble is when things get quoted: refusals, dead tokens, an error at every step.
    as alice GET "$callback_url"
    expire_connection
    mock_fail_next token html
    as alice GET "/api/integrations/$slug/request/files"
    cat -- "$BATS_TEST_TMPDIR/body" >>"$BATS_TEST_TMPDIR/answers"
    as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "canary-refresh-4711"}'
    cat -- "$BATS_TEST_TMPDIR/body" >>"$BATS_TEST_TMPDIR/answers"
    as_json alice POST "/api/integrations/$slug/connect" '{"accessToken": "canary-access-4711", "canary-name": 1'
    cat -- "$BATS_TEST_TMPDIR/body" >>"$BATS_TEST_TMPDIR/answers"
    by gk_canary-key-4711 GET /grantkeeper/session
    cat -- "$BATS_TEST_TMPDIR/body" >>"$BATS_TEST_TMPDIR/answers"
    as alice DELETE "/api/integrations/$slug/connection"
    restart_service
    local secret
    for secret in "$code" "$state" "$session" "$binding" "$admin_key" "$mock_client_secret" \
        canary-refresh-4711 canary-access-4711 canary-key-4711 mock-at- mock-rt-; do
        [[ -n $secret ]]
        expect_equal "$(grep -rlF -- "$secret" "$BATS_TEST_TMPDIR/answers" "$work/logs/service.log" \
            "$work/nginx-files" "$work/gateway" || true)" ''
    done
    expect_no_match "$(cat -- "$BATS_TEST_TMPDIR/answers")" "$work|/usr/|/tmp/"
}

@test "an error's request id stands in the log" {
    request GET /api/integration-connections
    expect_problem 401
    local id
    id=$(json .requestId)
    as_json nobody POST /grantkeeper/sessions '{}'
    await 5 grep -qF "$id" "$work/nginx-files/grantkeeper.log" || grep -qF "$id" "$work/logs/service.log"
}

@test "TERM lets what is in flight finish, and idle stops at once" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local i before
    before=$(mock_count api.delay)
    for i in {1..10}; do
        curl -s -o /dev/null -w '%{http_code}\n' -b "$(jar_of alice)" \
            "$base/api/integrations/$slug/request/delay/2000" \
            >"$BATS_TEST_TMPDIR/code-$i" &
    done
    await 10 eval '(($(mock_count api.delay) - before >= 10))'
    local pid
    pid=$(process_id service)
    kill -s TERM "$pid"
    wait
    expect_equal "$(cat -- "$BATS_TEST_TMPDIR"/code-* | sort | uniq -c | tr -s ' ')" ' 10 200'
    await 5 is_stopped service
    stop_process service
    start_service
    local started=${EPOCHREALTIME/./}
    kill -s TERM "$(process_id service)"
    await 5 is_stopped service
    (((${EPOCHREALTIME/./} - started) < 1000000))
    stop_process service
}

@test "INT stops it, too, and the socket is not left behind as a trap" {
    kill -s INT "$(process_id service)"
    await 5 is_stopped service
    stop_process service
    # A socket file that a killed service left behind does not keep the next one from starting.
    start_service
    stop_process service KILL
    start_service
    request GET /grantkeeper/healthz
    expect_status 200
}

@test "SECURITY 39: with a wrong or missing key it refuses to start, and says so" {
    stop_process service
    local original=$work/private/grantkeeper.keyring kept=$work/private/kept
    mv -- "$original" "$kept"
    run -1 --separate-stderr "$binaries/grantkeeper" serve --config "$settings"
    expect_match "$stderr$output" 'key'
    "$binaries/grantkeeper" init --directory "$work/private/other" --public-base-url "$base"
    cp -- "$work/private/other/grantkeeper.keyring" "$original"
    run ! "$binaries/grantkeeper" serve --config "$settings"
    expect_match "$output" 'key'
    rm -f -- "$original"
    cp -- "$kept" "$original"
    chmod 0644 "$original"
    run ! "$binaries/grantkeeper" serve --config "$settings"
    expect_match "$output" '0600|600|permission|mode'
    rm -f -- "$original"
    mv -- "$kept" "$original"
    start_service
}

@test "an unknown setting is refused by name" {
    sed 's/^database:/databse:/' "$settings" >"$work/private/wrong.yaml"
    run ! "$binaries/grantkeeper" serve --config "$work/private/wrong.yaml"
    expect_match "$output" databse
    expect_match "$output" database
}

@test "grantkeeper check says what is right, and the redirect URI to register" {
    run -0 grantkeeper check
    expect_match "$output" "$base/oauth2/callback"
}

@test "two services on one new database start cleanly" {
    local i
    mkdir -m 0700 "$work/private/pair"
    for i in 1 2; do
        sed -e "s|^database: .*|database: $work/private/pair/new.db|" \
            -e "s|path: .*sock|path: $work/run/pair-$i.sock|" "$settings" \
            >"$work/private/pair/$i.yaml"
        start_process "pair-$i" "$binaries/grantkeeper" serve --config "$work/private/pair/$i.yaml"
    done
    for i in 1 2; do
        await 10 test -S "$work/run/pair-$i.sock"
        is_running "pair-$i"
    done
    for i in 1 2; do stop_process "pair-$i"; done
}

@test "SECURITY 30: only http and https are spoken, and no proxy of the environment" {
    sign_in alice
    connect_upstream alice
    local port
    port=$(free_port)
    stop_process service
    start_process service env http_proxy="http://127.0.0.1:$port" \
        https_proxy="http://127.0.0.1:$port" ALL_PROXY="http://127.0.0.1:$port" \
        "$binaries/grantkeeper" serve --config "$settings"
    await 15 service_is_ready
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    restart_service
}

@test "SECURITY 30: plain http is refused where it is not allowed" {
    sed '/allowHttp/d' "$settings" >"$work/private/strict.yaml"
    sign_in alice
    connect_upstream alice
    stop_process service
    start_process service "$binaries/grantkeeper" serve --config "$work/private/strict.yaml"
    await 15 service_is_ready
    local before
    before=$(seen_count)
    as alice GET "/api/integrations/$slug/request/files"
    expect_match "$status" '^(400|502)$'
    expect_equal "$(seen_count)" "$before"
    restart_service
}
