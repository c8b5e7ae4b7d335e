#!/usr/bin/env bats
# The page that asks whoever connects for a credential, and for what the integration has to know.

load helpers
load mock

setup_file() {
    start_stack
}

teardown_file() {
    stop_stack
}

# An integration whose API takes no key but the one in $api_key.
add_keys() {
    api_key=$(mock_access_token)
    add_integration "{slug, apiBaseUri, authType: \"apikey\", credentialTestPath: \"/files\",
        credentialPlacement: {in: \"header\", name: \"Authorization\", prefix: \"Bearer \"}}
        | ${1:-.}"
}

# fill_in USER QUERY-OR-FORM [CURL-OPTION...]: sends the form as a browser does from the page.
fill_in() {
    as "$1" POST "/grantkeeper/connect/$slug" --data "$2" "${@:3}"
}

expect_not_connected() {
    as "$1" GET "/api/integrations/$slug/connection"
    expect_problem 404 connection_not_found
}

@test "GET connect leads to the page, which leads to the connection" {
    sign_in alice
    add_keys '.name = "Keys"'
    as alice GET "/api/integrations/$slug/connect?returnTo=/done"
    expect_status 302
    expect_equal "$(field Location)" "$base/grantkeeper/connect/$slug?returnTo=/done"
    as alice GET "$(field Location)"
    expect_status 200
    expect_match "$body" 'Connect “Keys” as alice'
    expect_match "$body" 'name="returnTo" value="/done"'
    fill_in alice "form=1&apiKey=$api_key" -H "Origin: $base"
    expect_status 303
    expect_equal "$(field Location)" "$base/grantkeeper/connected?integration=$slug&connected=1"
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
}

@test "SECURITY 26: a refused key is on no page and in no log" {
    sign_in alice
    add_keys
    fill_in alice 'apiKey=canary-key-9f3b'
    expect_status 400
    expect_match "$body" 'The API refused this key \(status 401\). Nothing was stored.'
    expect_no_match "$body" canary
    expect_not_connected alice
    # 2 would be a folder that is not there.
    run -1 grep -r canary-key-9f3b "$work/logs" "$work/gateway"
}

@test "SECURITY 26: a stored key is on no page any more" {
    sign_in alice
    add_keys
    fill_in alice "apiKey=$api_key"
    expect_status 303
    as alice GET "/grantkeeper/connect/$slug?apiKey=canary"
    expect_status 200
    expect_no_match "$body" "$api_key|canary"
}

@test "an API that is down is said to be, with a 502" {
    sign_in alice
    add_integration '{slug, name, apiBaseUri: "http://127.0.0.1:9", authType: "bearer", credentialTestPath: "/"}'
    fill_in alice 'token=t'
    expect_status 502
    expect_match "$(field Content-Type)" text/html
    expect_match "$body" 'The API cannot be reached'
    expect_not_connected alice
}

# What a browser sends with a link that is followed, and with a form of our page.
navigation=(-H 'Sec-Fetch-Site: same-origin' -H 'Sec-Fetch-Mode: navigate'
    -H 'Sec-Fetch-Dest: document')

# expect_problem_page STATUS CODE TEXT: an error in plain words, with what all pages have.
expect_problem_page() {
    expect_status "$1"
    expect_equal "$(field Content-Type)" 'text/html; charset=utf-8'
    expect_match "$(field Content-Security-Policy)" "default-src 'none'.*frame-ancestors 'none'"
    expect_match "$body" "$3"
    expect_match "$body" "Code: $2. Request: [^ ]+\."
}

@test "a session that ended while the form was filled in is told in plain words" {
    sign_in alice
    add_keys
    as alice DELETE /grantkeeper/session
    expect_status 204
    fill_in alice "apiKey=$api_key" "${navigation[@]}"
    expect_problem_page 401 unauthenticated 'Not signed in'
    expect_match "$(field WWW-Authenticate)" '^Bearer '
    expect_no_match "$body" "$api_key"
    as alice GET "/api/integrations/$slug/connect" "${navigation[@]}"
    expect_problem_page 401 unauthenticated 'Not signed in'
    as alice GET "/api/integrations/$slug/connect"
    expect_problem 401 unauthenticated
}

@test "a person who may not connect, or whose link is wrong, reads why; a program gets JSON" {
    sign_in alice
    add_keys '.mode = "shared"'
    local target
    for target in "/api/integrations/$slug/connect" "/grantkeeper/connect/$slug"; do
        as alice GET "$target" "${navigation[@]}"
        expect_problem_page 403 shared_connection_not_owner 'No one else has connected it'
        as alice GET "$target"
        expect_problem 403 shared_connection_not_owner
        as alice GET "${target/$slug/nowhere}" "${navigation[@]}"
        expect_problem_page 404 integration_not_found 'There is no such integration'
        as alice GET "${target/$slug/nowhere}" -H 'Sec-Fetch-Mode: cors'
        expect_problem 404 integration_not_found
    done
    as alice GET "/api/integrations/$slug/request/files" "${navigation[@]}"
    expect_problem 409 connection_required
}

@test "a credential is called what people find it under" {
    sign_in alice
    add_keys '.credentialForm = {apiKey: "Secret key", help: "In the <settings>."}'
    as alice GET "/grantkeeper/connect/$slug"
    expect_match "$body" '<label for="apiKey">Secret key</label>'
    expect_match "$body" 'In the &lt;settings&gt;\.'
    fill_in alice 'apiKey=wrong'
    expect_status 400
    expect_match "$body" '<title>Error: '
    expect_match "$body" 'The API refused “Secret key” \(status 401\)'
}

@test "SECURITY 20: another site's form makes no connection" {
    sign_in alice
    add_keys
    local header
    for header in 'Sec-Fetch-Site: cross-site' 'Sec-Fetch-Site: same-site' 'Origin: null' \
        'Origin: https://evil.test' 'Referer: https://evil.test/'; do
        fill_in alice "apiKey=$api_key" -H "$header"
        expect_problem 403 cross_site
        expect_not_connected alice
    done
}

@test "SECURITY 21: anything but a form is a 415" {
    sign_in alice
    add_keys
    local type
    for type in application/json text/plain 'multipart/form-data; boundary=x'; do
        fill_in alice "apiKey=$api_key" -H "Content-Type: $type"
        expect_problem 415 form_required
    done
    expect_not_connected alice
}

@test "SECURITY 22: the page asks first when another site leads there, and is nothing for its scripts" {
    sign_in alice
    add_keys
    as alice GET "/grantkeeper/connect/$slug" -H 'Sec-Fetch-Site: cross-site' \
        -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document'
    expect_status 200
    expect_no_match "$body" '<form'
    as alice GET "/grantkeeper/connect/$slug" -H 'Sec-Fetch-Site: cross-site' \
        -H 'Sec-Fetch-Mode: no-cors'
    expect_problem 403 cross_site
}

@test "SECURITY 11: names and values are shown as text" {
    sign_in alice
    add_keys '.name = "<script>alert(1)</script>" |
        .connectionData = {shop: {pattern: "[a-z]+", title: "<img src=x onerror=alert(2)>"}}'
    as alice GET "/grantkeeper/connect/$slug?data.shop=%22%3E%3Cscript%3Ealert(3)%3C/script%3E"
    expect_status 200
    expect_no_match "$body" '<script|<img'
    expect_match "$body" '&lt;script&gt;alert\(1\)'
    expect_match "$body" '&lt;img'
    expect_match "$body" 'value="&quot;&gt;&lt;script&gt;alert\(3\)'
    expect_match "$(field Content-Security-Policy)" "form-action 'self';.*frame-ancestors 'none'"
    # With an accent behind it, it is no quotation mark to whoever reads characters.
    as alice GET "/grantkeeper/connect/$slug?data.shop=%22%CC%81%20onfocus=alert(4)"
    expect_match "$body" 'value="&quot;'
}

@test "SECURITY 23: a hidden integration's page is like one that is not there" {
    sign_in alice
    add_keys '.allowedUsers = ["bob"]'
    local method hidden
    for method in GET POST; do
        as alice "$method" "/grantkeeper/connect/$slug" --data apiKey=k
        expect_problem 404 integration_not_found
        hidden=$(json 'del(.requestId)')
        as alice "$method" /grantkeeper/connect/nowhere --data apiKey=k
        expect_problem 404 integration_not_found
        expect_equal "$(json 'del(.requestId)')" "$hidden"
    done
}

@test "SECURITY 10: the page and its form lead nowhere else" {
    sign_in alice
    add_keys
    local target
    for target in //evil.test https://evil.test '/%5Cevil.test' 'javascript:alert(1)'; do
        as alice GET "/grantkeeper/connect/$slug?returnTo=$target"
        expect_problem 400 invalid_return_to
        fill_in alice "apiKey=$api_key" --data-urlencode "returnTo=$target"
        expect_problem 400 invalid_return_to
    done
    expect_not_connected alice
}

@test "less than was asked for is told to the page, to returnTo and to programs" {
    sign_in alice
    add_integration
    mock_set '{"grantedScope": "files.read"}'
    connect alice "$slug"
    expect_equal "$(field Location)" \
        "$base/grantkeeper/connected?integration=$slug&connected=1&narrowed=1"
    as alice GET "$(field Location)"
    expect_match "$body" 'You allowed less than the application asked for'
    begin alice "$slug" '?returnTo=/done'
    approve
    finish alice
    expect_equal "$(field Location)" "$base/done?integration=$slug&connected=1&narrowed=1"
    mock_set '{"grantedScope": null}'
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json '[.scope, .missingScope] | tojson')" '["files.read",["files.write"]]'
}
