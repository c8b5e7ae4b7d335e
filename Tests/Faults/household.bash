# shellcheck shell=bash
#
# The house that faults are made in: several services on one database behind one nginx, the mock
# provider behind a front that can be taken away. Sourced after common.bash and stack.bash, with
# $binaries set.
# shellcheck disable=SC2154 # $work, $repository, $mock, … are set by those

# shellcheck source=Tests/Integration/mock.bash
source "$repository/Tests/Integration/mock.bash"
# shellcheck source=Tests/Faults/users.bash
source "$repository/Tests/Faults/users.bash"
# shellcheck source=Tests/Faults/means.bash
source "$repository/Tests/Faults/means.bash"

# How many services there are.
keepers=2
# What a row adds to the services' configuration.
extra_settings=

# start_household [MOCK-OPTION...]: keepers 1 to $keepers, all behind $base; one alone answers to
# the host name `keeper-N`. Sets $admin_key.
start_household() {
    build_disk
    start_gateway keepers_host 2>>"$work/logs/setup.log"
    start_mock --redirect-uri "$base/oauth2/callback" --auto-approve \
        --client "$mock_client_id:$mock_client_secret" "$@"
    start_front
    admin_key=$(grantkeeper key create --user admin --superuser 2>>"$work/logs/setup.log")
    mkdir "$work/private/jars"
    local keeper
    for ((keeper = 1; keeper <= keepers; keeper++)); do start_keeper "$keeper"; done
    for ((keeper = 1; keeper <= keepers; keeper++)); do await_keeper "$keeper"; done
}

write_settings() {
    standard_settings | sed "s|^database:.*|database: $(database_file)|"
    printf '%s\n' "$extra_settings"
}

# nginx -----------------------------------------------------------------------------------------

keepers_host() {
    install_nginx_files "$work/nginx-files" "$work/run/keeper-1.sock" >&2
    local files=$work/nginx-files keeper
    sed -i 's/access_log [^;]* grantkeeper;/access_log off;/' "$files/grantkeeper.conf"
    for ((keeper = 2; keeper <= keepers; keeper++)); do
        sed -i "s|^    server unix:.*keeper-1.sock;|&\n    server unix:$work/run/keeper-$keeper.sock;|" \
            "$files/grantkeeper-upstream.conf"
    done
    printf '    include %s;\n' "$files/grantkeeper-upstream.conf"
    host_of grantkeeper "listen 127.0.0.1:$1 backlog=4096 default_server;"
    for ((keeper = 1; keeper <= keepers; keeper++)); do
        printf 'upstream keeper-%s {\n    server unix:%s/run/keeper-%s.sock;\n    keepalive 32;\n}\n' \
            "$keeper" "$work" "$keeper"
        host_of "keeper-$keeper" "listen 127.0.0.1:$1; server_name keeper-$keeper;"
    done
}

# host_of UPSTREAM LINES: a server block that is all ours.
host_of() {
    sed "s/fastcgi_pass grantkeeper;/fastcgi_pass $1;/" "$work/nginx-files/grantkeeper.conf" \
        >"$work/nginx-files/$1-host.conf"
    printf 'server {\n    %s\n    include %s;\n}\n' "$2" "$work/nginx-files/$1-host.conf"
}

# The services ----------------------------------------------------------------------------------

# The database that all of them are on.
database_file() {
    printf '%s\n' "${database:-$work/private/grantkeeper.db}"
}

# start_keeper N [VARIABLE=VALUE...]
start_keeper() {
    local keeper=$1
    shift
    start_process "keeper-$keeper" env GRANTKEEPER_SOCKET_PATH="$work/run/keeper-$keeper.sock" \
        FAULTS_DATABASE="$(database_file)" FAULTS_ORDER="$work/run/order-$keeper" \
        LD_PRELOAD="$work/disk.so" "$@" "$binaries/grantkeeper" serve --config "$settings"
    # Or the shell tells of each one that is killed.
    disown "$!"
}

await_keeper() {
    await 20 keeper_is_ready "$1" || {
        tail -n 20 -- "$work/logs/keeper-$1.log" >&2
        die "keeper $1 is not ready"
    }
}

keeper_is_ready() {
    [[ $(curl -s -o /dev/null -w '%{http_code}' -H "Host: keeper-$1" \
        "$base/grantkeeper/readyz") == 200 ]]
}

# kill_keeper N: with -9.
kill_keeper() {
    kill -s KILL "$(process_id "keeper-$1")" 2>/dev/null || true
    reap_keeper "$1"
}

# Waits until it has died.
reap_keeper() {
    await 20 is_stopped "keeper-$1" || return 1
    rm -f -- "$work/pids/keeper-$1.pid"
}

restart_keeper() {
    start_keeper "$@"
    await_keeper "$1"
}

# What they have counted under that name of the metrics, all together.
gauge() {
    local keeper
    for ((keeper = 1; keeper <= keepers; keeper++)); do
        curl -s -H "Host: keeper-$keeper" "$base/grantkeeper/metrics"
    done | awk -v name="$1" '$1 == name { sum += $2 } END { print sum + 0 }'
}

# The provider's front --------------------------------------------------------------------------

# The token and revocation endpoints as the services know them: an nginx that passes any path on,
# and that can be stopped, or replaced by something worse, without the provider forgetting its
# grants. Sets $front, its base URL, and $front_port.
start_front() {
    start_nginx front front_http
    front_port=${front_port:-$nginx_port}
    front=http://127.0.0.1:$front_port
}

front_http() {
    cat <<HTTP
    access_log off;
    server {
        listen 127.0.0.1:${front_port:-$1} ${front_listen-};
        ${front_lines-}
        location / {
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_next_upstream off;
            proxy_read_timeout 600s;
            rewrite ^ /token? break;
            proxy_pass $mock;
        }
        location /revoke {
            proxy_pass $mock/revoke;
        }
    }
HTTP
}

stop_front() {
    stop_process front
}
