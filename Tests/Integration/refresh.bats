#!/usr/bin/env bats
# Tokens that end: refreshing them once and in time, and what a provider can do wrong meanwhile.

load helpers
load mock

setup_file() {
    start_stack
}

teardown_file() {
    stop_stack
}

teardown() {
    mock_reset
}

# How many requests the token endpoint has had.
token_requests() {
    mock_count token
}

@test "a token that has expired is refreshed before the call" {
    sign_in alice
    add_integration
    connect alice "$slug"
    expire_connection
    local before
    before=$(mock_count token.refresh_token)
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    expect_equal "$(($(mock_count token.refresh_token) - before))" 1
    as alice GET "/api/integrations/$slug/connection"
    [[ $(json .tokenExpiresAt) > $(date -u +%Y-%m-%dT%H:%M:%SZ) ]]
    as alice GET "/api/integrations/$slug/request/files"
    expect_equal "$(($(mock_count token.refresh_token) - before))" 1
}

@test "50 concurrent calls at expiry make one refresh, and all succeed" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local round before
    for round in 1 2 3; do
        expire_connection
        before=$(mock_count token.refresh_token)
        seq 50 | xargs -P 50 -I{} curl -s -o /dev/null -w '%{http_code}\n' -b "$(jar_of alice)" \
            "$base/api/integrations/$slug/request/files" >"$BATS_TEST_TMPDIR/codes"
        expect_equal "round $round: $(sort "$BATS_TEST_TMPDIR/codes" | uniq -c | tr -s ' ')" \
            "round $round:  50 200"
        expect_equal "$(($(mock_count token.refresh_token) - before))" 1
    done
    expect_equal "$(mock_count refresh.reused)" 0
}

@test "an upstream's 401 makes one forced refresh, and the call is made again" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local before
    before=$(mock_count token.refresh_token)
    mock_expire_access_tokens
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    expect_equal "$(($(mock_count token.refresh_token) - before))" 1
    mock_expire_access_tokens
    as_json alice POST "/api/integrations/$slug/request" \
        '{"method": "POST", "url": "/echo", "data": {"a": 1}}'
    expect_status 200
    expect_equal "$(echoed_body)" '{"a":1}'
    expect_equal "$(($(mock_count token.refresh_token) - before))" 2
}

@test "50 calls that meet a 401 make one forced refresh" {
    sign_in alice
    add_integration
    connect alice "$slug"
    mock_expire_access_tokens
    local before
    before=$(mock_count token.refresh_token)
    seq 50 | xargs -P 50 -I{} curl -s -o /dev/null -w '%{http_code}\n' -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request/files" >"$BATS_TEST_TMPDIR/codes"
    expect_equal "$(sort "$BATS_TEST_TMPDIR/codes" | uniq -c | tr -s ' ')" ' 50 200'
    expect_equal "$(($(mock_count token.refresh_token) - before))" 1
}

@test "a 401 that stays passes through, marked as the upstream's" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local before
    before=$(mock_count token.refresh_token)
    as alice GET "/api/integrations/$slug/request/status/401"
    expect_status 401
    expect_match "$(field Proxy-Status)" 'received-status=401'
    expect_equal "$(($(mock_count token.refresh_token) - before))" 1
}

@test "SECURITY 14: a refresh that names no new refresh token keeps the old one" {
    mock_set '{"rotation": "off"}'
    sign_in alice
    add_integration
    connect alice "$slug"
    local _
    for _ in 1 2 3; do
        expire_connection
        as alice GET "/api/integrations/$slug/request/files"
        expect_status 200
    done
}

@test "a refresh token that the provider refuses asks the user to connect again, once" {
    sign_in alice
    add_integration
    connect alice "$slug"
    mock_revoke_all
    expire_connection
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 409 reauthorization_required
    expect_match "$body" "/connect"
    local before
    before=$(token_requests)
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 409 reauthorization_required
    expect_equal "$(token_requests)" "$before"
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    expect_equal "$(json .status)" reauthorization_required
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json .status)" active
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "RELIABILITY 18: a client that is refused is left alone, and owners and operators are told" {
    sign_in alice bob carol
    add_integration
    local user before
    for user in alice bob carol; do connect "$user" "$slug"; done
    (umask 077 && echo wrong >"$work/private/wrong" && echo "$mock_client_secret" >"$work/private/right")
    grantkeeper integration update "$slug" --secret-file "$work/private/wrong"
    expire_connection
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 502 provider_refused
    # A connection that was made just now may show that the client is taken, and alice's refusal be
    # her own: a second one is the client's. Otherwise bob is told at once.
    as bob GET "/api/integrations/$slug/request/files"
    expect_match "$status $(json .code)" '^(502 provider_refused|503 client_refused)$'
    before=$(token_requests)
    for _ in 1 2 3; do
        as carol GET "/api/integrations/$slug/request/files"
        expect_problem 503 client_refused
        expect_match "$(field Retry-After)" '^[1-9][0-9]?$'
    done
    # One more try, with a connection that was refused before, may have come due.
    (($(token_requests) <= before + 1))
    as carol GET "/api/integrations/$slug/connection"
    expect_equal "$(json '[.status, .refreshFailure] | @csv')" '"active",'
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json '[.status, .refreshFailure.code, .refreshFailure.status] | @csv')" \
        '"active","invalid_client",401'
    expect_match "$(json .refreshFailure.advice)" "integration update $slug --secret-file"
    request GET /grantkeeper/metrics
    expect_match "$body" 'grantkeeper_refused_clients 1'
    run -0 grantkeeper check
    expect_match "$output" "refuses the client of $slug since 20"
    run -0 grantkeeper integration list
    expect_match "$output" "$slug .*refused since 20"
    run -0 grantkeeper connection list --integration "$slug" --user alice
    expect_match "$output" 'invalid_client \(401\), [12] times since 20'
    grantkeeper integration update "$slug" --secret-file "$work/private/right"
    for user in alice bob carol; do await 20 gets_files_as "$user"; done
    run -0 grantkeeper check
    expect_no_match "$output" 'refuses the client'
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json .refreshFailure)" null
}

gets_files_as() {
    as "$1" GET "/api/integrations/$slug/request/files"
    [[ $status == 200 ]]
}

@test "a token endpoint that is out of order costs no token" {
    # An answer that is lost after the provider rotated would cost the grant itself.
    mock_set '{"rotation": "same"}'
    sign_in alice
    local failure
    for failure in 500 503 html truncated empty; do
        add_integration
        connect alice "$slug"
        expire_connection
        mock_fail_next token "$failure"
        as alice GET "/api/integrations/$slug/request/files"
        expect_match "$status" '^50[234]$'
        expect_equal "$(field Content-Type)" application/problem+json
        expect_no_match "$body" '<html|mock-'
        as alice GET "/api/integrations/$slug/connection"
        expect_equal "$(json .status)" active
        await 10 gets_files
    done
}

gets_files() {
    as alice GET "/api/integrations/$slug/request/files"
    [[ $status == 200 ]]
}

@test "a token endpoint that fails is not asked by every request" {
    sign_in alice
    add_integration
    connect alice "$slug"
    expire_connection
    mock_fail_next token 503 30
    local before asked waiting=0 _
    before=$(token_requests)
    for _ in {1..30}; do
        as alice GET "/api/integrations/$slug/request/files"
        expect_match "$status" '^50[234]$'
        if [[ $(field Retry-After) -ge 1 ]]; then waiting=$((waiting + 1)); fi
    done
    asked=$(($(token_requests) - before))
    expect_match "$asked" '^[1-5]$'
    # Every call that did not ask says when to come again.
    ((waiting >= 30 - asked))
}

@test "nothing is lost over a restart, not even a flow that is under way" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local connected=$slug
    add_integration
    begin alice "$slug"
    approve
    restart_service
    finish alice
    expect_match "$(field Location)" /grantkeeper/connected
    as alice GET "/api/integrations/$connected/connection"
    expect_status 200
    as alice GET "/api/integrations/$connected/request/files"
    expect_status 200
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    expire_connection
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "a kill -9 loses nothing either" {
    sign_in alice
    add_integration
    connect alice "$slug"
    stop_process service KILL
    start_service
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}
