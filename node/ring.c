/*
 * Positions are byte counts that only grow; position % capacity is the place in the buffer. A
 * message never wraps: what is left at the buffer's end is skipped. An empty ring starts again at
 * the buffer's front, so that a node without load touches one page of it.
 */
#include "node/ring.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"

/* Stands before each message; size SKIP: nothing more up to the buffer's end. */
struct header {
    uint32_t size;
    uint32_t stride; /* header, message and padding */
};
#define SKIP UINT32_MAX
#define ALIGNMENT 8u

static_assert(sizeof(struct header) == ALIGNMENT, "a skip marker fits wherever a message ends");

struct ring {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    uint8_t *buffer;
    uint32_t capacity;
    uint32_t reserve;
    int fd; /* -1: none */
    bool stopped;
    uint32_t waiting;
    uint64_t wake_at;   /* waiters sleep on while head is below */
    uint64_t tail;      /* oldest message */
    uint64_t head;      /* where the next one goes */
    uint64_t urgent_at; /* end of the youngest urgent message */
};

static void lock(struct ring *ring)
{
    int failed = pthread_mutex_lock(&ring->mutex);
    assert(failed == 0);
}

static void unlock(struct ring *ring)
{
    int failed = pthread_mutex_unlock(&ring->mutex);
    assert(failed == 0);
}

/* The descriptor is readable exactly while the ring holds something. */
static void raise_fd(struct ring *ring)
{
    uint64_t one = 1;
    if (ring->fd >= 0) {
        ssize_t written = write(ring->fd, &one, sizeof one);
        assert(written == sizeof one);
    }
}

static void clear_fd(struct ring *ring)
{
    uint64_t seen = 0;
    if (ring->fd >= 0) {
        ssize_t taken = read(ring->fd, &seen, sizeof seen);
        assert(taken == sizeof seen || errno == EAGAIN);
    }
}

static struct header *header_at(struct ring *ring, uint64_t position)
{
    void *place = ring->buffer + position % ring->capacity;
    return place;
}

enum trust_error ring_open(struct ring **out_ring, uint32_t capacity, uint32_t reserve,
                           bool with_fd)
{
    assert(capacity % ALIGNMENT == 0);
    assert(reserve < capacity);
    struct ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL)
        return TRUST_FAIL_MEMORY;
    ring->capacity = capacity;
    ring->reserve = reserve;
    ring->fd = -1;
    if (with_fd) {
        ring->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (ring->fd < 0) {
            free(ring);
            return TRUST_FAIL_SYSTEM;
        }
    }
    ring->buffer = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ring->buffer == MAP_FAILED) {
        if (ring->fd >= 0)
            (void)close(ring->fd);
        free(ring);
        return TRUST_FAIL_MEMORY;
    }
    pthread_condattr_t attributes;
    int failed = pthread_condattr_init(&attributes);
    failed |= pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    failed |= pthread_cond_init(&ring->changed, &attributes);
    failed |= pthread_condattr_destroy(&attributes);
    failed |= pthread_mutex_init(&ring->mutex, NULL);
    assert(failed == 0);
    *out_ring = ring;
    return TRUST_OK;
}

void ring_close(struct ring *ring)
{
    if (ring == NULL)
        return;
    assert(ring->waiting == 0);
    if (ring->fd >= 0)
        (void)close(ring->fd);
    (void)munmap(ring->buffer, ring->capacity);
    (void)pthread_cond_destroy(&ring->changed);
    (void)pthread_mutex_destroy(&ring->mutex);
    free(ring);
}

int ring_fd(const struct ring *ring)
{
    assert(ring->fd >= 0);
    return ring->fd;
}

/* Makes room for stride bytes in one piece at head, or returns false and changes nothing. */
static bool make_room(struct ring *ring, uint32_t stride, uint32_t allowed)
{
    if (ring->head == ring->tail) {
        uint64_t front = (ring->head + ring->capacity - 1) / ring->capacity * ring->capacity;
        ring->head = front;
        ring->tail = front;
    }
    uint32_t to_end = (uint32_t)(ring->capacity - ring->head % ring->capacity);
    uint32_t skipped = to_end < stride ? to_end : 0;
    if (ring->head - ring->tail + skipped + stride > allowed)
        return false;
    if (skipped > 0) {
        *header_at(ring, ring->head) = (struct header){.size = SKIP, .stride = skipped};
        ring->head += skipped;
    }
    return true;
}

enum trust_error ring_push(struct ring *ring, const struct trust_bytes *parts, uint32_t part_count,
                           unsigned flags)
{
    assert(part_count >= 1);
    assert(part_count <= RING_PARTS_MAX);
    size_t size = 0;
    for (uint32_t i = 0; i < part_count; i++)
        size += parts[i].size;
    assert(size <= ring->capacity / 2);
    uint32_t stride =
        (uint32_t)((sizeof(struct header) + size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    lock(ring);
    bool was_empty = ring->head == ring->tail;
    uint32_t allowed = ring->capacity - ((flags & RING_RESERVE) != 0 ? 0 : ring->reserve);
    if (!make_room(ring, stride, allowed)) {
        unlock(ring);
        return TRUST_NO_BUSY;
    }
    struct header *header = header_at(ring, ring->head);
    *header = (struct header){.size = (uint32_t)size, .stride = stride};
    uint8_t *to = (uint8_t *)(header + 1);
    for (uint32_t i = 0; i < part_count; i++) {
        if (parts[i].size > 0)
            memcpy(to, parts[i].data, parts[i].size);
        to += parts[i].size;
    }
    ring->head += stride;
    if ((flags & RING_URGENT) != 0)
        ring->urgent_at = ring->head;
    if (was_empty)
        raise_fd(ring);
    if (ring->waiting > 0 && (ring->head >= ring->wake_at || (flags & RING_URGENT) != 0))
        (void)pthread_cond_signal(&ring->changed);
    unlock(ring);
    return TRUST_OK;
}

void ring_hurry(struct ring *ring)
{
    lock(ring);
    ring->urgent_at = ring->head;
    (void)pthread_cond_broadcast(&ring->changed);
    unlock(ring);
}

void ring_stop(struct ring *ring)
{
    lock(ring);
    ring->stopped = true;
    (void)pthread_cond_broadcast(&ring->changed);
    unlock(ring);
}

bool ring_is_stopped(struct ring *ring)
{
    lock(ring);
    bool stopped = ring->stopped;
    unlock(ring);
    return stopped;
}

static struct timespec deadline_in(int64_t timeout_ms)
{
    struct timespec at;
    int failed = clock_gettime(CLOCK_MONOTONIC, &at);
    assert(failed == 0);
    at.tv_sec += timeout_ms / 1000;
    at.tv_nsec += timeout_ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

/* A position from before the ring emptied means its oldest message. */
static uint64_t from_tail(const struct ring *ring, uint64_t position)
{
    return position < ring->tail ? ring->tail : position;
}

bool ring_wait(struct ring *ring, uint64_t position, uint32_t size, int64_t timeout_ms)
{
    assert(size >= 1);
    struct timespec deadline = deadline_in(timeout_ms < 0 ? 0 : timeout_ms);
    lock(ring);
    ring->waiting++;
    int failed = 0;
    while (failed != ETIMEDOUT && !ring->stopped) {
        uint64_t from = from_tail(ring, position);
        if (ring->head >= from + size || ring->urgent_at > from)
            break;
        ring->wake_at = from + size;
        failed = timeout_ms < 0 ? pthread_cond_wait(&ring->changed, &ring->mutex)
                                : pthread_cond_timedwait(&ring->changed, &ring->mutex, &deadline);
    }
    ring->waiting--;
    bool has_message = ring->head > from_tail(ring, position);
    unlock(ring);
    return has_message;
}

bool ring_peek(struct ring *ring, uint64_t *position, struct trust_bytes *out_message)
{
    lock(ring);
    uint64_t at = from_tail(ring, *position);
    bool found = at < ring->head;
    if (found) {
        const struct header *header = header_at(ring, at);
        if (header->size == SKIP) {
            at += header->stride;
            header = header_at(ring, at);
        }
        *out_message =
            (struct trust_bytes){.data = (const uint8_t *)(header + 1), .size = header->size};
        *position = at + header->stride;
    }
    unlock(ring);
    return found;
}

static void drop_locked(struct ring *ring, uint64_t position)
{
    assert(position <= ring->head);
    if (position <= ring->tail)
        return;
    ring->tail = position;
    if (ring->tail == ring->head)
        clear_fd(ring);
}

void ring_drop(struct ring *ring, uint64_t position)
{
    lock(ring);
    drop_locked(ring, position);
    unlock(ring);
}

bool ring_take(struct ring *ring, void *out_message, size_t *out_size, size_t capacity)
{
    lock(ring);
    bool found = ring->tail < ring->head;
    if (found) {
        uint64_t at = ring->tail;
        const struct header *header = header_at(ring, at);
        if (header->size == SKIP) {
            at += header->stride;
            header = header_at(ring, at);
        }
        assert(header->size <= capacity);
        memcpy(out_message, header + 1, header->size);
        *out_size = header->size;
        drop_locked(ring, at + header->stride);
    }
    unlock(ring);
    return found;
}

uint32_t ring_used(struct ring *ring)
{
    lock(ring);
    uint32_t used = (uint32_t)(ring->head - ring->tail);
    unlock(ring);
    return used;
}
