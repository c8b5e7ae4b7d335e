#!/usr/bin/env bats
# An API that nobody here wrote: httpbin, from Debian, under gunicorn. Each call is made directly and
# through the proxy, and the two answers are the same, but for what stands in `meant`.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack
    start_httpbin
    # What the proxy says of itself to an API, so that the direct calls say it, too.
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR sign_in alice
    agent=$(BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR said_by_proxy User-Agent)
    mark=$(BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR said_by_proxy Cdn-Loop)
    export agent mark
}

setup() {
    sign_in alice
}

teardown_file() {
    stop_stack
}

start_httpbin() {
    need_packages gunicorn python3-brotli python3-httpbin
    local port
    port=$(free_port)
    httpbin=http://127.0.0.1:$port
    export httpbin
    start_process httpbin /usr/bin/python3 -m gunicorn --bind "127.0.0.1:$port" \
        --worker-class gthread --threads 8 --pythonpath / httpbin:app
    await 30 curl -sf -o /dev/null "$httpbin/get" || {
        cat -- "$work/logs/httpbin.log" >&2
        die "httpbin does not run here; it is Debian's python3-httpbin, with gunicorn"
    }
}

said_by_proxy() {
    connect_misbehaving alice "$httpbin"
    call GET /headers
    json ".headers.\"$1\""
}

# What is meant to differ, and how: a line for each field.
#   dropped              what the API says so is not passed on
#   added REGEX          said by us, whatever the API says
#   renamed NAME         passed on under another name
#   absolute             a relative reference is made to mean the API
meant() {
    cat <<TABLE
connection dropped
keep-alive dropped
server added ^nginx
date added .
access-control-allow-origin dropped
access-control-allow-credentials dropped
access-control-allow-methods dropped
access-control-max-age dropped
set-cookie dropped
expires dropped
www-authenticate renamed upstream-www-authenticate
location absolute
cache-control added ^no-store$
proxy-status added ^grantkeeper;.received-status=
upstream-attempts added ^[123]$
grantkeeper-request-id added ^[0-9a-f]+$
x-content-type-options added ^nosniff$
content-security-policy added ^sandbox;.default-src.'none'$
cross-origin-resource-policy added ^same-origin$
content-disposition active
TABLE
}

# same METHOD TARGET [CURL-OPTION...]: the same answer, directly and through the proxy.
same() {
    local direct=$BATS_TEST_TMPDIR/direct proxied=$BATS_TEST_TMPDIR/proxied
    : >"$direct"
    : >"$proxied"
    local ask=(curl -sS --path-as-is --globoff --max-time 60 -X "$1" -w '%{http_code}')
    [[ $1 != HEAD ]] || ask+=(--head)
    local first second
    first=$("${ask[@]}" -A "$agent" -H 'Authorization: Bearer upstream-token' \
        -H "CDN-Loop: $mark" -D "$direct.head" -o "$direct" "${@:3}" "$httpbin$2")
    second=$("${ask[@]}" -b "$(jar_of alice)" -D "$proxied.head" -o "$proxied" "${@:3}" \
        "$base/api/integrations/$slug/request$2")
    expect_equal "$1 $2: $second" "$1 $2: $first"
    [[ $1 != HEAD ]] || : | tee "$direct" >"$proxied"
    cmp <(decoded "$direct") <(decoded "$proxied") ||
        { head -c 1000 "$direct" "$proxied" >&2; return 1; }
    diff <(fields "$direct.head" | expected) <(fields "$proxied.head" | unexpected) ||
        { printf '%s %s: the heads differ (< wanted, > got)\n' "$1" "$2" >&2; return 1; }
}

# A body without its coding, whose bytes may hold the time.
decoded() {
    case $(fields "$1.head" | sed -n 's/^content-encoding: //p') in
        gzip) gzip -dc "$1" ;;
        deflate) /usr/bin/python3 -c 'import sys, zlib; print(zlib.decompress(sys.stdin.buffer.read()))' <"$1" ;;
        br) /usr/bin/python3 -c 'import sys, brotli; print(brotli.decompress(sys.stdin.buffer.read()))' <"$1" ;;
        *) cat -- "$1" ;;
    esac
}

# The fields of the last head in a file, names in small letters, sorted.
fields() {
    tr -d '\r' <"$1" | awk '/^HTTP\// { count = 0; next }
        /:/ { name = $0; sub(/:.*/, "", name); value = $0; sub(/^[^:]*: */, "", value)
              lines[++count] = tolower(name) ": " value }
        END { for (number = 1; number <= count; number++) print lines[number] }' | LC_ALL=C sort
}

# What a direct answer's fields should become.
expected() {
    awk -v base="$httpbin" -v table="$(meant)" '
        BEGIN { count = split(table, rows, "\n")
                for (row = 1; row <= count; row++) {
                    split(rows[row], words, " "); rule[words[1]] = words[2]; more[words[1]] = words[3] } }
        { name = $1; sub(/:$/, "", name); value = substr($0, length($1) + 2)
          if (name == "content-type") type = value
          if (name == "content-length" && value > 0) bodied = 1
          if (rule[name] == "dropped" || rule[name] == "added") next
          if (rule[name] == "renamed") name = more[name]
          if (rule[name] == "absolute" && value !~ /^[a-z]+:/)
              value = (value ~ /^\//) ? base value : "unexpected"
          if (name == "content-disposition") disposed = 1
          print name ": " value }
        END { active = type ~ /html|xml|javascript/ || type == "" && bodied
              if (active && !disposed) print "content-disposition: attachment" }
    ' | LC_ALL=C sort
}

# A proxied answer's fields but for those that are to be added, each of which has to be as it should.
unexpected() {
    awk -v table="$(meant)" '
        BEGIN { count = split(table, rows, "\n")
                for (row = 1; row <= count; row++) {
                    split(rows[row], words, " "); rule[words[1]] = words[2]; more[words[1]] = words[3] } }
        { name = $1; sub(/:$/, "", name); value = substr($0, length($1) + 2) }
        name == "connection" { next }
        rule[name] == "added" && value ~ more[name] { seen[name] = 1; next }
        { print }
        END { for (name in rule)
                  if (rule[name] == "added" && !seen[name]) print name ": MISSING" }' | LC_ALL=C sort
}

# httpbin tells the request back, so that this compares what has arrived, too.
@test "every method arrives, with its body, as if it had come directly" {
    connect_misbehaving alice "$httpbin"
    local method data=(-H 'Content-Type: application/json' -d '{"a": [1, "zwei", null]}')
    same GET '/get?a=1&b=two%20words&a=3'
    for method in POST PUT PATCH DELETE; do
        same "$method" "/${method,,}" "${data[@]}"
        same "$method" "/anything/a/b%2Fc?x=y" "${data[@]}"
        same "$method" "/anything" -H 'Content-Type: application/x-www-form-urlencoded' -d 'a=1&b=2'
    done
    for method in POST PUT PATCH; do
        same "$method" "/anything" -H 'Content-Type: text/plain' --data-binary ''
    done
    same DELETE /delete
    same OPTIONS /get
    same HEAD '/get?a=1'
    same GET /anything -H 'Accept: text/csv;q=0.5' -H 'Accept-Language: de, en;q=0.3' \
        -H 'If-None-Match: "x"' -H 'Idempotency-Key: k'
}

@test "uploads arrive whole: forms with files, binary, in chunks" {
    connect_misbehaving alice "$httpbin"
    head -c 200000 /dev/urandom >"$BATS_TEST_TMPDIR/file"
    same POST /post -H 'Content-Type: application/octet-stream' --data-binary "@$BATS_TEST_TMPDIR/file"
    same PUT /put -H 'Content-Type: application/octet-stream' -H 'Transfer-Encoding: chunked' \
        --data-binary "@$BATS_TEST_TMPDIR/file"
    printf -- '--limit\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\n\r\nfile\r\n--limit--\r\n' \
        >"$BATS_TEST_TMPDIR/form"
    same POST /post -H 'Content-Type: multipart/form-data; boundary=limit' \
        --data-binary "@$BATS_TEST_TMPDIR/form"
}

@test "every status comes back as it is" {
    connect_misbehaving alice "$httpbin"
    local code
    for code in 200 201 202 203 204 205 206 300 301 302 303 304 305 307 308 400 401 402 403 404 405 \
        406 407 408 409 410 411 412 413 414 415 416 417 418 422 426 428 429 431 451 500 501 502 503 504 \
        505; do
        # What is temporary is tried again, within a budget.
        ((code % 10)) || connect_misbehaving alice "$httpbin"
        same GET "/status/$code"
    done
    same POST /status/503 -H 'Content-Type: text/plain' -d x
    same PUT /status/201 -H 'Content-Type: text/plain' -d x
}

@test "redirects come back, and mean the API" {
    connect_misbehaving alice "$httpbin"
    same GET /redirect/2
    same GET /relative-redirect/2
    same GET /absolute-redirect/2
    same GET '/redirect-to?url=https%3A%2F%2Felsewhere.test%2Fx%3Fa%3Db'
    same GET '/redirect-to?url=%2Fget&status_code=307'
    same PUT '/redirect-to?url=%2Fget&status_code=308' -H 'Content-Type: text/plain' -d x
    same GET '/cookies/set?a=b'
    same GET '/cookies/delete?a='
}

@test "bodies come back as they are encoded" {
    connect_misbehaving alice "$httpbin"
    local target
    for target in /gzip /deflate /brotli; do
        same GET "$target"
        same GET "$target" -H 'Accept-Encoding: gzip, deflate, br'
    done
    for target in /encoding/utf8 /json /html /xml /robots.txt /deny /forms/post /links/5/2 \
        /base64/SGVsbG8gd29ybGQ= /image/png /image/jpeg /image/webp /image/svg /ip /headers \
        /user-agent; do
        same GET "$target"
        same HEAD "$target"
    done
    same GET /image -H 'Accept: image/webp'
    same GET /image -H 'Accept: application/json'
}

@test "ranges, and what was not changed" {
    connect_misbehaving alice "$httpbin"
    same GET /range/4096
    same GET /range/4096 -H 'Range: bytes=100-199'
    same GET /range/4096 -H 'Range: bytes=4000-'
    same GET /range/4096 -H 'Range: bytes=-96'
    same GET /range/4096 -H 'Range: bytes=9000-9999'
    same GET /range/4096?chunk_size=100 -H 'Range: bytes=0-999'
    same HEAD /range/4096
    same GET /etag/abc
    same GET /etag/abc -H 'If-None-Match: "abc"'
    same GET /etag/abc -H 'If-None-Match: W/"abc", "other"'
    same GET /etag/abc -H 'If-Match: "other"'
    same GET /cache/60
    same GET /cache -H 'If-None-Match: x'
    same GET /cache -H 'If-Modified-Since: Tue, 01 Jul 2025 10:00:00 GMT'
}

@test "streams come back whole" {
    connect_misbehaving alice "$httpbin"
    same GET /stream/20
    same GET '/stream-bytes/50000?seed=7&chunk_size=1000'
    same GET '/bytes/50000?seed=7'
    same GET /bytes/0
    same GET '/drip?numbytes=5&duration=1&delay=0&code=200'
    same GET '/drip?numbytes=0&duration=0&delay=0'
    same GET /delay/1
    same POST /delay/1 -H 'Content-Type: text/plain' -d x
}

@test "headers come back as they are, but for those that speak for the host" {
    connect_misbehaving alice "$httpbin"
    same GET '/response-headers?X-One=1&X-Two=a%20b&X-Three=%22q%22%2C%20r&ETag=%22e%22'
    same GET '/response-headers?X-Many=1&X-Many=2&X-Many=3'
    same GET '/response-headers?Content-Language=de&Content-MD5=x&Warning=199%20-%20%22w%22'
    same GET '/response-headers?Content-Disposition=attachment%3B%20filename%3Dx.html&Vary=Accept'
    same GET '/response-headers?Last-Modified=Tue%2C%2001%20Jul%202025%2010%3A00%3A00%20GMT&Age=5'
    same POST '/response-headers?X-One=1' -H 'Content-Type: text/plain' -d x
}

# What nginx is behind it: it knows the length of a small body before we do, and the last of several
# types; and what is empty anyway needs no length.
@test "what else is meant to differ does so" {
    connect_misbehaving alice "$httpbin"
    call POST /post -H 'Content-Type: text/plain' -H 'Transfer-Encoding: chunked' -d 'a few bytes'
    expect_equal "$(json '.data, .headers."Content-Length", .headers."Transfer-Encoding"' | xargs)" \
        'a few bytes 11 null'
    call DELETE /anything -H 'Content-Type: text/plain' --data-binary ''
    expect_equal "$(json '[.data, .headers."Content-Length"] | tostring')" '["",null]'
    # RFC 9110 §8.6
    call POST /post
    expect_equal "$(json '[.data, .headers."Content-Length"] | tostring')" '["","0"]'
    call GET '/response-headers?Content-Type=text/plain%3Bcharset=koi8-r'
    expect_equal "$(grep -i '^content-type:' "$BATS_TEST_TMPDIR/head" | tr -d '\r')" \
        'Content-Type: text/plain;charset=koi8-r'
}

@test "who is refused is told so, without a question in the host's name" {
    connect_misbehaving alice "$httpbin"
    same GET /basic-auth/user/secret
    same GET /hidden-basic-auth/user/secret
    same GET /bearer
    same GET /cookies
    # With the credential that it wants.
    add_integration "{slug, name, authType: \"basic\", apiBaseUri: \"$httpbin\"}"
    as_json alice POST "/api/integrations/$slug/connect" '{"username": "user", "password": "secret"}'
    expect_status 201
    call GET /basic-auth/user/secret
    expect_status 200
    expect_equal "$(json '.authenticated, .user' | xargs)" 'true user'
}
