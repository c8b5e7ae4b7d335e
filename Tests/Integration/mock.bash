# shellcheck shell=bash
#
# The mock provider as the tests use it: how it is registered, what its user does, what it has
# seen, and how it is told to fail. Options of `start_mock` are in helpers.bash.

mock_client_id=grantkeeper-tests
mock_client_secret=canary-client-secret-Q7xMv2
mock_api=${mock-}/api
# What a callback carries beside code and state.
mock_iss=\&iss=$(jq -rn --arg issuer "${mock-}" '$issuer | @uri')

# An integration that is registered there.
mock_definition() {
    jq -n --arg slug "$1" --arg mock "$mock" --arg id "$mock_client_id" \
        --arg secret "$mock_client_secret" '{
            $slug, name: "Mock", authUri: "\($mock)/authorize", tokenUri: "\($mock)/token",
            revocationUri: "\($mock)/revoke", apiBaseUri: "\($mock)/api",
            scope: "files.read files.write", clientId: $id, clientSecret: $secret}'
}

# The user ---------------------------------------------------------------------------------------

# What the user does with $authorization_url; sets $callback_url, where the browser is sent then.
approve() {
    decide approve
}

deny() {
    decide deny
}

decide() {
    mock_order decide "{\"decision\": \"$1\"}"
    callback_url=$(curl -s -o /dev/null -w '%{redirect_url}' "$authorization_url")
    [[ $callback_url == "$base"/* ]]
}

# Tokens from elsewhere --------------------------------------------------------------------------

# mock_code VERIFIER REDIRECT_URI: a code as another program of the same client would get it.
mock_code() {
    local challenge authorization_url callback_url
    challenge=$(printf %s "$1" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '=')
    authorization_url="$mock/authorize?response_type=code&client_id=$mock_client_id"
    authorization_url+="&redirect_uri=$(jq -rn --arg uri "$2" '$uri | @uri')"
    authorization_url+="&state=elsewhere&code_challenge=$challenge&code_challenge_method=S256"
    approve
    query_value "$callback_url" code
}

# A refresh token that was obtained elsewhere.
mock_refresh_token() {
    mock_tokens | jq -r .refresh_token
}

# An access token that was obtained elsewhere.
mock_access_token() {
    mock_tokens | jq -r .access_token
}

# What the token endpoint gives another program of the same client.
mock_tokens() {
    local verifier=Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6
    curl -sf "$mock/token" --data-urlencode grant_type=authorization_code \
        --data-urlencode "code=$(mock_code "$verifier" "$base/oauth2/callback")" \
        --data-urlencode "redirect_uri=$base/oauth2/callback" \
        --data-urlencode "code_verifier=$verifier" --data-urlencode "client_id=$mock_client_id" \
        --data-urlencode "client_secret=$mock_client_secret"
}

# Orders -----------------------------------------------------------------------------------------

# mock_order PATH [JSON]
mock_order() {
    curl -sf -o /dev/null "$mock/control/$1" -d "${2-{\}}"
}

mock_set() {
    mock_order settings "$1"
}

mock_reset() {
    mock_order reset
}

# mock_allow_redirect URI: beside those that are allowed already.
mock_allow_redirect() {
    mock_set "$(curl -sf "$mock/control/settings" |
        jq --arg uri "$1" '{redirectUris: (.redirectUris + [$uri])}')"
}

mock_expire_access_tokens() {
    mock_order expire
}

mock_revoke_all() {
    mock_order revoke
}

# mock_fail_next ENDPOINT MODE [COUNT]: MODE is a status or a name of the mock's.
mock_fail_next() {
    local mode="{\"mode\": \"$2\"}"
    case $2 in
        [1-5][0-9][0-9]) mode="{\"mode\": \"status\", \"status\": $2}" ;;
        empty) mode='{"mode": "status", "status": 200}' ;;
    esac
    mock_order fail "$(jq --arg e "$1" --argjson n "${3:-1}" '. + {endpoint: $e, count: $n}' <<<"$mode")"
}

# What it has seen -------------------------------------------------------------------------------

# mock_count EVENT: so often; `token` is any request to the token endpoint.
mock_count() {
    curl -sf "$mock/control/counters" | jq --arg event "$1" '
        if $event == "token" then
            [to_entries[] | select(.key == "failed.token" or (.key | startswith("token."))) | .value]
            | add // 0
        else .[$event] // 0 end'
}

mock_clear_events() {
    curl -sf -o /dev/null -X DELETE "$mock/control/requests"
}

# The hints of the revocations that succeeded, in their order.
mock_revocations() {
    curl -sf "$mock/control/requests" | jq -r '.requests[]
        | select(.endpoint == "revoke" and .status == 200)
        | .parameters[] | select(.name == "token_type_hint") | .value'
}

# Its API's echo ---------------------------------------------------------------------------------

echoed_method() {
    json .method
}

# echoed_header NAME: what arrived under that name, or nothing.
echoed_header() {
    jq -r --arg name "${1,,}" '[.headers[] | select((.name | ascii_downcase) == $name) | .value]
        | join(", ")' <<<"$body"
}

echoed_body() {
    json .body
}
