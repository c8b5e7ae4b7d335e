#!/usr/bin/env bats
# Two identity providers that nobody here wrote, known by their issuer URL alone: connected, used,
# refreshed with rotation, revoked. What they do otherwise than the standards say has tests of its own.

load helpers
load identity-providers
load identity-providers/canaille/provider
load identity-providers/glewlwyd/provider

setup_file() {
    need_swift
    find_binaries
    make_work
    make_certificate
    start_gateway
    start_canaille
    start_glewlwyd
    start_service
    admin_key=$(grantkeeper key create --user admin --superuser)
    mkdir "$work/private/jars"
    export work base settings binaries admin_key
    canaille_register grantkeeper "$secret"
    glewlwyd_register grantkeeper "$secret"
    await 30 canaille_is_ready || {
        cat -- "$work/logs/canaille.log" >&2
        die "canaille is not ready"
    }
}

setup() {
    sign_in alice
}

teardown_file() {
    clean_up
}

# Without allowHttp: an issuer is https, and so is what it names.
write_settings() {
    standard_settings | sed '/allowHttp/d'
    printf '  caFile: %s\n' "$work/tls/authority.pem"
}

secret=canary-client-secret-Q7xMv2

# add PROVIDER [CLIENT [OPTION...]]: from the issuer, with the registered secret or what is in
# $client_secret. Sets $slug and $integration.
add() {
    slug=$1-$BATS_TEST_NUMBER-$RANDOM
    printf '%s' "${client_secret-$secret}" >"$work/private/secret"
    grantkeeper integration add --issuer "${!1}" --client-id "${2-grantkeeper}" --slug "$slug" \
        --secret-file "$work/private/secret" "${@:3}" || return
    integration=$(sql "SELECT id FROM integration WHERE slug = '$slug'")
}

# connect_at PROVIDER: as alice.
connect_at() {
    "$1_moment"
    begin alice "$slug"
    "$1_approve"
    finish alice
    expect_match "$(field Location)" '/grantkeeper/connected'
}

# fails_at PROVIDER CODE: the flow ends so.
fails_at() {
    begin alice "$slug"
    "$1_approve"
    finish alice
    expect_match "$(field Location)" "/grantkeeper/error[?](.*&)?error=$2(&|\$)"
}

expect_active() {
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    expect_equal "$(json .status)" active
}

# asks_provider PROVIDER: who the user is there, through the proxy.
asks_provider() {
    as alice GET "/api/integrations/$slug/request/$(user_info "$1")"
    expect_status 200
    expect_equal "$(json .sub)" "$("$1_subject")"
}

# Below apiBaseUri, which is the issuer where nobody says otherwise.
user_info() {
    case $1 in
        canaille) printf 'oauth/userinfo\n' ;;
        glewlwyd) printf 'userinfo\n' ;;
    esac
}

# refreshes_at PROVIDER: the access token is old, and the next call gets a new one.
refreshes_at() {
    "$1_moment"
    expire_connection
    asks_provider "$1"
}

# advice: what the log said last of why connecting failed.
advice() {
    grep 'connecting failed' "$work/logs/service.log" | tail -n 1
}

# disconnects_at PROVIDER [CLIENT]: and the provider honours the refresh token no longer.
disconnects_at() {
    expect_match "$("$1_tokens" "${2-grantkeeper}" | tail -n 1)" '[|]0$'
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    await 20 nothing_is_to_be_revoked
    expect_match "$("$1_tokens" "${2-grantkeeper}" | tail -n 1)" '[|]1$'
}

nothing_is_to_be_revoked() {
    [[ $(sql "SELECT count(*) FROM revocation WHERE integrationId = '$integration'") == 0 ]]
}

# The way through ------------------------------------------------------------------------------

@test "Canaille: connected from its issuer URL, used, and disconnected" {
    add canaille
    connect_at canaille
    expect_active
    asks_provider canaille
    disconnects_at canaille
}

@test "Glewlwyd: connected from its issuer URL, used, and disconnected" {
    add glewlwyd
    connect_at glewlwyd
    expect_active
    asks_provider glewlwyd
    disconnects_at glewlwyd
    # Canaille has both tokens in one row; here the access token is revoked by itself.
    expect_equal "$(glewlwyd_sql 'SELECT count(*) FROM gpo_access_token WHERE gpoa_enabled')" 0
}

@test "Canaille: each refresh spends its refresh token" {
    add canaille
    connect_at canaille
    local first
    first=$(canaille_tokens grantkeeper | tail -n 1)
    refreshes_at canaille
    refreshes_at canaille
    expect_equal "$(canaille_tokens grantkeeper | tail -n 3 | cut -d '|' -f 2 | paste -sd ' ')" \
        '1 1 0'
    run -0 at_provider "$canaille/oauth/token" -u "grantkeeper:$secret" \
        -d grant_type=refresh_token -d "refresh_token=${first%|*}"
    expect_match "$output" 'invalid_grant'
    expect_active
    disconnects_at canaille
}

@test "Glewlwyd: each refresh spends its refresh token" {
    add glewlwyd
    connect_at glewlwyd
    refreshes_at glewlwyd
    refreshes_at glewlwyd
    expect_equal "$(glewlwyd_tokens grantkeeper | tail -n 3 | cut -d '|' -f 2 | paste -sd ' ')" \
        '1 1 0'
    expect_active
    disconnects_at glewlwyd
}

@test "Glewlwyd: an access token that it honours no longer is refreshed at its 401" {
    add glewlwyd
    connect_at glewlwyd
    glewlwyd_sql 'UPDATE gpo_access_token SET gpoa_enabled = 0'
    asks_provider glewlwyd
    expect_equal "$(glewlwyd_tokens grantkeeper | tail -n 2 | cut -d '|' -f 2 | paste -sd ' ')" '1 0'
}

# What goes wrong -------------------------------------------------------------------------------

@test "Canaille: a wrong secret is told as such" {
    client_secret=wrong add canaille
    fails_at canaille client_refused
    expect_match "$(advice)" 'give the client secret again'
}

# It says unauthorized_client with 403, where RFC 6749 §5.2 has invalid_client.
@test "Glewlwyd: a wrong secret is told as such" {
    client_secret=wrong add glewlwyd
    fails_at glewlwyd client_refused
    expect_match "$(advice)" 'give the client secret again'
}

@test "Canaille: a consent that is refused is told as such" {
    add canaille
    canaille_sql 'DELETE FROM consent'
    begin alice "$slug"
    canaille_deny
    finish alice
    expect_match "$(field Location)" 'error=access_denied'
}

@test "an issuer that differs by a slash is refused" {
    canaille=$canaille/ run ! add canaille
    expect_match "$output" 'names another issuer'
    glewlwyd=$glewlwyd/ run ! add glewlwyd
    expect_match "$output" 'names another issuer'
    expect_equal "$(sql "SELECT count(*) FROM integration WHERE slug LIKE '%-$BATS_TEST_NUMBER-%'")" 0
}

# Its metadata promises the issuer in each answer (RFC 9207); Glewlwyd's does not, and it is there.
@test "Canaille: an answer without the issuer that it promised is refused" {
    add canaille
    begin alice "$slug"
    canaille_approve
    expect_match "$callback_url" '&iss='
    callback_url=${callback_url%%&iss=*}
    finish alice
    expect_match "$(field Location)" 'error=issuer_mismatch'
}

# What they do otherwise ------------------------------------------------------------------------

# OpenID Connect Core §3.1.2.1 has it optional where a code is asked for.
@test "both demand a nonce" {
    local provider nonce
    for provider in canaille glewlwyd; do
        add "$provider"
        begin alice "$slug"
        nonce=$(query_value "$authorization_url" nonce)
        expect_match "$nonce" '^[A-Za-z0-9_-]{43}$'
        authorization_url=${authorization_url/"&nonce=$nonce"/}
        "${provider}_approve"
        expect_match "$callback_url" 'error=invalid_request.*nonce'
    done
}

# It takes one method of each client, and the metadata lists all of them; revoking takes one of all
# clients, and the metadata says so.
@test "Canaille: a client that is registered for client_secret_post has to say so" {
    canaille_register body "$secret" client_secret_post
    add canaille body
    fails_at canaille client_refused
    add canaille body --set clientAuthentication=post
    connect_at canaille
    refreshes_at canaille
    disconnects_at canaille body
}

@test "Canaille: a refresh token ends with its access token, and the user is asked again" {
    add canaille
    connect_at canaille
    canaille_sql 'UPDATE token SET lifetime = 0'
    canaille_moment
    expire_connection
    as alice GET "/api/integrations/$slug/request/oauth/userinfo"
    expect_problem 409 reauthorization_required
    connect_at canaille
    expect_active
    asks_provider canaille
}

@test "Glewlwyd: its metadata is OpenID's only, and knows nothing of refreshing or iss" {
    run -0 at_provider "$glewlwyd_origin/.well-known/oauth-authorization-server/api/oidc"
    expect_match "$output" $'\n404$'
    run -0 at_provider "$glewlwyd/.well-known/openid-configuration"
    expect_equal "$(jq -c 'objects | .grant_types_supported' <<<"$output" 2>/dev/null | head -n 1)" \
        '["authorization_code","implicit"]'
    expect_no_match "$output" authorization_response_iss_parameter_supported
}

# 400 and an empty body, where RFC 6749 §5.2 has invalid_grant. Beside that: with a wrong secret it
# rotates all the same and then answers so, and with that the connection is lost.
@test "Glewlwyd: what refuses a refresh without a word is told by its status" {
    add glewlwyd
    connect_at glewlwyd
    refuses_refresh
    expect_problem 502 provider_unavailable
    expect_active
    add glewlwyd grantkeeper --set 'refresh={dead: [{status: 400}]}'
    connect_at glewlwyd
    refuses_refresh
    expect_problem 409 reauthorization_required
}

refuses_refresh() {
    glewlwyd_sql 'UPDATE gpo_refresh_token SET gpor_enabled = 0'
    expire_connection
    as alice GET "/api/integrations/$slug/request/userinfo"
}

# RFC 6749 §2.3.1 has them form-encoded.
@test "Glewlwyd: client id and secret are compared as they come" {
    client_secret='a+b/c=canary'
    glewlwyd_register special "$client_secret"
    add glewlwyd special
    fails_at glewlwyd client_refused
    add glewlwyd special --set clientAuthentication=basic_unencoded
    connect_at glewlwyd
    refreshes_at glewlwyd
    disconnects_at glewlwyd special
}
