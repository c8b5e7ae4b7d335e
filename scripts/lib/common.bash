# shellcheck shell=bash
#
# Functions for the scripts and the integration tests: packages, the build, a temporary directory,
# processes, nginx. Sourced, never run.
#
# Processes that are started are listed in $work/pids, and only these are ever stopped.

repository=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
work=${work:-}

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$(basename -- "$0"): $*"
    exit 1
}

# Packages ------------------------------------------------------------------------------------

# The Debian packages for the build, and for running it behind nginx.
# shellcheck disable=SC2034 # read by the scripts
run_packages=(ca-certificates curl jq libcurl4-openssl-dev libfcgi-dev libsqlite3-dev nginx
    pkg-config zlib1g-dev)
# The further packages for the tests.
# shellcheck disable=SC2034 # read by the scripts
test_packages=(bats chromium gcc gunicorn iproute2 libc6-dev openssl python3 python3-brotli
    python3-httpbin python3-jsonschema python3-venv sqlite3 valgrind)

# need_packages PACKAGE...: installs those that are missing; needs no rights when none is.
need_packages() {
    command -v dpkg-query >/dev/null || return 0
    local package missing=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
            missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        die "missing packages; as root: apt-get install ${missing[*]}"
    fi
    say "Installing from Debian: ${missing[*]}"
    apt_get update || say "apt-get update failed; trying with the lists there are"
    apt_get install -y --no-install-recommends "${missing[@]}" ||
        die "apt-get could not install: ${missing[*]}"
}

# apt_get ARGUMENT...: runs apt-get as root; waits while another process installs packages.
apt_get() {
    local root=()
    ((EUID == 0)) || root=(sudo)
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@" >&2
}

# Building ------------------------------------------------------------------------------------

need_swift() {
    local place
    for place in "" /opt/swift/usr/bin /usr/share/swift/usr/bin "${HOME-}/.local/share/swiftly/bin"; do
        PATH=$PATH${place:+:$place}
        if command -v swift >/dev/null; then return; fi
    done
    die "swift is not in PATH; Swift 6.2 or newer is needed (https://www.swift.org/install/linux)"
}

# build [OPTION...]: builds once, for release; prints nothing when it succeeds. Sets $binaries.
# shellcheck disable=SC2120 # most want no option
build() {
    need_swift
    say "Building (the first time takes minutes) ..."
    run_swift build swift build -c release --package-path "$repository" "$@" || {
        cat -- "$work/logs/build.log" >&2
        die "the build failed"
    }
    find_binaries
}

# shellcheck disable=SC2034 # $binaries is read by the scripts
find_binaries() {
    binaries=$(swift build -c release --package-path "$repository" --show-bin-path)
}

# A temporary directory -----------------------------------------------------------------------

# Makes $work: in /tmp, because a socket's path must be short, and open to nginx's workers. Secrets
# go below $work/private; a script that this one starts makes its own $work below $work/inner.
make_work() {
    work=$(mktemp -d "${OUTER_WORK:-/tmp}/grantkeeper.XXXXXX")
    chmod 0755 "$work"
    mkdir -m 0700 "$work/private" "$work/pids"
    mkdir -m 0755 "$work/run" "$work/logs" "$work/inner"
    export OUTER_WORK=$work/inner
}

# Stops the processes that were started, and removes $work.
clean_up() {
    [[ -n $work && -d $work/pids ]] || return 0
    stop_all "$work"
    rm -rf -- "$work"
}

# stop_all WORK: stops the processes started there, last one first, then those of inner scripts.
stop_all() {
    local work=$1 file inner
    while IFS= read -r file; do
        case $file in
            *.group) stop_group "$(basename -- "$file" .group)" ;;
            *) stop_process "$(basename -- "$file" .pid)" ;;
        esac
    done < <(ls -t -- "$work"/pids/*.{pid,group} 2>/dev/null)
    for inner in "$work"/inner/*/; do
        if [[ -d ${inner}pids ]]; then stop_all "${inner%/}"; fi
    done
}

# Conditions ----------------------------------------------------------------------------------

# await SECONDS COMMAND...: waits until the command succeeds; fails when that time is over.
await() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# Processes -----------------------------------------------------------------------------------

# start_process NAME COMMAND...: starts it in the background, its output in $work/logs/NAME.log.
# Descriptor 3 is closed, because bats waits for every process that holds it.
start_process() {
    local name=$1
    shift
    "$@" >>"$work/logs/$name.log" 2>&1 </dev/null 3>&- &
    printf '%s\n' "$!" >"$work/pids/$name.pid"
}

# start_group NAME COMMAND...: as start_process, for a command that starts processes: they end with
# it, even those in their own process groups. Ctrl-C reaches them only through this script.
start_group() {
    local name=$1
    shift
    setsid "$@" >>"$work/logs/$name.log" 2>&1 </dev/null 3>&- &
    printf '%s\n' "$!" >"$work/pids/$name.group"
}

# run_group NAME COMMAND...: as start_group, and waits for the end; a signal interrupts the wait.
run_group() {
    start_group "$@"
    local status=0
    wait "$(<"$work/pids/$1.group")" || status=$?
    rm -f -- "$work/pids/$1.group"
    return "$status"
}

# run_swift NAME COMMAND...: as run_group, and once more if a signal ended SwiftPM: on Linux a race
# in Foundation can do that when a plugin runs. After a test that crashes, SwiftPM ends with 1.
run_swift() {
    local status=0
    run_group "$@" || status=$?
    if ((status > 128 && status != 130 && status != 143)); then
        say "SwiftPM was ended by signal $((status - 128)): once more ..."
        status=0
        run_group "$@" || status=$?
    fi
    return "$status"
}

stop_group() {
    local leader
    leader=$(<"$work/pids/$1.group")
    signal_session TERM "$leader"
    wait "$leader" 2>/dev/null || true
    signal_session KILL "$leader"
    rm -f -- "$work/pids/$1.group"
}

# signal_session SIGNAL LEADER: sends the signal to all processes of the session.
signal_session() {
    local members
    # The name, in parentheses, may hold anything; the session is the fourth field behind it.
    readarray -t members < <(cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$2" '{
        process = $1
        sub(/.*\) /, "")
        if ($4 == session) print process
    }')
    if ((${#members[@]})); then kill -s "$1" "${members[@]}" 2>/dev/null || true; fi
}

process_id() {
    cat -- "$work/pids/$1.pid"
}

is_running() {
    [[ -f $work/pids/$1.pid ]] && kill -0 "$(process_id "$1")" 2>/dev/null &&
        [[ $(process_state "$(process_id "$1")") != Z ]]
}

is_stopped() {
    ! is_running "$1"
}

# Prints the letter of a process's state; Z is a process that ended and was not waited for.
process_state() {
    sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null
}

# stop_process NAME [SIGNAL]: sends TERM, and KILL after 35 s.
stop_process() {
    local name=$1 signal=${2:-TERM}
    [[ -f $work/pids/$name.pid ]] || return 0
    local pid
    pid=$(process_id "$name")
    kill -s "$signal" "$pid" 2>/dev/null || true
    await 35 is_stopped "$name" || kill -s KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    rm -f -- "$work/pids/$name.pid"
}

# Ports ---------------------------------------------------------------------------------------

# Prints a free port of the loopback interface, below the range of outgoing connections.
free_port() {
    local port
    for _ in {1..100}; do
        port=$((10000 + RANDOM % 22000))
        if ! (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
    die "no free port found"
}

# nginx ---------------------------------------------------------------------------------------

# start_nginx NAME WRITER: starts one on a free port, with its own configuration and prefix. WRITER
# is called with the port and prints the inside of the http block; sets $nginx_port.
start_nginx() {
    local name=$1 writer=$2 prefix=$work/$1
    mkdir -p "$prefix"
    for _ in {1..20}; do
        nginx_port=$(free_port)
        nginx_configuration "$prefix" "$("$writer" "$nginx_port")" >"$prefix/nginx.conf"
        start_process "$name" nginx -p "$prefix" -c "$prefix/nginx.conf"
        if await 10 nginx_has_decided "$name" "$prefix" && is_running "$name"; then return; fi
        grep -q 'Address already in use' "$work/logs/$name.log" "$prefix/error.log" || break
        rm -f -- "$work/pids/$name.pid"
    done
    die "nginx did not start: $(why_nginx_ended "$name" "$prefix")"
}

# why_nginx_ended NAME PREFIX: prints its own reason, once, without the rest of its logs.
why_nginx_ended() {
    local reason
    reason=$(sed -nE 's/.*\[emerg\] ([0-9]+#[0-9]+: )?//p' "$work/logs/$1.log" "$2/error.log" \
        2>/dev/null | head -n 1)
    printf '%s\n' "${reason:-$(tail -n 1 -- "$work/logs/$1.log")}"
}

nginx_has_decided() {
    [[ -s $2/nginx.pid ]] || is_stopped "$1"
}

# nginx_configuration PREFIX HTTP: prints a whole configuration around an http block's inside.
nginx_configuration() {
    if ((EUID == 0)); then printf 'user www-data;\n'; fi
    cat <<CONFIGURATION
daemon off;
worker_processes 2;
worker_rlimit_nofile 8192;
pid $1/nginx.pid;
error_log $1/error.log info;
events {
    worker_connections 4096;
}
http {
    client_body_temp_path $1/client;
    fastcgi_temp_path $1/fastcgi;
    proxy_temp_path $1/proxy;
    scgi_temp_path $1/scgi;
    uwsgi_temp_path $1/uwsgi;
    access_log $1/access.log;
$2
}
CONFIGURATION
}

# install_nginx_files DIRECTORY SOCKET: copies the files of nginx/, with the paths replaced.
install_nginx_files() {
    mkdir -p "$1"
    sed "s|/run/grantkeeper/grantkeeper.sock|$2|" \
        "$repository/nginx/grantkeeper-upstream.conf" >"$1/grantkeeper-upstream.conf"
    sed "s|/var/log/nginx/|$1/|" "$repository/nginx/grantkeeper.conf" >"$1/grantkeeper.conf"
}
