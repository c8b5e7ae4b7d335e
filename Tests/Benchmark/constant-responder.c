/*
 * A constant FastCGI answer, as fast as libfcgi gives it: what scripts/bench compares with.
 *
 * usage: constant-responder SOCKET_PATH        built with: cc -O2 constant-responder.c -lfcgi
 *
 * The way of Sources/FastCGI without all that it does for a request: connections are accepted here,
 * idle kept ones wait in epoll (one shot), and four threads take the readable ones. That was faster
 * than a thread blocked in FCGX_Accept_r for each kept connection.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS = 4, BODY_BYTES = 400 };

static int poller;
static int listener;
static char answer[1024];
static int answer_length;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void make_answer(void) {
    char body[BODY_BYTES + 1];
    memset(body, 'x', BODY_BYTES);
    memcpy(body, "{\"id\":\"", 7);
    memcpy(body + BODY_BYTES - 2, "\"}", 2);
    body[BODY_BYTES] = 0;
    answer_length = snprintf(answer, sizeof(answer),
                             "Status: 200 OK\r\nContent-Type: application/json\r\n"
                             "Cache-Control: no-store\r\nContent-Length: %d\r\n\r\n%s",
                             BODY_BYTES, body);
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

static void serve(FCGX_Request *request) {
    char rest[4096];
    request->keepConnection = 1; /* or FCGX_Accept_r would close it first */
    if (FCGX_Accept_r(request) != 0) {
        free(request);
        return;
    }
    FCGX_PutStr(answer, answer_length, request->out);
    while (FCGX_GetStr(rest, sizeof(rest), request->in) > 0) {
    }
    FCGX_Finish_r(request);
    if (request->ipcFd < 0)
        free(request);
    else
        watch(EPOLL_CTL_MOD, request->ipcFd, request);
}

static void *work(void *unused) {
    struct epoll_event event;
    (void)unused;
    for (;;) {
        if (epoll_wait(poller, &event, 1, -1) != 1)
            continue;
        if (event.data.ptr == NULL)
            accept_all();
        else
            serve(event.data.ptr);
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t thread;
    if (argc != 2) {
        fprintf(stderr, "usage: %s SOCKET_PATH\n", argv[0]);
        return 2;
    }
    make_answer();
    if (FCGX_Init() != 0)
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
