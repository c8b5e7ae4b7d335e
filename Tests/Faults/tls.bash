# shellcheck shell=bash
#
# The provider behind TLS, with a certificate that is good or not.
# shellcheck disable=SC2154 # $work, $nginx_port are common.bash's

# start_tls CERTIFICATE: the provider behind TLS. Sets $tls_port.
start_tls() {
    certificate_of_front=$1
    [[ -f $work/tls/$1.pem ]] || make_certificate "$1"
    start_nginx tls tls_http
    tls_port=${tls_port:-$nginx_port}
}

tls_http() {
    front_port=${tls_port:-$1} front_listen=ssl front_lines="
        ssl_certificate $work/tls/$certificate_of_front.pem;
        ssl_certificate_key $work/tls/key.pem;" front_http "$1"
}

# make_certificate NAME: signed by an authority that the services know, but for one.
make_certificate() (
    local from=20200101000000Z until=20991231000000Z name=IP:127.0.0.1 authority=authority
    cd "$work/tls" || exit
    case $1 in
        expired) until=20200102000000Z ;;
        wrong-name) name=DNS:elsewhere.test ;;
        unknown-authority) authority=stranger ;;
    esac
    [[ -f $authority.pem ]] || make_authority "$authority"
    [[ -f key.pem ]] || openssl genrsa -out key.pem 2048 2>>"$work/logs/tls.log"
    openssl req -new -key key.pem -subj /CN=provider -out "$1.csr"
    printf '[ca]\ndefault_ca=a\n[a]\ndatabase=index\nrand_serial=yes\nunique_subject=no
new_certs_dir=.\ndefault_md=sha256\npolicy=p\nx509_extensions=x\n[p]\ncommonName=supplied
[x]\nsubjectAltName=%s\n' "$name" >"$1.cnf"
    : >>index
    openssl ca -batch -notext -config "$1.cnf" -cert "$authority.pem" -keyfile "$authority-key.pem" \
        -startdate "$from" -enddate "$until" -in "$1.csr" -out "$1.pem" 2>>"$work/logs/tls.log"
)

make_authority() {
    openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$1" -days 3650 \
        -keyout "$1-key.pem" -out "$1.pem" 2>>"$work/logs/tls.log"
    cp -- "$1.pem" "$work/private/"
}
