/*
 * A clock that is set on order: preloaded into the service. FAULTS_CLOCK is a file that says by how
 * many seconds the calendar's clock is ahead; the monotonic one goes on as it is.
 *
 * As with a clock that is really set, who waits until a moment of the calendar waits until the
 * clock says so.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Times before this, in seconds, are no calendar's but the monotonic clock's. */
#define FIRST_CALENDAR_TIME 1000000000L
#define SLICE 50000000L

static long offset(void)
{
    const char *path = getenv("FAULTS_CLOCK");
    char text[32] = "";
    int descriptor = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0) return 0;
    long count = syscall(SYS_read, descriptor, text, sizeof text - 1);
    syscall(SYS_close, descriptor);
    return count > 0 ? atol(text) : 0;
}

static int is_calendar(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int saved = errno;
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (result != 0) return result;
    if (is_calendar(clock)) time->tv_sec += offset();
    errno = saved;
    return 0;
}

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    result->tv_sec = now.tv_sec;
    result->tv_usec = now.tv_nsec / 1000;
    return 0;
}

static int is_before(const struct timespec *one, const struct timespec *other)
{
    return one->tv_sec != other->tv_sec ? one->tv_sec < other->tv_sec
                                        : one->tv_nsec < other->tv_nsec;
}

/* In slices of real time, because the clock may be set meanwhile. */
int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
    const struct timespec *restrict until)
{
    __typeof__(&pthread_cond_timedwait) real =
        (__typeof__(real))dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (until->tv_sec < FIRST_CALENDAR_TIME) return real(condition, mutex, until);
    for (;;) {
        struct timespec now, slice;
        clock_gettime(CLOCK_REALTIME, &now);
        if (!is_before(&now, until)) return ETIMEDOUT;
        syscall(SYS_clock_gettime, CLOCK_REALTIME, &slice);
        slice.tv_nsec += SLICE;
        if (slice.tv_nsec >= 1000000000L) slice.tv_sec++, slice.tv_nsec -= 1000000000L;
        int result = real(condition, mutex, &slice);
        if (result != ETIMEDOUT) return result;
    }
}
