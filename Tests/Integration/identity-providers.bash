# shellcheck shell=bash
#
# Identity providers that nobody here wrote, each behind TLS: how they are started, registered with
# and looked into is in a file of their own, below identity-providers/. Here is what they share: the
# certificates, and the browser of the user who signs in there.
# shellcheck disable=SC2154 # $work, $base and others are set by the helpers

# shellcheck source=scripts/lib/kept.bash
source "$BATS_TEST_DIRNAME/../../scripts/lib/kept.bash"

# shellcheck disable=SC2034 # read by the providers' files
alice_password='correct horse battery staple'

# Their front ---------------------------------------------------------------------------------

make_certificate() (
    mkdir "$work/tls" && cd "$work/tls" || exit
    {
        openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=authority -days 2 \
            -keyout authority-key.pem -out authority.pem
        openssl req -newkey rsa:2048 -nodes -subj /CN=provider -keyout key.pem -out request.pem
        openssl x509 -req -in request.pem -CA authority.pem -CAkey authority-key.pem -days 2 \
            -extfile <(printf 'subjectAltName=IP:127.0.0.1') -out certificate.pem
    } 2>>"$work/logs/tls.log"
)

# start_front NAME PORT: TLS before what listens on that port. Sets $front, its origin.
start_front() {
    back_port=$2
    start_nginx "front-$1" front_http
    # shellcheck disable=SC2154 # set by start_nginx
    front=https://127.0.0.1:$nginx_port
}

front_http() {
    cat <<HTTP
    server {
        listen 127.0.0.1:$1 ssl;
        ssl_certificate $work/tls/certificate.pem;
        ssl_certificate_key $work/tls/key.pem;
        location / {
            proxy_pass http://127.0.0.1:$back_port;
            proxy_set_header Host \$http_host;
            proxy_set_header X-Forwarded-For \$remote_addr;
            proxy_set_header X-Forwarded-Host \$http_host;
            proxy_set_header X-Forwarded-Proto https;
        }
    }
HTTP
}

# at_provider URL [CURL-OPTION...]: prints the body, and the status behind it on a line.
at_provider() {
    curl -sS --max-time 20 --cacert "$work/tls/authority.pem" -w '\n%{http_code}\n' "$@"
}

# The user's browser there ----------------------------------------------------------------------

# visit URL [CURL-OPTION...]: goes on as long as the provider leads on to itself. Sets $page_url, the
# page that is there in the end, with its body in $page; or $callback_url, the way back to us.
visit() {
    local url=$1 next
    shift
    page=$BATS_TEST_TMPDIR/page
    while :; do
        next=$(curl -sS --max-time 20 --cacert "$work/tls/authority.pem" \
            -b "$BATS_TEST_TMPDIR/jar" -c "$BATS_TEST_TMPDIR/jar" -e "${page_url-}" \
            -o "$page" -w '%{redirect_url}' "$@" "$url")
        page_url=$url
        callback_url=$next
        [[ $next == "${url%"${url#https://*/}"}"* ]] || break
        url=$next
        set --
    done
    [[ -z $callback_url || $callback_url == "$base"/* ]]
}

# decoded TEXT: without percent-encoding, and without a plus for a space.
decoded() {
    local text=${1//+/ }
    printf '%b' "${text//%/\\x}"
}
