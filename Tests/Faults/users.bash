# shellcheck shell=bash
#
# Integrations at the mock provider, users who are connected to it, and what they ask for.
# shellcheck disable=SC2154 # $work, $base, $front, $admin_key are household.bash's

# add_integration SLUG [JQ]: at the mock provider, its token endpoint behind the front.
add_integration() {
    mock_definition "$1" | jq --arg front "$front" \
        ".tokenUri = \"\(\$front)/token\" | .revocationUri = \"\(\$front)/revoke\" | ${2:-.}" |
        api POST grantkeeper/integrations --fail-with-body -H 'Content-Type: application/json' \
            --data-binary @- >"$work/private/integration" ||
        die "the integration $1 could not be added: $(<"$work/private/integration")"
}

# api METHOD PATH [CURL-OPTION...]: by the superuser.
api() {
    curl -sS --max-time 60 -X "$1" -H "Authorization: Bearer $admin_key" "${@:3}" "$base/$2"
}

# sign_in USER [MEMBERS]: a session, in a jar of the user's own.
sign_in() {
    api POST grantkeeper/sessions -H 'Content-Type: application/json' \
        -d "{\"userId\": \"$1\"${2:+, $2}}" |
        jq -r '["#HttpOnly_127.0.0.1", "FALSE", "/", "FALSE", "0", "grantkeeper", .token] | @tsv' \
            >"$work/private/jars/$1"
}

# connect USER SLUG: the whole flow in a browser.
connect() {
    local jar=$work/private/jars/$1 end
    [[ -f $jar ]] || sign_in "$1"
    end=$(curl -sS -L --max-time 60 -o /dev/null -w '%{url_effective}' -b "$jar" -c "$jar" \
        "$base/api/integrations/$2/connect")
    [[ $end == *connected* ]] || die "$1 could not be connected: $end"
}

# call USER PATH [CURL-OPTION...]: the status of a GET to a path of ours, which the user asks for.
call() {
    curl -s --max-time 90 -o "$work/private/answer-$1" -w '%{http_code}' \
        -H "Authorization: Bearer $admin_key" -H "On-Behalf-Of: $1" "${@:3}" "$base/$2" || true
}

# proxied USER [KEEPER]: the status of a call through the integration `mock`.
proxied() {
    call "$1" "api/integrations/${slug:-mock}/request/files" ${2:+-H "Host: keeper-$2"}
}

# status_of USER [KEEPER]: of the connection, `active` or else.
status_of() {
    call "$1" "api/integrations/${slug:-mock}/connection" ${2:+-H "Host: keeper-$2"} >/dev/null
    jq -r '.status // .code' "$work/private/answer-$1"
}
