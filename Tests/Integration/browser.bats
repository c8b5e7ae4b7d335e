#!/usr/bin/env bats
# What only a real browser shows: cookies over redirects between sites, pages that run their
# scripts. The service is 127.0.0.1; the application and the provider are localhost, which to a
# browser is another site.

load helpers
load mock

setup_file() {
    start_stack application_host
    mock_set '{"autoApprove": true}'
}

teardown_file() {
    stop_stack
}

# An application that sends its users on to what stands behind the # of its own address, or opens
# that in a popup and says when it has closed.
application_host() {
    plain_host "$1"
    cat <<HOST
    server {
        listen 127.0.0.1:$1;
        server_name localhost evil.test;
        default_type text/html;
        location = /go {
            return 200 '<script>location.href = decodeURIComponent(location.hash.slice(1))</script>';
        }
        location = /popup {
            return 200 '<p id="state">waiting</p><script>
                const popup = open(decodeURIComponent(location.hash.slice(1)), "", "width=500,height=500");
                setInterval(() => { if (popup && popup.closed) state.textContent = "popup closed"; }, 50);
            </script>';
        }
    }
HOST
}

write_settings() {
    standard_settings
    printf 'allowedOrigins: [%s]\n' "${base/127.0.0.1/localhost}"
}

# browse URL: the document as it is in the end; the profile, and so the cookies, is the test's.
browse() {
    local options=(--headless --disable-gpu --disable-dev-shm-usage --disable-popup-blocking
        --no-first-run --user-data-dir="$BATS_TEST_TMPDIR/profile" --virtual-time-budget=15000
        --host-resolver-rules='MAP localhost 127.0.0.1, MAP evil.test 127.0.0.1')
    if ((EUID == 0)); then options+=(--no-sandbox); fi
    document=$(HOME=$BATS_TEST_TMPDIR timeout 90 chromium "${options[@]}" --dump-dom "$1" \
        2>"$BATS_TEST_TMPDIR/chromium.log")
}

# An address for /go or /popup that signs alice in and then goes on to connect.
start_url() {
    by_json "$admin_key" POST /grantkeeper/sessions \
        "$(jq -n --arg r "$1" '{userId: "alice", returnTo: $r}')"
    expect_status 201
    jq -rn --arg u "$(json .startUrl)" '$u | @uri'
}

add_foreign_integration() {
    add_integration ".authUri |= sub(\"127.0.0.1\"; \"localhost\") | .name = \"Foreign Drive\""
}

@test "an allowed origin's page signs in and connects without a question, over two sites and back" {
    add_foreign_integration
    browse "${base/127.0.0.1/localhost}/go#$(start_url "/api/integrations/$slug/connect")"
    expect_match "$document" '<h1>Connected</h1>'
    expect_match "$document" "$slug"
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_status 200
}

@test "any other page's user is asked before anybody is signed in" {
    add_foreign_integration
    browse "${base/127.0.0.1/evil.test}/go#$(start_url "/api/integrations/$slug/connect")"
    expect_match "$document" 'Continue as alice\?'
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_problem 404
}

@test "a popup connects and closes itself" {
    add_foreign_integration
    browse "${base/127.0.0.1/localhost}/popup#$(start_url "/api/integrations/$slug/connect?popup=1")"
    expect_match "$document" 'popup closed'
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_status 200
}

@test "a typed start address asks first, in a page that is styled and has no script of others" {
    add_foreign_integration
    local start
    start=$(start_url "/api/integrations/$slug/connect")
    browse "$(jq -rn --arg u "$start" '$u | gsub("%3A"; ":") | gsub("%2F"; "/") | gsub("%3F"; "?") | gsub("%3D"; "=")')"
    expect_match "$document" alice
    expect_no_match "$(cat -- "$BATS_TEST_TMPDIR/chromium.log")" 'Refused to|Content Security Policy'
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_problem 404
}

@test "the error page shows in a browser without a complaint" {
    browse "$base/grantkeeper/error?error=access_denied"
    expect_match "$document" 'You said no'
    expect_no_match "$(cat -- "$BATS_TEST_TMPDIR/chromium.log")" 'Refused to|Content Security Policy'
}
