#!/usr/bin/env bats
# The operator's commands: who has connected what, people who leave, what waits to be revoked.

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

# How many revocations wait, without the table's head.
waiting() {
    grantkeeper revocation list | tail -n +2 | wc -l
}

nothing_waits() {
    [[ $(waiting) == 0 ]]
}

has_failed() {
    grantkeeper revocation list | grep -q "status $1"
}

@test "connections are listed, and no secret with them" {
    sign_in alice bob
    add_integration
    connect alice "$slug"
    connect bob "$slug"
    run grantkeeper connection list --integration "$slug"
    expect_equal "$(tail -n +2 <<<"$output" | awk '{ print $1, $2, $4 }' | sort)" \
        "alice $slug active
bob $slug active"
    run grantkeeper connection list --user bob --integration "$slug"
    expect_no_match "$output" alice
    mock_revoke_all
    expire_connection
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 409 reauthorization_required
    run grantkeeper connection list --status reauthorization_required
    expect_match "$output" "alice +$slug +no +reauthorization_required +invalid_grant +20[0-9-]+T"
    run grantkeeper connection list --integration none
    expect_equal "$status" 1
    run grantkeeper connection list --status dead
    expect_equal "$status" 64
}

@test "a user who leaves loses connections, sessions and keys, and their tokens are revoked" {
    sign_in erin bob
    add_integration
    connect erin "$slug"
    connect bob "$slug"
    local key
    key=$(grantkeeper key create --user erin)
    mock_clear_events
    grantkeeper connection remove --user erin --sign-out
    as erin GET "/api/integrations/$slug/request/files"
    expect_problem 401
    by "$key" GET /grantkeeper/session
    expect_problem 401
    as bob GET "/api/integrations/$slug/request/files"
    expect_status 200
    await 10 nothing_waits
    expect_equal "$(mock_revocations)" 'refresh_token
access_token'
    run grantkeeper connection remove --user erin
    expect_equal "$status" 1
}

@test "SECURITY 46: an argument that is not UTF-8 is refused, and makes nothing" {
    local command
    for command in 'key create' 'session create' 'connection list' 'connection remove'; do
        # shellcheck disable=SC2086 # two words
        run -1 grantkeeper $command --user $'jos\xe9'
        expect_match "$output" 'Argument 4 is not UTF-8'
    done
    expect_equal "$(sql "SELECT count(*) FROM apiKey WHERE userId LIKE 'jos%'")" 0
    run -1 env GRANTKEEPER_DATABASE=$'/tmp/\xe9' "$binaries/grantkeeper" check
    expect_match "$output" 'GRANTKEEPER_DATABASE is not UTF-8'
}

@test "SECURITY 46: a user's id from before it was refused lets no one in, and can be removed" {
    sign_in frank
    add_integration
    connect frank "$slug"
    local key
    key=$(grantkeeper key create --user frank)
    sql "UPDATE apiKey SET userId = 'jos' || char(65533) WHERE userId = 'frank';
         UPDATE session SET userId = 'jos' || char(65533) WHERE userId = 'frank'"
    by "$key" GET /grantkeeper/session
    expect_problem 401
    as frank GET /grantkeeper/session
    expect_problem 401
    run grantkeeper check
    expect_match "$output" "the user id .'jos.xef.xbf.xbd' lets no one in"
    grantkeeper connection remove --sign-out --shared --user $'jos\xef\xbf\xbd'
    run grantkeeper check
    expect_no_match "$output" 'lets no one in'
}

@test "RELIABILITY 15: what waits to be revoked is shown, tried again, and done" {
    sign_in alice
    add_integration
    connect alice "$slug"
    mock_fail_next revoke 503 1000
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 409 connection_required
    await 10 has_failed 503
    run grantkeeper revocation list
    expect_match "$output" "revocation-[0-9a-z]+ +$slug +alice +20[0-9TZ:-]+ +1 +20"
    expect_no_match "$output" "$mock_client_secret"
    restart_service
    expect_equal "$(waiting)" 1
    mock_reset
    run grantkeeper revocation retry none
    expect_equal "$status" 1
    grantkeeper revocation retry
    await 10 nothing_waits
}

@test "SECURITY 16: a definite refusal stays visible" {
    sign_in alice
    add_integration
    connect alice "$slug"
    change_integration '.clientSecret = "wrong"'
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    await 10 has_failed 401
    run grantkeeper revocation list
    expect_match "$output" 'invalid_client'
    sql 'DELETE FROM revocation'
}

@test "a vendor's own shape is what the provider gets" {
    sign_in alice
    add_integration '.clientAuthentication = "post" | .revocation = {
        tokens: ["access_token"], name: "token", hint: true, authentication: "basic"}'
    connect alice "$slug"
    mock_clear_events
    as alice DELETE "/api/integrations/$slug/connection"
    await 10 nothing_waits
    expect_equal "$(mock_revocations)" access_token
    expect_equal "$(curl -sf "$mock/control/requests" |
        jq -r '.requests[] | select(.endpoint == "revoke") | .authentication')" basic
}

# own_entries: a folder of the operator's own entries, and settings that name it.
own_entries() {
    own=$BATS_TEST_TMPDIR/own
    mkdir -- "$own"
    cat >"$own/acme.yaml" <<'END'
name: Acme
integration: {apiBaseUri: https://api.acme.test, authType: bearer}
facts: [{fields: [apiBaseUri, authType], source: https://acme.test/docs}]
END
    {
        cat -- "$settings"
        printf 'providers: %s\n' "$own"
    } >"$BATS_TEST_TMPDIR/own.yaml"
    settings=$BATS_TEST_TMPDIR/own.yaml
}

@test "an entry of the operator's that is wrong is named, and hides no other" {
    own_entries
    run -0 grantkeeper check
    expect_match "$output" "providers +ok: $own, entries: 1"
    printf 'name: [' >"$own/bad.yaml"
    cp -- "$own/acme.yaml" "$own/Worse.yaml"
    run -1 --separate-stderr grantkeeper provider list
    expect_match "$output" 'acme +Acme'
    expect_match "$output" 'github +GitHub'
    # shellcheck disable=SC2154 # set by run
    expect_match "$stderr" 'bad: line '
    expect_match "$stderr" "Worse: .*'Worse' is not one"
    run -1 grantkeeper check
    expect_match "$output" 'problem +bad: line '
    expect_match "$output" "problem +Worse: "
    grantkeeper provider show acme >/dev/null
    run -1 grantkeeper provider show bad
    expect_match "$output" 'bad: line '
}

@test "every entry fits the schema of entries, and a field that is none does not" {
    local entry instances=()
    "$binaries/grantkeeper" provider schema >"$BATS_TEST_TMPDIR/schema.json"
    mkdir -- "$BATS_TEST_TMPDIR/entries"
    grantkeeper provider list --json | jq -c '.[]' | while read -r entry; do
        jq 'del(.type)' <<<"$entry" >"$BATS_TEST_TMPDIR/entries/$(jq -r .type <<<"$entry").json"
    done
    for entry in "$BATS_TEST_TMPDIR"/entries/*.json; do instances+=(-i "$entry"); done
    /usr/bin/python3 -W ignore -m jsonschema "${instances[@]}" "$BATS_TEST_TMPDIR/schema.json"
    jq '.integration.color = "red"' "$BATS_TEST_TMPDIR/entries/github.json" \
        >"$BATS_TEST_TMPDIR/wrong.json"
    run -1 /usr/bin/python3 -W ignore -m jsonschema -i "$BATS_TEST_TMPDIR/wrong.json" \
        "$BATS_TEST_TMPDIR/schema.json"
    expect_match "$output" "'color' was unexpected"
}
