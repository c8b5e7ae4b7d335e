#!/usr/bin/env bats
# A token endpoint's answers that are not as they should be, and what becomes of the grant.

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

# What the service has logged since the last connection.
new_lines() {
    tail -n "+$((lines + 1))" "$work/logs/service.log"
}

# A connection of alice's whose access token has expired.
expired() {
    sign_in alice
    add_integration
    connect alice "$slug"
    expire_connection
    lines=$(wc -l <"$work/logs/service.log")
}

# spoil ENDPOINT MODE_JSON
spoil() {
    mock_order fail "$(jq --arg endpoint "$1" '. + {endpoint: $endpoint}' <<<"$2")"
}

calls() {
    as alice GET "/api/integrations/$slug/request/files"
    expect_status "$1"
}

# The mock takes the second use of a refresh token for a theft, and ends the grant.
@test "RELIABILITY 17: tokens of an odd answer are stored, and the old one never sent again" {
    expired
    local order deep
    # Deeper than a worker's stack.
    deep=$(printf '[%.0s' {1..9000})$(printf '{\\"a\\":%.0s' {1..5000})
    for order in '{"mode": "gzip"}' '{"mode": "form"}' \
        '{"mode": "ending", "text": ", \"x\": NaN}"}' \
        '{"mode": "ending", "text": ", \"name\": \"José\"}"}' \
        '{"mode": "ending", "text": ", \"error\": false}"}' \
        '{"mode": "ending", "text": "} // served by node 7"}' \
        "{\"mode\": \"ending\", \"text\": \", \\\"x\\\": $deep\"}" \
        '{"mode": "ending", "text": ", \"id_token\": \"eyJ"}'; do
        spoil token "$order"
        calls 200
        expire_connection
        calls 200
        expire_connection
    done
    expect_equal "$(mock_count refresh.reused)" 0
    expect_match "$(new_lines)" 'not as it should be'
}

@test "RELIABILITY 17: an answer that can't be read is an error that names the lost grant" {
    expired
    as alice GET "/api/integrations/$slug/connection"
    local id
    id=$(json .id)
    spoil token '{"mode": "html", "afterEffect": true}'
    calls 502
    expect_match "$(new_lines | grep 'probably lost')" "error.*connection=$id"
    await 10 is_409
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json .statusReason)" invalid_grant
}

is_409() {
    as alice GET "/api/integrations/$slug/request/files"
    [[ $status == 409 ]]
}

@test "a provider that wants its user is a 409 with a link, and the reason" {
    local code
    for code in interaction_required login_required consent_required account_selection_required \
        insufficient_user_authentication; do
        expired
        spoil token "{\"mode\": \"error\", \"code\": \"$code\"}"
        calls 409
        expect_equal "$(json '.code + " " + .reason')" 'reauthorization_required interaction_required'
        expect_equal "$(json .connect)" "/api/integrations/$slug/connect"
        as alice GET "/api/integrations/$slug/connection"
        expect_equal "$(json '.status + " " + .statusReason')" \
            'reauthorization_required interaction_required'
    done
    run -0 grantkeeper connection list
    expect_match "$output" 'reauthorization_required +interaction_required'
}

@test "a refresh token that is past its stated end and refused has expired" {
    expired
    spoil token '{"mode": "with", "member": "refresh_expires_in", "value": "1"}'
    calls 200
    expire_connection
    await 5 is_past_its_end
    spoil token '{"mode": "status", "status": 429}'
    calls 502
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json .status)" active
    spoil token '{"mode": "error", "code": "invalid_request"}'
    await 10 is_409
    expect_equal "$(json .reason)" expired
}

is_past_its_end() {
    as alice GET "/api/integrations/$slug/connection"
    [[ $(json .refreshTokenExpiresAt) < $(date -u +%Y-%m-%dT%H:%M:%SZ) ]]
}

@test "a token endpoint that asks to be left alone is, and callers are told until when" {
    expired
    local before status_code
    before=$(mock_count token)
    for status_code in 429 503; do
        spoil token "{\"mode\": \"status\", \"status\": $status_code, \"count\": 9,
            \"headers\": {\"Retry-After\": \"20\"}}"
        calls 503
        expect_problem 503 provider_busy
        expect_match "$(field Retry-After)" '^(1[5-9]|20)$'
        calls 503
        expect_match "$(field Retry-After)" '^(1[5-9]|20)$'
        expect_equal "$(($(mock_count token) - before))" 1
        mock_reset
        expired
        before=$(mock_count token)
    done
    spoil token '{"mode": "status", "status": 429, "headers": {"Retry-After": "20"}}'
    as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "r"}'
    expect_problem 503 provider_busy
    expect_equal "$(field Retry-After)" 20
}

@test "a type of token that is not known is named in the log, with the field that it belongs to" {
    expired
    spoil token '{"mode": "wrong_token_type", "value": "BearerToken"}'
    begin alice "$slug"
    approve
    finish alice
    expect_match "$(field Location)" 'token_type_unknown'
    expect_match "$(new_lines | grep 'connecting failed')" 'BearerToken.*tokenResponse.tokenTypes'
    expect_no_match "$(new_lines)" 'compare clientId'
}
