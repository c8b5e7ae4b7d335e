#!/usr/bin/env bats
# An upstream, or a client, that breaks off, hangs, floods or lies: played by RawUpstream on raw
# sockets, since no web server can.

load helpers
load mock

setup_file() {
    start_stack
    start_process raw "$binaries/RawUpstream"
    await 10 grep -q 'listening on' "$work/logs/raw.log"
    raw=http://$(sed -n 's/^listening on //p' "$work/logs/raw.log")
    export raw
}

teardown_file() {
    stop_stack
}

write_settings() {
    standard_settings
    printf '  headTimeout: 2s\n  idleTimeout: 2s\n  connectTimeout: 2s\n'
}

# An integration with the raw upstream as its API, and the user's connection.
connect_raw() {
    sign_in "$1"
    add_integration "{slug, name, apiBaseUri: \"$raw\", authType: \"bearer\"}"
    as_json "$1" POST "/api/integrations/$slug/connect" '{"token": "t"}'
    expect_status 201
}

# How many requests that path of the raw upstream has had.
raw_count() {
    curl -s "$raw/count?path=$1"
}

# The service's resident memory in KB.
resident() {
    awk '/^VmRSS:/ { print $2 }' "/proc/$(process_id service)/status"
}

# curl's exit status for a proxied GET, its body in the file `cut`.
fetch() {
    local result=0
    curl -s --max-time 30 -o "$BATS_TEST_TMPDIR/cut" -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request$1" || result=$?
    printf '%s\n' "$result"
}

# A 502 when nothing had been sent on yet, else an answer that the client sees break off.
expect_broken() {
    local result=0 code
    code=$(curl -s --max-time 30 -o "$BATS_TEST_TMPDIR/cut" -w '%{http_code}' \
        -b "$(jar_of alice)" "$base/api/integrations/$slug/request$1") || result=$?
    expect_match "$result $code" '^((18|56|92) 200|0 502)$'
}

@test "SECURITY 36: an answer that is cut short is seen as cut short" {
    connect_raw alice
    expect_broken /truncated-length
    expect_broken /truncated-chunk
    as alice GET "/api/integrations/$slug/request/truncated-head"
    expect_problem 502
    as alice GET "/api/integrations/$slug/request/until-close"
    expect_equal "$body" 'all of it'
    as alice GET "/api/integrations/$slug/request/chunked"
    expect_equal "$body" 'hello world'
}

@test "an upstream that resets, dies or talks nonsense is a 502" {
    connect_raw alice
    local path
    for path in reset close-after-request garbage; do
        as alice GET "/api/integrations/$slug/request/$path"
        expect_problem 502
    done
    as alice GET "/api/integrations/$slug/request/interim"
    expect_status 200
    expect_equal "$body" final
}

@test "an upstream that never answers is a 504, in bounded time" {
    connect_raw alice
    local began=$SECONDS
    as alice GET "/api/integrations/$slug/request/hang"
    expect_problem 504
    as alice GET "/api/integrations/$slug/request/slow-head?ms=20000"
    expect_problem 504
    ((SECONDS - began < 12))
}

@test "SECURITY 36: an upstream that falls silent in the middle is cut" {
    connect_raw alice
    expect_match "$(fetch '/drip?count=100&ms=20000')" '^(18|56|92)$'
    expect_equal "$(fetch '/drip?count=30&ms=100')" 0
    expect_equal "$(stat -c %s "$BATS_TEST_TMPDIR/cut")" 30
}

@test "SECURITY 36: a head without end is a 502 and costs little memory" {
    connect_raw alice
    local before
    before=$(resident)
    as alice GET "/api/integrations/$slug/request/header-bomb?kilobytes=65536"
    expect_problem 502
    as alice GET "/api/integrations/$slug/request/long-header?kilobytes=65536"
    expect_problem 502
    (($(resident) - before < 65536))
}

@test "SECURITY 36: a body has no cap and costs no memory" {
    connect_raw alice
    local before
    before=$(resident)
    curl -s --max-time 60 -b "$(jar_of alice)" "$base/api/integrations/$slug/request/endless" |
        head -c 300000000 | wc -c >"$BATS_TEST_TMPDIR/received" || true
    expect_equal "$(cat -- "$BATS_TEST_TMPDIR/received")" 300000000
    (($(resident) - before < 32768))
}

@test "SECURITY 36: a bomb at a token endpoint is a 502 and costs less than 64 MB" {
    sign_in alice
    local before path
    before=$(resident)
    for path in /gzip-bomb /endless /header-bomb '/bytes?size=50000000'; do
        add_integration ".tokenUri = \"$raw$path\""
        as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "r"}'
        expect_problem 502
    done
    (($(resident) - before < 65536))
}

@test "a token endpoint that hangs, drips or lies is a 502 or 504, in bounded time" {
    sign_in alice
    local path began
    for path in /hang '/drip?count=1000&ms=1000' /reset /garbage /truncated-length /chunked; do
        add_integration ".tokenUri = \"$raw$path\""
        began=$SECONDS
        as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "r"}'
        expect_match "$status" '^50[24]$'
        expect_equal "$(field Content-Type)" application/problem+json
        ((SECONDS - began < 30))
    done
}

@test "SECURITY 31: a token endpoint's redirect is not followed" {
    sign_in alice
    local code before
    before=$(raw_count /echo)
    for code in 301 302 303 307 308; do
        add_integration ".tokenUri = \"$raw/status?status=$code\""
        as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "r"}'
        expect_problem 502
    done
    expect_equal "$(raw_count /echo)" "$before"
}

@test "a token request is never sent twice" {
    sign_in alice
    add_integration ".tokenUri = \"$raw/close-after-request\""
    local before
    before=$(raw_count /close-after-request)
    as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "r"}'
    expect_problem 502
    expect_equal "$(($(raw_count /close-after-request) - before))" 1
}

@test "a POST is never sent twice, not even over a kept connection that dies" {
    connect_raw alice
    local before options
    for options in '' 'x' "$(printf 'y%.0s' {1..20000})"; do
        as alice GET "/api/integrations/$slug/request/die-on-second"
        expect_status 200
        before=$(raw_count /die-on-second)
        as alice POST "/api/integrations/$slug/request/die-on-second" \
            -H 'Content-Type: text/plain' --data-binary "$options"
        expect_match "$status" '^(200|502)$'
        expect_equal "$(($(raw_count /die-on-second) - before))" 1
        as alice GET "/api/integrations/$slug/request/die-on-second"
        before=$(raw_count /die-on-second)
        as_json alice POST "/api/integrations/$slug/request" \
            "{\"method\": \"POST\", \"url\": \"/die-on-second\", \"data\": \"$options\"}"
        expect_match "$status" '^(200|502)$'
        expect_equal "$(($(raw_count /die-on-second) - before))" 1
    done
}

@test "SECURITY 34: odd headers of an upstream's make no new ones" {
    connect_raw alice
    as alice GET "/api/integrations/$slug/request/odd-headers"
    expect_match "$status" '^(200|502)$'
    expect_equal "$(field Set-Cookie)" ''
    local line
    for line in 'X-Accel-Redirect:/secret' 'x-accel-redirect:/secret' 'Status:_500' \
        'Set-Cookie:_grantkeeper=x' 'X_Accel_Redirect:/secret' 'Content-Type'; do
        as alice GET "/api/integrations/$slug/request/raw-head?line=$line"
        expect_match "$status" '^(200|502)$'
        expect_equal "$(field Set-Cookie)$(field X-Accel-Redirect)$(field Status)" ''
    done
}

@test "an upstream that answers before it has read everything is heard" {
    connect_raw alice
    head -c 5000000 /dev/zero >"$BATS_TEST_TMPDIR/upload"
    as alice POST "/api/integrations/$slug/request/early-answer" \
        -H 'Content-Type: application/octet-stream' -H 'Expect:' \
        --data-binary "@$BATS_TEST_TMPDIR/upload"
    expect_match "$status" '^(413|502)$'
}

@test "clients that go away leave nothing behind" {
    connect_raw alice
    local _
    for _ in {1..20}; do
        curl -s --max-time 0.2 -o /dev/null -b "$(jar_of alice)" \
            "$base/api/integrations/$slug/request/hang" || true
    done
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
}

@test "SECURITY 41: what is no FastCGI on the socket harms no caller" {
    connect_raw alice
    local _
    for _ in {1..20}; do
        curl -s --max-time 2 --unix-socket "$work/run/grantkeeper.sock" http://nginx/ \
            -d "$(printf 'junk%.0s' {1..1000})" || true
    done
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
}

@test "SECURITY 44: a body that is shorter than its length is refused" {
    connect_raw alice
    local before answer
    before=$(raw_count /echo)
    exec 8<>"/dev/tcp/127.0.0.1/${base##*:}"
    printf 'POST /api/integrations/%s/request/echo HTTP/1.1\r\nHost: %s\r\nCookie: grantkeeper=%s\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nshort' \
        "$slug" "${base#http://}" "$(cookie alice grantkeeper)" >&8
    exec 8>&-
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    answer=$(raw_count /echo)
    ((answer - before <= 1))
}
