/*
 * A forwarder of HTTP calls with nothing in it but libfcgi and libcurl's easy interface: what
 * scripts/bench compares proxied calls with. It knows no users and keeps nothing.
 *
 * usage: forwarder SOCKET_PATH        built with: cc -O2 forwarder.c -lfcgi -lcurl -lpthread
 *
 * nginx names the API in the parameter API_ORIGIN; the path is what follows the first segment of
 * REQUEST_URI. Method, body, Accept and Content-Type go to the API; status, Content-Type,
 * Content-Length and body come back. Connections are shared among the threads as in
 * constant-responder.c. Each thread keeps one handle, with its connections.
 *
 * Long bodies stream: up through a large input buffer, down from libcurl's buffer to the socket
 * without a copy, each piece as a record of its own. A body of one piece is sent with its head.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    THREADS = 16,
    BUFFER = 262144, /* libcurl's, both ways */
    PIECE = 65536,
    COPIED = 4096,
    FIELDS = 3,
    TEXT_BYTES = 4096
};

/* What a thread keeps from one call to the next. */
struct forwarder {
    CURL *easy;
    FCGX_Request *request;
    int head_is_sent;
    struct curl_slist fields[FIELDS];
    char texts[FIELDS][TEXT_BYTES];
    char url[TEXT_BYTES];
    char piece[PIECE];
};

/* The beginning of libfcgi's private FCGX_Stream_Data. */
struct stream_data {
    unsigned char *buff;
    int bufflen;
    unsigned char *mBuff;
    unsigned char *buffStop;
};

static int poller;
static int listener;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int operation, int descriptor, void *token) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT};
    event.data.ptr = token;
    if (epoll_ctl(poller, operation, descriptor, &event) != 0)
        fail("epoll_ctl");
}

static void accept_all(void) {
    int descriptor;
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        FCGX_Request *request = malloc(sizeof(*request));
        FCGX_InitRequest(request, -1, 0);
        request->ipcFd = descriptor;
        watch(EPOLL_CTL_ADD, descriptor, request);
    }
    watch(EPOLL_CTL_MOD, listener, NULL);
}

/* Gives the stream a buffer of a piece's length in place of 8 KB; what was read moves along. */
static void enlarge_input(FCGX_Stream *stream) {
    struct stream_data *data = stream->data;
    ptrdiff_t unread = data->buffStop - stream->rdNext, ahead = stream->stop - stream->rdNext;
    unsigned char *buffer = malloc(PIECE);
    memcpy(buffer, stream->rdNext, unread);
    stream->rdNext = stream->wrNext = stream->stopUnget = buffer;
    stream->stop = buffer + ahead;
    free(data->mBuff);
    data->buff = data->mBuff = buffer;
    data->bufflen = PIECE;
    data->buffStop = buffer + unread;
}

static void send_head(struct forwarder *forwarder) {
    FCGX_Stream *out = forwarder->request->out;
    char head[TEXT_BYTES];
    char *type = NULL;
    curl_off_t length = -1;
    long status = 502;
    int count;
    if (forwarder->head_is_sent)
        return;
    forwarder->head_is_sent = 1;
    curl_easy_getinfo(forwarder->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(forwarder->easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(forwarder->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    count = snprintf(head, sizeof(head), "Status: %ld\r\n", status == 0 ? 502 : status);
    if (type != NULL && strlen(type) < TEXT_BYTES / 2)
        count += sprintf(head + count, "Content-Type: %s\r\n", type);
    if (length >= 0)
        count += sprintf(head + count, "Content-Length: %lld\r\n", (long long)length);
    count += sprintf(head + count, "\r\n");
    FCGX_PutStr(head, count, out);
}

/* Sends the bytes as a record of their own, past the library's buffer. */
static int send_record(FCGX_Request *request, char *bytes, size_t count) {
    FCGI_Header header = {FCGI_VERSION_1, FCGI_STDOUT, request->requestId >> 8 & 255,
                          request->requestId & 255, count >> 8, count & 255, 0, 0};
    struct iovec parts[2] = {{&header, sizeof(header)}, {bytes, count}};
    int first = 0;
    while (first < 2) {
        ssize_t sent = writev(request->ipcFd, parts + first, 2 - first);
        if (sent < 0 && errno != EINTR)
            return -1;
        for (; first < 2 && sent >= (ssize_t)parts[first].iov_len; first++)
            sent -= parts[first].iov_len;
        if (first < 2 && sent > 0) {
            parts[first].iov_base = (char *)parts[first].iov_base + sent;
            parts[first].iov_len -= sent;
        }
    }
    return 0;
}

/* Takes a piece of the answer's body: libcurl hands out 16 KB at most. */
static size_t take_answer(char *bytes, size_t size, size_t count, void *context) {
    struct forwarder *forwarder = context;
    FCGX_Stream *out = forwarder->request->out;
    count *= size;
    send_head(forwarder);
    if (count <= COPIED)
        return FCGX_PutStr(bytes, count, out) == (int)count ? count : 0;
    if (FCGX_FFlush(out) != 0 || send_record(forwarder->request, bytes, count) != 0)
        return 0;
    return count;
}

/* Gives libcurl a piece of the request's body. Without more of it, the client has gone. */
static size_t give_body(char *bytes, size_t size, size_t count, void *context) {
    struct forwarder *forwarder = context;
    int given = FCGX_GetStr(bytes, size * count, forwarder->request->in);
    return given > 0 ? (size_t)given : CURL_READFUNC_ABORT;
}

static const char *parameter(const struct forwarder *forwarder, const char *name) {
    const char *value = FCGX_GetParam(name, forwarder->request->envp);
    return value == NULL ? "" : value;
}

/* Adds a field to the list that libcurl sends; an empty one keeps libcurl's own back. */
static void set_field(struct forwarder *forwarder, int index, const char *name, const char *value) {
    snprintf(forwarder->texts[index], TEXT_BYTES, *value == 0 ? "%s:" : "%s: %s", name, value);
    forwarder->fields[index].data = forwarder->texts[index];
    forwarder->fields[index].next = index + 1 < FIELDS ? &forwarder->fields[index + 1] : NULL;
}

static void prepare_body(struct forwarder *forwarder, long long length) {
    CURL *easy = forwarder->easy;
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    if (length <= PIECE) {
        FCGX_GetStr(forwarder->piece, length, forwarder->request->in);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, forwarder->piece);
    } else {
        enlarge_input(forwarder->request->in);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
    }
}

static void prepare(struct forwarder *forwarder) {
    CURL *easy = forwarder->easy;
    const char *method = parameter(forwarder, "REQUEST_METHOD");
    const char *target = parameter(forwarder, "REQUEST_URI");
    const char *path = *target == 0 ? NULL : strchr(target + 1, '/');
    long long length = atoll(parameter(forwarder, "CONTENT_LENGTH"));
    snprintf(forwarder->url, sizeof(forwarder->url), "%s%s", parameter(forwarder, "API_ORIGIN"),
             path == NULL ? "/" : path);
    curl_easy_setopt(easy, CURLOPT_URL, forwarder->url);
    set_field(forwarder, 0, "Accept", parameter(forwarder, "HTTP_ACCEPT"));
    set_field(forwarder, 1, "Content-Type", parameter(forwarder, "CONTENT_TYPE"));
    if (length > 0)
        prepare_body(forwarder, length);
    else
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy, CURLOPT_NOBODY, strcmp(method, "HEAD") == 0 ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST,
                     strcmp(method, length > 0 ? "POST" : "GET") == 0 ? NULL : method);
}

static void serve(struct forwarder *forwarder, FCGX_Request *request) {
    request->keepConnection = 1; /* or FCGX_Accept_r would close it first */
    if (FCGX_Accept_r(request) != 0) {
        free(request);
        return;
    }
    forwarder->request = request;
    forwarder->head_is_sent = 0;
    prepare(forwarder);
    if (curl_easy_perform(forwarder->easy) != CURLE_OK && forwarder->head_is_sent)
        request->keepConnection = 0; /* ends the answer in its middle */
    send_head(forwarder);
    while (FCGX_GetStr(forwarder->piece, PIECE, request->in) > 0) {
    }
    FCGX_Finish_r(request);
    if (request->ipcFd < 0)
        free(request);
    else
        watch(EPOLL_CTL_MOD, request->ipcFd, request);
}

/* Makes a thread's handle, with the options that stay. */
static struct forwarder *make_forwarder(void) {
    struct forwarder *forwarder = calloc(1, sizeof(*forwarder));
    CURL *easy = forwarder->easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)BUFFER);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)BUFFER);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, forwarder);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, forwarder);
    set_field(forwarder, 2, "Expect", "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, forwarder->fields);
    return forwarder;
}

static void *work(void *unused) {
    struct forwarder *forwarder = make_forwarder();
    struct epoll_event event;
    (void)unused;
    for (;;) {
        if (epoll_wait(poller, &event, 1, -1) != 1)
            continue;
        if (event.data.ptr == NULL)
            accept_all();
        else
            serve(forwarder, event.data.ptr);
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t thread;
    if (argc != 2) {
        fprintf(stderr, "usage: %s SOCKET_PATH\n", argv[0]);
        return 2;
    }
    if (FCGX_Init() != 0 || curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
        return 1;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_DFL); /* FCGX_Init catches it */
    unlink(argv[1]);
    listener = FCGX_OpenSocket(argv[1], 4096);
    if (listener < 0 || chmod(argv[1], 0666) != 0)
        fail(argv[1]);
    if (fcntl(listener, F_SETFL, O_NONBLOCK) != 0)
        fail("fcntl");
    poller = epoll_create1(EPOLL_CLOEXEC);
    watch(EPOLL_CTL_ADD, listener, NULL);
    for (int i = 1; i < THREADS; i++)
        if (pthread_create(&thread, NULL, work, NULL) != 0)
            fail("pthread_create");
    work(NULL);
    return 0;
}
