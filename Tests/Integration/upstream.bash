# shellcheck shell=bash
#
# An API of its own, played by nginx: it says whatever an upstream should not, and notes every
# request that reaches it, so that a test can say "nothing was sent".

# start_upstream: sets $upstream, its base URL with the path /v3.
start_upstream() {
    start_nginx upstream upstream_http
    upstream=http://127.0.0.1:$nginx_port/v3
    export upstream
}

upstream_http() {
    cat <<HTTP
    log_format seen escape=json '{"method": "\$request_method", "uri": "\$request_uri", '
        '"host": "\$http_host", "authorization": "\$http_authorization", '
        '"cookie": "\$http_cookie", "origin": "\$http_origin", "referer": "\$http_referer", '
        '"proxy": "\$http_proxy", "forwarded": "\$http_x_forwarded_for", '
        '"te": "\$http_transfer_encoding", "length": "\$http_content_length", '
        '"type": "\$http_content_type", "body": "\$request_body", "marker": "\$http_x_marker", '
        '"range": "\$http_range", "accept": "\$http_accept", "encoding": "\$http_accept_encoding", '
        '"sso": "\$http_x_auth_request_access_token", "expect": "\$http_expect", '
        '"obo": "\$http_on_behalf_of", "key": "\$http_x_api_key"}';
    access_log $work/logs/upstream-seen.log seen;
    types {
        text/html html;
        "text/html;charset=utf-8" htm;
        "text/xml	;charset=utf-8" tab;
        image/svg+xml svg;
        application/xml xml;
        application/xhtml+xml xhtml;
        text/javascript js;
        application/pdf pdf;
        text/css css;
        image/png png;
        application/json json;
    }
    server {
        listen 127.0.0.1:$1;
        large_client_header_buffers 8 64k;
        merge_slashes off;
        location / {
            default_type application/json;
            return 200 '{"ok": true}';
        }
        location /v3/file. {
            return 200 "<script>alert(1)</script>";
        }
        location = /v3/impudent {
            add_header Set-Cookie "grantkeeper=stolen; Path=/" always;
            add_header WWW-Authenticate 'Basic realm="give me your password"' always;
            add_header X-Accel-Redirect /secret always;
            add_header X-Accel-Expires 3600 always;
            add_header X-Accel-Limit-Rate 1 always;
            add_header X-Accel-Buffering no always;
            add_header X-Accel-Charset koi8-r always;
            add_header Status "500 Surprise" always;
            add_header Strict-Transport-Security "max-age=1" always;
            add_header Clear-Site-Data '"*"' always;
            add_header Access-Control-Allow-Origin "*" always;
            add_header Access-Control-Allow-Credentials true always;
            add_header Content-Security-Policy "default-src *" always;
            add_header Refresh "0; url=https://evil.test/" always;
            add_header Alt-Svc 'h2="evil.test:443"' always;
            add_header Service-Worker-Allowed / always;
            add_header Keep-Alive "timeout=99" always;
            add_header CDN-Cache-Control "public, max-age=600" always;
            add_header Cloudflare-CDN-Cache-Control "public, max-age=600" always;
            add_header Vercel-CDN-Cache-Control "public, max-age=600" always;
            add_header Surrogate-Control max-age=600 always;
            add_header Surrogate-Key mine always;
            add_header Edge-Control max-age=600 always;
            add_header Cache-Tag mine always;
            add_header Secure-Session-Registration '(ES256);path="/x"' always;
            add_header X-Sendfile /etc/passwd always;
            add_header X-Kept kept always;
            default_type text/plain;
            return 200 "impudent";
        }
        location = /v3/unauthorized {
            add_header WWW-Authenticate 'Bearer error="invalid_token"' always;
            return 401 "no";
        }
        location = /v3/away {
            return 302 http://evil.test/elsewhere;
        }
        location = /v3/relative {
            absolute_redirect off;
            return 302 /v3/here;
        }
        location = /v3/links {
            add_header Link '<?page=2>; rel="next", <https://evil.test/x>; rel=preload, </v3/links?page=9>; rel=last';
            add_header Content-Location page-1;
            add_header ETag '"tag"';
            add_header Vary Accept;
            default_type application/json;
            return 200 '[]';
        }
        location = /v3/many-links {
            add_header Link '$(printf '<#%s>;rel=item,' {1..20})';
            return 200 "links";
        }
        location = /v3/big-head {
            set \$half "$(printf 'b%.0s' {1..3000})";
            add_header X-Big \$half\$half;
            return 200 "big";
        }
        location = /v3/none {
            return 204;
        }
        location /v3/status/ {
            location ~ 404 {
                return 404 "not there";
            }
            location ~ 500 {
                return 500 "broken";
            }
            location ~ 503 {
                add_header Retry-After 7200 always;
                return 503 "busy";
            }
            location ~ 418 {
                return 418 "a pot";
            }
        }
    }
HTTP
}

# How many requests the upstream has seen. nginx writes its log when a request is over, which is
# before the service has answered, or shortly after: the count is taken when it stands still.
seen_count() {
    local before now
    now=$(wc -l <"$work/logs/upstream-seen.log")
    while before=$now; do
        sleep 0.02
        now=$(wc -l <"$work/logs/upstream-seen.log")
        if ((now == before)); then break; fi
    done
    printf '%s\n' "$now"
}

# last_seen JQ: of the last request that it has seen.
last_seen() {
    seen_count >/dev/null
    tail -n 1 "$work/logs/upstream-seen.log" | jq -r "$1"
}

# connect_upstream USER [JQ]: an integration with this API, and the user's connection to it.
connect_upstream() {
    add_integration "{slug, name, apiBaseUri: \"$upstream\", authType: \"bearer\"} | ${2:-.}"
    as_json "$1" POST "/api/integrations/$slug/connect" '{"token": "upstream-token"}'
    expect_status 201
}
