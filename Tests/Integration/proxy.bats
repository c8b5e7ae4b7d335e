#!/usr/bin/env bats
# Proxied calls: both forms, what may be asked for, what is passed on and what comes back.

load helpers
load mock
load upstream

setup_file() {
    start_stack
    start_upstream
}

teardown_file() {
    stop_stack
}

# proxy USER URL [MEMBERS]: the JSON form; MEMBERS is an object of jq with more of them.
proxy() {
    as_json "$1" POST "/api/integrations/$slug/request" \
        "$(jq -n --arg url "$2" "{url: \$url} + ${3:-{\}}")"
}

@test "the JSON form calls the API with the connection's token" {
    sign_in alice
    connect_upstream alice
    proxy alice '/files?pageSize=10' '{method: "GET", headers: {Accept: "application/json"}}'
    expect_status 200
    expect_equal "$body" '{"ok": true}'
    expect_equal "$(last_seen .uri)" '/v3/files?pageSize=10'
    expect_equal "$(last_seen .authorization)" 'Bearer upstream-token'
    expect_equal "$(last_seen .accept)" application/json
}

@test "the path form calls the API with the connection's token" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/files?pageSize=10"
    expect_status 200
    expect_equal "$body" '{"ok": true}'
    expect_equal "$(last_seen .uri)" '/v3/files?pageSize=10'
    expect_equal "$(last_seen .authorization)" 'Bearer upstream-token'
}

@test "a connection made by the redirect flow makes both kinds of call" {
    sign_in alice
    add_integration
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/request/files?pageSize=3"
    expect_status 200
    expect_equal "$(json '.files | length')" 3
    proxy alice '/files?pageSize=3'
    expect_status 200
    expect_equal "$(json '.files | length')" 3
}

@test "the JSON form takes a method, a body and parameters" {
    sign_in alice
    connect_upstream alice
    proxy alice /items '{method: "POST", data: {a: [1, "zwei", null]}}'
    expect_status 200
    expect_equal "$(last_seen .method)" POST
    expect_match "$(last_seen .type)" '^application/json'
    proxy alice /items '{method: "PUT", data: "as it is", headers: {"Content-Type": "text/plain"}}'
    expect_equal "$(last_seen '.method + " " + .type + " " + .length')" 'PUT text/plain 8'
    proxy alice '/items?a=1' '{params: {b: "two words", c: "&="}}'
    expect_match "$(last_seen .uri)" '^/v3/items\?a=1&b=two(%20|\+)words&c=%26%3D$'
    proxy alice /items '{method: "DELETE"}'
    expect_equal "$(last_seen .method)" DELETE
}

@test "the JSON form sends a form when the caller's type says so" {
    sign_in alice
    add_integration
    connect alice "$slug"
    proxy alice /echo '{method: "POST", data: {a: "1 2", b: "ü&"},
        headers: {"Content-Type": "application/x-www-form-urlencoded"}}'
    expect_status 200
    expect_match "$(echoed_body)" '^a=1(%20|\+)2&b=%C3%BC%26$'
}

@test "the path form passes every method and its body on" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local method
    for method in POST PUT PATCH DELETE; do
        as alice "$method" "/api/integrations/$slug/request/echo?q=1" \
            -H 'Content-Type: text/plain' --data-binary 'some body'
        expect_status 200
        expect_equal "$(echoed_method)" "$method"
        expect_equal "$(echoed_body)" 'some body'
    done
    as alice POST "/api/integrations/$slug/request/echo" -H 'Content-Type: text/plain' \
        -H 'Transfer-Encoding: chunked' --data-binary 'in chunks'
    expect_status 200
    expect_equal "$(echoed_body)" 'in chunks'
}

@test "HEAD is HEAD upstream, and has no body" {
    sign_in alice
    connect_upstream alice
    as alice HEAD "/api/integrations/$slug/request/files" --head
    expect_status 200
    expect_equal "$(last_seen .method)" HEAD
}

@test "HEAD works through the JSON form, too" {
    sign_in alice
    connect_upstream alice
    proxy alice /file.json '{method: "HEAD"}'
    expect_status 200
    expect_equal "$body" ''
    expect_equal "$(last_seen .method)" HEAD
    expect_match "$(field Content-Type)" application/json
    # Of this answer, and of the one that a GET would get.
    expect_equal "$(field Content-Length)" 0
    expect_equal "$(field Upstream-Content-Length)" 25
    expect_match "$(field Proxy-Status)" 'received-status=200'
    as alice HEAD "/api/integrations/$slug/request/file.json" --head
    expect_status 200
    expect_equal "$(field Content-Length)" 25
    proxy alice /status/404 '{method: "HEAD"}'
    expect_status 404
    expect_equal "$body" ''
}

@test "links of the API's, such as to the next page, come back" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/links"
    expect_status 200
    expect_equal "$(field Link)" \
        "<$upstream/links?page=2>; rel=\"next\", <${upstream%/v3}/v3/links?page=9>; rel=\"last\""
    expect_no_match "$(cat -- "$BATS_TEST_TMPDIR/head")" 'preload|evil'
    expect_equal "$(field Content-Location)" "$upstream/page-1"
    expect_equal "$(field ETag)" '"tag"'
    expect_match "$(field Vary)" Accept
}

@test "the upstream's status and body pass through, whatever they are" {
    sign_in alice
    connect_upstream alice
    local code
    for code in 404 500 418; do
        as alice GET "/api/integrations/$slug/request/status/$code"
        expect_status "$code"
        [[ $(field Content-Type) != application/problem+json ]]
        [[ -n $body ]]
    done
    expect_equal "$(head -n 1 "$BATS_TEST_TMPDIR/head" | tr -d '\r')" 'HTTP/1.1 418 Unknown'
    as alice GET "/api/integrations/$slug/request/none"
    expect_status 204
    expect_equal "$(head -n 1 "$BATS_TEST_TMPDIR/head" | tr -d '\r')" 'HTTP/1.1 204 No Content'
}

@test "an error of the upstream's is marked as the upstream's" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/unauthorized"
    expect_status 401
    expect_equal "$(field WWW-Authenticate)" ''
    expect_match "$(field Upstream-WWW-Authenticate)" invalid_token
    expect_match "$(field Proxy-Status)" 'received-status=401'
}

@test "the query passes byte for byte, the path as it is written" {
    sign_in alice
    connect_upstream alice
    local target
    for target in '/a%2Fb' '/a%2fb/c' '/projects/group%2Fproject/files?ref=a%2Fb&x=%20+y;z=[1]' \
        '/a//b' '/search?q=../..&p=%2e%2e' '/a?' '/a?b?c' '/%C3%BC' '/~a/(b)/:c/@d' '/a,b;c=1'; do
        as alice GET "/api/integrations/$slug/request$target"
        expect_status 200
        expect_equal "$(last_seen .uri)" "/v3$target"
    done
}

@test "SECURITY 27: an absolute URL under the base is called" {
    sign_in alice
    connect_upstream alice
    proxy alice "$upstream/files?x=1"
    expect_status 200
    expect_equal "$(last_seen .uri)" '/v3/files?x=1'
}

@test "SECURITY 27: no other URL is, in any spelling, and not a byte is sent" {
    sign_in alice
    connect_upstream alice
    local before url host=${upstream#http://} port
    host=${host%/v3}
    port=${host#*:}
    before=$(seen_count)
    for url in "http://$host/v3x/a" "http://$host/v" "http://$host/" "http://$host" \
        "http://$host/v3/../admin" "http://$host/v3/..%2fadmin" "http://$host/v3%2f..%2fadmin" \
        "https://$host/v3/a" "http://127.0.0.1/v3/a" "http://localhost:$port/v3/a" \
        "http://127.1:$port/v3/a" "http://2130706433:$port/v3/a" "http://0x7f000001:$port/v3/a" \
        "http://[::ffff:127.0.0.1]:$port/v3/a" "http://127.0.0.1.:$port/v3/a" \
        "http://user@$host/v3/a" "http://user:pass@$host/v3/a" "http://$host@evil.test/v3/a" \
        "http://evil.test\\@$host/v3/a" "http://$host\\@evil.test/v3/a" \
        "http://evil.test#@$host/v3/a" "http://evil.test/v3/a" "http:/$host/v3/a" \
        "http:///$host/v3/a" "http:$host/v3/a" "http:\\\\$host\\v3\\a" "//$host/v3/a" \
        "///$host/v3/a" '//evil.test/a' '/\evil.test' '\\evil.test' "https:/evil.test/" \
        "https:///evil.test/" "file:///etc/passwd" "gopher://$host/v3/a" "ftp://$host/v3/a" \
        "javascript:alert(1)" "data:text/plain,x" " http://$host/v3/a" "http://$host/v3/a b" \
        "http://$host/v3/"$'\t'"a" "http://$host/v3/"$'\n'"a" "http://$host /v3/a" \
        "http://ⓔvil.test/" "http://xn--vil-8ma.test/" "http://127。0。0。1:$port/v3/a" ''; do
        proxy alice "$url"
        expect_problem 400
    done
    as_json alice POST "/api/integrations/$slug/request" "{\"url\": \"http://$host/v3/a\\u0000b\"}"
    expect_problem 400
    expect_equal "$(seen_count)" "$before"
}

@test "SECURITY 28: a path that any decoding leads out of the base is a 400, and nothing is sent" {
    sign_in alice
    connect_upstream alice
    local before path
    before=$(seen_count)
    for path in '/a/../b' '/../admin' '/a/..' '/.' '/a/./b' '/%2e%2e/admin' '/a/%2E%2E/b' \
        '/a/.%2e/b' '/%252e%252e/admin' '/%25252e%25252e/b' '/a%2f..%2fb' '/..%2fadmin' \
        '/a%5cb' '/a%255cb' '/..%5cadmin' '/a/..;/b' '/..;x=1/admin' '/%2e%2e;/b' '/a%00b' \
        '/a%0d%0aX:y' '/a%250d%250ab' '/a%09b' '/a%7fb' '/%c0%ae%c0%ae/b' '/%e0%80%ae/b' \
        '/..%c0%afb' '/..%c1%9cb' '/%u002e%u002e/b' '/%uff0e%uff0e/b' '/%ef%bc%8e%ef%bc%8e/b' \
        '/..%3fx' '/..%23x' '/..%3bx' '/.%00./b' '/%25c0%25ae/b' '/..%25253fx'; do
        proxy alice "$path"
        expect_problem 400
    done
    # nginx leads these to us; what it normalizes away from our paths is the host's.
    for path in '/%252e%252e/admin' '/a/%2e%2e/b' '/a/..;/b' '/a%5cb' '/a%255cb' '/a%0d%0aX:y' \
        '/a/%2e/b' '/a/b/../c' '/a/%25%32%65%25%32%65/b' '/%25252e%25252e/b' '/%c0%ae%c0%ae/b' \
        '/%e0%80%ae/b' '/..%c0%afb' '/%25u002e%25u002e/b' '/%25uff0e/b' '/%ef%bc%8e%ef%bc%8e/b' \
        '/..%3fx' '/..%23x' '/..%3bx' '/%25c0%25ae/b' '/..%25253fx'; do
        as alice GET "/api/integrations/$slug/request$path"
        expect_problem 400
    done
    for path in '/../../admin' '/%2e%2e/%2e%2e/admin' '/..%2f..%2f..%2fadmin' '/%2e%2e'; do
        as alice GET "/api/integrations/$slug/request$path"
        expect_match "$status" '^40[04]$'
    done
    expect_equal "$(seen_count)" "$before"
}

@test "SECURITY 29: addresses of the machine and its neighbours are refused" {
    sign_in alice
    local base_uri
    for base_uri in http://169.254.169.254/latest http://10.0.0.1/ http://192.168.0.1 \
        http://172.16.0.1 http://100.64.0.1 'http://[::1]:9' 'http://[fe80::1]' 'http://[fd00::1]' \
        'http://[::ffff:169.254.169.254]' 'http://[64:ff9b::a9fe:a9fe]' http://0.0.0.0:9 \
        http://224.0.0.1 http://255.255.255.255 http://2852039166 http://0xa9fea9fe \
        http://0251.0376.0251.0376; do
        local definition
        definition=$(jq -n --arg u "$base_uri" --arg s "guard-$RANDOM$RANDOM" \
            '{slug: $s, apiBaseUri: $u, authType: "bearer"}')
        by_json "$admin_key" POST /grantkeeper/integrations "$definition"
        if [[ $status == 400 ]]; then continue; fi
        expect_status 201
        slug=$(json .slug)
        as_json alice POST "/api/integrations/$slug/connect" '{"token": "t"}'
        expect_status 201
        as alice GET "/api/integrations/$slug/request/x" --max-time 10
        expect_problem 502
        expect_no_match "$body" '169\.254|10\.0\.0|/tmp/'
    done
}

@test "SECURITY 29: a token endpoint at such an address is refused, too" {
    sign_in alice
    add_integration '.tokenUri = "http://169.254.169.254/token"'
    as_json alice POST "/api/integrations/$slug/connect" '{"refreshToken": "r"}'
    expect_problem 502
}

@test "SECURITY 31: a redirect is the caller's to follow" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/away"
    expect_status 302
    expect_equal "$(field Location)" http://evil.test/elsewhere
    as alice GET "/api/integrations/$slug/request/relative"
    expect_status 302
    expect_equal "$(field Location)" "$upstream/here"
}

@test "SECURITY 32: the path form forwards the headers on its list and no others" {
    sign_in alice
    connect_upstream alice '.forwardHeaders = ["X-Marker"]'
    as alice GET "/api/integrations/$slug/request/files" -H 'Accept: text/x-mine' \
        -H 'Range: bytes=0-1' -H 'X-Marker: forwarded' -H 'X-Auth-Request-Access-Token: canary' \
        -H 'Origin: '"$base" -H 'Referer: https://host.test/secret' -H 'X-Forwarded-For: 6.6.6.6' \
        -H 'Proxy: http://evil.test' -H 'Accept-Encoding: gzip'
    expect_status 200
    expect_equal "$(last_seen '[.accept, .range, .marker, .encoding] | @csv')" \
        '"text/x-mine","bytes=0-1","forwarded","gzip"'
    expect_equal "$(last_seen '.cookie + .sso + .origin + .referer + .forwarded + .proxy + .obo')" ''
    expect_equal "$(last_seen .host)" "$(cut -d/ -f3 <<<"$upstream")"
    expect_equal "$(last_seen .authorization)" 'Bearer upstream-token'
}

@test "SECURITY 32: forbidden headers of the JSON form are a 400, and nothing is sent" {
    sign_in alice
    connect_upstream alice
    local before name
    before=$(seen_count)
    for name in Authorization authorization Cookie Origin Referer On-Behalf-Of Host \
        Proxy-Authorization Proxy-Connection Proxy-X Forwarded X-Forwarded-For X-Forwarded-Host \
        Connection Keep-Alive TE Trailer Transfer-Encoding Upgrade Content-Length Expect \
        X_Forwarded_For Content_Length Transfer_Encoding X-Original-URL X-Rewrite-URL \
        X-HTTP-Method-Override X-Method-Override X_Original_URL X-Real-IP Client-IP \
        True-Client-IP CF-Connecting-IP CDN-Loop Via 'X Y' 'X:Y' '' $'X\nY' 'Ünknown'; do
        proxy alice /files "{headers: {$(jq -n --arg n "$name" '$n'): \"x\"}}"
        expect_problem 400
    done
    for name in 'a\r\nX-Injected: 1' 'a\nb' 'a\u0000b' 'a\rb'; do
        as_json alice POST "/api/integrations/$slug/request" \
            "{\"url\": \"/files\", \"headers\": {\"X-Marker\": \"$name\"}}"
        expect_problem 400
    done
    expect_equal "$(seen_count)" "$before"
    proxy alice /files '{headers: {"X-Marker": "mine"}}'
    expect_status 200
    expect_equal "$(last_seen .marker)" mine
}

@test "SECURITY 32: a second spelling of the credential's field is a 400" {
    sign_in alice
    add_integration "{slug, name, apiBaseUri: \"$upstream\", authType: \"apikey\"}"
    as_json alice POST "/api/integrations/$slug/connect" '{"apiKey": "the-key"}'
    expect_status 201
    local before name
    before=$(seen_count)
    for name in X-API-Key x_api_key X_Api-Key; do
        proxy alice /files "{headers: {\"$name\": \"mine\"}}"
        expect_problem 400 forbidden_header
    done
    expect_equal "$(seen_count)" "$before"
    proxy alice /files
    expect_equal "$(last_seen .key)" the-key
}

# at_itself NAME [PATH]: an integration whose API is this very service, and alice's connection.
at_itself() {
    add_integration "{slug: \"$1\", name: \"$1\", authType: \"bearer\",
        apiBaseUri: \"$base/api/integrations/${2:-$1}/request\"}"
    as_json alice POST "/api/integrations/$slug/connect" "{\"token\": \"$key\"}"
    expect_status 201
}

@test "a call that leads back to the service is refused at once, and holds no second worker" {
    sign_in alice
    local key
    key=$(grantkeeper key create --user alice)
    at_itself loop-other loop-self
    at_itself loop-self
    local target
    for target in loop-self loop-other; do
        as alice GET "/api/integrations/$target/request/files" --max-time 10
        expect_problem 508 loop_detected
        expect_match "$(field Proxy-Status)" 'received-status=508'
        as alice GET "/api/integrations/$target/request/files" -H 'CDN-Loop: none' --max-time 10
        expect_problem 508 loop_detected
        as_json alice POST "/api/integrations/$target/request" '{"url": "/files"}' --max-time 10
        expect_problem 508 loop_detected
    done
    # Two came by their path, and all six came back, once.
    expect_equal "$(grep -c 'loop-self/request/files ' "$work/nginx-files/grantkeeper.log")" 8
}

@test "SECURITY 33: our cookies and keys never reach an upstream" {
    local key
    key=$(grantkeeper key create --user keyed)
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "keyed"}'
    set_cookie keyed grantkeeper "$(json .token)"
    add_integration '.'
    connect keyed "$slug"
    by "$key" GET "/api/integrations/$slug/request/echo" -H 'Cookie: a=b'
    expect_status 200
    expect_no_match "$body" "${key#gk_}|gk_"
    expect_equal "$(echoed_header Cookie)" ''
    as keyed GET "/api/integrations/$slug/request/echo"
    expect_no_match "$body" "$(cookie keyed grantkeeper)"
}

@test "SECURITY 33: CONNECT, TRACE and what is no method are refused" {
    sign_in alice
    connect_upstream alice
    local before method
    before=$(seen_count)
    for method in CONNECT TRACE TRACK 'GET /x' '' $'GET\r\nX: y' "$(printf 'A%.0s' {1..65})"; do
        proxy alice /files "{method: $(jq -n --arg m "$method" '$m')}"
        expect_problem 400
    done
    for method in TRACE CONNECT; do
        status=$(curl -s -o /dev/null -w '%{http_code}' -X "$method" -b "$(jar_of alice)" \
            "$base/api/integrations/$slug/request/files")
        expect_match "$status" '^40[05]$'
    done
    expect_equal "$(seen_count)" "$before"
}

@test "SECURITY 34: an upstream's headers do not speak for the host" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/impudent"
    expect_status 200
    expect_equal "$body" impudent
    local name
    for name in Set-Cookie WWW-Authenticate X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate \
        X-Accel-Buffering X-Accel-Charset Status Strict-Transport-Security Clear-Site-Data \
        Access-Control-Allow-Origin Access-Control-Allow-Credentials Refresh Alt-Svc \
        Service-Worker-Allowed CDN-Cache-Control Cloudflare-CDN-Cache-Control \
        Vercel-CDN-Cache-Control Surrogate-Control Surrogate-Key Edge-Control Cache-Tag \
        Secure-Session-Registration X-Sendfile; do
        expect_equal "$name: $(field "$name")" "$name: "
    done
    expect_match "$(field Upstream-WWW-Authenticate)" password
    expect_equal "$(field X-Kept)" kept
    expect_equal "$(grep -ci '^content-security-policy:' "$BATS_TEST_TMPDIR/head")" 1
}

@test "SECURITY 35: a proxied answer is no page of the host" {
    sign_in alice
    connect_upstream alice
    local type
    for type in html htm svg xml xhtml js pdf css png json; do
        as alice GET "/api/integrations/$slug/request/file.$type"
        expect_status 200
        expect_equal "$(field X-Content-Type-Options)" nosniff
        expect_match "$(field Content-Security-Policy)" "sandbox"
        expect_match "$(field Content-Security-Policy)" "default-src 'none'"
        expect_equal "$(field Cross-Origin-Resource-Policy)" same-origin
    done
    for type in html htm svg xml xhtml js tab; do
        as alice GET "/api/integrations/$slug/request/file.$type"
        expect_match "$(field Content-Disposition)" '^attachment'
    done
}

@test "SECURITY 35: a proxied answer is loaded as no script and no worker" {
    sign_in alice
    connect_upstream alice
    local before destination
    before=$(seen_count)
    for destination in script worker serviceworker sharedworker; do
        as alice GET "/api/integrations/$slug/request/file.js" \
            -H "Sec-Fetch-Dest: $destination" -H 'Sec-Fetch-Site: same-origin'
        expect_problem 403
    done
    expect_equal "$(seen_count)" "$before"
}

@test "a head that grew beyond nginx's buffer is an error of ours" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/many-links"
    expect_status 200
    as alice GET "/api/integrations/$slug/request/many-links?$(printf 'x%.0s' {1..7000})"
    expect_problem 502 upstream_header_too_large
    expect_match "$(field Proxy-Status)" 'error=http_response_header_section_size'
}

@test "a head of 6 KB passes" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/big-head"
    expect_status 200
    expect_equal "$(field X-Big | tr -d '\n' | wc -c)" 6000
}

@test "a large body comes through whole, in both directions" {
    sign_in alice
    add_integration
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/request/bytes/10000000"
    expect_status 200
    expect_equal "$(stat -c %s "$BATS_TEST_TMPDIR/body")" 10000000
    head -c 3000000 /dev/urandom | base64 -w 0 >"$BATS_TEST_TMPDIR/upload"
    as alice POST "/api/integrations/$slug/request/echo" -H 'Content-Type: text/plain' \
        --data-binary "@$BATS_TEST_TMPDIR/upload"
    expect_status 200
    expect_equal "$(json .bodySha256)" "$(sha256sum "$BATS_TEST_TMPDIR/upload" | cut -d' ' -f1)"
}

@test "events arrive one by one, not when all is over" {
    sign_in alice
    add_integration
    connect alice "$slug"
    curl -sN --max-time 20 -b "$(jar_of alice)" \
        "$base/api/integrations/$slug/request/stream?events=50&interval=1000" >"$BATS_TEST_TMPDIR/events" &
    local reader=$!
    await 10 test -s "$BATS_TEST_TMPDIR/events"
    kill -0 "$reader"
    kill "$reader"
    wait "$reader" || true
}

@test "what the JSON form cannot take is a 400" {
    sign_in alice
    connect_upstream alice
    local bad
    for bad in '{}' '{"url": 1}' '{"url": null}' '[]' '' '{"url": "/a", "method": 1}' \
        '{"url": "/a", "headers": []}' '{"url": "/a", "headers": {"A": {}}}' \
        '{"url": "/a", "params": "x=1"}' '{"url": "/a", "unknown": 1}' '{"url": "/a"'; do
        as_json alice POST "/api/integrations/$slug/request" "$bad"
        expect_problem 400
    done
}

@test "a call needs a user, and that user's connection" {
    sign_in alice bob
    connect_upstream alice
    request GET "/api/integrations/$slug/request/files"
    expect_problem 401
    as bob GET "/api/integrations/$slug/request/files"
    expect_problem 409 connection_required
    expect_match "$body" "/api/integrations/$slug/connect"
    as bob GET /api/integrations/nowhere/request/files
    expect_problem 404
}

@test "an upstream that is not there is a 502" {
    sign_in alice
    connect_upstream alice ".apiBaseUri = \"http://127.0.0.1:$(free_port)\""
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 502
    expect_no_match "$body" '127\.0\.0\.1|refused'
}
