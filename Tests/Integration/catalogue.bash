# shellcheck shell=bash
#
# Each provider of the catalogue, played by the mock provider at the provider's own addresses, and
# what is done with it. Loaded after helpers.bash and mock.bash.
#
# The entries are used as they are: hosts.c leads every name to this machine, and a certificate
# holds all of them. What the entries say is what the mock provider demands, so that two files
# beside this one say it once more, and not after the entries: catalogue.requests, with which what
# was asked is compared, and catalogue.answers, by which it answers.

# Both have what is encoded in some places and not in others.
played_client_id='client+id.1'
played_secret='canary+S3cret/%7E=&x'
played_key='canary-key-4711+/='
played_account=canary@project.iam.gserviceaccount.com

# The stage ------------------------------------------------------------------------------------

# start_stage: the stack, with the service in a network where the mock provider is everybody.
start_stage() {
    need_swift
    find_binaries
    make_work
    mkdir "$work/private/jars" "$work/entries" "$work/tls"
    start_gateway
    start_mock
    write_entries
    make_certificate
    start_nginx stage stage_http
    stage_port=$nginx_port
    cc -O2 -Wall -shared -fPIC -o "$work/hosts.so" "$BATS_TEST_DIRNAME/hosts.c" -ldl
    start_service
    admin_key=$(grantkeeper key create --user admin --superuser)
    printf '%s' "$played_secret" >"$work/private/client-secret"
    make_service_account
    export work base mock settings binaries admin_key stage_port
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR sign_in alice
}

write_settings() {
    standard_settings
    printf '  caFile: %s\n' "$work/tls/authority.pem"
}

start_service() {
    start_process service env LD_PRELOAD="$work/hosts.so" HOSTS_PORT="$stage_port" \
        "$binaries/grantkeeper" serve --config "$settings"
    await 15 service_is_ready || {
        cat -- "$work/logs/service.log" >&2
        die "the service is not ready"
    }
}

stage_http() {
    cat <<SERVER
    server {
        listen 127.0.0.1:$1 ssl;
        ssl_certificate $work/tls/all.pem;
        ssl_certificate_key $work/tls/key.pem;
        location / {
            proxy_pass $mock;
            proxy_http_version 1.1;
            proxy_set_header Host \$http_host;
            proxy_next_upstream off;
        }
    }
SERVER
}

# write_entries: each provider of the catalogue, as `provider list` has it, in $work/entries.
write_entries() {
    local entry
    while IFS= read -r entry; do
        printf '%s\n' "$entry" >"$work/entries/$(jq -r .type <<<"$entry").json"
    done < <(grantkeeper provider list --json | jq -c '.[]')
}

# For jq: what stands for {name}; and a text with all of them filled in.
jq_data='def data: (.integration.connectionData // {})
        | map_values(if .from == "operator" or .from == "user" then .default // .example
            else .example // .default end // empty | tostring);
    def filled($data): reduce ($data | to_entries[]) as $datum (.;
        split("{\($datum.key)}") | join($datum.value));'

# The hosts of all entries.
entry_hosts() {
    jq -r "$jq_data"'data as $data | .integration | .. | strings | filled($data)
        | select(startswith("https://")) | ltrimstr("https://") | split("/")[0] | split("?")[0]
        | select(test("^[a-z0-9.-]+$"))' "$work"/entries/*.json | sort -u
}

# make_certificate: one that all of them share, from an authority made for it.
make_certificate() (
    cd "$work/tls" || exit
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=authority -days 30 \
        -keyout authority-key.pem -out authority.pem
    openssl req -newkey rsa:2048 -nodes -subj /CN=everybody -keyout key.pem -out all.csr
    printf 'subjectAltName=%s\n' "$(entry_hosts | sed 's/^/DNS:/' | paste -sd,)" >all.cnf
    openssl x509 -req -in all.csr -CA authority.pem -CAkey authority-key.pem -CAcreateserial \
        -days 30 -extfile all.cnf -out all.pem
) 2>>"$work/logs/tls.log"

# make_service_account: the key file of one, as Google gives it out.
make_service_account() {
    local key=$work/private/account-key.pem
    openssl genrsa -out "$key" 2048 2>>"$work/logs/tls.log"
    openssl rsa -in "$key" -pubout -out "$work/tls/account-key.pem" 2>>"$work/logs/tls.log"
    jq -n --rawfile key "$key" --arg id "$played_account" '{type: "service_account",
        project_id: "project", private_key_id: "4711", private_key: $key, client_email: $id,
        token_uri: "https://oauth2.googleapis.com/token"}' >"$work/private/service-account.json"
}

# One provider -----------------------------------------------------------------------------------

# play: everything that can be done with the provider that the test is named after, from adding it
# to losing it.
play() {
    slug=$BATS_TEST_DESCRIPTION
    read_entry
    read_answers
    answer_as "${variants[0]-}"
    add_from_catalogue
    put_on true
    refuse_connecting
    put_on
    connect_played
    check_connection
    call_played
    check_renewal
    disconnect
    expect_as_listed
    lose_grant
    local variant
    for variant in "${variants[@]:1}"; do
        answer_as "$variant"
        play_in_short
    done
}

# play_in_short: what depends on how the provider answers.
play_in_short() {
    forget_lost
    connect_again
    check_connection
    call_played
    check_renewal
    disconnect
    if [[ $renewal == nothing ]]; then lose_token; fi
}

# read_entry: sets what the tests want to know of the entry, at once:
#   kind      how one connects: code, client_credentials, jwt_bearer, apikey, basic, bearer
#   renews    what a token is renewed with: refresh_token, access_token, grant; nothing; or key,
#             where there is no token
#   api       where calls go
#   given     what the operator has to give, a line each
#   data      what whoever connects has to give, as JSON; and as a query
#   scope     what is asked for
#   assumed   how long tokens live of which nobody says it, if that is known
#   tested    where a credential is tried, if it is
#   order     what makes the mock provider this one
read_entry() {
    eval "$(jq -r --arg id "$played_client_id" --arg secret "$played_secret" \
        --arg key "$played_key" --arg account "$played_account" \
        --arg callback "$base/oauth2/callback" \
        --rawfile account_key "$work/tls/account-key.pem" "$jq_data"'
        def asked($source): (.integration.connectionData // {}) | to_entries
            | map(select((.value.from // "user") == $source and .value.default == null))
            | map(.value = (.value.example | tostring));
        data as $data | asked("user") as $asked | asked("operator") as $given
        | .integration | (.authType // "oauth2") as $type
        | (.grant // "authorization_code") as $grant
        | (if $type != "oauth2" then $type elif $grant == "authorization_code" then "code"
            else $grant end) as $kind
        | (if $type != "oauth2" then "key" elif $kind != "code" then "grant"
            elif .refresh.with == "access_token" then "access_token"
            elif .refresh.rotation == "none" then "nothing" else "refresh_token" end) as $renews
        | ({integration: ., clientId: $id, clientSecret: $secret, redirectUri: $callback}
            + ({jwt_bearer: {clientId: $account, publicKey: $account_key},
                apikey: {credential: $key}, bearer: {credential: $key},
                basic: {credential: "user:\($key)"}}[$kind] // {})) as $order
        | @sh "kind=\($kind) renews=\($renews) api=\(.apiBaseUri | filled($data))
            given=\($given | map("\(.key)=\(.value)") | join("\n"))
            data=\($asked | from_entries | tojson)
            query=\($asked | map("&data.\(.key)=\(.value | @uri)") | add // "" | sub("^&"; "?"))
            scope=\(.scope // "") assumed=\(.tokenResponse.lifetime // "") tested=\(.credentialTestPath // "")
            order=\($order | tojson)"' "$work/entries/$slug.json")"
}

# read_answers: sets $variants, the ways in which the provider answers.
read_answers() {
    readarray -t variants < <(sed -n "s/^$slug  *//p" "$BATS_TEST_DIRNAME/catalogue.answers")
}

# answer_as VARIANT: sets what the next put_on orders, and what follows from it:
#   renewal   what tokens are renewed with, as in $renews
#   lasts     how long they live, or nothing where nobody knows
#   granted   the scope, as the provider says it
answer_as() {
    local words=() word
    read -ra words <<<"$1"
    answers='' renewal=$renews lasts=3600 granted=$scope
    for word in "${words[@]}"; do
        answers+="${answers:+,}\"${word%%=*}\":\"${word#*=}\""
        case $word in
            expiry=none | expiry=zero) lasts=$assumed ;;
            granted=*) granted=${word#*=} ;;
            refreshTokens=none) renewal=${renews/refresh_token/nothing} ;;
        esac
    done
}

# add_from_catalogue [SLUG]: with nothing but what nobody else can know.
add_from_catalogue() {
    local options=() datum
    case $kind in
        code | client_credentials)
            options=(--client-id "$played_client_id" --secret-file "$work/private/client-secret")
            ;;
        jwt_bearer) options=(--key-file "$work/private/service-account.json") ;;
    esac
    while IFS= read -r datum; do
        if [[ $datum ]]; then options+=(--data "$datum"); fi
    done <<<"$given"
    if (($#)); then options+=(--slug "$1"); fi
    grantkeeper integration add "$slug" "${options[@]}"
    slug=${1-$slug}
    integration=$(sql "SELECT id FROM integration WHERE slug = '$slug'")
}

# put_on [REJECTS]: the mock provider becomes this one; with `true` one that takes the client's
# secret for a wrong one.
put_on() {
    curl -sSf -o "$BATS_TEST_TMPDIR/disguise" "$mock/control/disguise" --data-binary \
        "${order%\}},\"rejectsClient\":${1-false},\"answers\":{$answers}}"
}

# look: sets $seen, what was asked of it so far.
look() {
    seen=$(curl -sSf "$mock/control/disguise")
}

# expire_played [ORDER]: its access tokens expire.
expire_played() {
    curl -sSf -o /dev/null "$mock/control/disguise/expire" -d "${1-{\}}"
}

# expect_rules_kept: nothing that was asked broke a rule of the entry.
expect_rules_kept() {
    look
    [[ $seen == *'"brokenRules":[]'* ]] ||
        expect_equal "$(jq -r '.brokenRules | join("; ")' <<<"$seen")" ''
}

# Connecting -------------------------------------------------------------------------------------

# try_connecting [JQ]: sets $status and, for a browser, $landing.
try_connecting() {
    if [[ $kind == code ]]; then
        by_browser
    else
        as_json alice POST "/api/integrations/$slug/connect" "$(hand_over "${1-.}")"
    fi
}

# by_browser: there and back.
by_browser() {
    begin alice "$slug" "$query"
    callback_url=$(curl -sS -o "$BATS_TEST_TMPDIR/door" -w '%{redirect_url}' \
        --cacert "$work/tls/authority.pem" --connect-to "::127.0.0.1:$stage_port" \
        "$authorization_url")
    if [[ $callback_url != "$base"/* ]]; then
        cat -- "$BATS_TEST_TMPDIR/door" >&2
        return 1
    fi
    finish alice
    landing=$(field Location)
}

# hand_over JQ: the body that connects without a browser.
hand_over() {
    jq -n --arg kind "$kind" --arg key "$played_key" --argjson data "$data" '
        {apikey: {apiKey: $key}, bearer: {token: $key},
            basic: {username: "user", password: $key}}[$kind] // {}
        | '"$1"' | if $data == {} then . else . + {$data} end'
}

# A wrong secret, or a wrong credential where it is tried, connects nobody.
refuse_connecting() {
    case $kind in
        code)
            try_connecting
            expect_rules_kept
            expect_match "$landing" '[?&]error=client_refused'
            ;;
        client_credentials | jwt_bearer)
            try_connecting
            expect_rules_kept
            expect_problem 502 provider_refused
            ;;
        *)
            [[ $tested ]] || return 0
            try_connecting 'map_values(. + "-wrong")'
            expect_rules_kept
            expect_problem 400 credential_refused
            ;;
    esac
    as alice GET "/api/integrations/$slug/connection"
    expect_status 404
}

connect_played() {
    try_connecting
    expect_rules_kept
    if [[ $kind == code ]]; then
        expect_match "$landing" '/grantkeeper/connected'
        expect_no_match "$landing" narrowed
    else
        expect_status 201
    fi
}

# The connection says what the entry and the answers promise, and nothing that is secret.
check_connection() {
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    local said
    readarray -t said < <(jq -c --slurpfile worn "$BATS_TEST_TMPDIR/disguise" --arg api "$api" \
        --arg scope "$granted" --arg ends "$([[ $renewal == key || ! $lasts ]] || printf soon)" '
        def sorted: to_entries | sort_by(.key);
        [.status, .apiBaseUri, .scope, .missingScope, .tokenExpiresAt != null, (.data | sorted)],
        ["active", $api, (if $scope == "" then null else $scope end), [], $ends == "soon",
            ($worn[0].data | sorted)]' <<<"$body")
    expect_equal "${said[0]}" "${said[1]}"
    expect_no_match "$body" 'disguised-|canary'
    expect_lifetime
}

# However the provider says when the access token ends, it is known; and when it does not, nothing
# is made up.
expect_lifetime() {
    if [[ $renewal == key ]]; then return; fi
    local left
    left=$(sql "SELECT tokenExpiresAt - unixepoch() FROM connection
        WHERE integrationId = '$integration'")
    if [[ -z $lasts ]]; then
        expect_equal "the token lives for ${left:-ever}" 'the token lives for ever'
    else
        ((left > lasts - 60 && left <= lasts + 1)) ||
            expect_equal "the token lives for $left s" "$lasts s"
    fi
}

# Calling ----------------------------------------------------------------------------------------

# call_played: a call that reaches the provider as the entry says.
call_played() {
    as alice GET "/api/integrations/$slug/request/some/thing?a=b"
    expect_rules_kept
    expect_status 200
    expect_equal "$body" "{\"called\":\"GET $api/some/thing?a=b\"}"
}

# A token at its end is renewed, twice, the second time because of the clock.
check_renewal() {
    case $renewal in
        key | nothing) return ;;
        access_token) ;;
        *)
            expire_played
            call_played
            expect_match "$seen" '"renewals":1,'
            ;;
    esac
    local before=${seen##*\"renewals\":}
    before=${before%%,*}
    expire_connection
    call_played
    expect_match "$seen" "\"renewals\":$((before + 1)),"
    as alice GET "/api/integrations/$slug/connection"
    expect_match "$body" '"status":"active"'
    expect_lifetime
}

# Disconnecting ----------------------------------------------------------------------------------

# disconnect: everything is revoked that the entry says can be. Where it is the access token alone
# that ends the grant, and it has ended itself, there has to be another first.
disconnect() {
    look
    local wanted=${seen##*\"toRevoke\":} renewals=${seen##*\"renewals\":}
    renewals=${renewals%%,*}
    if [[ $wanted == '["access_token"]}' && $renewal == refresh_token ]]; then
        expire_played
        expire_connection
        renewals=$((renewals + 1))
    fi
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    await 10 is_revoked "${wanted%\}}"
    expect_rules_kept
    expect_match "$seen" "\"renewals\":$renewals,\"revoked\":${wanted//[\[\]\}]/.}"
    as alice GET "/api/integrations/$slug/connection"
    expect_status 404
}

is_revoked() {
    look
    [[ $seen == *"\"revoked\":$1,"* || $seen != *'"brokenRules":[]'* ]]
}

# What was asked -----------------------------------------------------------------------------------

# expect_as_listed: it was asked as catalogue.requests has it, and token requests want JSON.
expect_as_listed() {
    local wanted got number
    read -ra wanted <<<"$(grep "^$slug " "$BATS_TEST_DIRNAME/catalogue.requests")"
    readarray -t got < <(list_requests)
    expect_match "${got[0]}" '^(application/json)?$'
    for number in {1..9}; do
        # The cells are patterns.
        # shellcheck disable=SC2053
        [[ ${got[number]} == ${wanted[number]} ]] ||
            expect_equal "${got[number]}" "${wanted[number]}"
    done
}

# list_requests: the Accept field of token requests; and the cells of catalogue.requests, from what
# was seen, and for what cannot be seen from the entry: a line each.
list_requests() {
    jq -r --arg renews "$renews" --slurpfile entry "$work/entries/$slug.json" '
        def one: unique | join(",");
        def has($name): any(.parameters[]; .name == $name);
        def flag: if . then "yes" else "no" end;
        def seen($doors): map(select(.for | IN($doors[])));
        ($entry[0].integration) as $said | ($said.authType // "oauth2" | . == "oauth2") as $oauth
        | (.revoked | map(rtrimstr("_token")) | join("+")) as $back
        | .calls | seen(["authorization"]) as $asked | seen(["token", "refresh"]) as $tokens
        | seen(["revocation"]) as $revoked | seen(["api"]) as $called
        | ($tokens | map(.accept // "nothing") | one),
        ($tokens | map(.authentication) | one),
        ($tokens | map(.format) | one),
        (($asked | map(has("code_challenge") | flag))
            + ($tokens | map(select(has("code")) | has("code_verifier") | flag)) | one),
        (if $oauth then [{" ": "space", ",": "comma"}[$said.scopeSeparator // " "]]
            + ($asked | map(.parameters[] | select(.name | test("scope$")) | .value
                | if contains(",") then "comma" elif contains(" ") then "space" else empty end))
            | one else "" end),
        (if $revoked == [] then "none"
            else $revoked | map("\(.method)/\(.authentication)/\(.format)/\($back)") | one end),
        ([if $renews == "refresh_token" then $said.refresh.rotation // "single-use"
            else $renews end] + (seen(["refresh"]) | map(.url) | unique) | join("@")),
        ($called + seen(["lookup"]) | map(.authentication) | one),
        ([$tokens, $called] | map(map(.headers | to_entries[]
            | select(.value | ascii_downcase | startswith("grantkeeper") | not) | .key)
            | one | if . == "" then "-" else . end) | join("/")),
        (if $oauth then $asked + $tokens | map(.parameters[] | select(.name | IN("response_type",
                "client_id", "client_secret", "redirect_uri", "state", "scope", "nonce", "code",
                "code_challenge", "code_challenge_method", "code_verifier", "grant_type",
                "refresh_token", "assertion") | not)
            | if .value == null or (.name | test("scope")) then .name else "\(.name)=\(.value)" end)
            | unique | join("&")
            else $called | map(.url | select(endswith("/some/thing") | not)) | one end)
        ' <<<"$seen" | sed '2,$s/^$/-/'
}

# Losing the grant -------------------------------------------------------------------------------

# lose_grant: connected once more, the grant ends at the provider's. What the provider then says,
# in its own way, asks for the user.
lose_grant() {
    case $renewal in
        key | grant) return ;;
        nothing) lose_token ;;
        *)
            connect_again
            expire_played '{"refreshTokens": true}'
            ;;
    esac
    expire_connection
    as alice GET "/api/integrations/$slug/request/some/thing"
    expect_problem 409 reauthorization_required
    expect_rules_kept
}

# Without anything to renew it with, a token that the provider takes no more is the provider's
# affair; one that is at its end by what the provider said is at its end.
lose_token() {
    connect_again
    expire_played
    as alice GET "/api/integrations/$slug/request/some/thing"
    expect_status 401
    expect_match "$(field Proxy-Status)" 'received-status=401'
}

# forget_lost: a connection whose grant is lost, with what would be given back of it.
forget_lost() {
    sql "DELETE FROM connection WHERE integrationId = '$integration'; DELETE FROM revocation"
}

connect_again() {
    put_on
    connect_played
}

# What went on, when a test fails; and nothing is left over for the next one.
explain() {
    {
        printf 'What the provider saw:\n'
        curl -sS "$mock/control/disguise" | jq -c '.calls[]?' || true
        printf 'The log:\n'
        tail -n 8 "$work/logs/service.log"
        sql 'DELETE FROM revocation'
    } >&2
}
