#!/usr/bin/env bats
# How many network connections an API is given, and for how long: small servers have few to give.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack
    start_misbehaving
    start_group small /usr/bin/python3 "$BATS_TEST_DIRNAME/small-server.py" 3
    await 10 grep -q '^ready' "$work/logs/small.log"
    small=http://127.0.0.1:$(awk '{ print $2 }' "$work/logs/small.log")
    export small
}

teardown_file() {
    stop_group small
    stop_stack
}

write_settings() {
    misbehaving_settings
}

# connect_users NUMBER BASE [JQ]: an integration, and so many users' connections with it.
connect_users() {
    local user
    users=()
    for ((user = 0; user < $1; user++)); do users+=("user-$user"); done
    sign_in "${users[@]}"
    add_integration "{slug, name, apiBaseUri: \"$2\", authType: \"bearer\"} | ${3:-.}"
    for user in "${users[@]}"; do
        as_json "$user" POST "/api/integrations/$slug/connect" "{\"token\": \"token-of-$user\"}"
        expect_status 201
    done
}

# burst: 30 calls at once, of all users together; sets $took, in milliseconds.
burst() {
    local user began each=$((30 / ${#users[@]})) processes=()
    began=${EPOCHREALTIME/./}
    for user in "${users[@]}"; do
        curl -sf --no-progress-meter -Z --parallel-immediate --parallel-max 30 --max-time 30 \
            -b "$(jar_of "$user")" \
            "$base/api/integrations/$slug/request/[1-$each]" >>"$BATS_TEST_TMPDIR/answers" &
        processes+=($!)
    done
    for process in "${processes[@]}"; do wait "$process"; done
    took=$(((${EPOCHREALTIME/./} - began) / 1000))
}

@test "30 calls at once are soon answered by a server with three workers, of one user and of many" {
    local number
    for number in 1 10 30; do
        connect_users "$number" "$small"
        : >"$BATS_TEST_TMPDIR/answers"
        for _ in 1 2; do
            burst
            printf '%d users: %d ms\n' "$number" "$took"
            # A tenth of a second of work; six and more it was when idle connections held the workers.
            ((took < 3000))
        done
        expect_equal "$(grep -c ok "$BATS_TEST_TMPDIR/answers")" 60
    done
}

@test "after a burst the server has a worker for others" {
    connect_users 3 "$small"
    burst
    expect_equal "$(curl -sf --max-time 5 "$small/")" ok
}

@test "a host is given no more connections than connections.max, and calls wait for their turn" {
    connect_users 2 "$plain" '.connections = {max: 2, wait: 30}'
    local user number jobs=()
    for number in 1 2 3 4; do
        curl -s -o /dev/null -b "$(jar_of "user-$((number % 2))")" \
            "$base/api/integrations/$slug/request/hold/$slug?key=$slug" &
        jobs+=($!)
    done
    await 10 was_seen "/hold/$slug" 2
    for number in 1 2 3 4; do
        release "$slug"
        await 10 has_answered "$number"
    done
    for number in "${jobs[@]}"; do wait "$number"; done
    # The idle connection of one user made room for the other's.
    for user in user-0 user-1 user-0 user-1; do
        as "$user" GET "/api/integrations/$slug/request/echo/$slug"
        expect_status 200
    done
}

has_answered() {
    (($(seen "/hold/$slug" .ended | grep -c answered) == $1))
}

@test "a call that has no turn in time is a 503 that says when to come again" {
    connect_users 2 "$plain" '.connections = {max: 1, wait: 0.1}'
    start_process client curl -s -o /dev/null -b "$(jar_of user-0)" \
        "$base/api/integrations/$slug/request/hold/$slug?key=$slug"
    await 10 was_seen "/hold/$slug" 1
    as user-1 GET "/api/integrations/$slug/request/echo/$slug"
    expect_problem_of_proxy 503 connections_busy connection_limit_reached
    expect_equal "$(field Retry-After)" 1
    expect_equal "$(seen_times "/echo/$slug")" 0
    release "$slug"
    await 10 is_stopped client
    as user-1 GET "/api/integrations/$slug/request/echo/$slug"
    expect_status 200
}

@test "connections.idle and idleMax say which connections are kept, and nothing else has to be sent" {
    connect_users 3 "$plain" '.connections = {idle: 0}'
    for _ in 1 2; do as user-0 GET "/api/integrations/$slug/request/echo/$slug"; done
    expect_equal "$(seen "/echo/$slug" .use | xargs)" '1 1'
    connect_users 3 "$small" '.connections = {idleMax: 0, idle: 600}'
    burst
    # The workers are free by themselves.
    for _ in 1 2 3; do expect_equal "$(curl -sf --max-time 5 "$small/")" ok; done
}

@test "what makes no sense in connections is refused by its name" {
    local fields
    for fields in '{max: 0}' '{wait: 1}' '{max: 1, wait: -1}' '{idleMax: 1.5}' '{idle: "5s"}' \
        '{idle: 601}' '{most: 1}'; do
        by_json "$admin_key" POST /grantkeeper/integrations \
            "$(mock_definition "bad-$RANDOM" | jq ".connections = $fields")"
        expect_problem 400 invalid_integration
        expect_match "$(json .detail)" "in 'connections': '"
    done
}
