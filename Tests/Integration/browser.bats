#!/usr/bin/env bats
# What only a real browser shows: cookies over redirects between sites, pages that run their
# scripts. The service is 127.0.0.1; the application and the provider are localhost, which to a
# browser is another site.

load helpers
load mock
load misbehaving

setup_file() {
    start_stack application_host
    start_misbehaving
    mock_set '{"autoApprove": true}'
}

teardown_file() {
    stop_stack
}

# Pages that send their users on to what stands behind the # of their own address, on the service's
# own host and on others. The own one has a page that runs what a test has written into page.js,
# too, and a place where that reports what it saw; the others redirect back to it, as a site may that
# is up to something.
application_host() {
    local host page
    cat <<HOST
    log_format reports '\$arg_text';
HOST
    page="
        location = /app { default_type text/html; return 200 '<script src=/page.js></script>'; }
        location = /page.js { alias $work/run/page.js; }
        location = /report { access_log $work/logs/reports.log reports; return 204; }
        location = /provider { default_type text/html; return 200 '<script src=/provider.js></script>'; }
        location = /provider.js { alias $work/run/provider.js; }
        location = /landed { default_type text/html; return 200 '<script src=/landed.js></script>'; }
        location = /landed.js { alias $work/run/landed.js; }
        location ~ ^/mock/(\d+)(/.*)$ { proxy_pass http://127.0.0.1:\$1\$2\$is_args\$args; }
        $(sending_page)"
    host=$(plain_host "$1")
    host=${host/listen 127.0.0.1:$1;/listen 127.0.0.1:$1;$'\n'$(tls_lines)}
    printf '%s\n' "${host/location \/ \{/$page$'\n'        location / \{}"
    cat <<HOST
    server {
        listen 127.0.0.1:$1;
        server_name localhost evil.test;
        location = /report { access_log $work/logs/reports.log reports; return 204; }
        location = /bounce-start {
            return 302 http://127.0.0.1:$1/grantkeeper/sessions/start?ticket=\$arg_ticket;
        }
        location = /bounce-call {
            return 302 http://127.0.0.1:$1/api/integrations/\$arg_slug/request/echo/\$arg_slug;
        }
        $(sending_page)
    }
HOST
}

# The host on ports with TLS, too: one of HTTP/1.1 alone, and one of HTTP/2.
tls_lines() {
    local http1 http2
    http1=$(free_port)
    http2=$(free_port)
    printf '%s\n' "https://127.0.0.1:$http1" "https://127.0.0.1:$http2" >"$work/run/tls-origins"
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 \
        -keyout "$work/private/host.key" -out "$work/private/host.pem" 2>>"$work/logs/openssl.log"
    cat <<LINES
        listen 127.0.0.1:$http1 ssl;
        listen 127.0.0.1:$http2 ssl http2;
        ssl_certificate $work/private/host.pem;
        ssl_certificate_key $work/private/host.key;
LINES
}

sending_page() {
    cat <<'PAGE'
        location = /go {
            default_type text/html;
            return 200 '<script>location.href = decodeURIComponent(location.hash.slice(1))</script>';
        }
PAGE
}

write_settings() {
    misbehaving_settings
    printf 'allowedOrigins: [%s, %s, %s]\n' "${base/127.0.0.1/localhost}" \
        "${base/127.0.0.1/app.example.test}" "$(paste -sd , "$work/run/tls-origins")"
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

# An address for /go that signs alice in and then goes on to connect.
start_url() {
    by_json "$admin_key" POST /grantkeeper/sessions \
        "$(jq -n --arg r "$1" '{userId: "alice", returnTo: $r}')"
    expect_status 201
    jq -rn --arg u "$(json .startUrl)" '$u | @uri'
}

add_foreign_integration() {
    add_integration ".authUri |= sub(\"127.0.0.1\"; \"localhost\") | .name = \"Foreign Drive\""
}

@test "the host's page signs in and connects without a question, over two sites and back" {
    add_foreign_integration
    browse "$base/go#$(start_url "/api/integrations/$slug/connect")"
    expect_match "$document" '<h1>Connected</h1>'
    expect_match "$document" '<strong>Foreign Drive</strong> is connected'
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_status 200
}

@test "any other page's user is asked before anybody is signed in" {
    add_foreign_integration
    local site
    for site in evil.test localhost; do
        browse "${base/127.0.0.1/$site}/go#$(start_url "/api/integrations/$slug/connect")"
        expect_match "$document" 'Continue as alice\?'
        by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
        expect_problem 404
    done
}

@test "a link of the host's own page that another site redirects to a start address asks first" {
    add_foreign_integration
    local start
    start=$(start_url "/api/integrations/$slug/connect")
    browse "$base/go#${base/127.0.0.1/evil.test}/bounce-start?ticket=${start##*%3D}"
    expect_match "$document" 'Continue as alice\?'
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_problem 404
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

# Proxied calls -------------------------------------------------------------------------------

# open_page SCRIPT [ORIGIN]: in a browser that stays, signed in as alice; on the host, or on that origin.
open_page() {
    cat >"$work/run/page.js" <<PAGE
        const api = "/api/integrations/$slug/request";
        const report = text => fetch("/report?text=" + encodeURIComponent(text));
        addEventListener("unhandledrejection", event => report("failed " + event.reason));
        (async () => { $1 })();
PAGE
    : >"$work/logs/reports.log"
    local options=(--headless --disable-gpu --disable-dev-shm-usage --disable-popup-blocking
        --no-first-run --remote-debugging-port=0 --user-data-dir="$BATS_TEST_TMPDIR/profile"
        --ignore-certificate-errors
        --host-resolver-rules='MAP localhost 127.0.0.1, MAP *.test 127.0.0.1')
    if ((EUID == 0)); then options+=(--no-sandbox); fi
    start_group browser env HOME="$BATS_TEST_TMPDIR" chromium "${options[@]}" \
        "${2-$base/go#$(start_url /app)}"
}

# expect_report TEXT: what the page says.
expect_report() {
    await 30 grep -qxF "$1" "$work/logs/reports.log" || {
        printf 'no report %s, but:\n%s\n' "$1" "$(tail -n 5 "$work/logs/reports.log")" >&2
        return 1
    }
}

teardown() {
    if [[ -e $work/pids/browser.group ]]; then stop_group browser; fi
}

connect_alice() {
    sign_in alice
    connect_misbehaving alice "$1"
}

@test "a page's fetch gets and posts, with both forms" {
    connect_alice "$tls"
    open_page '
        const got = await (await fetch(api + "/echo?a=1")).json();
        report(got.method + got.target + got.bodyLength);
        const posted = await (await fetch(api + "/echo", {method: "POST", body: "plain text"})).json();
        report(posted.method + posted.bodyLength);
        const form = await fetch(api, {method: "POST", headers: {"Content-Type": "application/json"},
            body: JSON.stringify({method: "PATCH", url: "/echo", data: {a: 1}})});
        report((await form.json()).method + form.status);
        const bytes = new Uint8Array(await (await fetch(api + "/content?size=3000000")).arrayBuffer());
        const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
        report([...hash].map(byte => byte.toString(16).padStart(2, "0")).join(""));
        const missing = await fetch(api + "/status?code=404&body=no");
        report(missing.status + await missing.text() + missing.headers.get("proxy-status"));
        const empty = await fetch(api + "/status?code=204");
        report(empty.status + " " + (await empty.text()).length);
        const cut = await fetch(api + "/cut?framing=chunked&after=3000000");
        await cut.text().then(() => report("whole"), () => report(cut.status + " broken off"));'
    expect_report GET%2Fecho%3Fa%3D10
    expect_report POST10
    expect_report PATCH200
    expect_report "$(content 3000000 | sha256sum | cut -d ' ' -f 1)"
    expect_report 404nograntkeeper%3B%20received-status%3D404
    expect_report 204%200
    expect_report 200%20broken%20off
}

@test "a page reads an answer as it comes" {
    connect_alice "$plain"
    open_page "
        const reader = (await fetch(api + '/events/$slug?key=$slug&count=2')).body.getReader();
        const decoder = new TextDecoder();
        let text = '';
        for (let told = 0; ; ) {
            const {value, done} = await reader.read();
            if (done) break;
            text += decoder.decode(value);
            for (; text.includes('event ' + (told + 1)); told++) report('read ' + (told + 1));
        }
        report('done');"
    await 30 was_seen "/events/$slug" 1
    release "$slug"
    expect_report read%201
    run ! grep -q 'done\|read%202' "$work/logs/reports.log"
    release "$slug"
    expect_report read%202
    expect_report 'done'
}

@test "over TLS with HTTP/1.1 and HTTP/2, EventSource and fetch get events one by one" {
    local origin origins
    readarray -t origins <"$work/run/tls-origins"
    for origin in "${origins[@]}"; do
        connect_alice "$plain"
        open_page "
            const source = new EventSource(api + '/events/$slug?key=$slug&count=9');
            source.onopen = () => report('open');
            source.onmessage = event => report('source ' + event.data);
            const answer = await fetch(api, {method: 'POST', headers: {'Content-Type': 'application/json'},
                body: JSON.stringify({url: '/events/$slug-fetched?key=$slug-fetched&count=2'})});
            report('head ' + answer.status + performance.getEntriesByType('navigation')[0].nextHopProtocol);
            const decoder = new TextDecoder();
            let text = '';
            for await (const piece of answer.body) {
                text += decoder.decode(piece);
                for (const event of text.match(/event [12]/g) ?? []) report('fetch ' + event);
            }
            report('fetch done');" \
            "$base/go#$(start_url "$origin/app")"
        expect_report 'open'
        expect_report "head%20200$([[ $origin == "${origins[0]}" ]] && echo http%2F1.1 || echo h2)"
        run ! grep -q event "$work/logs/reports.log"
        release "$slug"
        expect_report source%20event%201
        release "$slug-fetched"
        expect_report fetch%20event%201
        run ! grep -q 'event%202' "$work/logs/reports.log"
        release "$slug-fetched"
        expect_report fetch%20done
        stop_group browser
        await 10 has_ended "/events/$slug" gone
    done
}

# A PNG of one pixel, as an API would serve it.
png_target() {
    printf '/raw?keep&base64=%s\n' "$( (
        printf 'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 70\r\n\r\n'
        base64 -d <<<'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    ) | base64 -w 0 | tr '+/' '-_')"
}

@test "an allowed origin's page shows the API's images and reads the fields that they have" {
    connect_alice "$plain"
    local elsewhere=${base/127.0.0.1/app.example.test} host=${base/127.0.0.1/connect.example.test}
    local script target
    target=$(png_target)
    script="
        const show = (name, origin, mode) => new Promise(done => {
            const image = new Image();
            if (mode) image.crossOrigin = mode;
            image.onload = () => done(report(name + ' shown'));
            image.onerror = () => done(report(name + ' not shown'));
            image.src = origin + api + '$target';
        });"
    # On plain http a browser says no Fetch Metadata: the answer comes, and is shown.
    open_page "$script
        if (location.hostname == 'connect.example.test') {
            document.cookie = 'grantkeeper=$(cookie alice grantkeeper); path=/';
            location = '$elsewhere/app';
        } else {
            await show('plain', '$host');
            await show('anonymous', '$host', 'use-credentials');
            const answer = await fetch('$host' + api + '/status?header=X-Next-Page:2&header=X-Total:9',
                {credentials: 'include'});
            report(answer.headers.get('X-Next-Page') + answer.headers.get('X-Total')
                + answer.headers.get('Grantkeeper-Request-Id').length);
        }" "$host/app"
    expect_report plain%20shown
    expect_report anonymous%20shown
    expect_report 2932
    stop_group browser
    # With it, an image says by 'crossorigin' whose page it is on.
    local origins
    readarray -t origins <"$work/run/tls-origins"
    open_page "$script
        await show('silent', '${origins[1]}');
        await show('said', '${origins[1]}', 'use-credentials');" \
        "$base/go#$(start_url "${origins[0]}/app")"
    expect_report silent%20not%20shown
    expect_report said%20shown
    stop_group browser
}

@test "a page that aborts its fetch stops the upstream" {
    connect_alice "$plain"
    open_page "
        const control = new AbortController();
        const reader = (await fetch(api + '/content/$slug?size=100000000000',
            {signal: control.signal})).body.getReader();
        await reader.read();
        control.abort();
        report('aborted');"
    expect_report aborted
    await 10 has_ended "/content/$slug" gone
}

@test "an EventSource gets events one by one, and goes on where it was when the stream ends" {
    local upstream
    for upstream in "$plain" "$tls"; do
        connect_alice "$upstream"
        open_page "
            const source = new EventSource(api + '/events/$slug?key=$slug&count=2');
            source.onmessage = event => report(event.lastEventId + ' ' + event.data);
            source.onerror = () => report('state ' + source.readyState);"
        await 30 was_seen "/events/$slug" 1
        release "$slug"
        expect_report 1%20event%201
        run ! grep -q 'event%202' "$work/logs/reports.log"
        release "$slug"
        expect_report 2%20event%202
        # The stream ends, and the browser comes again.
        await 30 was_seen "/events/$slug" 2
        release "$slug"
        expect_report 3%20event%203
        expect_equal "$(seen "/events/$slug" '.headers[] | select(.[0] | ascii_downcase == "last-event-id") | .[1]')" \
            '"2"'
        stop_group browser
        await 10 has_ended_last "/events/$slug" gone
    done
}

has_ended_last() {
    [[ $(seen "$1" .ended | tail -n 1) == "\"$2\"" ]]
}

@test "a page of another site gets nothing, and nothing is sent" {
    connect_alice "$plain"
    open_page "
        const elsewhere = location.origin.replace('127.0.0.1', 'localhost');
        const frame = document.createElement('iframe');
        frame.srcdoc = '<script>fetch(\"$base' + api + '/echo/$slug\", {credentials: \"include\"})' +
            '.then(() => parent.postMessage(\"read\", \"*\"), () => parent.postMessage(\"refused\", \"*\"))<' + '/script>';
        frame.sandbox = 'allow-scripts';
        addEventListener('message', event => report('frame ' + event.data));
        document.documentElement.append(frame);"
    expect_report frame%20refused
    expect_equal "$(seen_times "/echo/$slug")" 0
}

@test "an image of the host's own page that another site redirects makes no call" {
    connect_alice "$plain"
    open_page "
        const image = new Image();
        image.onload = image.onerror = () => report('image over');
        image.src = '${base/127.0.0.1/evil.test}/bounce-call?slug=$slug';"
    expect_report image%20over
    expect_equal "$(seen_times "/echo/$slug")" 0
}

# The page that asks ----------------------------------------------------------------------------

# A page's script fills the page in, in a popup; the browser sends it as it would for a person.
# fill_in TARGET STEPS: with `form`, `value(name, text)`, `send()` and `shows(text)` in the steps.
fill_in() {
    open_page "
        const popup = open('$1');
        const seen = probe => new Promise(done => {
            const timer = setInterval(() => {
                try { if (probe()) { clearInterval(timer); done(); } } catch { }
            }, 50);
        });
        const form = () => popup.document.forms[0];
        const shows = text => seen(() => popup.document.readyState === 'complete'
            && popup.document.body.innerText.includes(text));
        const value = (name, text) => { form().elements[name].value = text; };
        const send = () => form().querySelector('button').click();
        $2"
}

# A provider whose host depends on what is typed, on another site than the page.
add_tenants() {
    add_integration ".authUri |= sub(\"127.0.0.1\"; \"{tenant}\") | .name = \"Tenants\" |
        .connectionData = {tenant: {pattern: \"[a-z]+\", choosesHost: true, title: \"Your tenant\",
            example: \"acme\"}}"
}

@test "a popup signs in, connects and closes itself" {
    add_foreign_integration
    start_url "/api/integrations/$slug/connect?popup=1" >/dev/null
    fill_in "$(json .startUrl)" "
        await seen(() => popup.closed);
        report('popup closed');"
    expect_report popup%20closed
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_status 200
}

@test "a tenant is asked for, and a wrong one again; then the provider, and the popup closes" {
    add_tenants
    fill_in "/api/integrations/$slug/connect?popup=1" "
        await shows('as alice');
        report('asks for ' + popup.document.activeElement.labels[0].innerText);
        value('data.tenant', 'A-1');
        report('valid ' + form().checkValidity());
        form().noValidate = true;
        send();
        await shows('This cannot be right');
        report('again with ' + form().elements['data.tenant'].value);
        value('data.tenant', 'localhost');
        send();
        await seen(() => popup.closed);
        report('closed');"
    expect_report asks%20for%20Your%20tenant
    expect_report valid%20false
    expect_report again%20with%20A-1
    expect_report closed
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_status 200
    expect_equal "$(json .data.tenant)" localhost
}

# An integration whose API takes no key but the one in $api_key.
add_keys() {
    api_key=$(mock_access_token)
    add_integration '{slug, name: "Keys", apiBaseUri, authType: "apikey", credentialTestPath: "/files",
        credentialPlacement: {in: "header", name: "Authorization", prefix: "Bearer "}}'
}

@test "a key that is refused is asked for again without being shown, and the right one connects" {
    add_keys
    fill_in "/api/integrations/$slug/connect?popup=1" "
        await shows('API key');
        value('apiKey', 'canary-key');
        send();
        await shows('refused this key (status 401)');
        report('shown ' + popup.document.documentElement.outerHTML.includes('canary'));
        report('valid ' + form().checkValidity());
        value('apiKey', '$api_key');
        send();
        await seen(() => popup.closed);
        report('closed');"
    expect_report shown%20false
    expect_report valid%20false
    expect_report closed
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: alice'
    expect_status 200
}

@test "a session that ended while the form was filled in is told in plain words" {
    add_keys
    fill_in "/api/integrations/$slug/connect" "
        await shows('API key');
        value('apiKey', '$api_key');
        await fetch('/grantkeeper/session', {method: 'DELETE'});
        send();
        await shows('Not signed in');
        report('told ' + popup.document.title);"
    expect_report told%20Not%20signed%20in
}

@test "after either form the browser goes on to an allowed origin's page" {
    local there="${base/127.0.0.1/localhost}/report?text=landed"
    there=$(jq -rn --arg u "$there" '$u | @uri')
    add_tenants
    fill_in "/api/integrations/$slug/connect?returnTo=$there" "
        await shows('as alice');
        value('data.tenant', 'localhost');
        send();"
    expect_report landed
    stop_group browser
    add_keys
    fill_in "/api/integrations/$slug/connect?returnTo=$there" "
        await shows('as alice');
        value('apiKey', '$api_key');
        send();"
    expect_report landed
}

@test "a user who continues is signed in, and the form leads on to another site" {
    add_foreign_integration
    by_json "$admin_key" POST /grantkeeper/sessions \
        "{\"userId\": \"bob\", \"returnTo\": \"/api/integrations/$slug/connect\"}"
    fill_in "${base/127.0.0.1/localhost}/go#$(jq -rn --arg u "$(json .startUrl)" '$u | @uri')" "
        await shows('Continue as bob?');
        send();
        await shows('Foreign Drive is connected');
        report('connected');"
    expect_report connected
    by "$admin_key" GET "/api/integrations/$slug/connection" -H 'On-Behalf-Of: bob'
    expect_status 200
}

# Callbacks that come twice ----------------------------------------------------------------------

# A provider's page on the service's own host, so that a test can script it: it has the mock
# provider approve, and does what $1 says with the URL of the callback.
add_scripted_provider() {
    add_integration ".authUri = \"$base/provider\" | .name = \"Scripted\""
    cat >"$work/run/provider.js" <<PAGE
        const mock = "/mock/${mock##*:}";
        const click = async callback => { $1 };
        // Also when it is shown again, as it was.
        addEventListener("pageshow", () => setTimeout(async () => {
            const answer = await fetch(mock + "/authorize" + location.search + "&response_mode=form_post");
            const form = new DOMParser().parseFromString(await answer.text(), "text/html").forms[0];
            const fields = [...form.elements].filter(e => e.name).map(e => [e.name, e.value]);
            await click(form.getAttribute("action") + "?" + new URLSearchParams(fields));
        }));
PAGE
    cat >"$work/run/landed.js" <<PAGE
        const ends = sessionStorage.ends = (sessionStorage.ends || 0) * 1 + 1;
        const query = new URLSearchParams(location.search);
        fetch("/report?text=" + ends + "-" + (query.get("error") || "connected" + query.get("connected")));
        addEventListener("load", () => setTimeout(() => { $2 }));
PAGE
}

@test "a double click on the provider's button ends once, connected" {
    add_scripted_provider "
        const metrics = async () => (await fetch('/grantkeeper/metrics')).text();
        location.href = callback;
        while (!/grantkeeper_calls_in_flight 1/.test(await metrics()));
        location.href = callback + '&again';" ''
    local tokens
    tokens=$(mock_count token.authorization_code)
    mock_order fail '{"endpoint": "token", "mode": "hold", "milliseconds": 15000}'
    open_page "location.href = '/api/integrations/$slug/connect?returnTo=/landed';"
    await 10 calls_in_flight 2
    mock_order release
    expect_report 1-connected1
    expect_equal "$(($(mock_count token.authorization_code) - tokens))" 1
}

@test "the back button, and another approval there, end in the same place again" {
    add_scripted_provider 'location.href = callback;' 'if (ends < 3) history.back();'
    local tokens
    tokens=$(mock_count token)
    open_page "location.href = '/api/integrations/$slug/connect?returnTo=/landed';"
    # Each time the provider's page makes another code for the same state.
    expect_report 3-connected1
    expect_equal "$(($(mock_count token) - tokens))" 1
    expect_equal "$(grep -c connected1 "$work/logs/reports.log")" 3
}
