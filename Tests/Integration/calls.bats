#!/usr/bin/env bats
# What callers may ask for in a call beyond the usual: other methods and fields, parts of files,
# uploads that go on, the base itself.

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

setup() {
    sign_in alice
}

connect_mock() {
    add_integration "${1:-.}"
    connect alice "$slug"
}

# call METHOD PATH [CURL-OPTION...]: by its path.
call() {
    as alice "$1" "/api/integrations/$slug/request$2" "${@:3}"
}

# Fields --------------------------------------------------------------------------------------

@test "a part of a file is a part at the API: a PUT with Content-Range" {
    connect_mock
    call PUT /uploads/parts -H 'Content-Range: bytes 0-4/10' -d 01234
    expect_status 308
    call PUT /uploads/parts -H 'Content-Range: bytes 5-9/10' -d 56789
    expect_status 200
    expect_equal "$(json .text)" 0123456789
    # Out of its turn it is refused, and not taken for the whole file.
    call PUT /uploads/parts -H 'Content-Range: bytes 5-9/10' -d 56789
    expect_status 416
}

@test "a resumable upload goes on where it was, as tus has it" {
    connect_mock
    call POST /uploads/tus -H 'Tus-Resumable: 1.0.0' -H 'Upload-Length: 10'
    expect_status 201
    call PATCH /uploads/tus -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' \
        -H 'Content-Type: application/offset+octet-stream' --data-binary 0123
    expect_status 204
    call HEAD /uploads/tus --head
    expect_equal "$(field Upload-Offset)" 4
    call PATCH /uploads/tus -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 4' \
        -H 'Content-Type: application/offset+octet-stream' -H 'Transfer-Encoding: chunked' \
        --data-binary 456789
    expect_status 204
    call GET /uploads/tus
    expect_equal "$(json .text)" 0123456789
}

@test "what of a call is not forwarded is told, and nothing of what a browser sends" {
    connect_mock
    call GET /echo -H 'X-Unlisted: 1' -H 'Prefer: return=minimal' -H "Origin: $base" \
        -H 'Sec-Fetch-Site: same-origin' -H "Referer: $base/" -H 'DNT: 1'
    expect_status 200
    expect_equal "$(field Grantkeeper-Dropped-Headers)" x-unlisted
    expect_equal "$(echoed_header Prefer)" return=minimal
    call GET /echo
    expect_equal "$(field Grantkeeper-Dropped-Headers)" ''
}

@test "SECURITY 32: a caller has a field forwarded by name, but none that is forbidden" {
    connect_mock '.headers = {"X-Fixed": "ours"}'
    call GET /echo -H 'Grantkeeper-Forward-X-Mine: mine'
    expect_status 200
    expect_equal "$(echoed_header X-Mine)" mine
    expect_equal "$(field Grantkeeper-Dropped-Headers)" ''
    expect_no_match "$body" grantkeeper-forward
    mock_clear_events
    local name before
    before=$(mock_count api.echo)
    for name in Authorization Cookie Host Connection Content-Length Transfer-Encoding Origin \
        X-Forwarded-For X-HTTP-Method-Override On-Behalf-Of Expect X-Fixed; do
        call GET /echo -H "Grantkeeper-Forward-$name: x"
        expect_problem 400 forbidden_header
        expect_match "$(json .detail)" "'${name,,}'"
    done
    call GET /echo -H 'Grantkeeper-Forward-: x'
    expect_problem 400 invalid_header
    expect_equal "$(mock_count api.echo)" "$before"
}

# Methods -------------------------------------------------------------------------------------

@test "every method is passed on in both forms, with WebDAV's fields" {
    connect_mock
    local method
    for method in PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH QUERY M-SEARCH \
        PURGE; do
        call "$method" /echo/a -H 'Depth: 1' -H 'Overwrite: F' -H 'Content-Type: text/xml' -d '<a/>'
        expect_status 200
        expect_equal "$(echoed_method)" "$method"
        expect_equal "$(echoed_header Depth) $(echoed_header Overwrite)" '1 F'
        expect_equal "$(echoed_body)" '<a/>'
        as_json alice POST "/api/integrations/$slug/request" \
            "{\"method\": \"$method\", \"url\": \"/echo\", \"data\": \"<b/>\"}"
        expect_status 200
        expect_equal "$(echoed_method) $(echoed_body)" "$method <b/>"
    done
    call PROPFIND /echo
    expect_equal "$(echoed_body)" ''
}

@test "SECURITY 20: a page of another site calls nothing with them" {
    connect_mock
    local before method
    before=$(mock_count api.echo)
    for method in PROPFIND REPORT DELETE PURGE; do
        call "$method" /echo -H 'Sec-Fetch-Site: cross-site'
        expect_problem 403 cross_site
        call "$method" '' -H 'Origin: https://evil.test'
        expect_problem 403 cross_site
    done
    expect_equal "$(mock_count api.echo)" "$before"
}

@test "SECURITY 27: a destination is the API's, or the call is a 400" {
    connect_mock
    local before destination
    for destination in /b "$mock/api/b" /api/b "$base/api/integrations/$slug/request/b" \
        "/api/integrations/$slug/request/b"; do
        call MOVE /echo/a -H "Destination: $destination"
        expect_status 200
        expect_equal "$(echoed_header Destination)" "$mock/api/b"
    done
    before=$(mock_count api.echo)
    for destination in https://evil.test/b "$mock/other/b" "$base/b" //evil.test/b /../b \
        "$base/api/integrations/other/request/b"; do
        call MOVE /echo/a -H "Destination: $destination"
        expect_problem 400 forbidden_url
        expect_match "$(json .detail)" "'Destination'"
    done
    expect_equal "$(mock_count api.echo)" "$before"
}

# The base ------------------------------------------------------------------------------------

@test "without a path the base itself is called, as it is written" {
    local base_uri end method
    for base_uri in "$upstream" "$upstream/"; do
        connect_upstream alice ".apiBaseUri = \"$base_uri\""
        for end in '' /; do
            for method in GET PUT DELETE PROPFIND; do
                call "$method" "$end?q=1" -d ''
                expect_status 200
                expect_equal "$(last_seen '.method + " " + .uri')" \
                    "$method ${base_uri#"${upstream%/v3}"}?q=1"
            done
        done
    done
    # A large body streams there, too.
    connect_mock ".apiBaseUri = \"$mock/api/echo\""
    head -c 3000000 /dev/zero >"$BATS_TEST_TMPDIR/upload"
    call PUT '' -H 'Content-Type: text/plain' -H 'Transfer-Encoding: chunked' \
        --data-binary "@$BATS_TEST_TMPDIR/upload"
    expect_status 200
    expect_equal "$(json .bodyLength)" 3000000
    call POST / -d 'some body'
    expect_equal "$(echoed_body)" 'some body'
}

# The JSON form -------------------------------------------------------------------------------

@test "data is not sent as JSON under another label" {
    connect_mock
    as_json alice POST "/api/integrations/$slug/request" '{"method": "POST", "url": "/echo",
        "headers": {"Content-Type": "multipart/form-data"}, "data": {"a": 1}}'
    expect_problem 400 invalid_request
    expect_match "$(json .detail)" 'request/\{path\}'
}

@test "SECURITY 49: a redirect that is followed takes no credential out of the bases" {
    connect_mock
    local away
    away=$(jq -rn --arg u "$upstream/files?signature=1" '$u | @uri')
    call GET "/redirect?to=$away"
    expect_status 302
    expect_equal "$(field Location)" "$upstream/files?signature=1"
    call GET "/redirect?to=$away" -H 'Grantkeeper-Follow-Redirects: true' -H 'Accept: text/x-mine' \
        -H 'Grantkeeper-Forward-X-Marker: mine'
    expect_status 200
    expect_equal "$body" '{"ok": true}'
    expect_equal "$(last_seen '.uri + .authorization + .cookie + .marker')" '/v3/files?signature=1'
    expect_equal "$(last_seen .accept)" text/x-mine
    expect_equal "$(field Upstream-URL)" "$upstream/files"
    expect_equal "$(field Upstream-Attempts)" 2
    as_json alice POST "/api/integrations/$slug/request" \
        "{\"url\": \"/redirect?to=/api/echo&status=307\", \"method\": \"POST\", \"data\": \"b\",
          \"followRedirects\": true}"
    expect_status 200
    expect_equal "$(echoed_method) $(echoed_body)" 'POST b'
    expect_match "$(echoed_header Authorization)" '^Bearer fingerprint:'
    expect_equal "$(field Upstream-URL)" "$mock/api/echo"
}

@test "SECURITY 29: each redirect that is followed passes the address guard" {
    connect_mock '.followRedirects = true'
    local location
    for location in http://169.254.169.254/latest http://10.0.0.1/ 'http://%5B::1%5D/' \
        http://2852039166/; do
        call GET "/redirect?to=$location"
        expect_problem 502 address_not_allowed
        expect_equal "$(field Proxy-Status)" 'grantkeeper; error=destination_ip_prohibited'
    done
    call GET '/redirect?to=javascript:alert(1)'
    expect_problem 502 redirect_refused
    location=/api/echo
    for _ in {1..6}; do
        location="/api/redirect?to=$(jq -rn --arg u "$location" '$u | @uri')"
    done
    call GET "${location#/api}"
    expect_problem 502 too_many_redirects
    call GET "/redirect?to=/api/echo" -H 'Grantkeeper-Follow-Redirects: false'
    expect_status 302
    call GET /echo -H 'Grantkeeper-Follow-Redirects: perhaps'
    expect_problem 400 invalid_header
    as_json alice POST "/api/integrations/$slug/request" '{"url": "/echo"}' \
        -H 'Grantkeeper-Follow-Redirects: true'
    expect_problem 400 invalid_header
}
