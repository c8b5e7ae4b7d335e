# shellcheck shell=bash
#
# Functions for the integration tests. Loaded by every file; `setup_file` starts nginx, the service
# and the mock provider once, on ports and in a directory of its own.

bats_require_minimum_version 1.5.0

# shellcheck source=scripts/lib/common.bash
source "$BATS_TEST_DIRNAME/../../scripts/lib/common.bash"
# shellcheck source=scripts/lib/stack.bash
source "$BATS_TEST_DIRNAME/../../scripts/lib/stack.bash"

# The stack -----------------------------------------------------------------------------------

# start_stack [WRITER]: starts the stack, with nginx's http block from that function.
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

# request METHOD TARGET [CURL-OPTION...]: sends a request, with the target as written; sets
# $status, $body and, for `field`, the head.
request() {
    local method=$1 target=$2
    shift 2
    [[ $target == http* ]] || target=$base$target
    # curl does not write the file when an answer, such as a 304, has no body.
    : >"$BATS_TEST_TMPDIR/body"
    status=$(curl -sS --path-as-is --globoff --max-time 60 -X "$method" \
        -D "$BATS_TEST_TMPDIR/head" -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$@" "$target")
    body=$(tr -d '\0' <"$BATS_TEST_TMPDIR/body")
}

# as USER METHOD TARGET [CURL-OPTION...]: as request, with the cookies of a user who is signed in.
as() {
    local jar
    jar=$(jar_of "$1")
    request "$2" "$3" -b "$jar" -c "$jar" "${@:4}"
}

# by KEY METHOD TARGET [CURL-OPTION...]: as request, with an API key.
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

# field NAME: prints the value of that header field of the last answer, or nothing.
field() {
    tr -d '\r' <"$BATS_TEST_TMPDIR/head" |
        awk -v name="$1" '/^HTTP\// { value = "" }
            index(tolower($0), tolower(name) ":") == 1 {
                value = substr($0, length(name) + 2); sub(/^ */, "", value)
            }
            END { if (value != "") print value }'
}

# Prints the result of a jq program on the last body, or on the text in the second argument.
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

# expect_problem STATUS [CODE]: expects an error of Grantkeeper, in the form of RFC 9457.
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

# sign_in USER...: makes a session for each user, in a cookie jar of their own.
sign_in() {
    local user
    for user in "$@"; do
        by_json "$admin_key" POST /grantkeeper/sessions "{\"userId\": \"$user\"}"
        expect_status 201
        set_cookie "$user" grantkeeper "$(json .token)"
    done
}

# set_cookie USER NAME VALUE: makes that the only cookie in the user's jar.
set_cookie() {
    printf '#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\t%s\t%s\n' "$2" "$3" >"$(jar_of "$1")"
}

# cookie USER NAME: prints the value of a cookie.
cookie() {
    awk -v name="$2" '$6 == name { print $7 }' "$(jar_of "$1")"
}

# Integrations --------------------------------------------------------------------------------

# add_integration [JQ]: adds one for the mock provider, changed by the jq program; sets $slug,
# $integration (its id) and $definition.
add_integration() {
    slug=test-$BATS_TEST_NUMBER-$RANDOM$RANDOM
    definition=$(mock_definition "$slug" | jq "${1:-.}")
    by_json "$admin_key" POST /grantkeeper/integrations "$definition"
    expect_status 201
    integration=$(json .id)
    slug=$(json .slug)
}

# change_integration JQ: changes the integration that was added last.
change_integration() {
    definition=$(jq "$1" <<<"$definition")
    by_json "$admin_key" PUT "/grantkeeper/integrations/$integration" "$definition"
    expect_status 200
}

# The redirect flow ---------------------------------------------------------------------------

# begin USER SLUG [QUERY]: starts the flow, up to the redirect to the provider; sets
# $authorization_url.
begin() {
    as "$1" GET "/api/integrations/$2/connect${3-}"
    expect_status 302
    authorization_url=$(field Location)
}

# query_value URL NAME: prints the value of a query parameter, still encoded.
query_value() {
    tr '?&#' '[\n*]' <<<"$1" | sed -n "s/^$2=//p"
}

# finish USER: follows the redirects through the provider and back to the callback.
finish() {
    as "$1" GET "$callback_url"
    expect_status 302
}

# connect USER SLUG: goes through the whole flow.
connect() {
    begin "$1" "$2"
    approve
    finish "$1"
    expect_match "$(field Location)" '/grantkeeper/connected'
}

# calls_in_flight COUNT: succeeds when that many calls and flows are under way in the service.
calls_in_flight() {
    curl -s "$base/grantkeeper/metrics" |
        awk -v count="$1" '$1 == "grantkeeper_calls_in_flight" { found = $2 == count }
            END { exit !found }'
}

# The database, from outside ------------------------------------------------------------------

# sql STATEMENT: executes it on the service's own file, while it runs.
sql() {
    sqlite3 -cmd '.timeout 10000' "$work/private/grantkeeper.db" "$1"
}

# Marks the access tokens of the last integration's connections as expired in the database.
expire_connection() {
    sql "UPDATE connection SET tokenExpiresAt = unixepoch() - 10
         WHERE integrationId = '$integration'"
}
