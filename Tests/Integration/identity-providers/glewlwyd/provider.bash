# shellcheck shell=bash
#
# Glewlwyd, from Debian: OpenID Connect in C, users and tokens in SQLite, one page whose script calls
# its API for everything; here the calls of that script are made without it. It is unpacked and not
# installed: its package would set up a service.
# shellcheck disable=SC2154 # $work, $base and others are set by the helpers

# Sets $glewlwyd, the issuer.
start_glewlwyd() {
    unpacked_package glewlwyd
    local port folder=$work/private/glewlwyd
    port=$(free_port)
    start_front glewlwyd "$port"
    glewlwyd_origin=$front
    glewlwyd=$glewlwyd_origin/api/oidc
    export glewlwyd glewlwyd_origin
    mkdir -p "$folder/pages"
    sqlite3 "$folder/database" \
        <"$unpacked/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
    glewlwyd_settings "$port" >"$folder/settings"
    start_process glewlwyd "$unpacked/usr/bin/glewlwyd" --config-file="$folder/settings"
    await 15 curl -sf --cacert "$work/tls/authority.pem" "$glewlwyd_origin/config" || {
        cat -- "$work/logs/glewlwyd.log" >&2
        die "glewlwyd is not ready"
    }
    glewlwyd_set_up
}

# external_url ends without a slash, or the metadata has two in every URL.
glewlwyd_settings() {
    cat <<SETTINGS
port = $1
bind_address = "127.0.0.1"
external_url = "$glewlwyd_origin"
api_prefix = "api"
login_url = "login.html"
static_files_path = "$work/private/glewlwyd/pages"
log_mode = "console"
log_level = "DEBUG"
cookie_domain = "127.0.0.1"
cookie_secure = 1
session_key = "GLEWLWYD2_SESSION_ID"
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "$unpacked/usr/lib/glewlwyd/user"
user_middleware_module_path = "$unpacked/usr/lib/glewlwyd/user_middleware"
client_module_path = "$unpacked/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "$unpacked/usr/lib/glewlwyd/scheme"
plugin_module_path = "$unpacked/usr/lib/glewlwyd/plugin"
hash_algorithm = "SHA512"
database = { type = "sqlite3", path = "$work/private/glewlwyd/database" };
SETTINGS
}

glewlwyd_set_up() {
    # As the package makes the administrator.
    glewlwyd_admin auth/ '{"username": "admin", "password": "password"}'
    openssl genrsa -out "$work/private/glewlwyd/key.pem" 2048 2>/dev/null
    openssl pkey -in "$work/private/glewlwyd/key.pem" -pubout \
        -out "$work/private/glewlwyd/public.pem"
    glewlwyd_admin mod/plugin/ "$(jq --rawfile key "$work/private/glewlwyd/key.pem" \
        --rawfile public "$work/private/glewlwyd/public.pem" --arg issuer "$glewlwyd" \
        '.parameters += {iss: $issuer, key: $key, cert: $public}' \
        "$BATS_TEST_DIRNAME/identity-providers/glewlwyd/plugin.json")"
    glewlwyd_admin scope/ '{"name": "profile", "display_name": "Profile", "description": "Name",
        "password_required": false, "scheme": {}}'
    glewlwyd_admin user/ "$(jq -n --arg password "$alice_password" '{
        username: "alice", name: "Alice Liddell", email: "alice@example.org", enabled: true, $password,
        scope: ["openid", "profile"]}')"
}

# glewlwyd_admin PATH JSON: as the administrator.
glewlwyd_admin() {
    curl -sS --fail-with-body --max-time 20 --cacert "$work/tls/authority.pem" \
        -b "$work/private/glewlwyd/jar" -c "$work/private/glewlwyd/jar" \
        -H 'Content-Type: application/json' --data-binary "$2" "$glewlwyd_origin/api/$1" >&2
}

# glewlwyd_register CLIENT SECRET
glewlwyd_register() {
    glewlwyd_admin client/ "$(jq -n --arg id "$1" --arg secret "$2" --arg uri "$base" '{
        client_id: $id, name: $id, client_secret: $secret, confidential: true, enabled: true,
        redirect_uri: ["\($uri)/oauth2/callback"], scope: [],
        authorization_type: ["code", "refresh_token"],
        token_endpoint_auth_method: ["client_secret_basic"]}')"
}

# What alice does there with $authorization_url, and the script of its page for her; sets
# $callback_url.
glewlwyd_approve() {
    local client back
    visit "$authorization_url"
    [[ $page_url == */login.html?* ]]
    client=$(query_value "$page_url" client_id)
    back=$(decoded "$(query_value "$page_url" callback_url)")
    visit "$glewlwyd_origin/api/auth/" -H 'Content-Type: application/json' \
        -d "{\"username\": \"alice\", \"password\": \"$alice_password\"}"
    visit "$glewlwyd_origin/api/auth/grant/$client" -X PUT -H 'Content-Type: application/json' \
        -d '{"scope": "openid profile"}'
    visit "$back&g_continue"
    [[ -n $callback_url ]]
}

# Nothing to wait for.
glewlwyd_moment() {
    :
}

# Who alice is there.
glewlwyd_subject() {
    glewlwyd_sql "SELECT gposi_sub FROM gpo_subject_identifier WHERE gposi_username = 'alice'"
}

glewlwyd_sql() {
    sqlite3 -cmd '.timeout 10000' "$work/private/glewlwyd/database" "$1"
}

# glewlwyd_tokens CLIENT: hashes of the client's refresh tokens, the oldest first, and whether they
# were revoked.
glewlwyd_tokens() {
    glewlwyd_sql "SELECT gpor_token_hash, 1 - gpor_enabled FROM gpo_refresh_token
        WHERE gpor_client_id = '$1' ORDER BY gpor_id"
}
