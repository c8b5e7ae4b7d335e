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
