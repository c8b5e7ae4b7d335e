# shellcheck shell=bash
#
# What only tests need, and no machine should have to install: it stays in a folder of the user's
# that is kept and used again. Sourced after common.bash.

kept=${XDG_CACHE_HOME:-${HOME:-$(cd ~ && pwd)}/.cache}/grantkeeper-tests

# keep NAME COMMAND...: makes the folder $kept/NAME once, by that command with the folder behind
# its arguments. Whoever wants it at the same time waits; what was left half made is made anew.
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

# python_environment REQUIREMENTS: with the packages of that file. Sets $environment, its folder.
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

# unpacked_package PACKAGE: Debian's, unpacked and not installed, so that it starts no service and
# sets nothing up. The libraries that it names are installed. Sets $unpacked, its folder.
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
