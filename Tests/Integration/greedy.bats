#!/usr/bin/env bats
# One user who takes all that there is: what others then get.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack
    start_misbehaving
}

teardown_file() {
    stop_stack
}

setup() {
    sign_in alice bob
}

# Of 40 workers a half is one integration's, and 16 at most are one user's, or all but one of those.
write_settings() {
    misbehaving_settings 'headTimeout: 120s'
    printf 'workers:\n  min: 4\n  max: 40\n  integrationShare: 50\n'
    printf 'limits:\n  clientRate: 500B\n'
}

# connect_both: an integration that both are connected to.
connect_both() {
    connect_misbehaving alice "$plain"
    as_json bob POST "/api/integrations/$slug/connect" '{"token": "upstream-token"}'
    expect_status 201
}

# drip NAME NUMBER: so many of alice's uploads at once, of a byte every 2 s.
drip() {
    start_process "$1" /usr/bin/python3 "$BATS_TEST_DIRNAME/slow-uploads.py" \
        "$base/api/integrations/$slug/request/sink/$slug" "$(cookie alice grantkeeper)" "$2"
}

# has_answers NAME STATUS NUMBER: whether so many of those uploads have had that answer.
has_answers() {
    (($(grep -c "^$2 " "$work/logs/$1.log") == $3))
}

@test "uploads of a byte now and then hold a share of an integration, and end with 408" {
    connect_both
    drip dripping 40
    # Of the integration's 20 the 16 that one user may have; the others are refused at once.
    await 20 has_answers dripping 503 24
    expect_equal "$(grep -c user_saturated "$work/logs/dripping.log")" 24
    local number
    for number in 1 2 3; do
        as bob GET "/api/integrations/$slug/request/echo?n=$number"
        expect_status 200
    done
    as alice GET "/api/integrations/$slug/request/echo"
    expect_problem 503 user_saturated
    expect_equal "$(field Retry-After)" 1
    await 60 has_answers dripping 408 16
    expect_equal "$(grep -c body_timeout "$work/logs/dripping.log")" 16
    as alice GET "/api/integrations/$slug/request/echo"
    expect_status 200
}

@test "connecting again and again is a 429 that says when" {
    connect_both
    curl -sS -Z --no-progress-meter --parallel-max 16 -o /dev/null -w '%{http_code}\n' \
        -b "$(jar_of alice)" -H 'Content-Type: application/json' -d '{"token": "upstream-token"}' \
        "$base/api/integrations/$slug/connect?n=[1-400]" >"$BATS_TEST_TMPDIR/codes"
    (($(grep -c 201 "$BATS_TEST_TMPDIR/codes") < 120))
    (($(grep -c 429 "$BATS_TEST_TMPDIR/codes") > 250))
    as_json alice POST "/api/integrations/$slug/connect" '{"token": "upstream-token"}'
    expect_problem 429 too_many_connects
    expect_match "$(field Retry-After)" '^[12]$'
    as_json bob POST "/api/integrations/$slug/connect" '{"token": "upstream-token"}'
    expect_status 201
}

@test "a thousand flows of one user leave few, and the newest works" {
    add_integration
    curl -sS -Z --no-progress-meter --parallel-max 8 -o /dev/null -w '%{http_code}\n' \
        -b "$(jar_of alice)" "$base/api/integrations/$slug/connect?n=[1-1000]" |
        sort | uniq -c | xargs >"$BATS_TEST_TMPDIR/codes"
    expect_equal "$(<"$BATS_TEST_TMPDIR/codes")" '1000 302'
    expect_equal "$(sql "SELECT count(*) FROM pendingAuthorization WHERE userId = 'alice'")" 32
    connect alice "$slug"
}

@test "giving up grant after grant leaves each token once, and they are revoked at a pace" {
    add_integration
    local number
    for number in {1..40}; do
        as_json alice POST "/api/integrations/$slug/connect" \
            "{\"accessToken\": \"token-$((number % 20))\"}"
        expect_status 201
    done
    expect_equal "$(sql "SELECT count(*) FROM revocation WHERE integrationId = '$integration'")" 19
    local before
    before=$(mock_count revoke)
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    await 20 revoked_times $((before + 20))
    expect_equal "$(sql "SELECT count(*) FROM revocation WHERE integrationId = '$integration'")" 0
}

revoked_times() {
    (($(mock_count revoke) == $1))
}
