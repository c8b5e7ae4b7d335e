# shellcheck shell=bash
#
# The whole stack on the loopback interface, in $work: nginx, the service, the mock provider.
# Sourced after common.bash, with $binaries set.
# shellcheck disable=SC2154 # $work and $repository are common.bash's

# Prints the inside of nginx's http block: one server with nothing but Grantkeeper.
plain_host() {
    install_nginx_files "$work/nginx-files" "$work/run/grantkeeper.sock" >&2
    cat <<HOST
    include $work/nginx-files/grantkeeper-upstream.conf;
    server {
        listen 127.0.0.1:$1;
        include $work/nginx-files/grantkeeper.conf;
        location / {
            return 404 "the host's own\n";
        }
    }
HOST
}

# start_gateway [WRITER]: starts nginx, and makes the files that the service needs to start. Sets
# $base, the public base URL, and $settings, the configuration's file.
start_gateway() {
    start_nginx gateway "${1:-plain_host}"
    # shellcheck disable=SC2154 # set by start_nginx
    base=http://127.0.0.1:$nginx_port
    "$binaries/grantkeeper" init --directory "$work/private" --public-base-url "$base" \
        >"$work/logs/init.log" 2>&1 || { cat -- "$work/logs/init.log" >&2; die "init failed"; }
    settings=$work/private/grantkeeper.yaml
    write_settings >"$settings"
}

# Prints the service's configuration, to which a test file may add: all paths in $work, and the
# loopback interface allowed, where the mock provider is. As root, nginx's workers are www-data,
# which reaches the socket through its group.
write_settings() {
    standard_settings
}

standard_settings() {
    cat <<SETTINGS
publicBaseUrl: $base
database: $work/private/grantkeeper.db
keyRing: $work/private/grantkeeper.keyring
socket:
  path: $work/run/grantkeeper.sock
SETTINGS
    if ((EUID == 0)); then printf '  group: www-data\n'; fi
    cat <<SETTINGS
upstream:
  allowHttp: true
  allowedNetworks: [127.0.0.0/8]
SETTINGS
}

# Runs the command line with this stack's configuration.
grantkeeper() {
    # shellcheck disable=SC2154 # set by build
    "$binaries/grantkeeper" "$@" --config "$settings"
}

start_service() {
    start_process service "$binaries/grantkeeper" serve --config "$settings"
    await 15 service_is_ready || {
        cat -- "$work/logs/service.log" >&2
        die "the service is not ready"
    }
}

service_is_ready() {
    [[ $(curl -s -o /dev/null -w '%{http_code}' "$base/grantkeeper/readyz") == 200 ]]
}

restart_service() {
    stop_process service
    start_service
}

# start_mock [OPTION...]: starts the mock provider; sets $mock, its base URL.
start_mock() {
    local port
    port=$(free_port)
    mock=http://127.0.0.1:$port
    start_process mock env MOCK_PROVIDER="$binaries/mock-provider" \
        "$repository/scripts/mock-provider" --port "$port" "$@"
    await 30 curl -sf -o /dev/null "$mock/" || {
        cat -- "$work/logs/mock.log" >&2
        die "the mock provider is not ready"
    }
}

# The client secret that the mock provider has by default.
mock_secret() {
    printf 'mock-secret\n'
}
