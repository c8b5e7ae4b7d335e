# shellcheck shell=bash
#
# What is measured: the service behind nginx, two APIs, and a user with a connection to each.
# Sourced by scripts/bench, and by the test that guards its figures.
# shellcheck disable=SC2154 # the variables are common.bash's and stack.bash's

# Starts the APIs, the references and nginx, but not the service.
start_surroundings() {
    make_files
    start_nginx files files_host
    # shellcheck disable=SC2034 # read by hosts.bash
    files_port=$nginx_port
    start_helper constant-responder "$work/run/constant.sock" -lfcgi -lpthread
    start_helper forwarder "$work/run/forwarder.sock" -lfcgi -lcurl -lpthread
    await 5 test -S "$work/run/constant.sock" -a -S "$work/run/forwarder.sock"
    api_port=$(free_port)
    start_helper upstream "$api_port"
    await 5 curl -sf -o /dev/null "http://127.0.0.1:$api_port/"
    start_gateway bench_host
}

# Writes the files that are fetched: JSON of the length that the name says.
make_files() {
    local name
    mkdir -m 0755 "$work/files"
    for name in 1k:1024 100k:102400 10m:10485760; do
        printf '{"padding":"%0*d"}' "$((${name#*:} - 14))" 0 >"$work/files/get-${name%:*}"
    done
}

# start_helper NAME ARGUMENT [OPTION...]: builds and starts a program of Tests/Benchmark.
start_helper() {
    cc -O2 -o "$work/$1" "$repository/Tests/Benchmark/$1.c" "${@:3}"
    start_process "$1" "$work/$1" "$2"
}

# Makes a user with a session, and a connection to each upstream.
connect_upstreams() {
    local key name port
    key=$(grantkeeper key create --user admin --superuser)
    api "$key" grantkeeper/sessions '{"userId": "alice"}' | jq -r .token >"$work/private/session"
    for name in files api; do
        port=${name}_port
        api "$key" grantkeeper/integrations "{\"slug\": \"$name\", \"authType\": \"bearer\",
            \"apiBaseUri\": \"http://127.0.0.1:${!port}\"}" >/dev/null
        curl -sf -o /dev/null -b "grantkeeper=$(<"$work/private/session")" \
            -H 'Content-Type: application/json' -d '{"token": "t"}' \
            "$base/api/integrations/$name/connect"
    done
}

# api KEY PATH JSON
api() {
    curl -sf -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -d "$3" "$base/$2"
}

# call_target NAME: prints the path of a call, below the base URL.
call_target() {
    case $1 in
        connection) printf '/api/integrations/files/connection\n' ;;
        constant) printf '/constant\n' ;;
        forwarded-*) printf '/forwarded/%s\n' "${1#forwarded-}" ;;
        list) printf '/api/integration-connections\n' ;;
        get-*) printf '/api/integrations/files/request/%s\n' "$1" ;;
        post-*) printf '/api/integrations/api/request/%s\n' "$1" ;;
    esac
}
