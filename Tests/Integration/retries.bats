#!/usr/bin/env bats
# The retries, limits and breaker of the article Reliability's last section, against an upstream
# that fails as it is told; and what of a connection's data goes into a call.

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
    misbehaving_settings 'connectTimeout: 2s' 'headTimeout: 10s'
}

# fails METHOD PATH STATUS [HEADER...]: a call that the upstream answers with that status once, and
# well from then on. A header is NAME:VALUE.
fails() {
    local header query="how=status&failures=1&code=$3&body=not-now"
    for header in "${@:4}"; do query+="&header=$(jq -rn --arg h "$header" '$h | @uri')"; done
    call "$1" "/flaky/$2?$query" "${options[@]}"
}

# Options of curl that `fails` adds.
options=()

# expect_attempts NUMBER PATH: by the answer's header, and by what was seen.
expect_attempts() {
    expect_equal "$2: $(field Upstream-Attempts) told, $(seen_times "/flaky/$2") seen" \
        "$2: $1 told, $1 seen"
}

expect_retried() {
    expect_equal "$1: $status" "$1: 200"
    expect_attempts 2 "$1"
}

# expect_passed STATUS PATH: the answer went to the caller as it was, at once.
expect_passed() {
    expect_equal "$2: $status $body" "$2: $1 not-now"
    expect_equal "$(field Proxy-Status)" "grantkeeper; received-status=$1"
    expect_attempts 1 "$2"
}

# What is sent again --------------------------------------------------------------------------

@test "RELIABILITY retries: 429, 502, 503 and 504 to what is idempotent" {
    local method code
    for method in GET PUT DELETE OPTIONS; do
        connect_misbehaving alice "$plain"
        for code in 429 502 503 504; do
            fails "$method" "$slug-$method-$code" "$code"
            expect_retried "$slug-$method-$code"
            expect_equal "$body" 'attempt 2'
        done
    done
    connect_misbehaving alice "$plain"
    call HEAD "/flaky/$slug?how=status&failures=1&code=503" --head
    expect_retried "$slug"
    connect_misbehaving alice "$tls"
    fails GET "$slug" 503
    expect_retried "$slug"
}

@test "RELIABILITY retries: nothing that is not idempotent" {
    local method code
    connect_misbehaving alice "$plain"
    options=(-H 'Content-Type: text/plain' -d x)
    for method in POST PATCH; do
        for code in 429 502 503 504; do
            fails "$method" "$slug-$method-$code" "$code"
            expect_passed "$code" "$slug-$method-$code"
        done
    done
    # A key alone means nothing to an API that does not honour it.
    options+=(-H 'Idempotency-Key: k')
    fails POST "$slug-key" 503
    expect_passed 503 "$slug-key"
}

@test "RELIABILITY retries: no other status" {
    local code
    connect_misbehaving alice "$plain"
    for code in 400 401 403 404 408 409 425 500 501 505 507 599; do
        fails GET "$slug-$code" "$code" Retry-After:0
        expect_passed "$code" "$slug-$code"
    done
}

@test "RELIABILITY retries: POST and PATCH with a key, where the API honours it" {
    local method
    connect_misbehaving alice "$plain" '.retries = {honoursIdempotencyKey: true}'
    options=(-H 'Content-Type: text/plain' -d 'the body')
    fails POST "$slug-without" 503
    expect_passed 503 "$slug-without"
    options+=(-H 'Idempotency-Key: key-1')
    for method in POST PATCH; do
        fails "$method" "$slug-$method" 503
        expect_retried "$slug-$method"
        expect_equal "$(seen "/flaky/$slug-$method" '(.headers[] | select(.[0] | ascii_downcase == "idempotency-key") | .[1]), .bodyLength' | xargs)" \
            'key-1 8 key-1 8'
        # Its connection dies before the answer.
        call "$method" "/flaky/$slug-$method-die?how=close&failures=1" "${options[@]}"
        expect_retried "$slug-$method-die"
    done
    # In the JSON form, too.
    as_json alice POST "/api/integrations/$slug/request" \
        "$(jq -n --arg url "/flaky/$slug-json?how=status&code=503&failures=1" \
            '{method: "POST", $url, data: {a: 1}, headers: {"Idempotency-Key": "key-2"}}')"
    expect_retried "$slug-json"
}

@test "RELIABILITY retries: the body goes along again, unless it was a stream" {
    connect_misbehaving alice "$plain"
    options=(-H 'Content-Type: text/plain' -d 'the body')
    fails PUT "$slug-held" 503
    expect_retried "$slug-held"
    expect_equal "$(seen "/flaky/$slug-held" .bodyLength | xargs)" '8 8'
    head -c 300000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/large"
    options=(-H 'Content-Type: text/plain' --data-binary "@$BATS_TEST_TMPDIR/large")
    fails PUT "$slug-streamed" 503
    expect_passed 503 "$slug-streamed"
    options+=(-H 'Transfer-Encoding: chunked')
    fails PUT "$slug-chunked" 503
    expect_passed 503 "$slug-chunked"
}

@test "RELIABILITY retries: a connection that ends before the answer, for what is idempotent" {
    local upstream how method
    for upstream in "$plain" "$tls"; do
        for how in close reset; do
            connect_misbehaving alice "$upstream"
            for method in GET PUT DELETE; do
                call "$method" "/flaky/$slug-$method?how=$how&failures=1"
                expect_retried "$slug-$method"
            done
        done
    done
}

@test "RELIABILITY retries: never an answer that has begun" {
    connect_misbehaving alice "$plain"
    fetch "/flaky/$slug?how=cut&failures=1"
    [[ $result != 0 || $status == 502 ]]
    expect_equal "$(seen_times "/flaky/$slug")" 1
}

@test "RELIABILITY retries: connections that cannot be made, whatever the method" {
    local method port
    for method in GET POST PATCH DELETE; do
        port=$(free_port)
        connect_misbehaving alice "http://127.0.0.1:$port"
        call "$method" /x -H 'Content-Type: text/plain' -d x
        expect_problem_of_proxy 502 upstream_unreachable connection_refused
        expect_equal "$method: $(field Upstream-Attempts)" "$method: 3"
    done
    # A certificate will be no better for being asked again.
    connect_misbehaving alice "https://127.0.0.1:$(upstream_port expired)"
    call GET /x
    expect_problem_of_proxy 502 upstream_certificate_refused tls_certificate_error
    expect_equal "$(field Upstream-Attempts)" 1
}

# How often -----------------------------------------------------------------------------------

@test "RELIABILITY retries: three attempts at most, or as many as the integration says" {
    connect_misbehaving alice "$plain"
    call GET "/flaky/$slug?how=status&failures=9&code=503&body=not-now"
    expect_equal "$status $body" '503 not-now'
    expect_attempts 3 "$slug"
    expect_equal "$(field Proxy-Status)" 'grantkeeper; received-status=503'
    call GET "/flaky/$slug-die?how=close&failures=9"
    expect_problem_of_proxy 502 upstream_broken connection_terminated
    expect_attempts 3 "$slug-die"
    local attempts
    for attempts in 1 2 3; do
        connect_misbehaving alice "$plain" ".retries = {attempts: $attempts}"
        call GET "/flaky/$slug?how=status&failures=9&code=503"
        expect_status 503
        expect_attempts "$attempts" "$slug"
    done
    for attempts in 0 4 -1 1.5 '"2"'; do
        by_json "$admin_key" PUT "/grantkeeper/integrations/$integration" \
            "$(jq ".retries = {attempts: $attempts}" <<<"$definition")"
        expect_problem 400
    done
}

@test "an answer that needed no second attempt says so" {
    connect_misbehaving alice "$plain"
    call GET /echo
    expect_equal "$status $(field Upstream-Attempts)" '200 1'
    call POST /echo -H 'Content-Type: text/plain' -d x
    expect_equal "$status $(field Upstream-Attempts)" '200 1'
    call GET '/status?code=404'
    expect_equal "$status $(field Upstream-Attempts)" '404 1'
}

@test "an upstream's own Upstream-Attempts and Proxy-Status are not passed on as ours" {
    connect_misbehaving alice "$plain"
    call GET '/status?code=200&body=x&header=Upstream-Attempts:77&header=Proxy-Status:grantkeeper;error=dns_error'
    expect_equal "$(grep -ci '^upstream-attempts:' "$BATS_TEST_TMPDIR/head") $(field Upstream-Attempts)" '1 1'
    expect_equal "$(grep -ci '^proxy-status:' "$BATS_TEST_TMPDIR/head") $(field Proxy-Status)" \
        '1 grantkeeper; received-status=200'
}

@test "RELIABILITY retries: a budget, so that an API in trouble does not get thrice the calls" {
    connect_misbehaving alice "$plain"
    local began=$SECONDS sent
    curl -sS -Z --no-progress-meter --parallel-max 10 -o /dev/null -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request/status/$slug?code=503&n=[1-100]"
    sent=$(seen_times "/status/$slug")
    # A tenth, ten that were saved up, and one a second.
    ((sent >= 105 && sent <= 100 + 10 + 10 + SECONDS - began + 1)) ||
        { printf '%d were sent\n' "$sent" >&2; return 1; }
}

@test "RELIABILITY retries: one deadline for all attempts" {
    connect_misbehaving alice "$plain" '.timeouts = {head: 4}'
    local began=$SECONDS
    # The first asks for most of the time, the second would take as long as it gets.
    call GET "/late/$slug"
    expect_problem_of_proxy 504 upstream_timeout http_response_timeout
    expect_equal "$(field Upstream-Attempts) $(seen_times "/late/$slug")" '2 2'
    ((SECONDS - began < 6))
}

# When ----------------------------------------------------------------------------------------

# expect_gap SECONDS PATH: so long at least between the two attempts.
expect_gap() {
    expect_retried "$2"
    seen "/flaky/$2" .time | jq -se --argjson gap "$1" '.[1] - .[0] >= $gap' >/dev/null || {
        printf '%s: too soon: %s\n' "$2" "$(seen "/flaky/$2" .time | xargs)" >&2
        return 1
    }
}

# expect_not_before TIME PATH
expect_not_before() {
    expect_retried "$2"
    seen "/flaky/$2" .time | jq -se --argjson time "$1" '.[1] >= $time' >/dev/null || {
        printf '%s: before %s: %s\n' "$2" "$1" "$(seen "/flaky/$2" .time | xargs)" >&2
        return 1
    }
}

# at_once COMMAND ARGUMENT...: with each of the arguments, all at the same time.
at_once() {
    local argument process processes=()
    for argument in "${@:2}"; do
        (
            BATS_TEST_TMPDIR=$(mktemp -d "$BATS_TEST_TMPDIR/XXXXXX")
            # curl writes its jar anew each time.
            cp "$(jar_of alice)" "$BATS_TEST_TMPDIR/alice"
            # shellcheck disable=SC2317 # called by `as`
            jar_of() { printf '%s\n' "$BATS_TEST_TMPDIR/$1"; }
            "$1" "$argument"
        ) &
        processes+=($!)
    done
    for process in "${processes[@]}"; do wait "$process"; done
}

# in_seconds NUMBER [FORMAT]: a moment, as `date` writes it; an HTTP date without a format.
in_seconds() {
    LC_ALL=C date -u -d "@$(($(date +%s) + $1))" +"${2-%a, %d %b %Y %T GMT}"
}

@test "RELIABILITY retries: Retry-After in seconds and as a date is waited for" {
    at_once expect_retry_after 429 503
}

expect_retry_after() {
    local moment
    connect_misbehaving alice "$plain"
    fails GET "$slug" "$1" Retry-After:1
    expect_gap 1 "$slug"
    moment=$(in_seconds 2 %s)
    fails GET "$slug-date" "$1" "Retry-After:$(in_seconds 2)"
    expect_not_before "$moment" "$slug-date"
    fails GET "$slug-zero" "$1" Retry-After:0
    expect_retried "$slug-zero"
    fails GET "$slug-past" "$1" 'Retry-After:Sun, 06 Nov 1994 08:49:37 GMT'
    expect_retried "$slug-past"
}

@test "RELIABILITY retries: more than the deadline leaves goes to the caller at once, header and all" {
    local value code
    connect_misbehaving alice "$plain"
    for code in 429 503; do
        for value in 11 3600 86400 "$(in_seconds 60)" "$(in_seconds 86400)"; do
            fails GET "$slug-$code-${value//[^0-9]/}" "$code" "Retry-After:$value"
            expect_passed "$code" "$slug-$code-${value//[^0-9]/}"
            expect_equal "$(field Retry-After)" "$value"
        done
    done
}

@test "RELIABILITY retries: a negative, huge or malformed Retry-After is no reason to wait for long" {
    local value number=0
    for value in -5 2678401 99999999999999999999 soon 1.5 '' '1 2' 0x10 \
        'Sun, 99 Nov 2094 08:49:37 GMT' 'Tue, 01 Jan 2999 00:00:00 GMT' '2030-01-01' '1,2'; do
        ((number % 4)) || connect_misbehaving alice "$plain"
        number=$((number + 1))
        fails GET "$slug-$number" 503 "Retry-After:$value"
        expect_retried "$slug-$number"
    done
}

@test "RELIABILITY retries: an unreadable Retry-After is never 'at once'" {
    at_once expect_step soon -5 ''
}

expect_step() {
    connect_misbehaving alice "$plain"
    fails GET "$slug" 503 "Retry-After:$1"
    expect_gap 1 "$slug"
}

@test "RELIABILITY retries: a decimal, milliseconds and the IETF's RateLimit are read, and passed on" {
    local field
    connect_misbehaving alice "$plain"
    for field in Retry-After:292.05 Retry-After:1m0s Retry-After-Ms:292050 \
        'RateLimit:"default";r=0;t=292'; do
        fails GET "$slug-${field//[^a-zA-Z0-9]/}" 429 "$field"
        expect_passed 429 "$slug-${field//[^a-zA-Z0-9]/}"
        expect_equal "$(field "${field%%:*}")" "${field#*:}"
    done
    fails GET "$slug-soon" 429 Retry-After-Ms:1000
    expect_gap 1 "$slug-soon"
}

# connect_limited JQ: an API that tells its limits so.
connect_limited() {
    connect_misbehaving alice "$plain" ".rateLimit = $1"
}

@test "RELIABILITY retries: a limit's reset is waited for, in every format" {
    at_once expect_reset seconds milliseconds epoch-seconds epoch-milliseconds date iso
}

# expect_reset FORMAT: that it is waited for when it is soon, and told when it is late.
expect_reset() {
    local moment
    connect_limited "{reset: \"X-Reset\", resetFormat: \"${1/iso/date}\"}"
    moment=$(in_seconds 2 %s)
    fails GET "$slug-soon" 429 "X-Reset:$(reset_in 2 "$1")"
    expect_not_before "$moment" "$slug-soon"
    fails GET "$slug-late" 429 "X-Reset:$(reset_in 600 "$1")"
    expect_passed 429 "$slug-late"
    [[ -n $(field X-Reset) ]]
}

reset_in() {
    case $2 in
        seconds) printf '%s\n' "$1" ;;
        milliseconds) printf '%s000\n' "$1" ;;
        epoch-seconds) in_seconds "$1" %s ;;
        epoch-milliseconds) in_seconds "$1" %s000 ;;
        date) in_seconds "$1" ;;
        iso) in_seconds "$1" %FT%TZ ;;
    esac
}

@test "RELIABILITY retries: a reset that makes no sense is ignored, and Retry-After wins over it" {
    local value number=0
    connect_limited '{reset: "X-Reset", resetFormat: "seconds"}'
    for value in -1 never 1e99 99999999 ''; do
        number=$((number + 1))
        fails GET "$slug-$number" 429 "X-Reset:$value"
        expect_retried "$slug-$number"
    done
    fails GET "$slug-both" 429 X-Reset:600 Retry-After:1
    expect_gap 1 "$slug-both"
    fails GET "$slug-other" 429 X-Reset:1 Retry-After:600
    expect_passed 429 "$slug-other"
}

@test "RELIABILITY retries: another status is a limit when it says that nothing is left" {
    connect_limited '{statuses: [403], remaining: "X-Left", reset: "X-Reset", resetFormat: "seconds"}'
    fails GET "$slug-none" 403 X-Left:0 X-Reset:1
    expect_gap 1 "$slug-none"
    fails GET "$slug-some" 403 X-Left:7 X-Reset:1
    expect_passed 403 "$slug-some"
    fails GET "$slug-untold" 403
    expect_passed 403 "$slug-untold"
    options=(-H 'Content-Type: text/plain' -d x)
    fails POST "$slug-post" 403 X-Left:0 X-Reset:1
    expect_passed 403 "$slug-post"
}

# Our own limits ------------------------------------------------------------------------------

@test "RELIABILITY limits: so many calls a second, and the rest is refused at once" {
    connect_misbehaving alice "$plain" '.limits = {requestsPerSecond: 0.1, burst: 3}'
    local _
    for _ in 1 2 3; do
        call GET "/echo/$slug"
        expect_equal "$status" 200
    done
    call GET "/echo/$slug"
    expect_problem_of_proxy 429 rate_limited http_request_denied
    expect_match "$(field Retry-After)" '^([1-9]|10)$'
    expect_equal "$(field Upstream-Attempts)" ''
    expect_equal "$(seen_times "/echo/$slug")" 3
    # Another integration with the same API has limits of its own.
    connect_misbehaving alice "$plain"
    call GET "/echo/$slug"
    expect_status 200
}

@test "RELIABILITY limits: a limit that was waited for is over" {
    connect_misbehaving alice "$plain" '.limits = {requestsPerSecond: 2, burst: 1}'
    call GET "/echo/$slug"
    expect_status 200
    await 10 calls_well "/echo/$slug"
    local began=$EPOCHREALTIME
    curl -sS -Z --no-progress-meter --parallel-max 20 -o /dev/null -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request/status/$slug?code=200&body=x&n=[1-60]"
    jq -en --argjson began "$began" --argjson now "$EPOCHREALTIME" \
        --argjson sent "$(seen_times "/status/$slug")" '$sent <= 1 + 2 * ($now - $began) + 1' >/dev/null
}

calls_well() {
    call GET "$1"
    [[ $status == 200 ]]
}

@test "RELIABILITY limits: so many calls at once, shared by the workers" {
    connect_misbehaving alice "$plain" '.limits = {concurrent: 2}'
    start_process many curl -sS -Z --no-progress-meter --parallel-max 9 --parallel-immediate \
        -o /dev/null -w '%{stderr}%{http_code}\n' -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request/hold/$slug?key=$slug&n=[1-9]"
    await 20 has_refused 7
    call GET "/echo/$slug"
    expect_problem_of_proxy 429 too_many_concurrent_calls http_request_denied
    expect_match "$(field Retry-After)" '^[1-9][0-9]*$'
    expect_equal "$(seen_times "/hold/$slug")" 2
    expect_equal "$(seen_times "/echo/$slug")" 0
    release "$slug" 2
    await 10 is_stopped many
    expect_equal "$(sort "$work/logs/many.log" | uniq -c | xargs)" '2 200 7 429'
    call GET "/echo/$slug"
    expect_status 200
    # An answer's body counts, too, until its end.
    start_client -N -o "$BATS_TEST_TMPDIR/events" \
        "$base/api/integrations/$slug/request/events/$slug?key=$slug&count=1"
    await 10 test -s "$BATS_TEST_TMPDIR/events"
    start_process second curl -sS -N -o "$BATS_TEST_TMPDIR/more" -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request/events/$slug?key=$slug&count=1"
    await 10 test -s "$BATS_TEST_TMPDIR/more"
    call GET "/echo/$slug"
    expect_problem 429 too_many_concurrent_calls
    # Who goes away frees a place.
    stop_client
    await 10 calls_well "/echo/$slug"
    stop_process second KILL
}

has_refused() {
    (($(grep -c 429 "$work/logs/many.log") == $1))
}

@test "RELIABILITY limits: limits that make no sense are a 400" {
    local limits
    add_integration
    for limits in '{requestsPerSecond: 0}' '{requestsPerSecond: -1}' '{requestsPerSecond: "2"}' \
        '{concurrent: 0}' '{concurrent: 1.5}' '{burst: 3}' '{requestsPerSecond: 1, burst: 0}' \
        '{unknown: 1}' '[]' '5'; do
        by_json "$admin_key" PUT "/grantkeeper/integrations/$integration" \
            "$(jq ".limits = $limits" <<<"$definition")"
        expect_problem 400
    done
}

# The breaker ---------------------------------------------------------------------------------

@test "RELIABILITY breaker: five failures to connect open it, one probe goes through, and closes it" {
    local port _ codes
    port=$(free_port)
    connect_misbehaving alice "http://127.0.0.1:$port" '.retries = {attempts: 1}'
    for _ in {1..5}; do
        call GET /echo
        expect_problem_of_proxy 502 upstream_unreachable connection_refused
    done
    call GET /echo
    expect_problem_of_proxy 503 upstream_unavailable destination_unavailable
    expect_match "$(field Retry-After)" '^[1-5]$'
    expect_equal "$(field Upstream-Attempts)" ''
    call POST /echo -H 'Content-Type: text/plain' -d x
    expect_problem_of_proxy 503 upstream_unavailable destination_unavailable
    # It is the host's, and not one integration's.
    connect_misbehaving alice "http://127.0.0.1:$port/echo/other" '.retries = {attempts: 1}'
    call GET /echo
    expect_problem 503 upstream_unavailable
    # Of many calls at once, one is the probe; it fails.
    await 15 has_probed
    # It is left alone for longer then.
    call GET /echo
    expect_problem 503 upstream_unavailable
    expect_match "$(field Retry-After)" '^([1-9]|10)$'
    start_process revived /usr/bin/python3 "$BATS_TEST_DIRNAME/misbehaving-upstream" --port "$port"
    await 10 grep -q ^ready "$work/logs/revived.log"
    await 20 calls_well /echo
    for _ in {1..5}; do
        call GET /echo
        expect_status 200
    done
    stop_process revived
}

# has_probed: whether some of 20 calls at once got as far as the host; fails the test when those
# were more than one.
has_probed() {
    curl -s -Z --no-progress-meter --parallel-max 20 -o /dev/null -w '%{http_code}\n' -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request/echo?n=[1-20]" |
        sort | uniq -c | xargs >"$BATS_TEST_TMPDIR/codes"
    case $(<"$BATS_TEST_TMPDIR/codes") in
        '20 503') return 1 ;;
        '1 502 19 503') ;;
        *)
            cat -- "$BATS_TEST_TMPDIR/codes" >&2
            : >"$BATS_TEST_TMPDIR/too-many"
            ;;
    esac
    [[ ! -e $BATS_TEST_TMPDIR/too-many ]]
}

@test "RELIABILITY breaker: what a host answers never opens it, nor a failure now and then" {
    local _ how
    connect_misbehaving alice "$plain" '.retries = {attempts: 1}'
    for _ in {1..6}; do
        call GET '/status?code=503'
        expect_status 503
        call POST '/die' -H 'Content-Type: text/plain' -d x
        expect_problem 502 upstream_broken
    done
    call GET /echo
    expect_status 200
}

# What a connection keeps ---------------------------------------------------------------------

# A host with a shop's name in it: libcurl takes every name below localhost for this machine.
connect_shop() {
    add_integration "{slug, name, authType: \"bearer\",
        apiBaseUri: \"http://{shop}.localhost:${plain##*:}\",
        apiHosts: [\"http://files-{shop}.localhost:${plain##*:}/v1\"],
        headers: {\"X-Shop\": \"shop={shop}\"},
        connectionData: {shop: {from: \"user\", pattern: \"${1:-[a-z0-9-]+}\",
            choosesHost: ${2:-false}}}}"
}

# give DATA: connects with it.
give() {
    as_json alice POST "/api/integrations/$slug/connect" "{\"token\": \"t\", \"data\": $1}"
}

@test "what a user gives fills the base URL, the further hosts and the fixed headers" {
    connect_shop
    give '{"shop": "acme-2"}'
    expect_status 201
    expect_equal "$(json .data.shop)" acme-2
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json '.data | tostring')" '{"shop":"acme-2"}'
    call GET "/echo/$slug"
    expect_status 200
    expect_equal "$(echoed Host) $(echoed X-Shop)" "acme-2.localhost:${plain##*:} shop=acme-2"
    as_json alice POST "/api/integrations/$slug/request" \
        "{\"url\": \"http://files-acme-2.localhost:${plain##*:}/v1/echo\"}"
    expect_status 404
    as_json alice POST "/api/integrations/$slug/request" \
        "{\"url\": \"http://files-other.localhost:${plain##*:}/v1/echo\"}"
    expect_problem 400 forbidden_url
}

@test "what a user gives on the way to the provider is kept for the connection" {
    add_integration ".apiBaseUri = \"http://{shop}.localhost:${plain##*:}\"
        | .connectionData = {shop: {from: \"user\", pattern: \"[a-z-]+\"}}"
    as alice GET "/api/integrations/$slug/connect"
    expect_status 302
    expect_match "$(field Location)" "/grantkeeper/connect/$slug$"
    as alice GET "/api/integrations/$slug/connect?data.shop=evil.test/"
    expect_problem 400 invalid_connection_data
    begin alice "$slug" '?data.shop=acme'
    approve
    finish alice
    call GET "/echo/$slug"
    expect_status 200
    expect_equal "$(echoed Host)" "acme.localhost:${plain##*:}"
}

# connect_instance MEMBERS: with a token response that has these, too.
connect_instance() {
    local response
    response=$(jq -cn "{access_token: \"t\", token_type: \"Bearer\", refresh_token: \"r\"} + $1")
    add_integration ".apiBaseUri = \"{instanceUrl}/echo\" | .connectionData =
        {instanceUrl: {from: \"token\", name: \"instance.url\", pattern: \"http://127[.]0[.]0[.]1:[0-9]+\"}}
        | .tokenUri = \"$plain/status?header=Content-Type:application/json&body=\" +
            $(jq -n --arg r "$response" '$r | @uri')"
    as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "r"}'
}

@test "what the token response says fills the base URL, when it matches its pattern" {
    local url
    connect_instance "{instance: {url: \"$plain\"}}"
    expect_status 201
    expect_equal "$(json .data.instanceUrl)" "$plain"
    call GET "/$slug"
    expect_equal "$status $(json .path)" "200 /echo/$slug"
    for url in https://evil.test "$plain.evil.test" "$plain/" "$plain@evil.test" "http://evil.test/$plain" ''; do
        connect_instance "{instance: {url: \"$url\"}}"
        expect_problem 502
        as alice GET "/api/integrations/$slug/connection"
        expect_problem 404
    done
    connect_instance '{}'
    expect_problem 502
    connect_instance '{instance: "x"}'
    expect_problem 502
}

# Values that could lead elsewhere; the last is too long.
hostile=('evil.test/' 'evil.test:80' 'a@b' '..' '.' 'a..b' '%2f' '%2e%2e' 'a/b' 'a\\b' 'a?b' 'a#b'
    'a\r\nX-Evil: 1' 'a\nb' 'a\u0000' 'a\u0009b' ' ' '' '{shop}' 'ⓔvil' 'a。b' '[::1]'
    "$(printf 'x%.0s' {1..300})")

@test "SECURITY 27: a value that does not match its pattern is a 400, and nothing is stored" {
    local value
    connect_shop
    for value in "${hostile[@]}" 'ACME' 'acme.evil.test' 'acme '; do
        give "{\"shop\": \"$value\"}"
        expect_problem 400 invalid_connection_data
    done
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 404
}

@test "SECURITY 27: a value leads nowhere else even when its pattern lets everything through" {
    local value
    connect_shop '[^ ]*' true
    for value in "${hostile[@]}"; do
        give "{\"shop\": \"$value\"}"
        if [[ $status == 201 ]]; then
            call GET "/echo/$slug"
            expect_match "$value: $status" ': (400|409)$'
        else
            expect_problem 400
        fi
    done
    expect_equal "$(seen_times "/echo/$slug")" 0
}

@test "data that is missing, unknown, or no text is a 400" {
    local data
    connect_shop
    for data in '{}' null '[]' '"acme"' '{"shop": 5}' '{"shop": null}' '{"shop": ["a"]}' \
        '{"shop": "a", "other": "b"}' '{"shop": "a", "shop": "b"}'; do
        give "$data"
        expect_problem 400
    done
    as_json alice POST "/api/integrations/$slug/connect" '{"token": "t"}'
    expect_problem 400 invalid_connection_data
    # An integration that keeps nothing takes nothing.
    add_integration '{slug, name, apiBaseUri, authType: "bearer"}'
    give '{"shop": "a"}'
    expect_problem 400
}

@test "a definition whose placeholders stand for nothing, or in the wrong place, is a 400" {
    local change
    add_integration "{slug, name, authType: \"bearer\", apiBaseUri: \"$plain\"}"
    for change in '.apiBaseUri = "https://{shop}.example.com"' \
        '.connectionData = {shop: {from: "user", pattern: "("}}' \
        '.connectionData = {shop: {from: "elsewhere", pattern: "a"}}' \
        '.connectionData = {shop: {from: "user"}} | .apiBaseUri = "https://{shop}.example.com"' \
        '.connectionData = {"a b": {from: "user", pattern: "a"}}' \
        '.connectionData = {shop: {from: "user", pattern: "a"}} | .apiBaseUri = "https://a.test:{shop}/"' \
        '.connectionData = {shop: {from: "user", pattern: "a"}} | .apiBaseUri = "https://u@{shop}/"' \
        '.connectionData = {shop: {from: "user", pattern: "a"}} | .apiBaseUri = "https://a.test/?q={shop}"' \
        '.connectionData = {shop: {pattern: "[a-z.]+"}} | .apiBaseUri = "https://{shop}.example.com"' \
        '.connectionData = {shop: {pattern: "[a-z]+"}} | .apiBaseUri = "https://{shop}.com"' \
        '.headers = {"X-Shop": "{shop}"}'; do
        by_json "$admin_key" PUT "/grantkeeper/integrations/$integration" \
            "$(jq "$change" <<<"$definition")"
        expect_problem 400
    done
}

# The credential ------------------------------------------------------------------------------

@test "a key goes where the integration says: basic, query, header" {
    local key='canary-key-5&=x/+ ü'
    connect_key '{in: "basic", username: "{credential}", password: "x"}'
    expect_equal "$(echoed Authorization)" "Basic $(printf %s "$key:x" | base64 -w 0)"
    connect_key '{in: "basic", username: "api", password: "{credential}"}'
    expect_equal "$(echoed Authorization)" "Basic $(printf %s "api:$key" | base64 -w 0)"
    connect_key '{in: "query", name: "api_key"}'
    expect_equal "$(echoed Authorization)" ''
    expect_match "$(json .target)" '^/echo\?a=b&api_key=canary-key-5%26%3Dx(/|%2F)(\+|%2B)(%20|\+)%C3%BC$'
    connect_key '{in: "header", name: "X-Api-Key", prefix: "Token "}' "canary-key-5"
    expect_equal "$(echoed Authorization)|$(echoed X-Api-Key)" '|Token canary-key-5'
}

# connect_key JQ [KEY]: and makes a call.
connect_key() {
    add_integration "{slug, name, authType: \"apikey\", apiBaseUri: \"$plain\"}
        | .credentialPlacement = $1"
    as_json alice POST "/api/integrations/$slug/connect" \
        "$(jq -n --arg k "${2-$key}" '{apiKey: $k}')"
    expect_status 201
    call GET '/echo?a=b'
    expect_status 200
}

@test "a key in the query comes back in no header of an answer" {
    connect_key '{in: "query", name: "api_key"}' canary-key-6
    call GET '/status?code=302&header=Location:next&header=Link:%3C%3Fpage%3D2%3E%3B%20rel%3Dnext'
    expect_status 302
    expect_no_match "$(cat -- "$BATS_TEST_TMPDIR/head")" canary-key-6
    call GET '/die'
    expect_no_match "$body$(cat -- "$BATS_TEST_TMPDIR/head")" canary-key-6
    expect_equal "$(grep -rlF canary-key-6 "$work/logs/service.log" "$work/nginx-files" || true)" ''
}

# 401 -----------------------------------------------------------------------------------------

@test "a 401 is replayed once, with a token that was refreshed, when the body can be sent again" {
    local method before
    add_integration ".apiBaseUri = \"$plain\""
    connect alice "$slug"
    for method in GET POST PATCH DELETE; do
        before=$(mock_count token)
        options=(-H 'Content-Type: text/plain' -d 'the body')
        fails "$method" "$slug-$method" 401
        expect_retried "$slug-$method"
        expect_equal "$(seen "/flaky/$slug-$method" .bodyLength | xargs)" '8 8'
        expect_equal "$(seen "/flaky/$slug-$method" \
            '.headers[] | select(.[0] | ascii_downcase == "authorization") | .[1]' | sort -u | wc -l)" 2
        expect_equal "$(($(mock_count token) - before))" 1
    done
    head -c 300000 /dev/zero >"$BATS_TEST_TMPDIR/large"
    options=(-H 'Content-Type: text/plain' --data-binary "@$BATS_TEST_TMPDIR/large")
    fails POST "$slug-stream" 401
    expect_passed 401 "$slug-stream"
}

@test "a 401 that stays passes through, marked as the API's" {
    add_integration ".apiBaseUri = \"$plain\""
    connect alice "$slug"
    call GET "/flaky/$slug?how=status&failures=9&code=401&body=no&header=WWW-Authenticate:Bearer"
    expect_equal "$status $body" '401 no'
    expect_equal "$(field Upstream-WWW-Authenticate)" Bearer
    expect_equal "$(field Proxy-Status)" 'grantkeeper; received-status=401'
    expect_attempts 2 "$slug"
    # A token that cannot be refreshed is not tried twice.
    connect_misbehaving alice "$plain"
    fails GET "$slug" 401
    expect_passed 401 "$slug"
}

@test "a replay after a 401 is retried as any other attempt" {
    add_integration ".apiBaseUri = \"$plain\""
    connect alice "$slug"
    call GET "/scripted/$slug?codes=401,503,200"
    expect_equal "$status $(field Upstream-Attempts) $(seen_times "/scripted/$slug")" '200 3 3'
    call GET "/scripted/$slug-2?codes=503,401,200"
    expect_equal "$status $(field Upstream-Attempts) $(seen_times "/scripted/$slug-2")" '200 3 3'
}
