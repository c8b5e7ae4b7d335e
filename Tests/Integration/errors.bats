#!/usr/bin/env bats
# What can go wrong before an API has answered, one by one: each has its status, its code and its
# name of RFC 9209 §2.3, and tells nothing of addresses, paths or tokens. A pool that is full is in
# hung.bats; the limits and the breaker are in retries.bats.

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
    misbehaving_settings 'connectTimeout: 1s' 'headTimeout: 1s' 'idleTimeout: 1s'
    printf 'limits:\n  body: 1MiB\n  jsonBody: 64KiB\n'
}

# connect_to BASE: what fails is not tried again here, so that the breaker stays closed.
connect_to() {
    connect_misbehaving alice "$1" '.retries = {attempts: 1}'
}

# expect_for PATH STATUS CODE ERROR: of a GET, of a POST, and of the JSON form.
expect_for() {
    call GET "$1"
    expect_problem_of_proxy "${@:2}"
    expect_equal "$(field Upstream-Attempts)" 1
    call POST "$1" -H 'Content-Type: text/plain' -d 'some body'
    expect_problem_of_proxy "${@:2}"
    as_json alice POST "/api/integrations/$slug/request" \
        "$(jq -n --arg url "$1" '{$url, method: "PATCH", data: {a: 1}}')"
    expect_problem_of_proxy "${@:2}"
}

# No connection -------------------------------------------------------------------------------

@test "a name that cannot be resolved is a 502 upstream_not_found" {
    connect_to http://no-such-name.invalid
    expect_for /x 502 upstream_not_found dns_error
}

@test "a port where no process listens is a 502 upstream_unreachable" {
    connect_to "http://127.0.0.1:$(free_port)"
    expect_for /x 502 upstream_unreachable connection_refused
}

@test "an address that may not be called is a 502 address_not_allowed" {
    connect_to https://10.11.12.13
    call GET /x
    expect_problem_of_proxy 502 address_not_allowed destination_ip_prohibited
    expect_no_match "$body" '10\.11'
}

@test "an upstream that takes no connection is a 504 upstream_timeout" {
    connect_to "http://127.0.0.1:$(upstream_port full)"
    expect_for /x 504 upstream_timeout connection_timeout
}

@test "an upstream that says nothing when TLS is to begin is a 504 upstream_timeout" {
    connect_to "https://127.0.0.1:$(upstream_port mute)"
    expect_for /x 504 upstream_timeout connection_timeout
}

# TLS -----------------------------------------------------------------------------------------

@test "a certificate for another name is a 502 upstream_certificate_refused" {
    connect_to "https://127.0.0.1:$(upstream_port wrong-name)"
    expect_for /x 502 upstream_certificate_refused tls_certificate_error
    expect_equal "$(seen_times /x)" 0
}

@test "a certificate of an unknown authority is a 502 upstream_certificate_refused" {
    connect_to "https://127.0.0.1:$(upstream_port self-signed)"
    expect_for /x 502 upstream_certificate_refused tls_certificate_error
    expect_equal "$(seen_times /x)" 0
}

@test "a certificate that has expired is a 502 upstream_certificate_refused" {
    connect_to "https://127.0.0.1:$(upstream_port expired)"
    expect_for /x 502 upstream_certificate_refused tls_certificate_error
    expect_equal "$(seen_times /x)" 0
}

@test "plain text on a port of TLS is a 502 upstream_tls_failed" {
    connect_to "${plain/http:/https:}"
    expect_for /x 502 upstream_tls_failed tls_protocol_error
}

@test "TLS on a port of plain text is a 502" {
    connect_to "${tls/https:/http:}"
    call GET /x
    expect_problem 502
    expect_match "$(json .code) $(field Proxy-Status)" \
        '^(upstream_malformed grantkeeper; error=http_protocol_error|upstream_broken grantkeeper; error=connection_terminated)$'
}

@test "an authority of upstream.caFile is trusted, and no other one" {
    connect_to "$tls"
    call GET /echo
    expect_status 200
    # Neither is it without the file.
    sed -i.whole '/caFile/d' "$settings"
    restart_service
    call GET /echo
    mv "$settings.whole" "$settings"
    restart_service
    expect_problem_of_proxy 502 upstream_certificate_refused tls_certificate_error
}

@test "the system's authorities are trusted beside those of upstream.caFile" {
    make_system_authority
    stop_process service
    # shellcheck disable=SC2016 # the inner shell's
    local become=(unshare --mount)
    ((EUID == 0)) || become+=(--map-root-user)
    # Its own view of where the system's authorities lie: this machine's are left alone.
    start_process service "${become[@]}" bash -c 'mount --bind "$0" /etc/ssl/certs && exec "$@"' \
        "$work/private/system" "$binaries/grantkeeper" serve --config "$settings"
    await 15 service_is_ready
    connect_to "https://127.0.0.1:$(upstream_port by-system)"
    call GET /echo
    expect_status 200
    connect_to "$tls"
    call GET /echo
    expect_status 200
    connect_to "https://127.0.0.1:$(upstream_port self-signed)"
    call GET /echo
    expect_problem_of_proxy 502 upstream_certificate_refused tls_certificate_error
    restart_service
    connect_to "https://127.0.0.1:$(upstream_port by-system)"
    call GET /echo
    expect_problem_of_proxy 502 upstream_certificate_refused tls_certificate_error
}

# A folder as /etc/ssl/certs is, with the authority that the upstream's `by-system` is signed by.
make_system_authority() {
    mkdir -p "$work/private/system"
    cp "$work/private/system-ca.pem" "$work/private/system/"
    openssl rehash "$work/private/system"
}

# The connection breaks -----------------------------------------------------------------------

# Whether the connection stood before it was reset is a matter of chance.
@test "an upstream that closes before it reads anything is a 502" {
    local name method
    for name in deaf rude; do
        connect_to "http://127.0.0.1:$(upstream_port $name)"
        for method in GET POST; do
            call "$method" /x -H 'Content-Type: text/plain' -d "$([[ $method == GET ]] || echo x)"
            case $(json .code) in
                upstream_unreachable)
                    expect_problem_of_proxy 502 upstream_unreachable connection_refused
                    ;;
                *) expect_problem_of_proxy 502 upstream_broken connection_terminated ;;
            esac
        done
    done
}

@test "an upstream that closes or resets without an answer is a 502 upstream_broken" {
    local upstream how
    for upstream in "$plain" "$tls"; do
        connect_to "$upstream"
        for how in close reset; do
            expect_for "/die?how=$how" 502 upstream_broken connection_terminated
        done
    done
}

@test "a head that breaks off is a 502 upstream_broken" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_to "$upstream"
        expect_for '/cut?after=-1&how=close' 502 upstream_broken connection_terminated
        expect_for '/cut?after=-1&how=reset' 502 upstream_broken connection_terminated
    done
}

# The answer is none --------------------------------------------------------------------------

@test "what is not HTTP is a 502 upstream_malformed" {
    local upstream line
    for upstream in "$plain" "$tls"; do
        connect_to "$upstream"
        expect_for /greeting 502 upstream_malformed http_protocol_error
        expect_for /http-0.9 502 upstream_malformed http_protocol_error
    done
    for line in 'HTTP/1.1' 'HTTP/1.1%20' 'HTTP/1.1%20OK' 'HTTP/1.1%2020%20OK' \
        'HTTP/1.1%20-20%20OK' 'HTTP/1.1%20099%20OK' 'HTTP/9.9%20200%20OK' 'HTTP/%20200%20OK' \
        '%20HTTP/1.1%20200%20OK' 'HTTP/1.1%20101%20Switching%20Protocols' 'HTTP/1.1%202000%20OK'; do
        call GET "/status-line?line=$line"
        expect_equal "$line: $status $(json .code)" "$line: 502 upstream_malformed"
        expect_problem_of_proxy 502 upstream_malformed http_protocol_error
    done
}

@test "SECURITY 36: a header without measure is a 502 upstream_header_too_large" {
    local upstream before
    before=$(peak_memory)
    for upstream in "$plain" "$tls"; do
        connect_to "$upstream"
        expect_for '/header-bomb?kilobytes=1024' 502 upstream_header_too_large \
            http_response_header_section_size
        expect_for '/long-header?kilobytes=200' 502 upstream_header_too_large \
            http_response_header_section_size
    done
    (($(peak_memory) - before < 32768))
}

@test "SECURITY 36: interim answers without end are a 502 upstream_header_too_large" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_to "$upstream"
        call GET "/endless-interim/$slug"
        expect_problem_of_proxy 502 upstream_header_too_large http_response_header_section_size
        await 10 has_ended "/endless-interim/$slug" gone
    done
}

# Time ----------------------------------------------------------------------------------------

@test "an upstream that does not answer is a 504 upstream_timeout" {
    local upstream
    connect_to "http://127.0.0.1:$(upstream_port mute)"
    call GET /x
    expect_problem_of_proxy 504 upstream_timeout http_response_timeout
    for upstream in "$plain" "$tls"; do
        connect_to "$upstream"
        call GET "/hang/$slug"
        expect_problem_of_proxy 504 upstream_timeout http_response_timeout
        call POST "/hang/$slug" -H 'Content-Type: text/plain' -d x
        expect_problem_of_proxy 504 upstream_timeout http_response_timeout
        await 10 has_ended "/hang/$slug" gone
        # Nothing came, but something may have been done.
        expect_equal "$(seen "/hang/$slug" .method | grep -c POST)" 1
    done
}

@test "an upstream that answers too slowly is a 504 upstream_timeout, and not one that is slow" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_to "$upstream"
        call GET '/slow-head?ms=2000'
        expect_problem_of_proxy 504 upstream_timeout http_response_timeout
        call GET '/slow-head?ms=50'
        expect_status 200
        expect_equal "$body" slow
    done
}

@test "an answer that falls silent is cut, and one that drips is not" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_to "$upstream"
        fetch "/cut/$slug?how=silence"
        [[ $result != 0 ]]
        await 10 has_ended "/cut/$slug" gone
        # In all, longer than any of the time-outs.
        fetch '/drip?count=15&ms=100'
        expect_equal "$result $status $(stat -c %s "$BATS_TEST_TMPDIR/fetched")" '0 200 15'
    done
}

@test "an integration's own time-outs stand in place of the configuration's" {
    # Longer than the configuration's: it would be a 504.
    connect_misbehaving alice "$plain" '.timeouts = {head: 20, idle: 20}'
    call GET '/slow-head?ms=500'
    expect_equal "$status $body" '200 slow'
    fetch '/drip?count=2&ms=1500'
    expect_equal "$result $status $(stat -c %s "$BATS_TEST_TMPDIR/fetched")" '0 200 2'
    # And each of them alone, against a longer one.
    connect_misbehaving alice "http://127.0.0.1:$(upstream_port full)" \
        '.timeouts = {connect: 1, head: 60} | .retries = {attempts: 1}'
    call GET /x --max-time 20
    expect_problem_of_proxy 504 upstream_timeout connection_timeout
    connect_misbehaving alice "$plain" '.timeouts = {idle: 60, head: 1}'
    call GET /hang --max-time 20
    expect_problem_of_proxy 504 upstream_timeout http_response_timeout
    connect_misbehaving alice "$plain" '.timeouts = {idle: 1, head: 60}'
    fetch --max-time 20 '/cut?how=silence'
    expect_match "$result" '^(18|56|92)$'
    local timeouts
    for timeouts in '{head: 0}' '{idle: 3601}' '{connect: "5"}' '{total: 5}' '5'; do
        by_json "$admin_key" PUT "/grantkeeper/integrations/$integration" \
            "$(jq ".timeouts = $timeouts" <<<"$definition")"
        expect_problem 400
    done
}

# Ours ----------------------------------------------------------------------------------------

@test "a body that is larger than limits.body is a 413 body_too_large" {
    connect_to "$plain"
    head -c 2000000 /dev/zero >"$BATS_TEST_TMPDIR/large"
    call POST "/sink/$slug" -H 'Content-Type: text/plain' --data-binary "@$BATS_TEST_TMPDIR/large"
    expect_problem 413 body_too_large
    expect_equal "$(seen_times "/sink/$slug")" 0
    call POST "/sink/$slug" -H 'Content-Type: text/plain' -H 'Transfer-Encoding: chunked' \
        --data-binary "@$BATS_TEST_TMPDIR/large"
    expect_problem 413 body_too_large
    # Not as if it had been whole.
    await 10 has_ended "/sink/$slug" gone
    head -c 100000 /dev/zero | tr '\0' x | jq -R '{url: "/sink", method: "POST", data: .}' \
        >"$BATS_TEST_TMPDIR/json"
    as alice POST "/api/integrations/$slug/request" -H 'Content-Type: application/json' \
        --data-binary "@$BATS_TEST_TMPDIR/json"
    expect_problem 413 body_too_large
}

@test "a caller who uploads what is refused is told why, however much is still to come" {
    sign_in bob
    connect_to "$plain"
    head -c 2000000 /dev/zero >"$BATS_TEST_TMPDIR/large"
    local _ options=(-H 'Content-Type: text/plain' --data-binary "@$BATS_TEST_TMPDIR/large")
    for _ in {1..8}; do
        call POST "/sink/$slug" "${options[@]}"
        expect_problem 413 body_too_large
        call POST "/sink/$slug" -H 'Transfer-Encoding: chunked' "${options[@]}"
        expect_problem 413 body_too_large
        as bob POST "/api/integrations/$slug/request/sink" -H 'Transfer-Encoding: chunked' "${options[@]}"
        expect_problem 409 connection_required
        request POST "/api/integrations/$slug/request/sink" -H 'Transfer-Encoding: chunked' "${options[@]}"
        expect_problem 401
    done
}

@test "without a connection it is a 409 connection_required, and nothing is sent" {
    sign_in bob
    connect_to "$plain"
    as bob GET "/api/integrations/$slug/request/echo/$slug"
    expect_problem 409 connection_required
    expect_equal "$(json .connect)" "/api/integrations/$slug/connect"
    expect_equal "$(field Upstream-Attempts)" ''
    expect_equal "$(seen_times "/echo/$slug")" 0
}

@test "with a dead grant it is a 409 reauthorization_required, and nothing is sent" {
    add_integration ".apiBaseUri = \"$plain\""
    connect alice "$slug"
    mock_fail_next token invalid_grant
    expire_connection
    call GET "/echo/$slug"
    expect_problem 409 reauthorization_required
    expect_equal "$(json .connect)" "/api/integrations/$slug/connect"
    expect_equal "$(field Upstream-Attempts)" ''
    expect_equal "$(seen_times "/echo/$slug")" 0
}

@test "a token endpoint that cannot be asked is a 502 or 504, and nothing is sent" {
    add_integration ".apiBaseUri = \"$plain\""
    connect alice "$slug"
    mock_fail_next token 503 9
    expire_connection
    call GET "/echo/$slug"
    expect_match "$status" '^50[24]$'
    expect_problem "$status"
    expect_match "$(field Proxy-Status)" '^grantkeeper; error='
    expect_equal "$(seen_times "/echo/$slug")" 0
    mock_reset
}
