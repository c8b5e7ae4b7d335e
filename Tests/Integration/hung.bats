#!/usr/bin/env bats
# RELIABILITY 5: a provider that hangs holds up its own calls only. Nothing here is measured: while
# the hung calls hang, and cannot end, the others are all answered.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack
    start_misbehaving
}

setup() {
    sign_in alice
}

teardown_file() {
    stop_stack
}

# Of 40 workers a quarter, or 16 where that is more, is one integration's.
write_settings() {
    misbehaving_settings 'headTimeout: 120s'
    printf 'workers:\n  min: 4\n  max: 40\n  integrationShare: 25\n  userShare: 100\n'
}

# hang_up NAME: 40 calls at once through the last integration, which hang until they are released;
# those that are refused are.
hang_up() {
    start_process "$1" curl -sS -Z --no-progress-meter --parallel-max 40 --parallel-immediate -o /dev/null \
        -w '%{stderr}%{http_code}\n' -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request/hold/$slug/$1?key=$slug&n=[1-40]"
    await 20 was_refused "$1" 24
    # Not all of them at once: the host might be a small one.
    await 10 was_seen "/hold/$slug/$1" 16
}

was_refused() {
    (($(grep -c 503 "$work/logs/$1.log") == $2))
}

# expect_others_quick NAME: while those calls hang, everything else answers, a hundred times over.
expect_others_quick() {
    local hung=$slug target
    for target in "/api/integrations/$hung/connection" "/api/integrations/$other/connection" \
        "/api/integrations/$other/request/echo" /api/integration-connections /grantkeeper/session \
        /grantkeeper/integrations; do
        expect_equal "$target: $(curl -sS -Z --no-progress-meter --parallel-max 4 --max-time 30 -o /dev/null \
            -w '%{http_code}\n' -b "$(jar_of alice)" "$base$target?limit=[1-100]" |
            sort | uniq -c | xargs)" "$target: 100 200"
    done
    expect_equal "$(seen "/hold/$hung/$1" .ended | sort | uniq -c | xargs)" '16 null'
}

@test "RELIABILITY 5: a provider that hangs gets 503 with Retry-After, and all others an answer" {
    connect_misbehaving alice "$plain"
    other=$slug
    connect_misbehaving alice "$plain"
    hang_up hung
    call GET /echo
    expect_problem_of_proxy 503 integration_saturated connection_limit_reached
    expect_equal "$(field Retry-After)|$(field Upstream-Attempts)" '1|'
    as_json alice POST "/api/integrations/$slug/request" '{"url": "/echo"}'
    expect_problem_of_proxy 503 integration_saturated connection_limit_reached
    expect_others_quick hung
    # A second one hangs beside it.
    local first=$slug
    connect_misbehaving alice "$tls"
    hang_up hung-too
    call GET /echo
    expect_problem 503 integration_saturated
    expect_others_quick hung-too
    # When a call ends, its place is the next one's.
    release "$slug" 16
    await 10 is_stopped hung-too
    expect_equal "$(sort "$work/logs/hung-too.log" | uniq -c | xargs)" '16 200 24 503'
    call GET /echo
    expect_status 200
    release "$first" 16
    await 10 is_stopped hung
    expect_equal "$(sort "$work/logs/hung.log" | uniq -c | xargs)" '16 200 24 503'
    slug=$first
    call GET /echo
    expect_status 200
}

@test "RELIABILITY 5: so it is when a token endpoint hangs for those who connect" {
    connect_misbehaving alice "$plain"
    other=$slug
    add_integration ".tokenUri = \"$plain/hold/token\" | .tokenUri += \"?key=$slug\""
    start_process connecting curl -sS -Z --no-progress-meter --parallel-max 40 --parallel-immediate -o /dev/null \
        -w '%{stderr}%{http_code}\n' -b "$(jar_of alice)" -H 'Content-Type: application/json' \
        -d '{"code": "c"}' "$base/api/integrations/$slug/connect?n=[1-40]"
    await 20 was_refused connecting 24
    local target
    for target in "/api/integrations/$other/connection" "/api/integrations/$other/request/echo"; do
        expect_equal "$target: $(curl -sS -Z --no-progress-meter --parallel-max 4 --max-time 30 -o /dev/null \
            -w '%{http_code}\n' -b "$(jar_of alice)" "$base$target?limit=[1-100]" |
            sort | uniq -c | xargs)" "$target: 100 200"
    done
    stop_process connecting KILL
}

@test "RELIABILITY 5: callers who go away give their places back" {
    connect_misbehaving alice "$plain"
    other=$slug
    connect_misbehaving alice "$plain"
    hang_up gone
    stop_process gone KILL
    await 10 has_ended "/hold/$slug/gone" gone
    await 10 calls_well /echo
    hang_up again
    release "$slug" 16
    await 10 is_stopped again
}

calls_well() {
    call GET "$1"
    [[ $status == 200 ]]
}
