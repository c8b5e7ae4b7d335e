# shellcheck shell=bash
#
# Canaille, from PyPI: OpenID Connect by Authlib, users and tokens in SQLite, pages with forms.
# shellcheck disable=SC2154 # $work, $base and others are set by the helpers

# Sets $canaille, the issuer.
start_canaille() {
    python_environment "$BATS_TEST_DIRNAME/identity-providers/canaille/requirements.txt"
    local port
    port=$(free_port)
    start_front canaille "$port"
    canaille=$front
    canaille_program=$environment/bin/canaille
    export canaille canaille_program
    mkdir "$work/private/canaille"
    canaille_settings >"$work/private/canaille/settings.toml"
    canaille_command install
    canaille_command create user --user-name alice --password "$alice_password" \
        --given-name Alice --family-name Liddell --formatted-name 'Alice Liddell' \
        --emails alice@example.org
    start_process canaille env CANAILLE_CONFIG="$work/private/canaille/settings.toml" \
        "$canaille_program" run --bind "127.0.0.1:$port"
}

canaille_is_ready() {
    curl -sf --cacert "$work/tls/authority.pem" "$canaille/.well-known/openid-configuration"
}

# TRUSTED_DOMAINS are those whose clients nobody is asked about; this machine is among them unless
# something else is said. SERVER_NAME makes the issuer an origin without a slash; without it, there
# is one.
canaille_settings() {
    cat <<SETTINGS
SECRET_KEY = "only for this test"
SERVER_NAME = "${canaille#https://}"
PREFERRED_URL_SCHEME = "https"

[CANAILLE]
NAME = "Canaille"
DATABASE = "sql"

[CANAILLE_OIDC]
TRUSTED_DOMAINS = []

[CANAILLE_SQL]
DATABASE_URI = "sqlite:///$work/private/canaille/database"
PASSWORD_HASH_PARAMS = { "pbkdf2_sha512__rounds" = 1000 }

[CANAILLE_HYPERCORN]
PROXY_MODE = "legacy"
SETTINGS
}

# canaille_command ARGUMENT...: its own command line.
canaille_command() {
    CANAILLE_CONFIG=$work/private/canaille/settings.toml "$canaille_program" "$@" \
        >>"$work/logs/canaille.log" 2>&1
}

# canaille_register CLIENT SECRET [METHOD]
canaille_register() {
    canaille_command create client --client-id "$1" --client-secret "$2" --client-name "$1" \
        --client-uri https://grantkeeper.test --redirect-uris "$base/oauth2/callback" \
        --token-endpoint-auth-method "${3:-client_secret_basic}" --response-types code \
        --grant-types authorization_code --grant-types refresh_token \
        --scope openid --scope profile
}

# What alice does there with $authorization_url; sets $callback_url.
canaille_approve() {
    canaille_answer accept
}

canaille_deny() {
    canaille_answer deny
}

# One page for the name, one for the password, one for the consent.
canaille_answer() {
    visit "$authorization_url"
    if [[ $page_url == */login ]]; then
        canaille_submit -d login=alice
        canaille_submit --data-urlencode "password=$alice_password"
    fi
    [[ -n $callback_url ]] || canaille_submit -d "answer=$1"
    [[ -n $callback_url ]]
}

canaille_submit() {
    local token
    token=$(sed -n 's/.*name="csrf_token" value="\([^"]*\)".*/\1/p' "$page")
    visit "$page_url" --data-urlencode "csrf_token=$token" "$@"
}

# Waits for the next second: its tokens tell who, for whom and when, and two of one second are the
# same to the byte; its database then refuses the later one, and the answer is a 500.
canaille_moment() {
    local now=$EPOCHSECONDS
    until ((EPOCHSECONDS > now)); do sleep 0.05; done
}

# Who alice is there.
canaille_subject() {
    printf 'alice\n'
}

canaille_sql() {
    sqlite3 -cmd '.timeout 10000' "$work/private/canaille/database" "$1"
}

# canaille_tokens CLIENT: refresh tokens of the client, the oldest first, and whether they were
# revoked.
canaille_tokens() {
    canaille_sql "SELECT refresh_token, revokation_date IS NOT NULL FROM token
        JOIN client ON client.id = token.client_id WHERE client.client_id = '$1'
        ORDER BY token.rowid"
}
