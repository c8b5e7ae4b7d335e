#!/usr/bin/env bats
# Connections once they are there: whose they are, the list, those made without a redirect, the
# shared one, disconnecting.

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

# Two answers that must not be told apart, but for what names this one request.
expect_same_answer() {
    expect_equal "$(jq -S 'del(.requestId)' <<<"$1")" "$(jq -S 'del(.requestId)' <<<"$2")"
}

@test "SECURITY 23: a user can neither see, use, list nor delete another's connection" {
    sign_in alice bob
    add_integration
    connect alice "$slug"
    local reference
    for reference in "$slug" "$integration"; do
        as bob GET "/api/integrations/$reference/connection"
        expect_problem 404
        as bob DELETE "/api/integrations/$reference/connection"
        expect_problem 404
        as bob GET "/api/integrations/$reference/request/files"
        expect_problem 409 connection_required
        as_json bob POST "/api/integrations/$reference/request" '{"url": "/files"}'
        expect_problem 409 connection_required
    done
    as bob GET /api/integration-connections
    expect_equal "$(json .total)" 0
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
}

@test "SECURITY 23: case variants and trailing slashes lead nowhere" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local path
    for path in "/api/integrations/${slug^^}/connection" "/api/integrations/$slug/connection/" \
        "/api/integrations/$slug/Connection" "/API/integrations/$slug/connection" \
        "/api/integrations//$slug/connection" "/api/integrations/%2e/$slug/connection" \
        "/api/integrations/$slug%00/connection" "/api/integrations/$slug%20/connection"; do
        as alice GET "$path"
        expect_match "$status" '^(400|404)$'
    done
}

@test "SECURITY 23: an integration for others and one that does not exist give the same answer" {
    sign_in alice
    add_integration '.allowedUsers = ["carol"]'
    local method target hidden
    for method in GET DELETE; do
        as alice "$method" "/api/integrations/$slug/connection"
        expect_problem 404
        hidden=$body
        as alice "$method" /api/integrations/nowhere/connection
        expect_problem 404
        expect_same_answer "$hidden" "$body"
    done
    for target in connect request/files; do
        as alice GET "/api/integrations/$slug/$target"
        expect_problem 404
        hidden=$body
        as alice GET "/api/integrations/nowhere/$target"
        expect_problem 404
        expect_same_answer "$hidden" "$body"
    done
}

@test "the list is HAL, with every field of the contract" {
    sign_in lister
    add_integration '.name = "Drive of the test"'
    connect lister "$slug"
    as lister GET /api/integration-connections
    expect_status 200
    expect_match "$(field Content-Type)" '^application/json'
    expect_equal "$(json ._links.self.href)" /api/integration-connections
    expect_equal "$(json '[.start, .count, .total] | @csv')" 0,1,1
    local entry='._embedded["inf:integration-connection"][0]'
    expect_equal "$(json "$entry | [.integrationId, .ownerId, .isShared] | @csv")" \
        "\"$integration\",\"lister\",false"
    expect_equal "$(json "$entry | [has(\"id\", \"tokenExpiresAt\", \"lastAuthorizedAt\")] | all")" true
    expect_equal "$(json "$entry._embedded[\"inf:integration\"] | [.id, .name, .type] | @csv")" \
        "\"$integration\",\"Drive of the test\",\"custom\""
    as lister GET /api/integration-connections -H 'Accept: application/hal+json'
    expect_match "$(field Content-Type)" '^application/hal\+json'
}

@test "the list has pages" {
    sign_in pager
    local _
    for _ in 1 2 3; do
        add_integration
        as_json pager POST "/api/integrations/$slug/connect" '{"accessToken": "t"}'
        expect_status 201
    done
    as pager GET '/api/integration-connections?limit=2'
    expect_equal "$(json '[.start, .count, .total] | @csv')" 0,2,3
    expect_equal "$(json ._links.prev)" null
    local next
    next=$(json ._links.next.href)
    expect_match "$next" '^/api/integration-connections\?.*start=2'
    as pager GET "$next"
    expect_status 200
    expect_equal "$(json '[.start, .count, .total] | @csv')" 2,1,3
    expect_equal "$(json ._links.next)" null
    [[ $(json ._links.prev.href) != null ]]
    as pager GET '/api/integration-connections?start=7'
    expect_equal "$(json '[.start, .count, .total] | @csv')" 7,0,3
}

@test "a start or limit that is none is a 400" {
    sign_in alice
    local query
    for query in limit=0 limit=201 limit=-1 limit=x limit= start=-1 start=x start= limit=1.5 \
        start=99999999999999999999 'limit=1&limit=2' limit=0x10 limit=%31%00; do
        as alice GET "/api/integration-connections?$query"
        expect_problem 400
    done
    as alice GET '/api/integration-connections?limit=200&start=0'
    expect_status 200
}

@test "a list without an identity is a 401" {
    request GET /api/integration-connections
    expect_problem 401
    [[ -n $(field WWW-Authenticate) ]]
}

@test "a refresh token makes a connection, and is tried at once" {
    sign_in alice
    add_integration
    local token
    token=$(mock_refresh_token)
    as_json alice POST "/api/integrations/$slug/connect" "{\"refreshToken\": \"$token\"}"
    expect_status 201
    expect_match "$(field Location)" "/api/integrations/[^/]+/connection\$"
    expect_equal "$(json .integrationId)" "$integration"
    expect_equal "$(json .ownerId)" alice
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "a refresh token that the provider refuses makes none" {
    sign_in alice
    add_integration
    as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "never-issued"}'
    expect_match "$status" '^(400|502)$'
    expect_equal "$(field Content-Type)" application/problem+json
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "an access token makes a connection, with or without a refresh token" {
    sign_in alice
    add_integration
    as_json alice POST "/api/integrations/$slug/connect" '{"accessToken": "given", "expiresIn": 600}'
    expect_status 201
    expect_match "$(json .tokenExpiresAt)" 'T'
    as_json alice POST "/api/integrations/$slug/connect" \
        '{"accessToken": "given", "refreshToken": "given too"}'
    expect_status 201
    expect_equal "$(json .tokenExpiresAt)" null
}

# The provider takes the second use of a refresh token for a theft, and ends the grant.
@test "a lookup in trouble is asked again, and costs no refresh token that was handed over" {
    sign_in alice bob
    add_integration ".lookup = {uri: \"$mock/userinfo\"}
        | .connectionData = {account: {from: \"lookup\", name: \"sub\"}}"
    mock_fail_next userinfo 503 2
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/connection"
    expect_match "$(json .data.account)" .
    local given revocations
    given=$(jq -n --arg token "$(mock_refresh_token)" '{refreshToken: $token}')
    revocations=$(mock_count revoke)
    mock_fail_next userinfo 503 3
    as_json bob POST "/api/integrations/$slug/connect" "$given"
    expect_problem 502 provider_unavailable
    as_json bob POST "/api/integrations/$slug/connect" "$given"
    expect_status 201
    expire_connection
    as bob GET "/api/integrations/$slug/request/files"
    expect_status 200
    expect_equal "$(mock_count revoke)" "$revocations"
}

@test "an authorization code makes a connection" {
    sign_in alice
    add_integration
    local verifier=Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6 code
    code=$(mock_code "$verifier" "$base/oauth2/callback")
    as_json alice POST "/api/integrations/$slug/connect" \
        "{\"code\": \"$code\", \"codeVerifier\": \"$verifier\", \"redirectUri\": \"$base/oauth2/callback\"}"
    expect_status 201
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "an API key makes a connection and goes where the integration wants it" {
    sign_in alice
    add_integration "{slug, name, apiBaseUri: \"$upstream\", authType: \"apikey\",
        credentialPlacement: {in: \"header\", name: \"X-Api-Key\"}}"
    as_json alice POST "/api/integrations/$slug/connect" '{"apiKey": "the-key"}'
    expect_status 201
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    expect_equal "$(last_seen '.key + "," + .authorization')" the-key,
    change_integration '.credentialPlacement = {in: "query", name: "key"}'
    as alice GET "/api/integrations/$slug/request/files?a=1"
    expect_equal "$(last_seen '.uri + "," + .key')" '/v3/files?a=1&key=the-key,'
}

@test "a name and a password make a connection" {
    sign_in alice
    add_integration "{slug, name, apiBaseUri: \"$upstream\", authType: \"basic\"}"
    as_json alice POST "/api/integrations/$slug/connect" '{"username": "u", "password": "p:w"}'
    expect_status 201
    as alice GET "/api/integrations/$slug/request/files"
    expect_equal "$(last_seen .authorization)" "Basic $(printf 'u:p:w' | base64)"
}

@test "a bearer token makes a connection" {
    sign_in alice
    add_integration "{slug, name, apiBaseUri: \"$upstream\", authType: \"bearer\"}"
    as_json alice POST "/api/integrations/$slug/connect" '{"token": "static"}'
    expect_status 201
    as alice GET "/api/integrations/$slug/request/files"
    expect_equal "$(last_seen .authorization)" 'Bearer static'
}

@test "an empty object makes a connection where the grant is client credentials" {
    sign_in alice
    add_integration '.grant = "client_credentials" | del(.authUri)'
    as_json alice POST "/api/integrations/$slug/connect" '{}'
    expect_status 201
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "a credential that the API refuses is not stored, where there is a way to try it" {
    sign_in alice
    add_integration '{slug, name, apiBaseUri, authType: "bearer", credentialTestPath: "/files"}'
    as_json alice POST "/api/integrations/$slug/connect" '{"token": "wrong"}'
    expect_problem 400 credential_refused
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 25: fields that are not the caller's to set are a 400 that names them" {
    sign_in alice
    add_integration
    local name
    for name in ownerId isShared apiBaseUri id status scope data integrationId createdAt \
        tokenExpiresAt holder userId; do
        as_json alice POST "/api/integrations/$slug/connect" \
            "{\"accessToken\": \"t\", \"$name\": \"bob\"}"
        expect_problem 400
        expect_match "$(json .detail)" "$name"
    done
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "what POST connect cannot take is a 400" {
    sign_in alice
    add_integration
    local bad
    for bad in '' '[]' '"text"' 'null' '{' '{"accessToken": 1}' '{"accessToken": ""}' \
        '{"accessToken": "a", "apiKey": "b"}' '{"code": "x", "refreshToken": "y"}' '{}' \
        '{"apiKey": "k"}' '{"username": "u"}' '{"accessToken": "a", "expiresIn": -1}' \
        '{"accessToken": "a", "expiresIn": "soon"}' '{"accessToken": "a", "accessToken": "b"}' \
        '{"accessToken": "a\u0000b"}' '{"accessToken": "a\r\nX: y"}' '{"accessToken": "a"} {}' \
        "{\"accessToken\": \"$(printf '\xff')\"}"; do
        as_json alice POST "/api/integrations/$slug/connect" "$bad"
        expect_problem 400
    done
}

@test "JSON that is nested too deep is a 400, at any depth" {
    sign_in alice
    add_integration
    local depth
    for depth in 65 200 5000 100000; do
        head -c "$depth" /dev/zero | tr '\0' '[' >"$BATS_TEST_TMPDIR/deep"
        as alice POST "/api/integrations/$slug/connect" -H 'Content-Type: application/json' \
            --data-binary "@$BATS_TEST_TMPDIR/deep"
        expect_problem 400
    done
    as alice GET /grantkeeper/session
    expect_status 200
}

@test "SECURITY 21: JSON endpoints given text or a form are a 415" {
    sign_in alice
    add_integration
    local type target
    for type in text/plain application/x-www-form-urlencoded multipart/form-data text/json \
        application/jsonp ''; do
        for target in "/api/integrations/$slug/connect" "/api/integrations/$slug/request"; do
            as alice POST "$target" -H "Content-Type: $type" --data-binary '{"url": "/files"}'
            expect_problem 415
        done
        for target in /grantkeeper/sessions /grantkeeper/integrations; do
            by "$admin_key" POST "$target" -H "Content-Type: $type" --data-binary '{"userId": "x"}'
            expect_problem 415
            # Who may not is told that first.
            as alice POST "$target" -H "Content-Type: $type" --data-binary '{"userId": "x"}'
            expect_problem 403
        done
        by "$admin_key" PUT "/grantkeeper/integrations/$slug" -H "Content-Type: $type" \
            --data-binary '{}'
        expect_problem 415
        as alice POST "/api/integrations/$slug/connect" -H "Content-Type: $type" \
            -H 'Sec-Fetch-Site: cross-site' --data-binary '{"accessToken": "t"}'
        expect_problem 403 cross_site
    done
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
    as alice POST "/api/integrations/$slug/connect" \
        -H 'Content-Type: application/json; charset=utf-8' --data-binary '{"accessToken": "t"}'
    expect_status 201
}

@test "connecting again replaces the connection and keeps its id and first date" {
    sign_in alice
    add_integration
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/connection"
    local first=$body revoked
    revoked=$(mock_count revoke)
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json '[.id, .createdAt] | @csv')" "$(json '[.id, .createdAt] | @csv' "$first")"
    expect_equal "$(mock_count revoke)" "$revoked"
    as alice GET /api/integration-connections
    expect_equal "$(json "[._embedded[\"inf:integration-connection\"][] | select(.integrationId == \"$integration\")] | length")" 1
}

@test "SECURITY 16: disconnecting revokes at the provider, the refresh token first" {
    sign_in alice
    add_integration
    connect alice "$slug"
    mock_clear_events
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    expect_equal "$(field Grantkeeper-Revocation)" queued
    expect_equal "$body" ''
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 409 connection_required
    await 10 eval '(($(mock_revocations | wc -l) >= 2))'
    expect_equal "$(mock_revocations | head -n 1)" refresh_token
    expect_equal "$(mock_revocations | tail -n 1)" access_token
    as alice DELETE "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 16: a revocation that meets a 503 is tried again" {
    sign_in alice
    add_integration
    connect alice "$slug"
    mock_clear_events
    mock_fail_next revoke 503
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    await 60 eval 'mock_revocations | grep -q refresh_token'
}

@test "disconnecting works without a revocation endpoint, and says what is left at the provider" {
    sign_in alice
    add_integration 'del(.revocationUri)'
    connect alice "$slug"
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    expect_equal "$(field Grantkeeper-Revocation)" unsupported
    expect_equal "$(grep -c "still listed at the provider.*integration=$slug" "$work/logs/service.log")" 1
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 24: a shared connection is for all users to use, and for its owner to end" {
    sign_in alice bob
    add_integration '.mode = "shared" | .sharedManagers = ["alice"]'
    connect alice "$slug"
    as bob GET "/api/integrations/$slug/connection"
    expect_status 200
    expect_equal "$(json '[.ownerId, .isShared] | @csv')" '"alice",true'
    as bob GET "/api/integrations/$slug/request/files"
    expect_status 200
    as bob GET /api/integration-connections
    expect_equal "$(json "[._embedded[\"inf:integration-connection\"][] | select(.integrationId == \"$integration\")] | length")" 1
    as bob DELETE "/api/integrations/$slug/connection"
    expect_problem 403
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
}

@test "SECURITY 24: a superuser may end a shared connection" {
    sign_in alice
    add_integration '.mode = "shared" | .sharedManagers = ["alice"]'
    connect alice "$slug"
    by "$admin_key" DELETE "/api/integrations/$slug/connection"
    expect_status 204
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 24: a lost permission stops the next request" {
    sign_in alice bob
    add_integration '.mode = "shared" | .sharedManagers = ["alice"] | .allowedUsers = ["bob"]'
    connect alice "$slug"
    as bob GET "/api/integrations/$slug/request/files"
    expect_status 200
    change_integration '.allowedUsers = ["carol"]'
    as bob GET "/api/integrations/$slug/request/files"
    expect_problem 404
    as bob GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 24: a user who lost a permission can still see and end their own connection" {
    sign_in alice bob
    add_integration
    connect alice "$slug"
    change_integration '.allowedUsers = ["bob"]'
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 404 integration_not_found
    as alice GET "/api/integrations/$slug/connect"
    expect_problem 404 integration_not_found
    as_json alice POST "/api/integrations/$slug/connect" '{"accessToken": "t"}'
    expect_problem 404 integration_not_found
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json .ownerId)" alice
    as alice GET /api/integration-connections
    expect_match "$(json '[._embedded[][]._embedded[].id] | @csv')" "\"$integration\""
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    as alice DELETE "/api/integrations/$slug/connection"
    expect_problem 404 integration_not_found
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404 integration_not_found
}

@test "a shared connection is not for all users to make or replace" {
    sign_in alice bob dave
    add_integration '.mode = "shared" | .sharedManagers = ["alice", "dave"]'
    as bob GET "/api/integrations/$slug/connect"
    expect_problem 403 shared_connection_not_owner
    as_json bob POST "/api/integrations/$slug/connect" '{"accessToken": "t"}'
    expect_problem 403 shared_connection_not_owner
    as bob GET "/api/integrations/$slug/connection"
    expect_problem 404
    begin dave "$slug"
    approve
    local daves=$callback_url tokens
    connect alice "$slug"
    # It was nobody's when dave began, and is alice's now that he comes back.
    tokens=$(mock_count token)
    callback_url=$daves
    finish dave
    expect_match "$(field Location)" 'error=shared_connection_not_owner'
    expect_equal "$(mock_count token)" "$tokens"
    as_json dave POST "/api/integrations/$slug/connect" '{"accessToken": "t"}'
    expect_problem 403 shared_connection_not_owner
    as bob GET "/api/integrations/$slug/connection"
    expect_equal "$(json '[.ownerId, .isShared] | @csv')" '"alice",true'
    connect alice "$slug"
    by_json "$admin_key" POST "/api/integrations/$slug/connect" '{"accessToken": "t"}'
    expect_status 201
    expect_equal "$(json .ownerId)" admin
}

@test "a permission that is lost between connect and callback is missed there" {
    sign_in alice
    add_integration '.mode = "shared" | .sharedManagers = ["alice"]'
    begin alice "$slug"
    approve
    change_integration '.sharedManagers = []'
    local tokens
    tokens=$(mock_count token)
    finish alice
    expect_match "$(field Location)" 'error=shared_connection_not_owner'
    expect_equal "$(mock_count token)" "$tokens"
}

@test "a superuser's key acts for a user, anybody else's doesn't" {
    sign_in alice
    add_integration
    connect alice "$slug"
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_status 200
    expect_equal "$(json .ownerId)" alice
    by "$admin_key" GET "/api/integrations/$slug/connection"
    expect_problem 404
    local key
    key=$(grantkeeper key create --user bob)
    by "$key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_problem 403
    by "$key" GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 37: answers to one user are not kept" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local target
    for target in "/api/integrations/$slug/connection" /api/integration-connections \
        "/api/integrations/$slug/request/files" /grantkeeper/session /grantkeeper/integrations \
        /api/integrations/nowhere/connection; do
        as alice GET "$target"
        expect_match "$(field Cache-Control)" no-store
    done
}

@test "a method that an endpoint does not have is a 405 that says which it has" {
    sign_in alice
    add_integration
    as alice PUT "/api/integrations/$slug/connection" -H 'Content-Length: 0'
    expect_problem 405
    expect_match "$(field Allow)" GET
    expect_match "$(field Allow)" DELETE
    as alice DELETE "/api/integrations/$slug/connect"
    expect_problem 405
    as alice POST /api/integration-connections -H 'Content-Length: 0'
    expect_problem 405
}
