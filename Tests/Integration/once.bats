#!/usr/bin/env bats
# What is not idempotent is never sent twice: not when the connection that carried it dies, whether
# it was kept or new, with any body, over either version of HTTP; and not by nginx when the service
# dies.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack
    start_misbehaving
}

setup() {
    sign_in alice
    head -c 3000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/small"
    # Too large to be held in memory, and to be sent with the head.
    head -c 300000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/large"
}

teardown_file() {
    stop_stack
}

write_settings() {
    misbehaving_settings 'headTimeout: 10s'
}

# send FORM METHOD TARGET: with a body of that form.
send() {
    local data=(-H 'Content-Type: text/plain')
    case $1 in
        none) call "$2" "$3" ;;
        empty) call "$2" "$3" "${data[@]}" --data-binary '' ;;
        small | large) call "$2" "$3" "${data[@]}" --data-binary "@$BATS_TEST_TMPDIR/$1" ;;
        chunked)
            call "$2" "$3" "${data[@]}" -H 'Transfer-Encoding: chunked' \
                --data-binary "@$BATS_TEST_TMPDIR/large"
            ;;
        json | large-json) send_json "$@" ;;
    esac
}

# The JSON form, with data in memory.
send_json() {
    local text=$BATS_TEST_TMPDIR/small
    [[ $1 == json ]] || text=$BATS_TEST_TMPDIR/large
    jq -Rs --arg method "$2" --arg url "$3" '{$method, $url, data: .}' <"$text" \
        >"$BATS_TEST_TMPDIR/json"
    as alice POST "/api/integrations/$slug/request" -H 'Content-Type: application/json' \
        --data-binary "@$BATS_TEST_TMPDIR/json"
}

forms=(none empty small large chunked json large-json)

# Those of a method; the body is read by the same code for both.
forms_of() {
    if [[ $1 == POST ]]; then printf '%s\n' "${forms[@]}"; else printf '%s\n' none small; fi
}

# send_as_second FORM METHOD TARGET: on a connection that has just carried such a request.
send_as_second() {
    local path=${3%%\?*}
    send "$1" "$2" "/echo$path"
    expect_status 200
    send "$@"
    expect_equal "$1 $2: $(seen "$path" '"connection \(.connection), use \(.use)"' | head -n 1)" \
        "$1 $2: $(seen "/echo$path" '"connection \(.connection), use \(.use + 1)"')"
}

@test "POSTs and PATCHes in a row go over one connection, whatever they carry" {
    local upstream form method
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for method in POST PATCH; do
            for form in $(forms_of "$method"); do
                send_as_second "$form" "$method" "/echo/$slug/$method/$form"
                expect_status 200
            done
        done
    done
}

# expect_sent_once UPSTREAM HOW: POST and PATCH in every form, on a kept connection that then ends.
expect_sent_once() {
    local form method path
    connect_misbehaving alice "$1"
    for method in POST PATCH; do
        for form in $(forms_of "$method"); do
            path=/die/$slug/$form/$method/$2
            send_as_second "$form" "$method" "$path?how=$2"
            expect_equal "$form $method $2: $(seen_times "$path")" "$form $method $2: 1"
            expect_problem_of_proxy 502 upstream_broken connection_terminated
        done
    done
}

@test "a POST or PATCH is sent once when a kept connection is closed under it" {
    expect_sent_once "$plain" close
    expect_sent_once "$tls" close
}

@test "a POST or PATCH is sent once when a kept connection is reset under it" {
    expect_sent_once "$plain" reset
    expect_sent_once "$tls" reset
}

@test "a POST or PATCH is sent once on a connection that is new" {
    local upstream form method path
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for method in POST PATCH; do
            for form in $(forms_of "$method"); do
                path=/die/$slug/$form/$method
                # It ends the connection, so that the next has to be new.
                send "$form" "$method" "$path?how=close"
                expect_equal "$form $method: $(seen "$path" .use)" "$form $method: 1"
                expect_problem_of_proxy 502 upstream_broken connection_terminated
            done
        done
    done
}

@test "a POST or PATCH is sent once when the connection dies before its body was read" {
    local form method path
    connect_misbehaving alice "$plain"
    for method in POST PATCH; do
        for form in $(forms_of "$method"); do
            path=/die/$slug/$form/$method
            send "$form" "$method" "/echo$path"
            expect_status 200
            send "$form" "$method" "$path?when=unread&how=reset"
            expect_problem_of_proxy 502 upstream_broken connection_terminated
            expect_equal "$form $method: $(seen_times "$path")" "$form $method: 1"
        done
    done
}

@test "a POST is not sent again for an answer that breaks off in its head" {
    local form
    connect_misbehaving alice "$plain"
    for form in "${forms[@]}"; do
        send_as_second "$form" POST "/cut/$slug/$form?after=-1"
        expect_problem_of_proxy 502 upstream_broken connection_terminated
        expect_equal "$form: $(seen_times "/cut/$slug/$form")" "$form: 1"
    done
}

@test "a GET whose kept connection dies is sent again, and answered" {
    local upstream how method
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for how in close reset; do
            for method in GET PUT DELETE OPTIONS; do
                send none "$method" "/echo/$slug/$how/$method"
                expect_status 200
                send none "$method" "/flaky/$slug/$how/$method?how=$how&failures=1"
                expect_equal "$upstream $method $how: $status $body" \
                    "$upstream $method $how: 200 attempt 2"
                expect_equal "$(seen_times "/flaky/$slug/$how/$method")" 2
            done
        done
    done
}

@test "a PUT whose body was read as it came is not sent again" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        send_as_second chunked PUT "/die/$slug/chunked"
        expect_problem_of_proxy 502 upstream_broken connection_terminated
        expect_equal "$(seen_times "/die/$slug/chunked")" 1
        send_as_second large PUT "/die/$slug/large"
        expect_problem_of_proxy 502 upstream_broken connection_terminated
        expect_equal "$(seen_times "/die/$slug/large")" 1
    done
}

# nginx ---------------------------------------------------------------------------------------

# Another process takes over the socket at once, as with systemd: whatever nginx sent again would
# be served.
supervise() {
    stop_process service
    : >"$work/go"
    start_process supervisor perl "$BATS_TEST_DIRNAME/supervisor.pl" "$work/run/grantkeeper.sock" \
        "$work/go" "$binaries/grantkeeper" serve --config "$settings"
    await 15 service_is_ready
}

kill_supervised() {
    kill -KILL "$(sed -n 's/^started //p' "$work/logs/supervisor.log" | tail -n 1)"
}

@test "nginx sends nothing again when the service is killed under it" {
    local method
    connect_misbehaving alice "$plain"
    supervise
    for method in POST PATCH DELETE PUT GET; do
        # So that nginx has connections to keep.
        call GET /echo
        expect_status 200
        start_client -X "$method" -o /dev/null -w '%{stderr}%{http_code}' -d x \
            "$base/api/integrations/$slug/request/hold/$slug/$method?key=never" \
            -H 'Content-Type: text/plain'
        await 10 was_seen "/hold/$slug/$method" 1
        kill_supervised
        await 10 is_stopped client
        expect_match "$(tail -n 1 "$work/logs/client.log")" '^curl: \(22\).*502|^502'
        await 15 service_is_ready
        call GET /echo
        expect_status 200
        expect_equal "$method: $(seen_times "/hold/$slug/$method")" "$method: 1"
    done
    stop_process supervisor
    rm -f "$work/run/grantkeeper.sock"
    start_service
}
