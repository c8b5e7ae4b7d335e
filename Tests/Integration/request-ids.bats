#!/usr/bin/env bats
# Each answer names its request: the API's, ours, and nginx's.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack
    start_misbehaving
}

setup() {
    sign_in alice
}

teardown_file() {
    stop_stack
}

write_settings() {
    misbehaving_settings
}

# expect_id: one, and another than before.
expect_id() {
    local id
    expect_equal "$(grep -ic '^grantkeeper-request-id:' "$BATS_TEST_TMPDIR/head")" 1
    id=$(field Grantkeeper-Request-Id)
    expect_match "$id" '^[0-9a-f]{32}$'
    [[ $id != "${last_id-}" ]]
    last_id=$id
}

@test "what an API answers has the request's id, and keeps its own" {
    local code
    connect_misbehaving alice "$plain"
    for code in 200 201 204 301 304 404 500; do
        call GET "/status?code=$code&header=X-Request-Id:theirs&header=Grantkeeper-Request-Id:theirs"
        expect_status "$code"
        expect_id
        expect_equal "$(field X-Request-Id)" theirs
    done
    call HEAD /echo --head
    expect_status 200
    expect_id
    as_json alice POST "/api/integrations/$slug/request" '{"url": "/echo"}'
    expect_status 200
    expect_id
    call GET '/cut?framing=length'
    expect_problem 502 upstream_broken
    expect_id
    expect_equal "$(json .requestId)" "$last_id"
    grep -q "$last_id" "$work/logs/service.log"
}

@test "what we answer has it, errors and redirects included" {
    local target
    add_integration
    for target in /grantkeeper/session "/api/integrations/$slug/connection" \
        "/api/integrations/$slug/connect" /grantkeeper/nowhere '/oauth2/callback?state=x' \
        '/grantkeeper/sessions/start?ticket=x' /grantkeeper/metrics /grantkeeper/healthz; do
        as alice GET "$target"
        expect_id
        [[ $body != *requestId* ]] || expect_equal "$(json .requestId)" "$last_id"
    done
    request GET /grantkeeper/session
    expect_problem 401
    expect_id
    as alice POST /grantkeeper/session
    expect_problem 405
    expect_id
}

@test "what nginx answers for us has it, too" {
    head -c 2000000 /dev/zero >"$BATS_TEST_TMPDIR/large"
    by "$admin_key" POST /grantkeeper/integrations -H 'Content-Type: application/json' \
        --data-binary "@$BATS_TEST_TMPDIR/large"
    expect_problem 413 body_too_large
    expect_id
    expect_equal "$(json .requestId)" "$last_id"
    stop_process service
    as alice GET /grantkeeper/session
    expect_problem 502 service_unreachable
    expect_id
    expect_equal "$(json .requestId)" "$last_id"
    start_service
}
