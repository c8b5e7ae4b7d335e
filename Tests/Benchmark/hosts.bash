# shellcheck shell=bash
#
# What nginx serves while scripts/bench measures: the service with its references beside it, and the
# files of an API. Sourced by it.
# shellcheck disable=SC2154 # the variables are scripts/bench's

# The service's host, with all references in the same nginx, by the same settings.
bench_host() {
    plain_host "$1"
    quiet_nginx_files
    cat <<HOST
    access_log off;
    upstream constant {
        server unix:$work/run/constant.sock;
        keepalive 32;
        keepalive_requests 100000;
    }
    upstream forwarder {
        server unix:$work/run/forwarder.sock;
        keepalive 32;
        keepalive_requests 100000;
    }
    upstream files {
        server 127.0.0.1:$files_port;
        keepalive 32;
        keepalive_requests 100000;
    }
    upstream api {
        server 127.0.0.1:$api_port;
        keepalive 32;
        keepalive_requests 100000;
    }
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffer_size 64k;
    proxy_buffers 8 64k;
    proxy_busy_buffers_size 128k;
    proxy_max_temp_file_size 0;
    proxy_request_buffering off;
    server {
        listen 127.0.0.1:$1;
        server_name references.test;
        client_max_body_size 0;
        client_body_buffer_size 64k;
        location /constant {
            fastcgi_pass constant;
            fastcgi_keep_conn on;
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param REQUEST_URI \$request_uri;
            fastcgi_param REMOTE_ADDR \$remote_addr;
        }
        location /forwarded/ {
            set \$api http://127.0.0.1:$files_port;
            if (\$uri ~ ^/forwarded/post-) {
                set \$api http://127.0.0.1:$api_port;
            }
            fastcgi_pass forwarder;
            fastcgi_keep_conn on;
            fastcgi_request_buffering off;
            fastcgi_buffer_size 64k;
            fastcgi_buffers 8 64k;
            fastcgi_busy_buffers_size 128k;
            fastcgi_max_temp_file_size 0;
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param REQUEST_URI \$request_uri;
            fastcgi_param CONTENT_TYPE \$content_type;
            fastcgi_param CONTENT_LENGTH \$content_length;
            fastcgi_param API_ORIGIN \$api;
        }
        location /get- {
            proxy_pass http://files;
        }
        location /post- {
            proxy_pass http://api;
        }
    }
HOST
}

files_host() {
    cat <<HOST
    access_log off;
    sendfile on;
    open_file_cache max=8;
    server {
        listen 127.0.0.1:$1;
        keepalive_requests 100000;
        default_type application/json;
        root $work/files;
    }
HOST
}

# As they are installed, but for the access log, which would measure the disk.
quiet_nginx_files() {
    sed -i 's/access_log [^;]* grantkeeper;/access_log off;/' "$work/nginx-files/grantkeeper.conf"
}
