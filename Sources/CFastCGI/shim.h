/* What Swift needs of libfcgi and of Linux's epoll, and can't import by itself. */
#ifndef GRANTKEEPER_CFASTCGI_SHIM_H
#define GRANTKEEPER_CFASTCGI_SHIM_H

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * Two things of Linux that glibc shows with _GNU_SOURCE only. Defining that here would give some
 * system types other members than Swift's Glibc module has for them.
 */
#ifndef POLLRDHUP
#define POLLRDHUP 0x2000
#endif
extern int accept4(int, struct sockaddr *__restrict, socklen_t *__restrict, int);

/*
 * The beginning of libfcgi's private FCGX_Stream_Data. It has been the same in every release from
 * 1996 to 2.4.x; fcgx_unread_bytes() refuses values that can't be so.
 */
struct fcgx_stream_data_head {
    unsigned char *buff;
    int bufflen;
    unsigned char *mBuff;
    unsigned char *buffStop;
};

/*
 * How many bytes the library has read from the connection and not yet consumed; -1 when that can't
 * be told. FCGX_Free throws them away: they may be the next request's.
 */
static inline ptrdiff_t fcgx_unread_bytes(const FCGX_Stream *stream) {
    const struct fcgx_stream_data_head *data =
        (const struct fcgx_stream_data_head *)stream->data;
    if (data == NULL || stream->rdNext < data->buff || data->buffStop < stream->rdNext ||
        data->buffStop > data->buff + data->bufflen) {
        return -1;
    }
    return data->buffStop - stream->rdNext;
}

/*
 * Gives a stream that is read a larger buffer than the library's 8 KB, which cost a system call for
 * each 8 KB of a long body. What was read and not yet consumed moves along. Without memory for it,
 * everything stays as it was.
 */
static inline void fcgx_enlarge_input(FCGX_Stream *stream, int size) {
    struct fcgx_stream_data_head *data = (struct fcgx_stream_data_head *)stream->data;
    ptrdiff_t unread = fcgx_unread_bytes(stream);
    unsigned char *buffer;
    if (unread < 0 || size <= data->bufflen || (buffer = (unsigned char *)malloc(size)) == NULL) {
        return;
    }
    memcpy(buffer, stream->rdNext, unread);
    stream->stop = stream->wrNext = stream->rdNext = stream->stopUnget = buffer;
    free(data->mBuff);
    data->buff = data->mBuff = buffer;
    data->bufflen = size;
    data->buffStop = buffer + unread;
}

/*
 * Takes some of the bytes that were read and not yet consumed, or else of those that come next on
 * the connection, through the stream's own buffer: at least one. 0 at the connection's end, -1 when
 * it failed or the time to wait is over. The library itself is not asked; see InputRecords.swift.
 */
static inline ptrdiff_t fcgx_take(FCGX_Stream *stream, int descriptor, void *bytes, size_t count) {
    struct fcgx_stream_data_head *data = (struct fcgx_stream_data_head *)stream->data;
    ptrdiff_t unread = fcgx_unread_bytes(stream);
    if (unread == 0) {
        do {
            unread = recv(descriptor, data->buff, data->bufflen, 0);
        } while (unread < 0 && errno == EINTR);
        if (unread > 0) {
            stream->rdNext = data->buff;
            data->buffStop = data->buff + unread;
        }
    }
    if (unread <= 0) {
        return unread;
    }
    if (count > (size_t)unread) {
        count = unread;
    }
    memcpy(bytes, stream->rdNext, count);
    stream->rdNext += count;
    return count;
}

/* Whether a header of that type begins what was read and not yet consumed. */
static inline int fcgx_record_is_next(const FCGX_Stream *stream, unsigned char type) {
    return fcgx_unread_bytes(stream) >= FCGI_HEADER_LEN &&
           stream->rdNext[0] == FCGI_VERSION_1 && stream->rdNext[1] == type;
}

/* Whether the end of the body (an empty FCGI_STDIN) is all that was read and not yet consumed. */
static inline int fcgx_ends_next(const FCGX_Stream *stream) {
    const unsigned char *next = stream->rdNext;
    return fcgx_unread_bytes(stream) == FCGI_HEADER_LEN &&
           fcgx_record_is_next(stream, FCGI_STDIN) && next[4] == 0 && next[5] == 0 && next[6] == 0;
}

/* Accepts a connection, blocking and closed on exec; -1 with errno. */
static inline int fcgx_accept_connection(int listener) {
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

/* Adds or re-arms a descriptor for one event of reading; the token comes back with the event. */
static inline int fcgx_arm(int poller, int operation, int descriptor, uint32_t events,
                           uint64_t token) {
    struct epoll_event event;
    memset(&event, 0, sizeof(event));
    event.events = events;
    event.data.u64 = token;
    return epoll_ctl(poller, operation, descriptor, &event);
}

/* Waits for one event: 1 and its token, 0 when time is up, -1 with errno. */
static inline int fcgx_wait_one(int poller, int milliseconds, uint64_t *token) {
    struct epoll_event event;
    int count = epoll_wait(poller, &event, 1, milliseconds);
    if (count == 1) {
        *token = event.data.u64;
    }
    return count;
}

/* Whether the other end of a connected socket has closed, without waiting. */
static inline int fcgx_peer_closed(int descriptor) {
    struct pollfd entry = {descriptor, POLLRDHUP, 0};
    return poll(&entry, 1, 0) > 0 && (entry.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL));
}

static const uint32_t FCGX_EPOLL_READ_ONCE = (uint32_t)EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
static const uint32_t FCGX_EPOLL_READ = EPOLLIN;

#endif
