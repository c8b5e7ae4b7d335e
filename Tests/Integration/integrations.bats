#!/usr/bin/env bats
# `grantkeeper provider` and `grantkeeper integration`: the catalogue, an operator's own entries,
# and what is said when something is wrong.

load helpers
load mock

setup_file() {
    start_stack
}

teardown_file() {
    stop_stack
}

setup() {
    slug=it-$BATS_TEST_NUMBER-$RANDOM
    printf 's3cret-canary' >"$work/private/secret"
}

write_settings() {
    mkdir -p "$work/private/providers"
    standard_settings
    printf 'providers: %s\n' "$work/private/providers"
}

# fails PATTERN COMMAND...: ends with 1, and says so in one sentence on standard error.
fails() {
    local pattern=$1
    shift
    run --separate-stderr grantkeeper "$@"
    expect_equal "$status" 1
    expect_equal "$output" ''
    # shellcheck disable=SC2154 # set by run
    expect_match "$stderr" "$pattern"
    expect_no_match "$stderr" canary
}

# shown JQ: of the integration.
shown() {
    grantkeeper integration show "$slug" --json | jq -r "$1"
}

# The catalogue --------------------------------------------------------------------------------

@test "the catalogue is listed, before anything is set up, too" {
    run "$binaries/grantkeeper" provider list
    expect_equal "$status" 0
    expect_match "$output" '^TYPE +NAME +CATEGORY +UNVERIFIED'
    expect_match "$output" $'\nslack +Slack +communication'
}

@test "an entry is shown as YAML that can be read again, with where it is from" {
    run grantkeeper provider show shopify
    expect_equal "$status" 0
    expect_match "$output" $'\ntokenUri: https://[{]shop[}].myshopify.com/admin/oauth/access_token\n'
    expect_match "$output" $'\nKnown from:\n'
    expect_match "$output" 'unverified: '
    fails 'no provider .slak. .did you mean slack' provider show slak
}

@test "an operator's entry stands over ours, and a wrong one is named with what is wrong" {
    local folder=$work/private/providers
    cat >"$folder/slack.yaml" <<'YAML'
name: Our Slack
integration:
  authUri: https://slack.test/authorize
  tokenUri: https://slack.test/token
  apiBaseUri: https://slack.test/api
facts:
  - fields: [authUri, tokenUri, apiBaseUri]
    source: our own
YAML
    run grantkeeper provider show slack
    expect_match "$output" 'Our Slack'
    sed 's/tokenUri: /tokenUrl: /' "$folder/slack.yaml" >"$folder/wrong.yaml"
    fails "wrong.*'tokenUrl'" provider show wrong
    fails "wrong.*'tokenUrl'" integration add wrong --client-id a --slug "$slug"
    rm -- "$folder"/*
}

# Adding -----------------------------------------------------------------------------------------

@test "client id and secret are enough for a provider of the catalogue" {
    run --separate-stderr grantkeeper integration add slack --client-id 1.2 --slug "$slug" \
        --secret-file "$work/private/secret"
    expect_equal "$status" 0
    expect_match "$output" "redirect URI: $base/oauth2/callback"
    expect_match "$stderr" 'https://api.slack.com/apps'
    expect_equal "$(shown '[.type, .clientId, .scopeSeparator] | join(" ")')" 'slack 1.2 ,'
    run grantkeeper integration show "$slug"
    expect_match "$output" $'\ntype: slack\n'
    expect_no_match "$output" canary
}

@test "who has to know where a credential is from is told so, without OAuth, too" {
    run --separate-stderr grantkeeper integration add twilio --slug "$slug"
    expect_equal "$status" 0
    expect_no_match "$output" 'redirect URI'
    expect_match "$stderr" 'account SID'
}

@test "what is wrong is named, with what to change" {
    local secret=(--secret-file "$work/private/secret")
    fails 'did you mean slack' integration add slak --client-id a "${secret[@]}"
    fails "'clientId' is missing" integration add slack "${secret[@]}"
    fails "'scop' is not a field" integration add slack --client-id a --set scop=b "${secret[@]}"
    printf 'slug: %s\ntype: custom\nauthType: apikey\n' "$slug" >"$work/private/custom.yaml"
    fails "'apiBaseUri' is missing" integration add "$work/private/custom.yaml"
    fails "such as gitlab.example.com" integration add gitlab --client-id a "${secret[@]}" \
        --data 'host=evil.test/x'
    fails "'hots' is not a value that can be set" integration add gitlab --client-id a \
        --data hots=a.test "${secret[@]}"
    fails 'by --secret-file' integration add slack --client-id a --set clientSecret=canary
    fails 'https URL' integration add --issuer 'ftp://a.test' --client-id a
    fails "can't be read" integration add slack --client-id a --secret-file "$work/none"
    fails "can't be read" integration add "$work/none.yaml" --client-id a
    run grantkeeper integration add
    expect_equal "$status" 64
    expect_equal "$(grantkeeper integration list | grep -c "^$slug ")" 0
}

@test "an integration is made of its provider's issuer, and connects" {
    printf '%s' "$mock_client_secret" >"$work/private/secret"
    grantkeeper integration add --issuer "$mock" --client-id "$mock_client_id" --slug "$slug" \
        --secret-file "$work/private/secret" --api-base-uri "$mock/api" --scope files.read
    expect_equal "$(shown .tokenUri)" "$mock/token"
    sign_in alice
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

# Changing ---------------------------------------------------------------------------------------

@test "a field and a secret are changed by themselves" {
    add_integration
    printf 'wrong-canary' >"$work/private/secret"
    grantkeeper integration update "$slug" --secret-file "$work/private/secret" \
        --set 'allowedUsers=[alice]' --name 'Another name'
    expect_equal "$(shown '[.name, .allowedUsers[0], .clientId] | join(" ")')" \
        "Another name alice $mock_client_id"
    sign_in alice
    begin alice "$slug"
    approve
    finish alice
    expect_match "$(field Location)" 'error=client_refused'
    expect_match "$(tail -n 5 "$work/logs/service.log")" "integration update $slug --secret-file"
    printf '%s' "$mock_client_secret" >"$work/private/secret"
    grantkeeper integration update "$slug" --secret-file "$work/private/secret"
    connect alice "$slug"
    run grantkeeper integration update "$slug"
    expect_equal "$output" "$slug  unchanged"
}

@test "adding again replaces only when that is said, and keeps the secret" {
    add_integration
    sign_in alice
    connect alice "$slug"
    grantkeeper integration update "$slug" --set 'allowedUsers=[alice]' --set apiHosts=[]
    grantkeeper integration show "$slug" --given >"$work/private/again.yaml"
    expect_no_match "$(<"$work/private/again.yaml")" canary
    printf 'description: new\n' >>"$work/private/again.yaml"
    fails "the slug '$slug'.*--replace" integration add "$work/private/again.yaml"
    grantkeeper integration add "$work/private/again.yaml" --replace
    expect_equal "$(shown '[.description, .allowedUsers[0]] | join(" ")')" 'new alice'
    expect_match "$(grantkeeper integration show "$slug" --given --json)" '"apiHosts":\[\]'
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    expire_connection
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "SECURITY 26: the stored secret goes nowhere new by itself" {
    add_integration
    fails 'client secret would go to another origin.*--secret-file' \
        integration update "$slug" --set tokenUri=http://localhost:1/token
    sign_in alice
    connect alice "$slug"
    fails 'moves to another origin.*--confirm' \
        integration update "$slug" --set tokenUri=http://localhost:1/token \
        --secret-file "$work/private/secret"
    grantkeeper integration update "$slug" --set tokenUri=http://localhost:1/token --confirm \
        --secret-file "$work/private/secret"
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 409 reauthorization_required
}

@test "what cannot be updated is said" {
    fails 'no integration .none.' integration update none
    fails 'Name the one integration' integration update --scope a
    fails 'No|no such integration' integration show none
}
