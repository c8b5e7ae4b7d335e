# shellcheck shell=bash
#
# The misbehaving upstream as the tests use it: how it is started, reached and asked what it saw.
# What it can do stands in misbehaving-upstream/honest.py and broken.py.

# start_misbehaving: sets $plain and $tls, its base URLs, and the file that upstream_port reads.
start_misbehaving() {
    start_process misbehaving /usr/bin/python3 "$BATS_TEST_DIRNAME/misbehaving-upstream" \
        --certificates "$work/private/served"
    await 20 grep -q '^ready' "$work/logs/misbehaving.log" || {
        cat -- "$work/logs/misbehaving.log" >&2
        die "the misbehaving upstream is not ready"
    }
    plain=http://127.0.0.1:$(upstream_port http)
    tls=https://127.0.0.1:$(upstream_port good)
    export plain tls
}

# misbehaving_settings [LINE...]: the service's configuration, with the test's authority, and with
# more lines of `upstream`.
misbehaving_settings() {
    make_certificates
    standard_settings
    printf '  %s\n' "caFile: $work/private/ca.pem" "$@"
}

upstream_port() {
    awk -v name="$1" '$1 == name { print $2 }' "$work/logs/misbehaving.log"
}

# An authority of the test's, and what it has signed: a good certificate, one for another name, one
# that has expired; one that is signed by another authority, and one by nobody.
make_certificates() (
    mkdir -p "$work/private/served"
    cd "$work/private" || exit
    local key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
    exec 2>>"$work/logs/openssl.log"
    openssl req -x509 "${key[@]}" -days 2 -subj '/CN=Authority of a test' -keyout ca.key -out ca.pem
    make_certificate good IP:127.0.0.1 -CA ca.pem -CAkey ca.key -days 2
    make_certificate wrong-name DNS:other.test -CA ca.pem -CAkey ca.key -days 2
    make_certificate expired IP:127.0.0.1 -CA ca.pem -CAkey ca.key -days -1
    openssl req -x509 "${key[@]}" -days 2 -subj '/CN=System of a test' -keyout system-ca.key \
        -out system-ca.pem
    make_certificate by-system IP:127.0.0.1 -CA system-ca.pem -CAkey system-ca.key -days 2
    make_certificate self-signed IP:127.0.0.1 -signkey self-signed.key -days 2
)

# make_certificate NAME ALTERNATIVE-NAME OPTION...: of openssl x509.
make_certificate() {
    openssl req "${key[@]}" -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -extfile <(printf 'subjectAltName=%s\n' "$2") "${@:3}" |
        cat - "$1.key" >"served/$1.pem"
}

# connect_misbehaving USER BASE [JQ]: an integration with that base URL, and the user's connection.
connect_misbehaving() {
    add_integration "{slug, name, apiBaseUri: \"$2\", authType: \"bearer\"} | ${3:-.}"
    as_json "$1" POST "/api/integrations/$slug/connect" '{"token": "upstream-token"}'
    expect_status 201
}

# call METHOD TARGET [CURL-OPTION...]: alice's, through the last integration.
call() {
    as alice "$1" "/api/integrations/$slug/request$2" "${@:3}"
}

# seen PATH [JQ]: the requests that have reached that path, or what jq makes of each.
seen() {
    curl -sfG "$plain/control/seen" --data-urlencode "path=$1" | jq -c ".[] | ${2:-.}"
}

# How many requests have reached that path.
seen_times() {
    curl -sfG "$plain/control/seen" --data-urlencode "path=$1" | jq length
}

# was_seen PATH NUMBER: whether so many requests have.
was_seen() {
    (($(seen_times "$1") == $2))
}

# has_ended PATH HOW: whether every request there has, in that way.
has_ended() {
    [[ $(seen "$1" .ended | sort -u) == "\"$2\"" ]]
}

# release KEY [NUMBER]: what waits for that key goes on, so often.
release() {
    curl -sf -o /dev/null "$plain/control/release?key=$1&count=${2:-1}"
}

# The bytes that /content?size=NUMBER serves.
content() {
    /usr/bin/python3 "$BATS_TEST_DIRNAME/misbehaving-upstream" --content "$1"
}

# echoed NAME: what /echo has had under that name.
echoed() {
    jq -r --arg name "${1,,}" \
        '[.headers[] | select((.[0] | ascii_downcase) == $name) | .[1]] | join(", ")' <<<"$body"
}

# fetch CURL-OPTION... PATH: alice's GET with curl's exit status in $result, the status in $status,
# what came of the body in the file `fetched`.
fetch() {
    result=0
    : >"$BATS_TEST_TMPDIR/fetched"
    status=$(curl -s --max-time 60 -o "$BATS_TEST_TMPDIR/fetched" -D "$BATS_TEST_TMPDIR/head" \
        -w '%{http_code}' -b "$(jar_of alice)" "${@:1:$#-1}" \
        "$base/api/integrations/$slug/request${*: -1}") || result=$?
}

# start_client CURL-OPTION...: alice's curl in the background, until stop_client.
start_client() {
    start_process client curl -sS --fail-with-body -b "$(jar_of alice)" "$@"
}

stop_client() {
    stop_process client KILL
}

# expect_problem_of_proxy STATUS CODE ERROR: a problem of ours, and RFC 9209's name for it; nothing
# of where the upstream is, or where anything lies here.
expect_problem_of_proxy() {
    expect_problem "$1" "$2"
    expect_equal "$(field Proxy-Status)" "grantkeeper; error=$3"
    expect_no_match "$body$(cat -- "$BATS_TEST_TMPDIR/head")" \
        '127\.0\.0|localhost|invalid|/tmp|curl|SSL|OpenSSL|upstream-token'
}

# The most memory that the service has ever held, in KB.
peak_memory() {
    awk '/^VmHWM:/ { print $2 }' "/proc/$(process_id service)/status"
}

# forget_peak_memory: it is counted from now on.
forget_peak_memory() {
    printf '5\n' >"/proc/$(process_id service)/clear_refs"
}
