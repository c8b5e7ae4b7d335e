#!/usr/bin/env bats
# Who is calling: sessions, keys, what nginx vouches for, other origins, and requests that a
# browser makes without its user wanting them.

load helpers
load mock
load upstream

setup_file() {
    start_stack trusting_host
    start_upstream
}

teardown_file() {
    stop_stack
}

# nginx as in example-basic-auth.conf on a second host name, and the plain one beside it.
trusting_host() {
    plain_host "$1"
    local user
    for user in vouched $'jos\xe9' $'jos\xc3\xa9' 'blank '; do
        printf '%s:%s\n' "$user" "$(openssl passwd -apr1 secret)"
    done >"$work/run/htpasswd"
    cat <<HOST
    server {
        listen 127.0.0.1:$1;
        server_name trusting.test;
        auth_basic "trusting";
        auth_basic_user_file $work/run/htpasswd;
        satisfy all;
        set \$grantkeeper_user \$remote_user;
        include $work/nginx-files/grantkeeper.conf;
    }
HOST
}

# The service believes nginx, and knows one front end elsewhere.
write_settings() {
    standard_settings
    printf 'trustedUser: true\nallowedOrigins: [https://app.test]\n'
}

on_trusting_host() {
    request "$@" -H 'Host: trusting.test'
}

@test "a superuser's key makes a session that works" {
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "alice", "expiresIn": 600}'
    expect_status 201
    expect_match "$(json .expiresAt)" '^20.*Z$'
    expect_match "$(json .startUrl)" "^$base/grantkeeper/sessions/start\\?ticket="
    set_cookie alice grantkeeper "$(json .token)"
    as alice GET /grantkeeper/session
    expect_status 200
    expect_equal "$(json .userId)" alice
    expect_equal "$(json .superuser)" false
}

@test "an allowed origin of another site is told of by check, and once in the log" {
    run -0 --separate-stderr grantkeeper check
    expect_match "$output" "note +allowedOrigins: https://app.test is another site than $base"
    expect_equal "$(grep -c 'https://app.test is another site' "$work/logs/service.log")" 1
}

@test "only a superuser's key makes sessions" {
    local key
    key=$(grantkeeper key create --user bob)
    by_json "$key" POST /grantkeeper/sessions '{"userId": "alice"}'
    expect_problem 403
    sign_in alice
    as_json alice POST /grantkeeper/sessions '{"userId": "bob"}'
    expect_problem 403
    as_json nobody POST /grantkeeper/sessions '{"userId": "bob"}'
    expect_problem 401
}

@test "what a session cannot be made of is a 400" {
    local bad
    for bad in '{}' '{"userId": ""}' '{"userId": 1}' '{"userId": "a", "superuser": "yes"}' \
        '{"userId": "a", "expiresIn": 0}' '{"userId": "a", "expiresIn": -5}' '[]' \
        '{"userId": "a", "returnTo": "//evil.test"}' '{"userId": "a", "more": 1}' \
        '{"userId": "a\nb"}' '{"userId": "a", "returnTo": "https://evil.test/"}'; do
        by_json "$admin_key" POST /grantkeeper/sessions "$bad"
        expect_problem 400
    done
}

@test "SECURITY 17: the start URL sets the cookie as it should be, once" {
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "alice", "returnTo": "/app?x=1"}'
    expect_status 201
    local start
    start=$(json .startUrl)
    request GET "$start" -H "Referer: $base/" -H 'Sec-Fetch-Site: same-origin' \
        -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document'
    expect_status 302
    expect_match "$(field Location)" '/app\?x=1$'
    local cookie
    cookie=$(field Set-Cookie)
    expect_match "$cookie" '^grantkeeper='
    expect_match "$cookie" 'HttpOnly'
    expect_match "$cookie" 'SameSite=Lax'
    expect_match "$cookie" 'Path=/(;|$)'
    expect_no_match "$cookie" '[Dd]omain='
    request GET "$start"
    expect_problem 400 invalid_ticket
    expect_equal "$(field Set-Cookie)" ''
}

@test "SECURITY 48: a program that fetches a start URL gets a page and no cookie, and the ticket stays" {
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "alice", "returnTo": "/app"}'
    local start
    start=$(json .startUrl)
    request HEAD "$start" --head
    expect_status 405
    request GET "$start" -A 'Slackbot-LinkExpanding 1.0'
    expect_status 200
    expect_equal "$(field Set-Cookie)" ''
    expect_match "$body" 'Continue as alice\?'
    request POST "${start%%\?*}" -d "${start#*\?}" -H 'Origin: https://evil.test'
    expect_problem 403 cross_site
    request POST "${start%%\?*}" -d "${start#*\?}" -H "Origin: $base"
    expect_status 200
    expect_equal "$(field Refresh)" "0; url=$base/app"
    set_cookie alice grantkeeper "$(field Set-Cookie | sed 's/^[^=]*=//; s/;.*//')"
    as alice GET /grantkeeper/session
    expect_equal "$(json .userId)" alice
    request POST "${start%%\?*}" -d "${start#*\?}"
    expect_problem 400 invalid_ticket
}

@test "an application's own answer sets the cookie, as the answer of ours has it" {
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "alice", "expiresIn": 600}'
    expect_equal "$(json .setCookie)" \
        "$(json '"\(.cookie)=\(.token)"'); Path=/; HttpOnly; SameSite=Lax; Max-Age=600"
}

@test "a browser that comes from elsewhere is asked before it is signed in" {
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "mallory"}'
    local start
    start=$(json .startUrl)
    local page site
    # The Referer is the page where a chain of redirects began.
    for page in https://evil.test/ "$base/" https://app.test/; do
        for site in cross-site same-site none unheard-of; do
            request GET "$start" -H "Sec-Fetch-Site: $site" -H 'Sec-Fetch-Mode: navigate' \
                -H "Referer: $page"
            expect_status 200
            expect_match "$(field Content-Type)" '^text/html'
            expect_match "$body" mallory
            expect_equal "$(field Set-Cookie)" ''
        done
    done
    request GET "$start" -H 'Sec-Fetch-Site: same-origin' -H 'Sec-Purpose: prefetch;prerender'
    expect_problem 403 prefetch_refused
    # What the page links to is a request of our own page's.
    request GET "$start" -H 'Sec-Fetch-Site: same-origin' -H 'Sec-Fetch-Mode: navigate'
    expect_status 302
    expect_match "$(field Set-Cookie)" '^grantkeeper='
}

@test "SECURITY 18: a session id that the client chose is never adopted" {
    request GET /grantkeeper/session -b 'grantkeeper=chosen-by-the-client-0123456789012345678'
    expect_problem 401
    add_integration
    request GET "/api/integrations/$slug/connect" -b 'grantkeeper=chosen-by-the-client-0123456789'
    expect_problem 401
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "alice"}'
    [[ $(json .token) != chosen* ]]
}

@test "SECURITY 18: a session ends when it has been idle, and when it is old" {
    sign_in alice
    as alice GET /grantkeeper/session
    expect_status 200
    sql "UPDATE session SET lastUsedAt = lastUsedAt - 100000000 WHERE userId = 'alice'"
    as alice GET /grantkeeper/session
    expect_problem 401
    sign_in bob
    sql "UPDATE session SET expiresAt = unixepoch() - 1 WHERE userId = 'bob'"
    as bob GET /grantkeeper/session
    expect_problem 401
}

@test "logging out ends the session and takes the cookie away" {
    sign_in alice
    local token
    token=$(cookie alice grantkeeper)
    as alice DELETE /grantkeeper/session
    expect_status 204
    expect_match "$(field Set-Cookie)" 'Max-Age=0'
    request GET /grantkeeper/session -b "grantkeeper=$token"
    expect_problem 401
}

@test "SECURITY 19: the database holds hashes only" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    local dump secret
    dump=$(sqlite3 "$work/private/grantkeeper.db" .dump)
    for secret in "$(cookie alice grantkeeper)" "$(cookie alice grantkeeper-browser)" \
        "$(query_value "$authorization_url" state)" "$admin_key" "${admin_key#gk_}" \
        "$mock_client_secret"; do
        [[ -n $secret ]]
        expect_equal "$(grep -cF -- "$secret" <<<"$dump" || true)" 0
        expect_equal "$(grep -ciF -- "$(printf %s "$secret" | xxd -p -c 0)" <<<"$dump" || true)" 0
    done
}

@test "an identity that is there and wrong is a 401, whatever else is there" {
    sign_in alice
    as alice GET /grantkeeper/session -H 'Authorization: Bearer gk_wrong'
    expect_problem 401
    as alice GET /grantkeeper/session -H 'Authorization: Bearer of-the-host'
    expect_status 200
    as alice GET /grantkeeper/session -H 'Authorization: Basic YTpi'
    expect_status 200
    on_trusting_host GET /grantkeeper/session -u vouched:secret -b grantkeeper=wrong
    expect_status 200
}

@test "a key that was revoked or has expired is a 401" {
    local key id
    key=$(grantkeeper key create --user temp)
    by "$key" GET /grantkeeper/session
    expect_status 200
    sql "UPDATE apiKey SET expiresAt = unixepoch() - 1 WHERE userId = 'temp'"
    by "$key" GET /grantkeeper/session
    expect_problem 401
    key=$(grantkeeper key create --user temp2)
    id=$(sql "SELECT id FROM apiKey WHERE userId = 'temp2'")
    grantkeeper key revoke "$id"
    by "$key" GET /grantkeeper/session
    expect_problem 401
}

@test "SECURITY 43: identity headers that come twice are refused" {
    sign_in alice
    local second
    for second in 'Bearer gk_other' "Bearer $admin_key" 'Basic YTpi' 'Bearer of-the-host'; do
        # nginx 1.22 refuses this by itself.
        request GET /grantkeeper/session -H "Authorization: Bearer $admin_key" \
            -H "Authorization: $second"
        expect_status 400
        request GET /grantkeeper/session -H "Authorization: $second" \
            -H "authorization: Bearer $admin_key"
        expect_status 400
        # A proxy in front of it, or a newer nginx, writes the two as one.
        request GET /grantkeeper/session -H "Authorization: $second, Bearer $admin_key"
        expect_problem 400
    done
    by "$admin_key" GET /grantkeeper/session -H 'On-Behalf-Of: alice' -H 'On-Behalf-Of: bob'
    expect_problem 400
    by "$admin_key" GET /grantkeeper/session -H 'On-Behalf-Of: alice, bob'
    expect_problem 400
}

@test "SECURITY 46: users whose names differ in bytes that are not UTF-8 do not become one" {
    add_integration
    local name
    for name in $'jos\xe9' $'jos\xe8' $'jos\xc3' $'jos\xed\xa0\x80'; do
        by "$admin_key" GET /grantkeeper/session -H "On-Behalf-Of: $name"
        expect_problem 400
        by_json "$admin_key" POST "/api/integrations/$slug/connect" '{"accessToken": "t"}' \
            -H "On-Behalf-Of: $name"
        expect_problem 400
    done
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "jos\ud8e9"}'
    expect_problem 400
    printf '{"userId": "jos\xe9"}' >"$BATS_TEST_TMPDIR/json"
    by_json "$admin_key" POST /grantkeeper/sessions "@$BATS_TEST_TMPDIR/json"
    expect_problem 400
    on_trusting_host GET /grantkeeper/session -u $'jos\xe9:secret'
    expect_problem 400
    on_trusting_host GET /grantkeeper/session -u $'jos\xc3\xa9:secret'
    expect_status 200
    expect_equal "$(json .userId)" 'josé'
    by "$admin_key" GET /grantkeeper/session -H 'On-Behalf-Of: josé'
    expect_status 200
    expect_equal "$(sql "SELECT count(*) FROM connection WHERE ownerId LIKE 'jos%'")" 0
}

@test "SECURITY 46: a name that hides something is refused wherever it comes in" {
    local name
    for name in 'alice, bob' $'al\xe2\x80\x8bice' $'\xe2\x80\xaealice' $'alice\xc2\xa0' $'jos\xef\xbf\xbd'; do
        by "$admin_key" GET /grantkeeper/session -H "On-Behalf-Of: $name"
        expect_problem 400
        by_json "$admin_key" POST /grantkeeper/sessions "{\"userId\": \"$name\"}"
        expect_problem 400 invalid_user
        run -1 grantkeeper key create --user "$name"
        expect_match "$output" 'A user id is a text'
        run -1 grantkeeper session create --user "$name"
        expect_match "$output" 'A user id is a text'
    done
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "alice "}'
    expect_problem 400 invalid_user
    on_trusting_host GET /grantkeeper/session -u 'blank :secret'
    expect_problem 401
}

@test "acting for a user takes a superuser's key" {
    sign_in alice
    local key
    key=$(grantkeeper key create --user bob)
    request GET /grantkeeper/session -H 'On-Behalf-Of: alice'
    expect_problem 401
    request GET /grantkeeper/session -H 'On-Behalf-Of: alice' -b grantkeeper=wrong
    expect_problem 401
    by gk_wrong GET /grantkeeper/session -H 'On-Behalf-Of: alice'
    expect_problem 401
    as alice GET /grantkeeper/session -H 'On-Behalf-Of: bob'
    expect_problem 403 superuser_key_required
    by "$key" GET /grantkeeper/session -H 'On-Behalf-Of: alice'
    expect_problem 403 superuser_key_required
    on_trusting_host GET /grantkeeper/session -u vouched:secret -H 'On-Behalf-Of: alice'
    expect_problem 403 superuser_key_required
    by "$admin_key" GET /grantkeeper/session -H 'On-Behalf-Of: alice'
    expect_status 200
    expect_equal "$(json '[.userId, .superuser] | @csv')" '"alice",false'
    by "$admin_key" GET /grantkeeper/session -H "On-Behalf-Of: $(printf 'a%.0s' {1..300})"
    expect_problem 400 invalid_user
}

@test "SECURITY 43: cookies in several headers are read together" {
    sign_in alice
    request GET /grantkeeper/session -H 'Cookie: a=b' \
        -H "Cookie: grantkeeper=$(cookie alice grantkeeper)" -H 'Cookie: c=d'
    expect_status 200
    expect_equal "$(json .userId)" alice
}

@test "crafted cookies sign no one in" {
    local bad
    for bad in '=' ';' ';;;=;=' 'grantkeeper' 'grantkeeper=' 'grantkeeper==' \
        "grantkeeper=$(printf 'a%.0s' {1..6000})" 'grantkeeper="' 'grantkeeper=%00%ff' \
        $'grantkeeper=\xff\xfe' 'grantkeeper=a b,c' ' = ; grantkeeper = x'; do
        request GET /grantkeeper/session -H "Cookie: $bad"
        expect_problem 401
    done
}

@test "SECURITY 45: no header makes an identity" {
    local name
    for name in X-User X-Remote-User Remote-User X-Forwarded-User X-Forwarded-Preferred-Username \
        GRANTKEEPER_USER GRANTKEEPER-USER Grantkeeper-User X-Grantkeeper-User \
        HTTP_GRANTKEEPER_USER HTTP-GRANTKEEPER-USER REMOTE_USER X-Auth-Request-User \
        X-Authenticated-User GRANTKEEPER_SUPERUSER; do
        request GET /grantkeeper/session -H "$name: admin"
        expect_problem 401
        on_trusting_host GET /grantkeeper/session -u vouched:secret -H "$name: admin"
        expect_equal "$(json '[.userId, .superuser] | @csv')" '"vouched",false'
    done
    request GET /grantkeeper/session -u admin:anything
    expect_problem 401
    request GET /grantkeeper/session -H 'On-Behalf-Of: admin'
    expect_problem 401
    request GET '/grantkeeper/session?GRANTKEEPER_USER=admin&grantkeeper_user=admin'
    expect_problem 401
    # What the callback takes for signed in is held to the same.
    request GET '/oauth2/callback?code=x&state=y' -H 'GRANTKEEPER_USER: admin' -u admin:anything
    expect_match "$(field Location)" 'error=invalid_state'
}

@test "SECURITY 45: where nginx vouches for users, a forged name gets nowhere" {
    on_trusting_host GET /grantkeeper/session
    expect_status 401
    on_trusting_host GET /grantkeeper/session -u admin:wrong
    expect_status 401
    on_trusting_host GET /grantkeeper/session -u vouched:secret
    expect_status 200
    expect_equal "$(json .userId)" vouched
    on_trusting_host GET /grantkeeper/session -u vouched:secret -H 'GRANTKEEPER_USER: admin' \
        -H 'GRANTKEEPER_SUPERUSER: 1'
    expect_equal "$(json '[.userId, .superuser] | @csv')" '"vouched",false'
    on_trusting_host GET '/oauth2/callback?code=x&state=y' -u admin:forged
    expect_status 302
}

@test "what nginx says counts for more than an old cookie" {
    sign_in alice
    on_trusting_host GET /grantkeeper/session -u vouched:secret \
        -b "grantkeeper=$(cookie alice grantkeeper)"
    expect_status 200
    expect_equal "$(json .userId)" vouched
}

@test "SECURITY 20: with a cookie, a request that another site made is a 403" {
    sign_in alice
    add_integration
    local site method
    for site in cross-site same-site; do
        as_json alice POST "/api/integrations/$slug/connect" '{"accessToken": "t"}' \
            -H "Sec-Fetch-Site: $site"
        expect_problem 403
        as alice DELETE /grantkeeper/session -H "Sec-Fetch-Site: $site"
        expect_problem 403
        for method in POST PUT PATCH DELETE; do
            as alice "$method" "/api/integrations/$slug/request/files" -H "Sec-Fetch-Site: $site" \
                -H 'Content-Length: 0'
            expect_problem 403
        done
    done
    for site in https://evil.test null "${base/127.0.0.1/127.0.0.2}" "$base.evil.test"; do
        as_json alice POST "/api/integrations/$slug/connect" '{"accessToken": "t"}' \
            -H "Origin: $site"
        expect_problem 403
    done
    for site in https://evil.test null; do
        as_json alice POST "/api/integrations/$slug/connect" '{"accessToken": "t"}' \
            -H "Origin: $site" -H 'Sec-Fetch-Site: none'
        expect_problem 403
    done
    for site in 'Sec-Fetch-Site: same-origin' 'Sec-Fetch-Site: none' "Origin: $base" 'X-None: x'; do
        as_json alice POST "/api/integrations/$slug/connect" '{"accessToken": "t"}' -H "$site"
        expect_status 201
    done
    as alice GET /grantkeeper/session
    expect_status 200
}

@test "SECURITY 20: what nginx vouches for is just as ambient" {
    add_integration
    on_trusting_host POST "/api/integrations/$slug/connect" -u vouched:secret \
        -H 'Content-Type: application/json' --data-binary '{"accessToken": "t"}' \
        -H 'Sec-Fetch-Site: cross-site'
    expect_problem 403
}

@test "SECURITY 20: an API key is no cookie" {
    add_integration
    by_json "$admin_key" POST "/api/integrations/$slug/connect" '{"accessToken": "t"}' \
        -H 'Sec-Fetch-Site: cross-site' -H 'Origin: https://evil.test'
    expect_status 201
}

@test "SECURITY 22: a proxied GET that another site made is a 403, and nothing is sent" {
    sign_in alice
    connect_upstream alice
    local before site
    before=$(seen_count)
    for site in cross-site same-site; do
        as alice GET "/api/integrations/$slug/request/files" -H "Sec-Fetch-Site: $site"
        expect_problem 403
        # An <img> whose address another site redirected.
        as alice GET "/api/integrations/$slug/request/files" -H "Sec-Fetch-Site: $site" \
            -H 'Sec-Fetch-Mode: no-cors' -H 'Sec-Fetch-Dest: image' -H "Referer: $base/"
        expect_problem 403
    done
    as alice GET "/api/integrations/$slug/request/files" -H 'Sec-Fetch-Site: none' \
        -H 'Origin: https://evil.test'
    expect_problem 403
    as alice GET "/api/integrations/$slug/request/files" -H 'Service-Worker: script'
    expect_problem 403
    expect_equal "$(seen_count)" "$before"
    as alice GET "/api/integrations/$slug/request/files" -H 'Sec-Fetch-Site: same-origin'
    expect_status 200
}

@test "SECURITY 22: GET connect from another site asks first when it is a navigation" {
    sign_in alice
    add_integration '.name = "<b>Drive</b>"'
    local site
    for site in cross-site same-site; do
        as alice GET "/api/integrations/$slug/connect" -H "Sec-Fetch-Site: $site" \
            -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document'
        expect_status 200
        expect_match "$(field Content-Type)" '^text/html'
        expect_match "$body" alice
        expect_no_match "$body" '<b>Drive'
        expect_match "$(field Content-Security-Policy)" "frame-ancestors 'none'"
        as alice GET "/api/integrations/$slug/connect" -H "Sec-Fetch-Site: $site" \
            -H 'Sec-Fetch-Mode: no-cors' -H 'Sec-Fetch-Dest: image'
        expect_problem 403
        as alice GET "/api/integrations/$slug/connect" -H "Sec-Fetch-Site: $site" \
            -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: iframe'
        expect_problem 403
    done
    as alice GET "/api/integrations/$slug/connect" -H 'Sec-Fetch-Site: same-origin' \
        -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document'
    expect_status 302
}

@test "SECURITY 22: the page that asks says what is connected, as whom" {
    sign_in alice
    add_integration '.name = "My <i>Drive</i>"'
    local reference
    local -a navigation=(-H 'Sec-Fetch-Site: cross-site' -H 'Sec-Fetch-Mode: navigate'
        -H 'Sec-Fetch-Dest: document')
    for reference in "$slug" "$integration"; do
        as alice GET "/api/integrations/$reference/connect?returnTo=/a" "${navigation[@]}"
        expect_status 200
        expect_match "$body" "My &lt;i&gt;Drive&lt;/i&gt;.* \\($slug\\) as alice\\?"
        expect_match "$body" "href=\"/api/integrations/$reference/connect\\?returnTo=/a\""
    done
    as alice GET /api/integrations/nowhere/connect "${navigation[@]}"
    expect_status 404
    expect_match "$body" 'Code: integration_not_found\.'
    as alice GET "/api/integrations/$slug/connect" "${navigation[@]}" -H 'Referer: https://app.test/'
    expect_status 200
    as alice GET "/api/integrations/$slug/connect" "${navigation[@]}" -H "Referer: $base/"
    expect_status 200
}

@test "an allowed origin's preflight is answered, its cookie accepted" {
    sign_in alice
    add_integration
    request OPTIONS "/api/integrations/$slug/connect" -H 'Origin: https://app.test' \
        -H 'Access-Control-Request-Method: POST' \
        -H 'Access-Control-Request-Headers: content-type'
    expect_match "$status" '^20[04]$'
    expect_equal "$(field Access-Control-Allow-Origin)" https://app.test
    expect_equal "$(field Access-Control-Allow-Credentials)" true
    expect_match "$(field Access-Control-Allow-Methods)" POST
    expect_match "$(tr '[:upper:]' '[:lower:]' <<<"$(field Access-Control-Allow-Headers)")" content-type
    expect_match "$(field Vary)" Origin
    as_json alice POST "/api/integrations/$slug/connect" '{"accessToken": "t"}' \
        -H 'Origin: https://app.test' -H 'Sec-Fetch-Site: cross-site'
    expect_status 201
    expect_equal "$(field Access-Control-Allow-Origin)" https://app.test
    as alice GET "/api/integrations/$slug/connect?returnTo=https%3A%2F%2Fapp.test%2Fdone"
    expect_status 302
    as alice GET /api/integration-connections -H 'Origin: https://app.test' \
        -H 'Sec-Fetch-Site: cross-site'
    expect_status 200
    expect_equal "$(field Access-Control-Allow-Origin)" https://app.test
}

@test "no other origin gets a CORS header" {
    sign_in alice
    local origin
    for origin in https://evil.test null https://app.test.evil.test http://app.test \
        https://sub.app.test https://APP.test 'https://app.test:444'; do
        request OPTIONS /api/integration-connections -H "Origin: $origin" \
            -H 'Access-Control-Request-Method: GET'
        expect_equal "$(field Access-Control-Allow-Origin)" ''
        expect_equal "$(field Access-Control-Allow-Credentials)" ''
        as alice GET /api/integration-connections -H "Origin: $origin"
        expect_equal "$(field Access-Control-Allow-Origin)" ''
    done
}
