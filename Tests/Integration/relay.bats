#!/usr/bin/env bats
# What passes through: every byte of it in both directions, in bounded memory, as it comes, framed
# right; and what breaks off upstream breaks off here.
#
# RELAY_MEGABYTES sets how much streams each way; 10000 is the hour's walk by hand.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack
    start_misbehaving
    large=$((${RELAY_MEGABYTES:-200} * 1000000))
    # Beyond what it held before, with every buffer there is.
    most_growth=24576
    export large most_growth
}

setup() {
    sign_in alice
}

teardown_file() {
    stop_stack
}

write_settings() {
    misbehaving_settings 'headTimeout: 5s' 'idleTimeout: 5s'
    printf 'limits:\n  body: 20GiB\n'
}

# curl, as alice, without an end in time.
stream() {
    curl -sS --fail-with-body -b "$(jar_of alice)" "$@"
}

expect_little_growth() {
    local growth=$(($(peak_memory) - $1))
    if ((growth > most_growth)); then
        printf 'the service grew by %d KB\n' "$growth" >&2
        return 1
    fi
}

# Down ----------------------------------------------------------------------------------------

@test "RELIABILITY 14: a large download comes through whole, in bounded memory, in every framing" {
    local upstream framing before
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        call GET '/content?size=1000000'
        for framing in length chunked close; do
            [[ $framing == length || $upstream == "$plain" ]] || continue
            forget_peak_memory
            before=$(peak_memory)
            stream "$base/api/integrations/$slug/request/content?size=$large&framing=$framing" |
                cmp - <(content "$large")
            expect_little_growth "$before"
        done
    done
}

@test "a slow client slows the upstream down, and is not buffered for" {
    local upstream before sent slow
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        slow=$BATS_TEST_TMPDIR/$slug
        : >"$slow"
        forget_peak_memory
        before=$(peak_memory)
        start_client --limit-rate 4M -o "$slow" \
            "$base/api/integrations/$slug/request/content/$slug?size=$large"
        await 30 is_larger_than "$slug" 12000000
        sent=$(seen "/content/$slug" .sent)
        # What lies in the sockets between, which the kernel sizes.
        ((sent < 100000000)) || { printf '%d bytes were taken\n' "$sent" >&2; return 1; }
        expect_little_growth "$before"
        stop_client
        await 10 has_ended "/content/$slug" gone
    done
}

# is_larger_than FILE BYTES: a file of the test's.
is_larger_than() {
    (($(stat -c %s "$BATS_TEST_TMPDIR/$1") > $2))
}

@test "a client that goes away stops the upstream, before the answer and in the middle" {
    local upstream target path
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for target in "/hang/$slug" "/hold/$slug?key=never" "/content/$slug?size=100000000000" \
            "/cut/$slug?how=silence" "/events/$slug?key=never"; do
            path=${target%%\?*}
            start_client -o /dev/null "$base/api/integrations/$slug/request$target"
            await 10 was_seen "$path" 1
            stop_client
            # Sooner than any of the time-outs.
            await 4 has_ended "$path" gone
        done
    done
}

@test "events arrive one by one, as they are sent" {
    local upstream number
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        : >"$BATS_TEST_TMPDIR/$slug"
        start_client -N -o "$BATS_TEST_TMPDIR/$slug" \
            "$base/api/integrations/$slug/request/events/$slug?key=$slug&count=3"
        await 10 has_come retry
        for number in 1 2 3; do
            run ! has_come "event $number"
            release "$slug"
            await 10 has_come "event $number"
        done
        await 10 is_stopped client
        expect_equal "$(<"$BATS_TEST_TMPDIR/$slug")" "$(printf 'retry: 100\n\n'
            printf 'id: %d\ndata: event %d\n\n' 1 1 2 2 3 3)"
    done
}

has_come() {
    grep -q "$1" "$BATS_TEST_TMPDIR/$slug"
}

# Up ------------------------------------------------------------------------------------------

@test "RELIABILITY 14: a large upload comes through whole, in bounded memory, in every framing" {
    local upstream framing before checksum
    checksum=$(content "$large" | sha256sum | cut -d ' ' -f 1)
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for framing in length chunked; do
            local options=(-T - -X PUT -H 'Content-Type: application/octet-stream')
            [[ $framing == chunked ]] ||
                options+=(-H "Content-Length: $large" -H 'Transfer-Encoding:')
            forget_peak_memory
            before=$(peak_memory)
            content "$large" | stream -o "$BATS_TEST_TMPDIR/sunk" "${options[@]}" \
                "$base/api/integrations/$slug/request/sink/$slug-$framing"
            expect_equal "$(json '"\(.length) \(.sha256)"' "$(<"$BATS_TEST_TMPDIR/sunk")")" \
                "$large $checksum"
            expect_little_growth "$before"
        done
        expect_equal "$(seen "/sink/$slug-length" '.headers[]' | grep -i content-length | jq -r '.[1]')" \
            "$large"
        expect_match "$(seen "/sink/$slug-chunked" '.headers[]' | tr '[:upper:]' '[:lower:]')" \
            '"transfer-encoding","chunked"'
    done
}

@test "an upstream that reads slowly slows the client down, and is not buffered for" {
    local upstream before
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        forget_peak_memory
        before=$(peak_memory)
        start_upload "/sink/$slug?rate=8000000"
        await 30 has_taken "/sink/$slug" 16000000
        # What lies in the sockets between, which the kernel sizes.
        (($(awk '/^rchar:/ { print $2 }' "/proc/$(process_id client)/io") < 100000000))
        expect_little_growth "$before"
        stop_client
        await 10 has_ended "/sink/$slug" gone
    done
}

# start_upload TARGET: alice's POST without an end, until stop_client.
start_upload() {
    start_client -o /dev/null -T <(content 100000000000 2>/dev/null 3>&-) -X POST \
        -H 'Content-Type: text/plain' "$base/api/integrations/$slug/request$1"
}

# has_taken PATH BYTES: whether the upstream has had so much of the body.
has_taken() {
    (($(seen "$1" .bodyLength) > $2))
}

@test "an upload reaches the upstream as it comes, not when it is whole" {
    connect_misbehaving alice "$plain"
    mkfifo "$BATS_TEST_TMPDIR/pipe"
    stream -o "$BATS_TEST_TMPDIR/sunk" -T - -X POST -H 'Content-Type: text/plain' \
        "$base/api/integrations/$slug/request/sink/$slug" <"$BATS_TEST_TMPDIR/pipe" &
    local client=$!
    exec 7>"$BATS_TEST_TMPDIR/pipe"
    printf 'first ' >&7
    await 10 has_taken "/sink/$slug" 5
    printf 'second' >&7
    exec 7>&-
    wait "$client"
    expect_equal "$(json .length "$(<"$BATS_TEST_TMPDIR/sunk")")" 12
    expect_equal "$(seen_times "/sink/$slug")" 1
}

@test "a client that goes away in the middle of an upload ends it upstream, as broken off" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        start_upload "/sink/$slug"
        await 10 has_taken "/sink/$slug" 1000000
        stop_client
        await 4 has_ended "/sink/$slug" gone
    done
}

@test "an upstream that answers before it has read the body is heard" {
    local upstream
    content 30000000 >"$BATS_TEST_TMPDIR/upload"
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        call PUT /early -H 'Content-Type: text/plain' --data-binary @"$BATS_TEST_TMPDIR/upload"
        # Closed with bytes unread, TCP may lose the answer on its way.
        expect_match "$status" '^(413|502)$'
    done
}

# Broken off ----------------------------------------------------------------------------------

@test "SECURITY 36: an answer that breaks off breaks off for the caller, in every framing" {
    local upstream path
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream" '.timeouts = {idle: 1}'
        for path in '/cut?framing=length&how=close' '/cut?framing=length&how=reset' \
            '/cut?framing=chunked&how=close' '/cut?framing=chunked&how=reset' \
            '/cut?framing=chunked&how=close&inside' '/cut?framing=chunked&how=close&after=0' \
            '/cut?framing=length&how=close&after=0' '/cut?framing=close&how=reset' \
            '/cut?framing=length&how=silence' '/cut?framing=chunked&how=silence' \
            '/cut?framing=length&how=close&after=3000000' \
            '/cut?framing=chunked&how=reset&after=3000000'; do
            fetch "$path"
            expect_broken_off "$upstream $path"
        done
    done
}

@test "SECURITY 36: to a caller of HTTP/1.0 it does where a length was declared" {
    connect_misbehaving alice "$plain"
    fetch --http1.0 '/cut?framing=length&how=close'
    expect_broken_off "HTTP/1.0"
}

# expect_broken_off WHICH: the caller can tell, by an error of ours or of curl's.
expect_broken_off() {
    if ((result == 0)) && [[ $status != 502 ]]; then
        printf '%s: looks complete, with status %s\n' "$1" "$status" >&2
        return 1
    fi
}

@test "SECURITY 36: through the JSON form, too" {
    local upstream path
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for path in '/cut?framing=length' '/cut?framing=chunked' '/cut?framing=close&how=reset'; do
            result=0
            status=$(curl -s --max-time 60 -o /dev/null -w '%{http_code}' -b "$(jar_of alice)" \
                -H 'Content-Type: application/json' -d "{\"url\": \"$path\"}" \
                "$base/api/integrations/$slug/request") || result=$?
            expect_broken_off "$upstream $path"
        done
    done
}

@test "an answer that ends with its connection is whole when that is how it ends" {
    connect_misbehaving alice "$plain"
    fetch '/content?size=3000000&framing=close'
    expect_equal "$result $status" '0 200'
    cmp "$BATS_TEST_TMPDIR/fetched" <(content 3000000)
}

# Framing -------------------------------------------------------------------------------------

@test "a declared length comes back, and where there is none the answer comes in chunks" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        call GET '/content?size=12345&framing=length'
        expect_equal "$status $(field Content-Length)|$(field Transfer-Encoding)" '200 12345|'
        call GET '/content?size=12345&framing=chunked'
        expect_equal "$status $(field Content-Length)|$(field Transfer-Encoding)" '200 |chunked'
        expect_equal "$(stat -c %s "$BATS_TEST_TMPDIR/body")" 12345
    done
}

@test "HEAD, 204 and 304 have no body, whatever the upstream sends behind them" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        call HEAD '/content?size=12345' --head
        expect_equal "$status $(field Content-Length)" '200 12345'
        expect_equal "$(seen /content/none .method)" ''
        call GET '/status?code=204&header=X-Kept:yes'
        expect_equal "$status $(field X-Kept)|$(field Content-Length)|$(field Transfer-Encoding)|$body" '204 yes|||'
        call GET '/status?code=304&header=ETag:%22a%22' -H 'If-None-Match: "a"'
        expect_equal "$status $(field ETag)|$(field Transfer-Encoding)|$body" '304 "a"||'
    done
    connect_misbehaving alice "$plain"
    local code
    for code in 204 304; do
        call GET "/bodied?code=$code"
        expect_equal "$status $(field Content-Length)|$body" "$code |"
        # What follows is not taken for the next answer.
        call GET '/content?size=7'
        expect_equal "$status $(stat -c %s "$BATS_TEST_TMPDIR/body")" '200 7'
    done
    call HEAD '/bodied?code=200' --head
    expect_equal "$status $(field Content-Length)" '200 6'
    call GET '/content?size=7'
    expect_equal "$status $(stat -c %s "$BATS_TEST_TMPDIR/body")" '200 7'
}

@test "an empty body is an empty body, in both directions" {
    local upstream framing
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for framing in length chunked close; do
            fetch "/content?size=0&framing=$framing"
            expect_equal "$result $status $(stat -c %s "$BATS_TEST_TMPDIR/fetched")" '0 200 0'
        done
        call POST /echo -H 'Content-Type: text/plain' --data-binary ''
        expect_equal "$status $(json .bodyLength)" '200 0'
        expect_equal "$(echoed Content-Length)" 0
        call POST /echo -H 'Content-Type: text/plain' -H 'Transfer-Encoding: chunked' -d ''
        expect_equal "$status $(json .bodyLength)" '200 0'
        call GET /echo
        expect_equal "$status $(echoed Content-Length)$(echoed Transfer-Encoding)" '200 '
        call DELETE /echo
        expect_equal "$status $(echoed Content-Length)$(echoed Transfer-Encoding)" '200 '
    done
}

@test "a length and chunks at once do not smuggle an answer in" {
    connect_misbehaving alice "$plain" '.timeouts = {idle: 1}'
    local path length second='HTTP/1.1 200 OK\r\nX-Smuggled: yes\r\nContent-Length: 4\r\n\r\nevil'
    for length in 5 3 9; do
        call GET "/both-lengths?length=$length"
        expect_problem_of_proxy 502 upstream_malformed http_protocol_error
    done
    # Two lengths, an odd one, a negative one, and one with a list; a second answer behind each.
    local head
    for head in 'Content-Length: 5\r\nContent-Length: 9' 'Content-Length: 5, 9' \
        'Content-Length: -1' 'Content-Length: +5' 'Content-Length: 0x5' \
        'Content-Length: 5\r\nTransfer-Encoding : chunked' 'Transfer-Encoding: xchunked' \
        'Content-Length: 99999999999999999999'; do
        path=$(printf 'HTTP/1.1 200 OK\r\n%b\r\n\r\nhello%b' "$head" "$second" |
            base64 -w 0 | tr '+/' '-_')
        call GET "/raw?base64=$path&keep"
        expect_problem_of_proxy 502 upstream_malformed http_protocol_error
        call GET '/content?size=7'
        expect_equal "$status $(stat -c %s "$BATS_TEST_TMPDIR/body")" '200 7'
    done
}

@test "trailers are dropped, and the body is whole" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        fetch --raw -H 'TE: trailers' /trailers
        expect_equal "$result $status" '0 200'
        expect_match "$(tr -d '\r' <"$BATS_TEST_TMPDIR/fetched")" $'^d\nwith trailers\n0\n*$'
        expect_equal "$(field Trailer)$(field X-Checksum)$(field Set-Cookie)" ''
    done
}

@test "interim answers are kept to ourselves" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        call GET '/interim?count=5&code=103'
        expect_equal "$status $body|$(field Link)" '200 final|'
        expect_equal "$(grep -c '^HTTP/' "$BATS_TEST_TMPDIR/head")" 1
    done
}

# As it is ------------------------------------------------------------------------------------

@test "encoded and binary bodies pass as they are" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        call GET /gzipped
        expect_equal "$status $(field Content-Encoding)" '200 gzip'
        gzip -dc "$BATS_TEST_TMPDIR/body" | grep -q 'the same again'
        fetch /content?size=100000
        cmp "$BATS_TEST_TMPDIR/fetched" <(content 100000)
        gzip -c <<<"sent encoded" >"$BATS_TEST_TMPDIR/encoded"
        call POST /echo -H 'Content-Type: text/plain' -H 'Content-Encoding: gzip' \
            --data-binary @"$BATS_TEST_TMPDIR/encoded"
        expect_equal "$(echoed Content-Encoding) $(json .sha256)" \
            "gzip $(sha256sum "$BATS_TEST_TMPDIR/encoded" | cut -d ' ' -f 1)"
    done
}

@test "ranges and conditions are the upstream's to judge" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        fetch -H 'Range: bytes=100-199' '/file?size=1000'
        expect_equal "$status $(field Content-Range) $(field Content-Length) $(field Accept-Ranges)" \
            '206 bytes 100-199/1000 100 bytes'
        cmp "$BATS_TEST_TMPDIR/fetched" <(content 200 | tail -c 100)
        call GET '/file?size=1000' -H 'Range: bytes=-10'
        expect_equal "$status $(field Content-Range)" '206 bytes 990-999/1000'
        call GET '/file?size=1000' -H 'Range: bytes=2000-'
        expect_equal "$status $(field Content-Range)" '416 bytes */1000'
        call GET '/file?size=1000' -H 'Range: bytes=5-9' -H 'If-Range: "v0"'
        expect_equal "$status $(field Content-Length)" '200 1000'
        call GET '/file?size=1000' -H 'If-None-Match: "v1"'
        expect_equal "$status $(field ETag) $body" '304 "v1" '
        call GET '/file?size=1000' -H 'If-Modified-Since: Tue, 01 Jul 2025 10:00:00 GMT'
        expect_equal "$status $(field Last-Modified)" '304 Tue, 01 Jul 2025 10:00:00 GMT'
        call PUT '/file?size=1000' -H 'If-Match: "v0"' -H 'Content-Type: text/plain' -d x
        expect_status 412
    done
}

@test "a download goes on where it was broken off" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        content 400000 >"$BATS_TEST_TMPDIR/part"
        stream -C - -o "$BATS_TEST_TMPDIR/part" \
            "$base/api/integrations/$slug/request/file?size=1000000"
        cmp "$BATS_TEST_TMPDIR/part" <(content 1000000)
    done
}

@test "repeated headers come back repeated, in their order" {
    local upstream query='header=X-Z:1&header=X-A:2&header=X-Z:3&header=X-M:4&header=X-Z:5'
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        call GET "/status?code=200&body=x&$query"
        expect_equal "$(tr -d '\r' <"$BATS_TEST_TMPDIR/head" | grep -i '^x-[azm]:' |
            tr '[:upper:]\n' '[:lower:] ')" 'x-z: 1 x-a: 2 x-z: 3 x-m: 4 x-z: 5 '
    done
}

@test "repeated headers of the caller's go out repeated, in their order" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        as_json alice POST "/api/integrations/$slug/request" \
            '{"url": "/echo", "headers": {"X-Z": "1", "X-A": "2", "X-M": "3"}}'
        expect_equal "$(jq -r '[.headers[] | select(.[0] | ascii_downcase | startswith("x-"))
            | join("=")] | join(" ") | ascii_downcase' <<<"$body")" 'x-z=1 x-a=2 x-m=3'
        call GET /echo -H 'Accept: text/plain' -H 'Accept: text/html;q=0.5'
        expect_match "$(echoed Accept)" '^text/plain, ?text/html;q=0.5$'
    done
}

@test "the status passes, whatever it is, and so does its body" {
    local upstream code
    for upstream in "$plain" "$tls"; do
        connect_misbehaving alice "$upstream"
        for code in 200 201 202 203 206 207 226 300 301 302 303 307 308 400 402 403 404 405 406 \
            408 409 410 411 413 414 415 418 421 422 423 425 426 428 431 451 500 501 505 507 511 599 \
            999; do
            call GET "/status?code=$code&body=body-of-$code"
            expect_equal "$status $body" "$code body-of-$code"
            expect_match "$(field Proxy-Status)" "^grantkeeper; received-status=$code"
        done
        call GET '/status?code=205&body='
        expect_equal "$status $body" '205 '
    done
}

@test "HTTP/1.1 is spoken with a server that would rather speak HTTP/2" {
    connect_misbehaving alice "https://127.0.0.1:$(upstream_port good-h2)"
    call GET /echo
    expect_equal "$status $(json .protocol)" '200 http/1.1'
    call POST /echo -H 'Content-Type: text/plain' -d body
    expect_equal "$status $(json .protocol)" '200 http/1.1'
}
