# shellcheck shell=bash
#
# What the integration tests share. Loaded by every file; `setup_file` starts nginx, the service
# and the mock provider once, on ports and in a directory of its own.

bats_require_minimum_version 1.5.0

# shellcheck source=scripts/lib/common.bash
source "$BATS_TEST_DIRNAME/../../scripts/lib/common.bash"
# shellcheck source=scripts/lib/stack.bash
source "$BATS_TEST_DIRNAME/../../scripts/lib/stack.bash"

# The stack -----------------------------------------------------------------------------------

# start_stack [WRITER]: with nginx's http block from that function.
start_stack() {
    need_swift
    find_binaries
    make_work
    start_gateway "${1:-plain_host}"
    start_mock --redirect-uri "$base/oauth2/callback" \
        --client "$mock_client_id:$mock_client_secret"
    start_service
    admin_key=$(grantkeeper key create --user admin --superuser)
    mkdir "$work/private/jars"
    export work base mock settings binaries admin_key
}

stop_stack() {
    clean_up
}

# Requests ------------------------------------------------------------------------------------

# request METHOD TARGET [CURL-OPTION...]: sets $status, $body and, for `field`, the head. The
# target is sent as it is written.
request() {
    local method=$1 target=$2
    shift 2
    [[ $target == http* ]] || target=$base$target
    # curl leaves it as it is when a 304 has none.
    : >"$BATS_TEST_TMPDIR/body"
    status=$(curl -sS --path-as-is --globoff --max-time 60 -X "$method" \
        -D "$BATS_TEST_TMPDIR/head" -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$@" "$target")
    body=$(tr -d '\0' <"$BATS_TEST_TMPDIR/body")
}

# as USER METHOD TARGET [CURL-OPTION...]: with that user's cookies, who has signed in.
as() {
    local jar
    jar=$(jar_of "$1")
    request "$2" "$3" -b "$jar" -c "$jar" "${@:4}"
}

# by KEY METHOD TARGET [CURL-OPTION...]: with an API key.
by() {
    request "$2" "$3" -H "Authorization: Bearer $1" "${@:4}"
}

# as_json USER METHOD TARGET JSON [CURL-OPTION...]
as_json() {
    as "$1" "$2" "$3" -H 'Content-Type: application/json' --data-binary "$4" "${@:5}"
}

# by_json KEY METHOD TARGET JSON [CURL-OPTION...]
by_json() {
    by "$1" "$2" "$3" -H 'Content-Type: application/json' --data-binary "$4" "${@:5}"
}

# The value of that header field of the last answer, or nothing.
field() {
    tr -d '\r' <"$BATS_TEST_TMPDIR/head" |
        awk -v name="$1" '/^HTTP\// { value = "" }
            index(tolower($0), tolower(name) ":") == 1 {
                value = substr($0, length(name) + 2); sub(/^ */, "", value)
            }
            END { if (value != "") print value }'
}

# What jq makes of the last body, or of what follows as the second argument.
json() {
    jq -r "$1" <<<"${2-$body}"
}

# Expectations --------------------------------------------------------------------------------

expect_status() {
    if [[ $status != "$1" ]]; then
        printf 'status %s, wanted %s\n%s\n%s\n' "$status" "$1" \
            "$(cat -- "$BATS_TEST_TMPDIR/head")" "${body:0:2000}" >&2
        return 1
    fi
}

# expect_problem STATUS [CODE]: an error of ours, in the form of RFC 9457.
expect_problem() {
    expect_status "$1"
    expect_equal "$(field Content-Type)" application/problem+json
    expect_equal "$(json .status)" "$1"
    [[ -n $(json '.requestId // empty') ]]
    [[ -z ${2-} ]] || expect_equal "$(json .code)" "$2"
}

expect_equal() {
    if [[ $1 != "$2" ]]; then
        printf 'got    %q\nwanted %q\n' "$1" "$2" >&2
        return 1
    fi
}

# expect_match TEXT REGEX
expect_match() {
    if [[ ! $1 =~ $2 ]]; then
        printf 'got    %q\nwanted a match of %q\n' "$1" "$2" >&2
        return 1
    fi
}

# expect_no_match TEXT REGEX
expect_no_match() {
    if [[ $1 =~ $2 ]]; then
        printf 'got    %q\nwanted no match of %q\n' "$1" "$2" >&2
        return 1
    fi
}

# Users ---------------------------------------------------------------------------------------

jar_of() {
    printf '%s\n' "$work/private/jars/$1"
}

# sign_in USER...: a session for each, in a cookie jar of their own.
sign_in() {
    local user
    for user in "$@"; do
        by_json "$admin_key" POST /grantkeeper/sessions "{\"userId\": \"$user\"}"
        expect_status 201
        set_cookie "$user" grantkeeper "$(json .token)"
    done
}

# set_cookie USER NAME VALUE: into the user's jar, in place of all that it held.
set_cookie() {
    printf '#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\t%s\t%s\n' "$2" "$3" >"$(jar_of "$1")"
}

# cookie USER NAME: its value.
cookie() {
    awk -v name="$2" '$6 == name { print $7 }' "$(jar_of "$1")"
}

# Integrations --------------------------------------------------------------------------------

# add_integration [JQ]: at the mock provider, changed by the jq program; sets $slug,
# $integration (its id) and $definition.
add_integration() {
    slug=test-$BATS_TEST_NUMBER-$RANDOM$RANDOM
    definition=$(mock_definition "$slug" | jq "${1:-.}")
    by_json "$admin_key" POST /grantkeeper/integrations "$definition"
    expect_status 201
    integration=$(json .id)
    slug=$(json .slug)
}

# change_integration JQ: the last one that was added.
change_integration() {
    definition=$(jq "$1" <<<"$definition")
    by_json "$admin_key" PUT "/grantkeeper/integrations/$integration" "$definition"
    expect_status 200
}

# The redirect flow ---------------------------------------------------------------------------

# begin USER SLUG [QUERY]: as far as the provider's door; sets $authorization_url.
begin() {
    as "$1" GET "/api/integrations/$2/connect${3-}"
    expect_status 302
    authorization_url=$(field Location)
}

# query_value URL NAME: still encoded.
query_value() {
    tr '?&#' '[\n*]' <<<"$1" | sed -n "s/^$2=//p"
}

# finish USER: comes back from the provider.
finish() {
    as "$1" GET "$callback_url"
    expect_status 302
}

# connect USER SLUG: the whole flow.
connect() {
    begin "$1" "$2"
    approve
    finish "$1"
    expect_match "$(field Location)" '/grantkeeper/connected'
}

# calls_in_flight COUNT: whether so many calls and flows are under way in the service.
calls_in_flight() {
    curl -s "$base/grantkeeper/metrics" |
        awk -v count="$1" '$1 == "grantkeeper_calls_in_flight" { found = $2 == count }
            END { exit !found }'
}

# The database, from outside ------------------------------------------------------------------

# sql STATEMENT: on the service's own file, while it runs.
sql() {
    sqlite3 -cmd '.timeout 10000' "$work/private/grantkeeper.db" "$1"
}

# The last integration's connections: their access tokens are at an end, as far as we know.
expire_connection() {
    sql "UPDATE connection SET tokenExpiresAt = unixepoch() - 10
         WHERE integrationId = '$integration'"
}
