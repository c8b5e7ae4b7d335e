# shellcheck shell=bash
#
# Programs that only tests need, and that no machine should have to install: they stay in a folder
# of the user that is kept and used again. Sourced after common.bash.

kept=${XDG_CACHE_HOME:-${HOME:-$(cd ~ && pwd)}/.cache}/grantkeeper-tests

# keep NAME COMMAND...: makes the folder $kept/NAME once, by that command with the folder as its
# last argument. A second process waits; a folder that is incomplete is made again.
keep() {
    local folder=$kept/$1
    shift
    mkdir -p -- "$kept"
    (
        flock 9
        [[ ! -f $folder/complete ]] || exit 0
        rm -rf -- "$folder"
        mkdir -- "$folder" && "$@" "$folder" && touch -- "$folder/complete"
    ) 9>>"$folder.lock" || die "could not make $folder"
}

# python_environment REQUIREMENTS: makes a virtual environment with the packages of that file. Sets
# $environment, its folder.
python_environment() {
    need_packages python3 python3-venv
    local fingerprint
    fingerprint=$({ /usr/bin/python3 --version && cat -- "$1"; } | sha256sum)
    environment=$kept/python-${fingerprint:0:12}
    keep "$(basename -- "$environment")" make_python_environment "$1"
}

make_python_environment() {
    say "Installing from PyPI: $(sed -n '1s/^# //p' "$1")"
    /usr/bin/python3 -m venv -- "$2" &&
        "$2/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
            --requirement "$1" >&2
}

# unpacked_package PACKAGE: unpacks Debian's package without installing it, so that it starts no
# service. The libraries that it depends on are installed. Sets $unpacked, its folder.
unpacked_package() {
    local libraries
    # shellcheck disable=SC1091
    unpacked=$kept/$1-$(source /etc/os-release && printf '%s' "$ID${VERSION_ID-}")
    keep "$(basename -- "$unpacked")" unpack_package "$1"
    readarray -t libraries <"$unpacked/libraries"
    need_packages "${libraries[@]}"
}

unpack_package() {
    say "Unpacking from Debian: $1"
    cd -- "$2" || return
    apt-get -q download "$1" >&2 || { apt_get update && apt-get -q download "$1" >&2; } || return
    dpkg-deb --extract "$1"_*.deb . &&
        dpkg-deb --field "$1"_*.deb Depends | tr ',' '\n' |
        sed -n 's/^ *\(lib[^ |]*\|zlib1g\).*/\1/p' >libraries
}
