#!/usr/bin/env bats
# Answers that break off: before anything of them has reached the caller that is an error of ours,
# and after that the caller sees it; never is it an answer of nginx's.

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

write_settings() {
    misbehaving_settings
}

# said TEXT: the path of an API that says that and closes; with printf's escapes.
said() {
    # shellcheck disable=SC2059 # the text is a format on purpose
    printf '/raw?base64=%s\n' "$(printf "HTTP/1.1 200 OK\r\n$1" | base64 -w 0 | tr '+/' '-_')"
}

# expect_incomplete WHICH
expect_incomplete() {
    expect_problem_of_proxy 502 upstream_broken http_response_incomplete || {
        printf '%s\n' "$1" >&2
        return 1
    }
}

@test "what breaks off before the caller has anything of it is a 502 of ours, every time" {
    local upstream text
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for text in 'Content-Length: 50\r\n\r\nhello' 'Content-Length: 50\r\n\r\n' \
            'Content-Length: 1000000\r\n\r\n' 'Transfer-Encoding: chunked\r\n\r\n' \
            'Transfer-Encoding: chunked\r\n\r\n5\r\nhel' \
            'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n' \
            'Transfer-Encoding: chunked\r\n\r\nnonsense\r\n' \
            'Content-Encoding: gzip\r\nContent-Length: 50\r\n\r\nhello' \
            'Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n'; do
            for _ in {1..5}; do
                call GET "$(said "$text")"
                expect_incomplete "$text"
            done
            as_json alice POST "/api/integrations/$slug/request" \
                "$(jq -n --arg url "$(said "$text")" '{method: "POST", $url, data: {}}')"
            expect_incomplete "JSON: $text"
        done
    done
}

@test "so is a short answer that is reset, or broken off after a while" {
    local upstream path
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for path in '/cut?framing=length&how=reset' '/cut?framing=length&how=close' \
            '/cut?framing=length&how=close&ms=200' '/cut?framing=length&how=close&after=0&ms=200' \
            '/cut?framing=chunked&how=close&after=0&ms=200'; do
            call GET "$path"
            expect_incomplete "$path"
            expect_equal "$(field Upstream-Attempts)" 1
        done
    done
}

@test "what breaks off later breaks off for the caller, and is no page of nginx's" {
    local upstream path
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for path in '/cut?framing=length&how=close&after=3000000' \
            '/cut?framing=chunked&how=close&after=3000000' \
            '/cut?framing=chunked&how=reset&after=20000' \
            '/cut?framing=length&how=close&after=20000&ms=100' \
            '/cut?framing=chunked&how=close&after=20&ms=300' \
            '/cut?framing=length&how=close&after=20&ms=1500'; do
            fetch "$path"
            [[ $result != 0 ]] || [[ $status == 502 ]]
            expect_no_match "$(tr -d '\0' <"$BATS_TEST_TMPDIR/fetched")" service_unreachable
        done
    done
}

@test "a short answer that comes slowly comes whole" {
    connect_misbehaving alice "$plain"
    for path in '/drip?framing=length&count=20&ms=20' '/drip?framing=length&count=4&ms=500' \
        '/drip?count=4&ms=200' '/slow_head?ms=100'; do
        call GET "$path"
        expect_status 200
        expect_match "$body" '^(\.+|slow)$'
    done
}
