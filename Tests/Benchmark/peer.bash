# shellcheck shell=bash
#
# Apache httpd with mod_auth_openidc, which scripts/bench measures beside the service: it also finds
# a user's session by a cookie, and makes the call to the API with the access token in it. It stands
# without nginx before it. Sourced by scripts/bench.
# shellcheck disable=SC2034,SC2154 # some variables are read there, some are set there

peer_packages=(apache2-bin libapache2-mod-auth-openidc openssl)
peer_client_secret=a-client-secret-of-mod-auth-openidc
peer_modules=${PEER_MODULES:-/usr/lib/apache2/modules}

peer_is_installed() {
    [[ -r $peer_modules/mod_auth_openidc.so ]] && command -v apache2 openssl >/dev/null
}

# Starts Apache, and signs a user in there. Sets $peer_base; the session is in the file peer-cookie.
start_peer() {
    local port
    mkdir -p "$work/peer"
    port=$(free_port)
    peer_base=http://127.0.0.1:$port
    peer_configuration "$port" >"$work/peer/httpd.conf"
    start_process peer apache2 -f "$work/peer/httpd.conf" -DFOREGROUND
    await 10 peer_asks_for_a_user || why_peer_failed "does not start"
    sign_in_to_peer || why_peer_failed "did not take the user's sign-in"
}

why_peer_failed() {
    tail -n 20 "$work/logs/peer.log" "$work/peer/error.log" >&2 || true
    die "Apache with mod_auth_openidc $1"
}

peer_asks_for_a_user() {
    [[ $(curl -s -o /dev/null -w '%{http_code}' "$peer_base/get-1k") == 302 ]]
}

# peer_configuration PORT: prints what Apache reads. Its defaults stay, but for the logs, which would
# measure the disk, and for what closes kept connections: a number of requests, and fewer threads in
# a process than it may have connections.
peer_configuration() {
    local module
    for module in mpm_event authn_core authz_core authz_user headers proxy proxy_http auth_openidc; do
        printf 'LoadModule %s_module %s/mod_%s.so\n' "$module" "$peer_modules" "$module"
    done
    if ((EUID == 0)); then printf 'User www-data\nGroup www-data\n'; fi
    cat <<CONFIGURATION
ServerRoot $work/peer
ServerName 127.0.0.1
Listen 127.0.0.1:$1
PidFile $work/peer/pid
DefaultRuntimeDir $work/peer
ErrorLog $work/peer/error.log
LogLevel warn
KeepAlive On
MaxKeepAliveRequests 0
ThreadsPerChild 64
MaxRequestWorkers 512
MaxSpareThreads 512
OIDCProviderIssuer https://provider.test
OIDCProviderAuthorizationEndpoint https://provider.test/authorize
OIDCClientID bench
OIDCClientSecret $peer_client_secret
OIDCResponseType "id_token token"
OIDCResponseMode form_post
OIDCRedirectURI $peer_base/callback
OIDCCryptoPassphrase a-passphrase-of-the-benchmark
<Location />
    AuthType openid-connect
    Require valid-user
</Location>
RequestHeader set Authorization "Bearer %{OIDC_access_token}e"
ProxyPass /callback !
ProxyPass / http://127.0.0.1:$files_port/
CONFIGURATION
}

# Signs a user in with the answer that a provider would have its page post (OpenID Connect Core
# §3.2.2.5): no provider is asked for anything.
sign_in_to_peer() {
    local jar=$work/private/peer-jar location token=t
    location=$(curl -s -o /dev/null -c "$jar" -w '%{redirect_url}' "$peer_base/get-1k")
    curl -s -o /dev/null -b "$jar" -c "$jar" "$peer_base/callback" \
        --data-urlencode "state=$(query_value state "$location")" \
        --data-urlencode "id_token=$(id_token "$(query_value nonce "$location")" "$token")" \
        -d "access_token=$token" -d token_type=Bearer -d expires_in=86400
    awk '$6 == "mod_auth_openidc_session" { print $6 "=" $7 }' "$jar" >"$work/private/peer-cookie"
    curl -s -b "$(<"$work/private/peer-cookie")" "$peer_base/get-1k" | cmp -s - "$work/files/get-1k"
}

# query_value NAME URL: prints a parameter's value; those here are never encoded.
query_value() {
    sed -n "s/.*[?&]$1=\([^&]*\).*/\1/p" <<<"$2"
}

# id_token NONCE ACCESS_TOKEN: prints a signed ID token (RFC 7519, signed with HS256).
id_token() {
    local now signed hash
    printf -v now '%(%s)T' -1
    # The left half of the hash (OpenID Connect Core §3.2.2.9).
    hash=$(printf '%s' "$2" | openssl dgst -sha256 -binary | head -c 16 | base64url)
    signed=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url).$(jq -jcn --arg nonce "$1" \
        --arg hash "$hash" --argjson now "$now" '{iss: "https://provider.test", sub: "alice",
            aud: "bench", nonce: $nonce, at_hash: $hash, iat: $now, exp: ($now + 86400)}' | base64url)
    printf '%s.%s\n' "$signed" "$(printf '%s' "$signed" |
        openssl dgst -sha256 -hmac "$peer_client_secret" -binary | base64url)"
}

base64url() {
    base64 -w 0 | tr '+/' '-_' | tr -d '='
}
