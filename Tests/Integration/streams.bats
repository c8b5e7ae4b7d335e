#!/usr/bin/env bats
# Answers that live by arriving piece by piece: over TLS and without, over HTTP/1.1 and HTTP/2, by the
# path and described in JSON; and what becomes of them when either side ends.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack tls_host
    start_misbehaving
    local http1_port http2_port
    read -r http1_port http2_port <"$work/run/tls-ports"
    # The ways in: what curl is told, and where it goes.
    ways=("--http1.1 $base" "--http1.1 https://127.0.0.1:$http1_port"
        "--http2 https://127.0.0.1:$http2_port" "--http1.1 https://127.0.0.1:$http2_port")
    printf '%s\n' "${ways[@]}" >"$work/run/ways"
}

setup() {
    sign_in alice
    readarray -t ways <"$work/run/ways"
    read -r http1_port _ <"$work/run/tls-ports"
}

teardown_file() {
    stop_stack
}

write_settings() {
    misbehaving_settings
}

# The plain host, on ports with TLS, too: one of HTTP/1.1 alone, as without `http2`, and one of both.
tls_host() {
    local port ports
    ports="$(free_port) $(free_port)"
    printf '%s\n' "$ports" >"$work/run/tls-ports"
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$work/private/host.key" -out "$work/private/host.pem" 2>>"$work/logs/openssl.log"
    read -r port ports <<<"$ports"
    local listen="listen 127.0.0.1:$1;
        listen 127.0.0.1:$port ssl;
        listen 127.0.0.1:$ports ssl http2;
        ssl_certificate $work/private/host.pem;
        ssl_certificate_key $work/private/host.key;"
    host=$(plain_host "$1")
    printf '%s\n' "${host/listen 127.0.0.1:$1;/$listen}"
}

# listen_to WAY FORM TARGET: alice's call of that way and form in the background. Its body goes to the
# file $came, and its head to $head, where curl's other files would have it later.
listen_to() {
    local options origin
    read -ra options <<<"$1"
    origin=${options[-1]}
    unset 'options[-1]'
    came=$BATS_TEST_TMPDIR/came head=$work/logs/client.log
    : >"$came"
    : >"$head"
    if [[ $2 == path ]]; then
        options+=("$origin/api/integrations/$slug/request$3")
    else
        options+=(-H 'Content-Type: application/json' -d "$(jq -n --arg url "$3" '{$url}')"
            "$origin/api/integrations/$slug/request")
    fi
    start_client -k -N -v -o "$came" "${options[@]}"
}

has_come() {
    grep -q "$1" "$came"
}

head_has_come() {
    grep -qi '^< content-type:' "$head"
}

@test "events come one by one on every way, and over HTTP/1.1 the head before the first of them" {
    local way form upstream number path
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for way in "${ways[@]}"; do
            for form in path json; do
                path=/events/$slug-$RANDOM$RANDOM
                listen_to "$way" "$form" "$path?key=$path&count=3&silent"
                # nginx sends no head of HTTP/2 by itself over TLS.
                [[ $way == --http2* ]] || await 10 head_has_come
                expect_equal "$(stat -c %s "$came")" 0
                for number in 1 2 3; do
                    run ! has_come "event $number"
                    release "$path"
                    await 10 has_come "event $number"
                done
                await 10 is_stopped client
                expect_equal "$(grep -c '^id: ' "$came")" 3
            done
        done
    done
}

@test "types that an integration names come as events do, and others as before" {
    local way
    connect_misbehaving alice "$plain" '.streamedTypes = ["application/x-ndjson"]'
    for way in "${ways[@]}"; do
        listen_to "$way" path "/events/$slug?key=$slug&count=2&type=application/x-ndjson%3Bv=1"
        await 10 has_come retry
        release "$slug"
        await 10 has_come 'event 1'
        run ! has_come 'event 2'
        release "$slug"
        await 10 is_stopped client
        expect_equal "$(grep -ic '^< x-accel' "$head")" 0
    done
    # What nginx holds back comes with the rest.
    listen_to "${ways[1]}" path "/events/$slug?key=$slug&count=1&type=application/json"
    release "$slug"
    await 10 is_stopped client
    has_come 'event 1'
}

@test "Python's client reads events one by one over TLS" {
    connect_misbehaving alice "$plain"
    : >"$BATS_TEST_TMPDIR/read"
    cat >"$BATS_TEST_TMPDIR/client.py" <<PYTHON
import http.client, ssl
connection = http.client.HTTPSConnection("127.0.0.1", $http1_port, context=ssl._create_unverified_context())
connection.request("GET", "/api/integrations/$slug/request/events/$slug?key=$slug&count=2&silent",
                   headers={"Cookie": "grantkeeper=$(cookie alice grantkeeper)"})
answer = connection.getresponse()
with open("$BATS_TEST_TMPDIR/read", "a", buffering=1) as told:
    told.write(f"status {answer.status}\n")
    for line in answer:
        told.write(line.decode())
    told.write("end\n")
PYTHON
    start_process client /usr/bin/python3 "$BATS_TEST_TMPDIR/client.py"
    await 20 is_told 'status 200'
    release "$slug"
    await 10 is_told 'data: event 1'
    run ! is_told 'data: event 2'
    release "$slug"
    await 10 is_told end
}

is_told() {
    grep -qxF "$1" "$BATS_TEST_TMPDIR/read"
}

@test "SECURITY 36: events that break off break off for the caller, on every way" {
    local way options how
    connect_misbehaving alice "$plain" '.timeouts = {idle: 1}'
    for way in "${ways[@]}"; do
        read -ra options <<<"$way"
        for how in 'framing=chunked&how=close' 'framing=chunked&how=reset' \
            'framing=chunked&how=close&inside' 'framing=chunked&how=silence' \
            'framing=length&how=close' 'framing=length&how=silence' \
            'framing=chunked&how=close&after=300000'; do
            base=${options[-1]} fetch -k "${options[@]:0:${#options[@]}-1}" \
                "/cut?$how&type=text/event-stream"
            expect_broken_off "$way $how"
        done
        # Those that end are whole.
        base=${options[-1]} fetch -k "${options[@]:0:${#options[@]}-1}" \
            '/content?size=300000&framing=chunked&type=text/event-stream'
        expect_equal "$result $status" '0 200'
        cmp "$BATS_TEST_TMPDIR/fetched" <(content 300000)
    done
}

# expect_broken_off WHICH: curl says so, or we do, but not nginx for us.
expect_broken_off() {
    if ((result == 0)) && [[ $status != 502 ]]; then
        printf '%s: looks complete, with status %s\n' "$1" "$status" >&2
        return 1
    fi
    expect_no_match "$(tr -d '\0' <"$BATS_TEST_TMPDIR/fetched")" service_unreachable
}

@test "a caller who leaves events ends them upstream, frees the worker, and is no error in the log" {
    local way path
    connect_misbehaving alice "$plain"
    : >"$work/logs/service.log"
    for way in "${ways[@]}"; do
        for path in "/events/$slug-$RANDOM?key=never" \
            "/content/$slug-$RANDOM?size=100000000000&framing=chunked&type=text/event-stream"; do
            listen_to "$way" path "$path"
            await 10 has_come .
            stop_client
            await 10 has_ended "${path%%\?*}" gone
        done
    done
    await 10 workers_are_free
    expect_equal "$(grep -E '^[^ ]+ (error|warning) ' "$work/logs/service.log")" ''
}

workers_are_free() {
    # The one that answers is busy.
    [[ $(curl -sf "$base/grantkeeper/metrics" |
        awk '$1 == "grantkeeper_workers_busy" { print $2 }') == 1 ]]
}

@test "compressed events pass as they are" {
    connect_misbehaving alice "$plain"
    local way options
    for way in "${ways[@]}"; do
        read -ra options <<<"$way"
        base=${options[-1]} fetch -k --compressed "${options[@]:0:${#options[@]}-1}" \
            '/gzipped?type=text/event-stream'
        expect_equal "$result $status" '0 200'
        expect_equal "$(field Content-Encoding)" gzip
        expect_equal "$(head -c 14 "$BATS_TEST_TMPDIR/fetched")" 'the same again'
    done
}

@test "HEAD of events has no body, and the connection goes on" {
    connect_misbehaving alice "$plain"
    local way options
    for way in "${ways[@]}"; do
        read -ra options <<<"$way"
        base=${options[-1]} fetch -k --head "${options[@]:0:${#options[@]}-1}" \
            '/content?size=10&type=text/event-stream'
        expect_equal "$result $status" '0 200'
        expect_equal "$(field Content-Length)" 10
    done
}
