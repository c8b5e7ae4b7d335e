#!/usr/bin/env bats
# The redirect flow: from GET …/connect to a connection, and every way in which it may not get
# there.

load helpers
load mock

setup_file() {
    start_stack
}

teardown_file() {
    stop_stack
}

# Refused on the way back: our error page with that code, and not one token request.
expect_refused() {
    expect_status 302
    expect_match "$(field Location)" "/grantkeeper/error\\?.*error=$1"
    expect_equal "$(mock_count token)" "$2"
}

@test "a user connects an integration through the provider's redirect" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    finish alice
    expect_match "$(field Location)" "^($base)?/grantkeeper/connected\\?.*integration=$slug"

    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    expect_equal "$(json .ownerId)" alice
    expect_equal "$(json .integrationId)" "$integration"
    expect_equal "$(json .isShared)" false
    expect_equal "$(json .apiBaseUri)" "$mock_api"
    expect_equal "$(json .status)" active
    expect_match "$(json .lastAuthorizedAt)" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$'
    expect_equal "$(json '[has("tokenExpiresAt", "refreshTokenExpiresAt", "data", "createdAt", "updatedAt")] | all')" true
    expect_match "$(json .id)" '^conn'
}

@test "the integration's id does as well as its slug" {
    sign_in alice
    add_integration
    connect alice "$integration"
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    local by_slug=$body
    as alice GET "/api/integrations/$integration/connection"
    expect_status 200
    expect_equal "$body" "$by_slug"
}

@test "SECURITY 6: every flow has a fresh S256 challenge and a state of its own" {
    sign_in alice
    add_integration
    begin alice "$slug"
    local first=$authorization_url
    begin alice "$slug"
    expect_equal "$(query_value "$first" code_challenge_method)" S256
    expect_match "$(query_value "$first" code_challenge)" '^[A-Za-z0-9_-]{43}$'
    [[ $(query_value "$first" code_challenge) != "$(query_value "$authorization_url" code_challenge)" ]]
    [[ $(query_value "$first" state) != "$(query_value "$authorization_url" state)" ]]
}

@test "SECURITY 4: state, session and key are 128 random bits or more, short and no UUID" {
    sign_in alice
    add_integration
    begin alice "$slug"
    local secret
    for secret in "$(query_value "$authorization_url" state)" "$(cookie alice grantkeeper)" \
        "${admin_key#gk_}"; do
        expect_match "$secret" '^[A-Za-z0-9_.-]{22,128}$'
        expect_no_match "$secret" '^[0-9a-f]{8}-[0-9a-f]{4}-'
    done
}

@test "the provider is asked for the configured scope, with the exact redirect URI" {
    sign_in alice
    add_integration
    begin alice "$slug"
    expect_equal "$(query_value "$authorization_url" response_type)" code
    expect_equal "$(query_value "$authorization_url" client_id)" "$mock_client_id"
    expect_equal "$(query_value "$authorization_url" redirect_uri)" \
        "$(jq -rn --arg uri "$base/oauth2/callback" '$uri | @uri')"
    [[ -n $(query_value "$authorization_url" scope) ]]
}

@test "SECURITY 13: a forged Host or forwarded header leaves the redirect URI alone" {
    sign_in alice
    add_integration
    local wanted
    wanted=$(jq -rn --arg uri "$base/oauth2/callback" '$uri | @uri')
    local forged
    for forged in 'Host: evil.test' 'X-Forwarded-Host: evil.test' 'Forwarded: host=evil.test' \
        'X-Forwarded-Proto: https' 'X-Original-URL: http://evil.test/'; do
        # curl picks cookies by the Host field: here they are given.
        request GET "/api/integrations/$slug/connect" -H "$forged" \
            -b "grantkeeper=$(cookie alice grantkeeper)"
        expect_status 302
        expect_equal "$(query_value "$(field Location)" redirect_uri)" "$wanted"
    done
    request GET "/api/integrations/$slug/connect" -b "grantkeeper=$(cookie alice grantkeeper)" \
        --request-target "http://evil.test/api/integrations/$slug/connect"
    expect_status 302
    expect_equal "$(query_value "$(field Location)" redirect_uri)" "$wanted"
}

@test "a denial ends on the error page and leaves no connection" {
    sign_in alice
    add_integration
    begin alice "$slug"
    deny
    local tokens
    tokens=$(mock_count token)
    as alice GET "$callback_url"
    expect_refused access_denied "$tokens"
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "a refusal without a state ends where its flow began, and takes nothing from it" {
    sign_in alice
    add_integration
    begin alice "$slug" '?returnTo=/done'
    as alice GET '/oauth2/callback?error=access_denied'
    expect_status 302
    expect_equal "$(field Location)" "$base/done?integration=$slug&error=access_denied"
    request GET '/oauth2/callback?error=access_denied'
    expect_equal "$(field Location)" "$base/grantkeeper/error?error=access_denied"
    as alice GET '/oauth2/callback?code=x'
    expect_match "$(field Location)" 'error=invalid_state'
    approve
    finish alice
    expect_equal "$(field Location)" "$base/done?integration=$slug&connected=1"
}

@test "SECURITY 3: an error callback uses its state up" {
    sign_in alice
    add_integration
    begin alice "$slug"
    local state tokens
    state=$(query_value "$authorization_url" state)
    tokens=$(mock_count token)
    as alice GET "/oauth2/callback?error=access_denied&state=$state$mock_iss"
    expect_refused access_denied "$tokens"
    as alice GET "/oauth2/callback?code=later&state=$state$mock_iss"
    expect_refused invalid_state "$tokens"
}

@test "an error of the provider's becomes one of our codes, whatever it says" {
    sign_in alice
    add_integration
    begin alice "$slug"
    as alice GET "/oauth2/callback?error=made_up_by_them&error_description=canary-4711&state=$(query_value "$authorization_url" state)$mock_iss"
    expect_status 302
    expect_match "$(field Location)" '/grantkeeper/error\?.*error=[a-z_]+'
    expect_no_match "$(field Location)" 'made_up_by_them|canary'
}

@test "a provider that refuses the code ends on the error page" {
    sign_in alice
    add_integration
    begin alice "$slug"
    as alice GET "/oauth2/callback?code=never-issued&state=$(query_value "$authorization_url" state)$mock_iss"
    expect_status 302
    expect_match "$(field Location)" '/grantkeeper/error\?'
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 1: alice's state in bob's browser is refused, and stays good for alice" {
    sign_in alice bob
    add_integration
    begin alice "$slug"
    approve
    local tokens alices=$callback_url
    tokens=$(mock_count token)
    as bob GET "$alices"
    expect_refused invalid_state "$tokens"
    begin bob "$slug"
    as bob GET "$alices"
    expect_refused invalid_state "$tokens"
    callback_url=$alices
    finish alice
    expect_match "$(field Location)" /grantkeeper/connected
}

@test "SECURITY 1: without the browser's cookie the state is refused and not used up" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    local tokens
    tokens=$(mock_count token)
    request GET "$callback_url"
    expect_refused invalid_state "$tokens"
    request GET "$callback_url" -b "grantkeeper=$(cookie alice grantkeeper)"
    expect_refused invalid_state "$tokens"
    finish alice
    expect_match "$(field Location)" /grantkeeper/connected
}

@test "a callback that comes back signed in as another user is refused" {
    sign_in alice bob
    add_integration
    begin alice "$slug"
    approve
    local tokens binding
    tokens=$(mock_count token)
    binding=$(cookie alice grantkeeper-browser)
    request GET "$callback_url" \
        -b "grantkeeper=$(cookie bob grantkeeper); grantkeeper-browser=$binding"
    expect_status 302
    expect_match "$(field Location)" '/grantkeeper/error\?'
    expect_equal "$(mock_count token)" "$tokens"
    as bob GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "a second tab does not break the first" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    local first=$callback_url
    begin alice "$slug"
    approve
    finish alice
    expect_match "$(field Location)" /grantkeeper/connected
    callback_url=$first
    finish alice
    expect_match "$(field Location)" /grantkeeper/connected
}

@test "a state that we did not make is refused" {
    sign_in alice
    add_integration
    begin alice "$slug"
    local tokens state
    tokens=$(mock_count token)
    for state in unknown '' "$(query_value "$authorization_url" state)x" '%00' \
        "$(printf 'a%.0s' {1..5000})"; do
        as alice GET "/oauth2/callback?code=x&state=$state"
        expect_refused invalid_state "$tokens"
    done
    as alice GET '/oauth2/callback?code=x'
    expect_refused invalid_state "$tokens"
    as alice GET /oauth2/callback
    expect_refused invalid_callback "$tokens"
}

@test "SECURITY 2: a state works once" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    finish alice
    local tokens
    tokens=$(mock_count token)
    finish alice
    expect_match "$(field Location)" "/grantkeeper/connected\\?integration=$slug"
    expect_equal "$(mock_count token)" "$tokens"
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
}

@test "SECURITY 2: 50 parallel callbacks with one state make one token request" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    local tokens
    tokens=$(mock_count token)
    seq 50 | xargs -P 50 -I{} curl -s -o /dev/null -w '%{redirect_url}\n' -b "$(jar_of alice)" \
        "$callback_url" >"$BATS_TEST_TMPDIR/locations"
    expect_equal "$(($(mock_count token) - tokens))" 1
    expect_equal "$(grep -c /grantkeeper/connected "$BATS_TEST_TMPDIR/locations")" 50
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
}

@test "SECURITY 3: a state is gone after 10 minutes" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    expect_equal "$(sql "SELECT max(expiresAt) - unixepoch() BETWEEN 590 AND 600 FROM pendingAuthorization")" 1
    sql "UPDATE pendingAuthorization SET expiresAt = unixepoch() - 1"
    local tokens
    tokens=$(mock_count token)
    as alice GET "$callback_url"
    expect_refused invalid_state "$tokens"
}

@test "SECURITY 3: logging out kills the flows that the session began" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    as alice DELETE /grantkeeper/session
    expect_status 204
    sign_in alice.other
    local tokens
    tokens=$(mock_count token)
    as alice GET "$callback_url"
    expect_refused invalid_state "$tokens"
}

@test "SECURITY 3: a flow that begins while its session ends does not survive it" {
    local round pid
    add_integration
    for round in {1..60}; do
        sign_in alice
        curl -s -o /dev/null -b "$(jar_of alice)" "$base/api/integrations/$slug/connect" &
        pid=$!
        as alice DELETE /grantkeeper/session
        expect_status 204
        wait "$pid"
    done
    expect_equal "$(sql "SELECT count(*) FROM pendingAuthorization
        WHERE integrationId = '$integration'")" 0
}

@test "SECURITY 5: a callback with code, state or iss twice is refused" {
    sign_in alice
    add_integration
    local tokens repeated
    for repeated in code=other state=other iss=other; do
        begin alice "$slug"
        approve
        tokens=$(mock_count token)
        as alice GET "$callback_url&${repeated%=*}=$(query_value "$callback_url" "${repeated%=*}")&iss=$mock"
        expect_status 302
        expect_match "$(field Location)" '/grantkeeper/error\?'
        expect_equal "$(mock_count token)" "$tokens"
    done
}

@test "SECURITY 7: an iss that differs in one byte ends the flow, in errors too" {
    sign_in alice
    add_integration ".issuer = \"$mock\""
    local tokens issuer answer
    tokens=$(mock_count token)
    for issuer in "$mock/" "${mock/http/HTTP}" "${mock%?}" "https://evil.test"; do
        for answer in code=x error=access_denied; do
            begin alice "$slug"
            as alice GET "/oauth2/callback?$answer&state=$(query_value "$authorization_url" state)&iss=$(jq -rn --arg i "$issuer" '$i | @uri')"
            expect_status 302
            expect_match "$(field Location)" 'error=issuer_mismatch'
            expect_equal "$(mock_count token)" "$tokens"
        done
    done
}

@test "SECURITY 7: where an iss is promised, its absence ends the flow" {
    sign_in alice
    add_integration ".issuer = \"$mock\" | .issuerRequired = true"
    local tokens
    tokens=$(mock_count token)
    begin alice "$slug"
    as alice GET "/oauth2/callback?code=x&state=$(query_value "$authorization_url" state)"
    expect_status 302
    expect_match "$(field Location)" 'error=issuer_mismatch'
    expect_equal "$(mock_count token)" "$tokens"
    connect alice "$slug"
}

@test "SECURITY 8: a state of one integration on another's own callback path is refused" {
    sign_in alice
    add_integration '.redirect = "own"'
    local own=$slug state tokens
    mock_allow_redirect "$base/oauth2/callback/$own"
    add_integration '.redirect = "own"'
    begin alice "$slug"
    state=$(query_value "$authorization_url" state)
    tokens=$(mock_count token)
    as alice GET "/oauth2/callback/$own?code=x&state=$state$mock_iss"
    expect_status 302
    expect_match "$(field Location)" '/grantkeeper/error\?'
    expect_equal "$(mock_count token)" "$tokens"
    begin alice "$slug"
    as alice GET "/oauth2/callback?code=x&state=$(query_value "$authorization_url" state)$mock_iss"
    expect_status 302
    expect_match "$(field Location)" '/grantkeeper/error\?'
    expect_equal "$(mock_count token)" "$tokens"
}

@test "an integration with a redirect URI of its own connects through it" {
    sign_in alice
    add_integration '.redirect = "own"'
    mock_allow_redirect "$base/oauth2/callback/$slug"
    begin alice "$slug"
    expect_equal "$(query_value "$authorization_url" redirect_uri)" \
        "$(jq -rn --arg uri "$base/oauth2/callback/$slug" '$uri | @uri')"
    approve
    expect_match "$callback_url" "/oauth2/callback/$slug\\?"
    finish alice
    expect_match "$(field Location)" /grantkeeper/connected
}

@test "SECURITY 10: a returnTo that leads elsewhere is refused before any redirect" {
    sign_in alice
    add_integration
    local target
    for target in //evil.test '/%5Cevil.test' '%5C%5Cevil.test' https:evil.test '/%09/evil.test' \
        '/%0d%0aX-Injected:1' javascript:alert%281%29 'https://evil.test/' 'http://evil.test' \
        "http://user@${base#http://}/" "$base.evil.test/" "http://evil.test%23@${base#http://}/" \
        '%20//evil.test' '/%0a/evil.test' data:text/html,x '///evil.test' '/.//evil.test' \
        'http:/%5Cevil.test' '/%2e%2e//evil.test' '%00' 'relative' '?x=1'; do
        as alice GET "/api/integrations/$slug/connect?returnTo=$target"
        expect_problem 400
        expect_equal "$(field Location)" ''
        expect_equal "$(field X-Injected)" ''
    done
    as alice GET "/api/integrations/$slug/connect?returnTo=/a&returnTo=/b"
    expect_problem 400
}

@test "a returnTo of ours gets the outcome, and keeps its own query" {
    sign_in alice
    add_integration
    begin alice "$slug" '?returnTo=%2Fapp%2Fsettings%3Ftab%3Dtwo'
    approve
    finish alice
    local location
    location=$(field Location)
    expect_match "$location" "^($base)?/app/settings\\?tab=two&"
    expect_equal "$(query_value "$location" integration)" "$slug"
    expect_equal "$(query_value "$location" connected)" 1

    begin alice "$slug" '?returnTo=%2Fapp'
    deny
    finish alice
    location=$(field Location)
    expect_match "$location" "^($base)?/app\\?"
    expect_equal "$(query_value "$location" error)" access_denied
    expect_equal "$(query_value "$location" connected)" ''
}

@test "SECURITY 12: the callback's answer carries no code and no state, and is not kept" {
    sign_in alice
    add_integration
    local outcome
    for outcome in approve deny; do
        begin alice "$slug"
        "$outcome"
        finish alice
        expect_no_match "$(field Location)" 'code=|state='
        expect_equal "$(field Referrer-Policy)" no-referrer
        expect_equal "$(field Cache-Control)" no-store
    done
    as alice GET '/oauth2/callback?code=x&state=y'
    expect_equal "$(field Referrer-Policy)" no-referrer
    expect_equal "$(field Cache-Control)" no-store
}

@test "SECURITY 11: the error page shows text as text and lets no site frame it" {
    local target
    for target in '/grantkeeper/error?error=<script>alert(1)</script>&error_description=<script>alert(2)</script>' \
        '/grantkeeper/error?error=%3Cscript%3Ealert(1)%3C/script%3E&integration=%3Cimg%20src=x%20onerror=alert(3)%3E' \
        '/grantkeeper/connected?integration=%22%3E%3Cscript%3Ealert(4)%3C/script%3E'; do
        request GET "$(sed 's/</%3C/g; s/>/%3E/g' <<<"$target")"
        expect_match "$status" '^(200|400|404)$'
        expect_no_match "$body" '<script>alert|<img src=x'
        expect_match "$(field Content-Security-Policy)" "default-src 'none'"
        expect_match "$(field Content-Security-Policy)" "frame-ancestors 'none'"
        expect_no_match "$(field Content-Security-Policy)" 'unsafe-inline|unsafe-eval'
        expect_equal "$(field X-Content-Type-Options)" nosniff
    done
}

@test "SECURITY 11: what the provider writes as description reaches the page as text at most" {
    sign_in alice
    add_integration
    begin alice "$slug"
    as alice GET "/oauth2/callback?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state=$(query_value "$authorization_url" state)$mock_iss"
    expect_status 302
    as alice GET "$(field Location)"
    expect_no_match "$body" '<script>alert'
}

@test "the pages are readable without a script" {
    request GET '/grantkeeper/connected?integration=drive'
    expect_status 200
    expect_match "$(field Content-Type)" '^text/html; *charset=utf-8$'
    expect_match "$body" '<title>'
    request GET '/grantkeeper/error?error=access_denied'
    expect_match "$body" '<title>'
}

@test "SECURITY 14: a token type other than Bearer is refused" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    mock_fail_next token wrong_token_type
    as alice GET "$callback_url"
    expect_status 302
    expect_match "$(field Location)" '/grantkeeper/error\?'
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 14: a token without expires_in works" {
    sign_in alice
    add_integration
    mock_set '{"expiresIn": false}'
    connect alice "$slug"
    mock_set '{"expiresIn": true}'
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    expect_equal "$(json .tokenExpiresAt)" null
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "connecting needs a user who is signed in" {
    add_integration
    request GET "/api/integrations/$slug/connect"
    expect_problem 401
    [[ -n $(field WWW-Authenticate) ]]
    expect_equal "$(field Location)" ''
}

@test "connecting wants a browser: an API key is told how" {
    add_integration
    by "$admin_key" GET "/api/integrations/$slug/connect"
    expect_problem 400 browser_required
    expect_match "$body" startUrl
}

@test "an integration that is not there is a 404 for every method of connect" {
    sign_in alice
    as alice GET /api/integrations/nowhere/connect
    expect_problem 404
    as_json alice POST /api/integrations/nowhere/connect '{"refreshToken": "x"}'
    expect_problem 404
}

@test "a popup's page closes itself; the flow remembers that it is one" {
    sign_in alice
    add_integration
    begin alice "$slug" '?popup=1'
    approve
    finish alice
    as alice GET "$(field Location)"
    expect_status 200
    expect_match "$body" 'window.close|close\(\)'
}

@test "the callback takes GET only" {
    local method
    for method in POST PUT DELETE PATCH; do
        request "$method" '/oauth2/callback?code=x&state=y' -H 'Content-Length: 0'
        expect_status 405
    done
}
