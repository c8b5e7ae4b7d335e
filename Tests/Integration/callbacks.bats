#!/usr/bin/env bats
# Callbacks that come again, or late: the same browser and user end where the first one ended, and
# the provider is asked once.

load helpers
load mock

setup_file() {
    start_stack
}

teardown_file() {
    stop_stack
}

# finish_twice USER: the same callback again, which ends in the same place and asks for nothing.
finish_twice() {
    local first tokens
    finish "$1"
    first=$(field Location)
    tokens=$(mock_count token)
    finish "$1"
    expect_equal "$(field Location)" "$first"
    expect_equal "$(mock_count token)" "$tokens"
}

@test "a callback that comes again ends where the first did: connected, with less, with an error" {
    sign_in alice
    add_integration
    local query
    for query in '' '?returnTo=%2Fapp%3Ftab%3Dtwo' '?popup=1' '?popup=1&returnTo=%2Fapp'; do
        begin alice "$slug" "$query"
        approve
        finish_twice alice
        expect_match "$(field Location)" 'connected=1'
    done
    mock_set '{"grantedScope": "files.read"}'
    begin alice "$slug" '?returnTo=%2Fapp'
    approve
    finish_twice alice
    mock_set '{"grantedScope": null}'
    expect_match "$(field Location)" '/app\?.*narrowed=1'
    begin alice "$slug" '?returnTo=%2Fapp'
    deny
    finish_twice alice
    expect_match "$(field Location)" '/app\?.*error=access_denied'
    begin alice "$slug" '?returnTo=%2Fapp'
    approve
    mock_fail_next token 503
    finish_twice alice
    expect_match "$(field Location)" '/app\?.*error=provider_unavailable'
}

@test "SECURITY 1: another browser learns nothing of what became of a state" {
    sign_in alice bob
    add_integration
    begin alice "$slug" '?returnTo=%2Fapp'
    approve
    finish alice
    begin bob "$slug"
    as bob GET "$callback_url"
    expect_match "$(field Location)" '/grantkeeper/error\?error=invalid_state$'
    request GET "$callback_url"
    expect_match "$(field Location)" '/grantkeeper/error\?error=invalid_state$'
    finish alice
    expect_match "$(field Location)" '/app\?.*connected=1'
}

# start_callback NAME: in the background; where it ends goes to the file NAME.
start_callback() {
    start_process "$1" curl -s -o /dev/null -w '%{redirect_url}' -b "$(jar_of alice)" \
        "$callback_url"
}

is_held() {
    (($(mock_count held) > $1))
}

@test "a callback that comes while the first is under way waits for it, and ends with it" {
    sign_in alice
    add_integration
    begin alice "$slug" '?returnTo=%2Fapp'
    approve
    local held tokens
    held=$(mock_count held)
    tokens=$(mock_count token.authorization_code)
    mock_order fail '{"endpoint": "token", "mode": "hold", "milliseconds": 15000}'
    start_callback first
    await 10 is_held "$held"
    start_callback second
    start_callback third
    await 5 calls_in_flight 3
    mock_order release
    await 10 is_stopped first
    await 10 is_stopped second
    await 10 is_stopped third
    local name
    for name in first second third; do
        expect_match "$(<"$work/logs/$name.log")" '/app\?.*connected=1'
    done
    expect_equal "$(($(mock_count token.authorization_code) - tokens))" 1
}

@test "an expired state leads back to the application, with invalid_state" {
    sign_in alice
    add_integration
    begin alice "$slug" '?returnTo=%2Fapp%3Ftab%3Dtwo'
    approve
    sql "UPDATE pendingAuthorization SET expiresAt = unixepoch() - 1800"
    local tokens
    tokens=$(mock_count token)
    finish_twice alice
    expect_match "$(field Location)" "/app\\?tab=two&integration=$slug&error=invalid_state\$"
    expect_equal "$(mock_count token)" "$tokens"
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "a connection that was ended is not said to be there when its callback comes again" {
    sign_in alice
    add_integration
    connect alice "$slug"
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    as alice GET "$callback_url"
    expect_match "$(field Location)" '/grantkeeper/error\?.*error=invalid_state'
}
