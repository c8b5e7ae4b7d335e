/*
 * An API that takes whatever body comes and answers 1 KB of JSON: what scripts/bench sends bodies
 * to, and what keeps it waiting. nginx can do neither: it answers before it has read a body.
 *
 * usage: upstream PORT        built with: cc -O2 upstream.c
 *
 * One thread and epoll. A path that begins with /slow is answered after two seconds, any other at
 * once. Only what nginx and libcurl send is understood: one request after the other on a connection,
 * bodies with a Content-Length.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_BYTES = 16384, BODY_BYTES = 1024, DELAY_MS = 2000 };

struct client {
    int descriptor;
    int head_length;
    long long body_left;
    long long due;
    struct client *next; /* of those that wait: all wait equally long, so the first is due first */
    char head[HEAD_BYTES];
};

static int poller;
static char answer[BODY_BYTES + 256];
static int answer_length;
static char rest[262144];
static struct client *first_waiting, **last_waiting = &first_waiting;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static long long milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void make_answer(void) {
    int head = snprintf(answer, sizeof(answer),
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        "Content-Length: %d\r\n\r\n",
                        BODY_BYTES);
    memset(answer + head, ' ', BODY_BYTES);
    memcpy(answer + head, "{\"padding\":0", 12);
    answer[head + BODY_BYTES - 1] = '}';
    answer_length = head + BODY_BYTES;
}

static void watch(int operation, struct client *client) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (epoll_ctl(poller, operation, client->descriptor, &event) != 0)
        fail("epoll_ctl");
}

static void finish(struct client *client) {
    client->head_length = 0;
    if (write(client->descriptor, answer, answer_length) != answer_length) {
        close(client->descriptor);
        free(client);
    }
}

/* The whole request is there. */
static void answer_or_wait(struct client *client) {
    if (strstr(client->head, " /slow") == NULL)
        return finish(client);
    watch(EPOLL_CTL_DEL, client);
    client->due = milliseconds() + DELAY_MS;
    client->next = NULL;
    *last_waiting = client;
    last_waiting = &client->next;
}

/* Takes bytes of the head; what lies behind it is the body's. */
static int read_head(struct client *client) {
    char *end, *field;
    int room = HEAD_BYTES - 1 - client->head_length;
    int count = read(client->descriptor, client->head + client->head_length, room);
    if (count <= 0)
        return -1;
    client->head_length += count;
    client->head[client->head_length] = 0;
    end = strstr(client->head, "\r\n\r\n");
    if (end == NULL)
        return 0;
    field = strcasestr(client->head, "\r\nContent-Length:");
    client->body_left = field != NULL && field < end ? atoll(field + 17) : 0;
    client->body_left -= client->head + client->head_length - (end + 4);
    end[2] = 0;
    if (client->body_left == 0)
        answer_or_wait(client);
    return 0;
}

static int read_body(struct client *client) {
    long long room = sizeof(rest);
    int count = read(client->descriptor, rest, client->body_left < room ? client->body_left : room);
    if (count <= 0)
        return -1;
    client->body_left -= count;
    if (client->body_left == 0)
        answer_or_wait(client);
    return 0;
}

static void serve(struct client *client) {
    int result = client->body_left > 0 ? read_body(client) : read_head(client);
    if (result < 0) {
        close(client->descriptor);
        free(client);
    }
}

static int listen_on(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener, 4096) != 0)
        fail("listen");
    return listener;
}

static void accept_one(int listener) {
    struct client *client;
    int one = 1, descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (descriptor < 0)
        return;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    client = calloc(1, sizeof(*client));
    client->descriptor = descriptor;
    watch(EPOLL_CTL_ADD, client);
}

/* Answers those whose time has come; how long the next one has still to wait, -1 for none. */
static int answer_due(void) {
    long long now = milliseconds();
    while (first_waiting != NULL && first_waiting->due <= now) {
        struct client *client = first_waiting;
        first_waiting = client->next;
        if (first_waiting == NULL)
            last_waiting = &first_waiting;
        watch(EPOLL_CTL_ADD, client);
        finish(client);
    }
    return first_waiting == NULL ? -1 : (int)(first_waiting->due - now);
}

int main(int argc, char **argv) {
    struct epoll_event events[64], incoming = {.events = EPOLLIN};
    int listener, count, i;
    if (argc != 2) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    make_answer();
    listener = listen_on(atoi(argv[1]));
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &incoming) != 0)
        fail("epoll_ctl");
    for (;;) {
        count = epoll_wait(poller, events, 64, answer_due());
        for (i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL)
                accept_one(listener);
            else
                serve(events[i].data.ptr);
        }
    }
}
