#!/usr/bin/env bats
# The files of nginx/, inside a host whose http and server blocks say the opposite wherever they
# can.

load helpers
load mock
load upstream

setup_file() {
    start_stack hostile_host
    start_upstream
}

teardown_file() {
    stop_stack
}

# The hostile host, and on another port one that follows the advice about its logs.
hostile_host() {
    free_port >"$work/run/advised-port"
    advised_host "$(<"$work/run/advised-port")" >"$work/run/advised.conf"
    install_nginx_files "$work/nginx-files" "$work/run/grantkeeper.sock" >&2
    printf 'host:%s\n' "$(openssl passwd -apr1 secret)" >"$work/run/htpasswd"
    cat <<HOST
    fastcgi_cache_path $work/gateway/cache keys_zone=hostile:1m;
    fastcgi_cache hostile;
    fastcgi_cache_key \$uri;
    fastcgi_cache_valid any 10m;
    fastcgi_cache_methods GET HEAD POST;
    fastcgi_ignore_headers Cache-Control Set-Cookie Expires;
    fastcgi_intercept_errors on;
    fastcgi_buffering off;
    fastcgi_buffer_size 4k;
    fastcgi_buffers 2 4k;
    fastcgi_busy_buffers_size 4k;
    fastcgi_temp_file_write_size 4k;
    fastcgi_next_upstream error timeout invalid_header http_500 http_503 non_idempotent;
    fastcgi_read_timeout 100ms;
    fastcgi_send_timeout 100ms;
    fastcgi_request_buffering on;
    fastcgi_pass_request_headers off;
    fastcgi_hide_header Set-Cookie;
    fastcgi_hide_header Location;
    fastcgi_pass_header X-Accel-Redirect;
    fastcgi_limit_rate 1;
    fastcgi_param GRANTKEEPER_USER admin;
    fastcgi_param GRANTKEEPER_SUPERUSER 1;
    fastcgi_param HTTP_AUTHORIZATION "Bearer gk_hostile";
    client_max_body_size 1k;
    client_body_in_file_only on;
    client_body_timeout 1s;
    send_timeout 1s;
    underscores_in_headers on;
    ignore_invalid_headers off;
    gzip on;
    gzip_types *;
    gzip_min_length 1;
    gzip_proxied any;
    sub_filter_types *;
    sub_filter ok hostile;
    sub_filter connection hostile;
    sub_filter_once off;
    ssi on;
    ssi_types *;
    charset koi8-r;
    expires 30d;
    add_header Access-Control-Allow-Origin "*" always;
    add_header X-Hostile yes always;
    error_page 400 401 403 404 409 413 415 500 502 503 504 =200 /sorry.html;
    server_name_in_redirect on;
    default_type text/html;
    include $work/nginx-files/grantkeeper-upstream.conf;
    include $work/run/advised.conf;
    server {
        listen 127.0.0.1:$1;
        server_name hostile.test;
        include $work/nginx-files/grantkeeper.conf;
        rewrite ^/(?!sorry|host) /host\$uri last;
        auth_basic hostile;
        auth_basic_user_file $work/run/htpasswd;
        satisfy any;
        allow 127.0.0.1;
        location ~ . {
            return 200 "the host's own: \$uri\n";
        }
        location ^~ /api/ {
            return 200 "the host's own: \$uri\n";
        }
        location ^~ /grantkeeper {
            return 200 "the host's own: \$uri\n";
        }
        location ^~ /oauth2/ {
            return 200 "the host's own: \$uri\n";
        }
        location = /sorry.html {
            return 200 sorry;
        }
    }
HOST
}

advised_host() {
    cat <<HOST
    server {
        listen 127.0.0.1:$1;
        server_name advised.test;
        access_log $work/gateway/advised.log grantkeeper_host;
        error_log $work/gateway/advised-error.log error;
        error_page 599 /none;
        include $work/nginx-files/grantkeeper.conf;
        location / {
            return 200 "the host's own\n";
        }
    }
HOST
}

# raw PORT TEXT: sends the text, in the form of printf, and prints the status of the answer.
raw() {
    python3 - "$1" "$(printf '%b.' "$2")" <<'PYTHON'
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10) as connection:
    connection.sendall(sys.argv[2][:-1].encode())
    print(connection.recv(64).decode("latin-1").split(" ")[1])
PYTHON
}

@test "the contract's paths and our prefix are ours, the rest is the host's" {
    sign_in alice
    local target
    for target in /api/integrations /api/integrations/ /api/integrations/x \
        /api/integrations/x/connections /api/integrations/x/connect/ /api/integrations/x/requests \
        /api/integration-connections/ /api/integration-connectionsx /oauth2/callbackx /oauth2/auth \
        /oauth2/callback/a/b /oauth2 /api/integrations/x/y/connect /grantkeeper /grantkeeperx/ \
        /x/grantkeeper/healthz /; do
        request GET "$target"
        expect_status 200
        expect_match "$body" "the host's own"
    done
    for target in /api/integrations/x/connection /api/integrations/x/request/a \
        /api/integrations/x/connect /api/integrations/x/request /grantkeeper/nothing; do
        as alice GET "$target"
        expect_match "$status" '^40[45]$'
        expect_equal "$(field Content-Type)" application/problem+json
    done
    request GET /grantkeeper/healthz
    expect_status 200
}

@test "what is internal cannot be asked for" {
    local target
    for target in /.grantkeeper/ /.grantkeeper/proxy /.grantkeeper/callback /.grantkeeper/metrics; do
        request GET "$target"
        expect_no_match "$body" 'grantkeeper_|"status": *"ok"'
    done
}

@test "the whole flow, and a call, in a hostile host" {
    sign_in alice
    add_integration
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    expect_equal "$(json .ownerId)" alice
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    as_json alice POST "/api/integrations/$slug/request" '{"url": "/files"}'
    expect_status 200
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
}

@test "the page that takes a credential, and its form, in a hostile host" {
    sign_in alice
    add_integration '{slug, name, apiBaseUri, authType: "bearer", credentialTestPath: "/files"}'
    as alice GET "/grantkeeper/connect/$slug"
    expect_status 200
    expect_match "$body" 'type="password"'
    as alice POST "/grantkeeper/connect/$slug" --data token=wrong -H "Origin: $base"
    expect_status 400
    expect_match "$body" 'The API refused this token'
    as alice POST "/grantkeeper/connect/$slug" --data "token=$(mock_access_token)" -H "Origin: $base"
    expect_status 303
    head -c 16000 /dev/zero | tr '\0' k >"$BATS_TEST_TMPDIR/long"
    as alice POST "/grantkeeper/connect/$slug" --data-urlencode "token@$BATS_TEST_TMPDIR/long"
    expect_status 400
    expect_match "$body" 'The API refused this token'
    head -c 2000000 /dev/zero | tr '\0' k >"$BATS_TEST_TMPDIR/long"
    as alice POST "/grantkeeper/connect/$slug" --data-urlencode "token@$BATS_TEST_TMPDIR/long"
    expect_problem 413 body_too_large
}

@test "no answer is cached, and no user's is another's" {
    sign_in alice bob
    add_integration
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    as bob GET "/api/integrations/$slug/connection"
    expect_problem 404
    request GET "/api/integrations/$slug/connection"
    expect_problem 401
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    expect_equal "$(find "$work/gateway/cache" -type f | wc -l)" 0
}

@test "an error keeps its status and its body" {
    sign_in alice
    as alice GET /api/integrations/nowhere/connection
    expect_problem 404
    request GET /api/integration-connections
    expect_problem 401
    connect_upstream alice
    local code
    for code in 404 500 503; do
        as alice GET "/api/integrations/$slug/request/status/$code"
        expect_status "$code"
        expect_no_match "$body" sorry
    done
}

@test "nothing of an answer is changed on the way" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/files" -H 'Accept-Encoding: gzip'
    expect_equal "$body" '{"ok": true}'
    expect_equal "$(field Content-Encoding)" ''
    expect_equal "$(field X-Hostile)" ''
    expect_equal "$(field Access-Control-Allow-Origin)" ''
    expect_equal "$(field Expires)" ''
    expect_equal "$(field Cache-Control)" no-store
    expect_no_match "$(field Content-Type)" koi8
    as alice GET "/api/integrations/$slug/request/big-head"
    expect_status 200
}

@test "SECURITY 34: nginx obeys no X-Accel of an upstream's" {
    sign_in alice
    connect_upstream alice
    as alice GET "/api/integrations/$slug/request/impudent"
    expect_status 200
    expect_equal "$body" impudent
}

@test "SECURITY 13: a redirect of ours stays where the public base URL says" {
    sign_in alice
    add_integration
    as alice GET '/oauth2/callback?code=x&state=y' -H 'Host: evil.test'
    expect_status 302
    expect_no_match "$(field Location)" 'evil|hostile'
}

@test "SECURITY 45: the host's parameters for FastCGI do not sign anybody in" {
    request GET /grantkeeper/session
    expect_problem 401
    request GET /grantkeeper/session -H 'GRANTKEEPER_USER: admin' -H 'Grantkeeper_User: admin'
    expect_problem 401
}

@test "SECURITY 42: a Proxy header changes nothing" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local port
    port=$(free_port)
    as alice GET "/api/integrations/$slug/request/files" -H "Proxy: http://127.0.0.1:$port"
    expect_status 200
    expire_connection
    as alice GET "/api/integrations/$slug/request/files" -H "Proxy: http://127.0.0.1:$port"
    expect_status 200
}

@test "a body that is larger than the host allows is ours to judge" {
    sign_in alice
    add_integration
    connect alice "$slug"
    head -c 500000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/body-500k"
    as alice POST "/api/integrations/$slug/request/echo" -H 'Content-Type: text/plain' \
        --data-binary "@$BATS_TEST_TMPDIR/body-500k"
    expect_status 200
    expect_equal "$(json .bodyLength)" 500000
    expect_equal "$(find "$work/gateway/client" -type f | wc -l)" 0
}

@test "a call that takes longer than the host's patience is answered" {
    sign_in alice
    add_integration
    connect alice "$slug"
    as alice GET "/api/integrations/$slug/request/delay/1500"
    expect_status 200
}

@test "SECURITY 44: the body is read to its length, or to its end under the cap" {
    sign_in alice
    add_integration
    head -c 3000000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/3m"
    as alice POST "/api/integrations/$slug/connect" -H 'Content-Type: application/json' \
        --data-binary "@$BATS_TEST_TMPDIR/3m"
    expect_problem 413
    as alice POST "/api/integrations/$slug/connect" -H 'Content-Type: application/json' \
        -H 'Transfer-Encoding: chunked' --data-binary '{"accessToken": "t"}'
    expect_status 201
    as alice POST "/api/integrations/$slug/request" -H 'Content-Type: application/json' \
        -H 'Transfer-Encoding: chunked' --data-binary "@$BATS_TEST_TMPDIR/3m"
    expect_match "$status" '^4(00|13)$'
}

@test "SECURITY 26: neither a code nor a state nor a ticket reaches nginx's logs" {
    sign_in alice
    add_integration
    begin alice "$slug"
    approve
    local code state
    code=$(query_value "$callback_url" code)
    state=$(query_value "$callback_url" state)
    finish alice
    by_json "$admin_key" POST /grantkeeper/sessions '{"userId": "alice"}'
    local start
    start=$(json .startUrl)
    request GET "$start"
    # With the service gone, nginx complains about each request that it could not pass on.
    stop_process service
    as alice GET "$callback_url"
    expect_problem 502 service_unreachable
    request GET "$start"
    expect_problem 502
    start_service
    [[ -n $code && -n $state ]]
    grep -q '/oauth2/callback' "$work/nginx-files/grantkeeper.log"
    expect_equal "$(grep -rlF -e "$code" -e "$state" -e "${start#*ticket=}" \
        "$work/gateway" "$work/nginx-files" "$work/logs/gateway.log" || true)" ''
}

@test "SECURITY 26: what nginx refuses by itself is in an advised host's log without its query" {
    local port long query end='\r\nHost: advised.test\r\n\r\n'
    port=$(<"$work/run/advised-port")
    long=$(head -c 40000 /dev/zero | tr '\0' x)
    local target
    for target in /oauth2/callback /oauth2/callback/mock /grantkeeper/sessions/start; do
        query='?code=SECRET-1&state=SECRET-2&ticket=SECRET-3'
        expect_equal "$(raw "$port" "GET $target$query&x=$long HTTP/1.1$end")" 414
        expect_equal "$(raw "$port" "GET http://advised.test$target$query&x=$long HTTP/1.1$end")" 414
        expect_equal "$(raw "$port" "GET $target$query HTTP/1.1\\r\\nX: $long$end")" 400
        expect_equal "$(raw "$port" "GET $target$query HTTP/1.1\\r\\n\\r\\n")" 400
        expect_equal "$(raw "$port" "GET $target$query HTTP/1.1\\r\\nA B: c$end")" 400
        expect_equal "$(raw "$port" "GET $target$query&error=a b HTTP/1.1$end")" 400
        expect_equal "$(raw "$port" "get $target$query HTTP/1.1$end")" 400
        expect_equal "$(raw "$port" "TRACE $target$query HTTP/1.1$end")" 405
    done
    query='/oauth2/callback?code=SECRET-4'
    expect_equal "$(raw "$port" "GET /own?a=1 HTTP/1.1\\r\\nReferer: http://h$query$end")" 200
    expect_equal "$(grep -c '"GET /own?a=1 HTTP/1.1" 200' "$work/gateway/advised.log")" 1
    expect_equal "$(grep -c '/oauth2/callback" 414' "$work/gateway/advised.log")" 2
    expect_equal "$(grep -l SECRET "$work"/gateway/advised*.log)" ''
}

@test "the metrics are for this machine" {
    request GET /grantkeeper/metrics
    expect_status 200
    expect_match "$body" '# TYPE grantkeeper_'
    grep -A 8 'location = /.grantkeeper/metrics' "$repository/nginx/grantkeeper.conf" |
        grep -q 'deny all'
}

@test "the examples are valid configurations" {
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=connect.example.com \
        -keyout "$BATS_TEST_TMPDIR/key.pem" -out "$BATS_TEST_TMPDIR/cert.pem" 2>/dev/null
    local example
    for example in example example-basic-auth; do
        nginx_configuration "$BATS_TEST_TMPDIR" "
            include $work/nginx-files/grantkeeper-upstream.conf;
            $(sed -e "s|/etc/ssl/certs/[^;]*|$BATS_TEST_TMPDIR/cert.pem|" \
                -e "s|/etc/ssl/private/[^;]*|$BATS_TEST_TMPDIR/key.pem|" \
                -e "s|/etc/nginx/grantkeeper.conf|$work/nginx-files/grantkeeper.conf|" \
                -e 's|listen \(.*\)\(80\|443\)|listen \11\2|' \
                "$repository/nginx/$example.conf")" >"$BATS_TEST_TMPDIR/$example.conf"
        run nginx -t -c "$BATS_TEST_TMPDIR/$example.conf"
        expect_equal "$status" 0
    done
}
