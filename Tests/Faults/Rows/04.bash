# shellcheck shell=bash
#
# A token endpoint that does everything but answer: the provider itself spoils its answers, a raw
# server stands in its place, or a certificate is wrong. The calls fail soon and as they should,
# the provider is left alone for a while, and when it is well again so are the calls.

# shellcheck source=Tests/Faults/tls.bash
source "$repository/Tests/Faults/tls.bash"

title="a token endpoint hangs, 503, HTML, truncated JSON, 1 GB, slow drip, reset, bad TLS"
full_rounds=5
packages=(openssl)
keepers=1
# More than the time limit, and the room that a machine with other work needs.
most_seconds=12

# The first line belongs to `upstream`; the file lies beside the configuration.
extra_settings="  caFile: authority.pem
refresh:
  timeout: 3s"

row() {
    mkdir "$work/tls"
    make_certificate good
    start_household
    quiet_background
    start_tls good
    local round
    for ((round = 1; round <= $1; round++)); do
        # Those that answer after the provider rotated need one that forgives it.
        mock_set '{"gracePeriod": 600}'
        spoiled hang '"mode": "hang"'
        spoiled 503 '"mode": "status", "status": 503'
        spoiled html '"mode": "html"'
        spoiled truncated '"mode": "truncated"'
        spoiled huge '"mode": "huge", "bytes": 1000000000'
        mock_set '{"gracePeriod": 0}'
        raw reset
        tls expired
        [[ -n $short ]] || the_others
    done
    check_database
}

the_others() {
    mock_set '{"gracePeriod": 600}'
    spoiled html-503 '"mode": "html", "status": 503'
    spoiled cut '"mode": "cut"'
    spoiled drip '"mode": "drip", "milliseconds": 500'
    mock_set '{"gracePeriod": 0}'
    raw hang garbage close-after-request truncated-head truncated-length endless header-bomb \
        'drip?count=1000&ms=300' nobody
    tls wrong-name unknown-authority
}

# spoiled NAME ORDER: the provider's own answers.
spoiled() {
    local before
    slug=spoiled-$1
    before=$(mock_count failed.token)
    join "$slug"
    mock_order fail "{\"endpoint\": \"token\", \"grantType\": \"refresh_token\", $2, \"count\": 1000}"
    failing_call "$1"
    # The first pause is a second at most: it may be over when the second call comes.
    expect "$1: asked" "$(($(mock_count failed.token) - before))" '[12]'
    answer_again
    working_call "$1"
}

# raw PATH...: what the raw server does at that path; `nobody` is a port where nobody listens.
raw() {
    local path
    for path in "$@"; do
        slug=raw-${path%%\?*}
        join "$slug" ".tokenUri = \"$front/$path\""
        stop_front
        if [[ $path != nobody ]]; then
            start_process raw "$binaries/RawUpstream" --port "$front_port"
            disown "$!"
            await 10 grep -q 'listening on' "$work/logs/raw.log"
        fi
        failing_call "$path"
        stop_process raw KILL
        rm -f -- "$work/logs/raw.log"
        start_front
        working_call "$path"
    done
}

# tls CERTIFICATE...: what stands in the place of the good one.
tls() {
    local certificate
    slug=tls
    join tls ".tokenUri = \"https://127.0.0.1:$tls_port/token\""
    for certificate in "$@"; do
        stop_process tls
        start_tls "$certificate"
        failing_call "$certificate"
        stop_process tls
        start_tls good
        working_call "$certificate"
    done
}

# join SLUG [JQ]: once.
join() {
    [[ ! -e $work/run/joined-$1 ]] || return 0
    add_integration "$@"
    connect alice "$1"
    : >"$work/run/joined-$1"
}

# The calls ---------------------------------------------------------------------------------------

failing_call() {
    local began=$SECONDS status
    expire alice
    status=$(proxied alice)
    expect "$1" "$status" '50[24]'
    ((SECONDS - began <= most_seconds)) || fail "$1: took $((SECONDS - began)) s"
    expect "$1: the connection" "$(status_of alice)" active
    expect "$1: at once again" "$(proxied alice)" '50[234]'
    count "answers-$status"
}

working_call() {
    await 20 is_served || { fail "$1: $(proxied alice) after the provider was well again"; lose "$1"; }
}

is_served() {
    [[ $(proxied alice) == 200 ]]
}
