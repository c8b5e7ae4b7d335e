#!/usr/bin/env bats
# SECURITY 47: bytes behind an answer that nobody asked for never become anybody's answer
# (RFC 9112 §9.2), and a connection never carries calls with different credentials.

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

write_settings() {
    misbehaving_settings
}

# connect_users BASE: eight users, each with a token of their own.
connect_users() {
    local user
    sign_in user-0
    connect_misbehaving user-0 "$1"
    for user in user-{0..7}; do
        sign_in "$user"
        as_json "$user" POST "/api/integrations/$slug/connect" "{\"token\": \"token-of-$user\"}"
        expect_status 201
    done
}

# expect_own USER: the answer is to the user's own token.
expect_own() {
    as "$1" GET "/api/integrations/$slug/request/echo"
    expect_equal "$1: $status $(echoed authorization)" "$1: 200 Bearer token-of-$1"
}

@test "SECURITY 47: a second answer, in each shape, reaches no caller" {
    local upstream shape delay
    for upstream in "$plain" "$tls"; do
        connect_users "$upstream"
        for shape in length chunked 204 304 head; do
            for delay in 'ms=0' 'ms=0&split' 'ms=30' 'ms=30&split'; do
                local method=GET option=()
                if [[ $shape == head ]]; then method=HEAD option=(--head); fi
                as user-0 "$method" \
                    "/api/integrations/$slug/request/ghost/$slug/$shape?shape=$shape&$delay" \
                    "${option[@]}"
                expect_match "$status" '^(200|204|304)$'
                await 10 has_ended "/ghost/$slug/$shape" answered
                expect_own user-1
                expect_own user-0
            done
        done
    done
}

@test "SECURITY 47: with 32 callers of 8 users at once, each answer is to the caller's own token" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_users "$upstream"
        answers=$BATS_TEST_TMPDIR/answers-$slug
        mkdir "$answers"
        # shellcheck disable=SC2016 # for the inner shell
        seq 0 639 | WORK=$work SLUG=$slug BASE=$base ANSWERS=$answers xargs -P 32 -n 1 bash -c '
            user=user-$(($1 % 8))
            curl -s -o "$ANSWERS/$1.$user" -b "$WORK/private/jars/$user" \
                "$BASE/api/integrations/$SLUG/request/ghost?ms=$(($1 % 5 * 3))"' -
        expect_equal "$(find "$answers" -type f | wc -l)" 640
        expect_equal "$(foreign_answers)" ''
        (($(grep -lx 'Bearer token-of-user-[0-7]' "$answers"/* | wc -l) > 320))
    done
}

# The answers that are neither to their caller's own token nor a problem of ours.
foreign_answers() {
    local file
    for file in "$answers"/*; do
        [[ $(<"$file") == "Bearer token-of-${file##*.}" ]] ||
            jq -e '.code | startswith("upstream_")' "$file" >/dev/null 2>&1 || printf '%s\n' "$file"
    done
}

@test "SECURITY 47: users share no connection to an API, and keep one of their own" {
    local user
    connect_users "$plain"
    for user in user-{0..7} user-{0..7}; do
        as "$user" GET "/api/integrations/$slug/request/echo/$slug"
        expect_status 200
    done
    expect_equal "$(seen "/echo/$slug" .connection | sort -u | wc -l)" 8
    expect_equal "$(seen "/echo/$slug" .use | sort | uniq -c | tr -s ' \n' ' ')" ' 8 1 8 2 '
}

@test "SECURITY 47: whatever an API or a provider answers, nothing ends and no one gets another's" {
    local before kind
    before=$(process_id service)
    for kind in upstream provider; do
        python3 "$repository/Tests/Fuzzing/answers.py" "$base" --key "$admin_key" --kind "$kind" \
            --seed 12 --seconds 6 >"$work/logs/answers-$kind.log"
        remove_integrations fuzz-http-
    done
    is_running service
    expect_equal "$(process_id service)" "$before"
    run ! grep "Fatal error" "$work/logs/service.log"
}

# remove_integrations PREFIX: those whose slugs are the prefix and a number.
remove_integrations() {
    local number
    for number in {0..15}; do
        by "$admin_key" DELETE "/grantkeeper/integrations/$1$number?disconnect=true"
        expect_status 204
    done
}
