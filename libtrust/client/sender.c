/* See sender.h. Reports are numbered; number n stands at n modulo the size of the ring. */
#include "client/sender.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"
#include "client/post.h"
#include "client/report_doc.h"

struct trust_client_sender {
    pthread_mutex_t lock;
    pthread_cond_t wake; /* of the thread: something to do */
    pthread_cond_t done; /* of those who flush: an attempt is over */
    pthread_t thread;
    struct trust_client_clock clock;
    struct trust_requester *requester; /* the thread's */
    struct sockaddr_un address;
    char agent[TRUST_PETNAME_SIZE_MAX + 1];
    uint64_t first; /* number of the oldest report queued */
    uint64_t next;  /* number of the next one */
    uint64_t begun; /* attempts to send, as is the next */
    uint64_t ended; /* with any result */
    uint64_t hurry; /* attempts up to this one do not wait for the time of the next */
    uint64_t told;
    uint64_t lost;
    uint32_t in_flight; /* reports taken off the queue and not yet told or lost */
    uint32_t failures;  /* attempts in a row that found nobody */
    uint32_t delays;    /* that found nobody, or one who wants no more manifests for now */
    uint32_t pressing;  /* callers of flush that wait */
    bool has_thread;
    bool is_closing;
    struct trust_client_manifests manifests;
    struct trust_client_report batch[TRUST_CLIENT_BATCH_MAX];
    struct trust_client_report ring[TRUST_CLIENT_QUEUE_MAX];
};

static struct timespec after_ms(uint64_t ms)
{
    struct timespec time;
    int failed = clock_gettime(CLOCK_MONOTONIC, &time);
    assert(failed == 0);
    time.tv_sec += (time_t)(ms / 1000);
    time.tv_nsec += (long)(ms % 1000) * 1000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    return time;
}

/* Nobody listening is told apart from an answer that got lost before anything is sent. */
static bool is_listening(const struct trust_client_sender *sender)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    int failed = connect(fd, (const struct sockaddr *)&sender->address, sizeof sender->address);
    (void)close(fd);
    return failed == 0;
}

static enum trust_error send_batch(struct trust_client_sender *sender, size_t count)
{
    json_t *answer = NULL;
    enum trust_error error = trust_client_post(
        sender->requester, &answer, "/v1/outcomes",
        trust_report_doc(sender->batch, count, sender->agent), TRUST_CLIENT_POST_MS);
    json_decref(answer);
    return error;
}

static enum trust_error send_manifest(struct trust_client_sender *sender,
                                      const struct trust_client_sight *sight)
{
    json_t *answer = NULL;
    enum trust_error error =
        trust_client_post(sender->requester, &answer, "/v1/pins",
                          trust_client_manifests_doc(sight, sender->agent), TRUST_CLIENT_POST_MS);
    json_decref(answer);
    return error;
}

/* ---- under the lock ---- */

static bool is_idle(const struct trust_client_sender *sender)
{
    return sender->first == sender->next && sender->manifests.count == 0;
}

static struct trust_client_report *at(struct trust_client_sender *sender, uint64_t number)
{
    return &sender->ring[number % TRUST_CLIENT_QUEUE_MAX];
}

static void drop_first(struct trust_client_sender *sender)
{
    sender->first++;
    sender->lost++;
}

/* What happened long ago says nothing of now, and the node would date it now. */
static void drop_old(struct trust_client_sender *sender)
{
    uint64_t now_ms = trust_client_clock_read(&sender->clock).mono.ms;
    while (sender->first < sender->next &&
           at(sender, sender->first)->told.ms + TRUST_CLIENT_REPORT_AGE_MS <= now_ms)
        drop_first(sender);
}

static void take_batch(struct trust_client_sender *sender)
{
    sender->in_flight = 0;
    while (sender->first < sender->next && sender->in_flight < TRUST_CLIENT_BATCH_MAX)
        sender->batch[sender->in_flight++] = *at(sender, sender->first++);
}

/* A node that was just found away is not asked over and over while those who pressed wake up. */
static bool is_pressed(const struct trust_client_sender *sender)
{
    return sender->pressing > 0 && (sender->failures == 0 || sender->ended < sender->hurry);
}

/* Waits, unless somebody presses: a moment for more to gather, or longer after a failure. */
static void pause_for(struct trust_client_sender *sender)
{
    bool is_patient = sender->first == sender->next;
    uint64_t most_ms = is_patient ? TRUST_CLIENT_MANIFEST_RETRY_MS : TRUST_CLIENT_RETRY_MS_MAX;
    uint64_t wait_ms = TRUST_CLIENT_GATHER_MS;
    uint32_t doublings = is_patient ? sender->delays : sender->failures;
    for (uint32_t i = 0; i < doublings && wait_ms < most_ms; i++)
        wait_ms *= 2;
    const struct timespec end = after_ms(wait_ms < most_ms ? wait_ms : most_ms);
    int result = 0;
    while (!sender->is_closing && !is_pressed(sender) && result != ETIMEDOUT &&
           is_patient == (sender->first == sender->next))
        result = pthread_cond_timedwait(&sender->wake, &sender->lock, &end);
}

static enum trust_error tell_outcomes(struct trust_client_sender *sender)
{
    take_batch(sender);
    uint32_t count = sender->in_flight;
    if (count == 0)
        return TRUST_OK;
    pthread_mutex_unlock(&sender->lock);
    enum trust_error error = send_batch(sender, count);
    pthread_mutex_lock(&sender->lock);
    if (error == TRUST_OK)
        sender->told += count;
    else
        sender->lost += count;
    sender->in_flight = 0;
    return error;
}

/* To hear it twice does the node no harm, so what was not answered is told again. */
static enum trust_error tell_manifests(struct trust_client_sender *sender)
{
    struct trust_client_sight sight;
    enum trust_error error = TRUST_OK;
    while (error == TRUST_OK && !sender->is_closing &&
           trust_client_manifests_take(&sender->manifests, &sight)) {
        sender->in_flight = 1;
        pthread_mutex_unlock(&sender->lock);
        error = send_manifest(sender, &sight);
        pthread_mutex_lock(&sender->lock);
        if (error == TRUST_OK)
            trust_client_manifests_note(&sender->manifests, &sight);
        bool is_later = error == TRUST_NO_NODE || error == TRUST_NO_BUSY;
        if (error != TRUST_OK &&
            !(is_later && trust_client_manifests_give_back(&sender->manifests, &sight)))
            sender->lost++;
        if (!is_later)
            error = TRUST_OK;
        sender->in_flight = 0;
    }
    return error;
}

/* Sends what is there, if anybody listens. The lock is let go meanwhile. */
static void attempt(struct trust_client_sender *sender)
{
    sender->begun++;
    pthread_mutex_unlock(&sender->lock);
    bool is_up = is_listening(sender);
    pthread_mutex_lock(&sender->lock);
    enum trust_error error = is_up ? tell_outcomes(sender) : TRUST_NO_NODE;
    if (error != TRUST_NO_NODE)
        error = tell_manifests(sender);
    if (error == TRUST_NO_NODE)
        trust_client_manifests_forget(&sender->manifests);
    sender->failures = error == TRUST_NO_NODE ? sender->failures + 1 : 0;
    bool is_delayed = error == TRUST_NO_NODE || error == TRUST_NO_BUSY;
    sender->delays = is_delayed ? sender->delays + 1 : 0;
    sender->ended++;
    pthread_cond_broadcast(&sender->done);
}

static void *run(void *argument)
{
    struct trust_client_sender *sender = argument;
    pthread_mutex_lock(&sender->lock);
    while (!sender->is_closing) {
        if (is_idle(sender)) {
            pthread_cond_wait(&sender->wake, &sender->lock);
            continue;
        }
        pause_for(sender);
        drop_old(sender);
        if (!sender->is_closing && !is_idle(sender))
            attempt(sender);
        else
            pthread_cond_broadcast(&sender->done);
    }
    pthread_mutex_unlock(&sender->lock);
    return NULL;
}

/* A thread of a library takes no signal that its program waits for. */
static bool start(struct trust_client_sender *sender)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    int failed = pthread_create(&sender->thread, NULL, run, sender);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed == 0;
}

/* ---- */

static bool make_lock(struct trust_client_sender *sender)
{
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0)
        return false;
    bool is_made = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
                   pthread_mutex_init(&sender->lock, NULL) == 0 &&
                   pthread_cond_init(&sender->wake, &monotonic) == 0 &&
                   pthread_cond_init(&sender->done, &monotonic) == 0;
    (void)pthread_condattr_destroy(&monotonic);
    return is_made;
}

enum trust_error trust_client_sender_open(struct trust_client_sender **out_sender,
                                          const char *socket_path, const char *agent,
                                          struct trust_client_clock clock)
{
    size_t path_size = strlen(socket_path);
    size_t agent_size = strlen(agent);
    if (path_size >= sizeof out_sender[0]->address.sun_path || agent_size > TRUST_PETNAME_SIZE_MAX)
        return TRUST_NO_SIZE;
    struct trust_client_sender *sender = calloc(1, sizeof *sender);
    if (sender == NULL)
        return TRUST_FAIL_MEMORY;
    sender->clock = clock;
    sender->address.sun_family = AF_UNIX;
    memcpy(sender->address.sun_path, socket_path, path_size + 1);
    memcpy(sender->agent, agent, agent_size + 1);
    enum trust_error error = trust_client_post_open(&sender->requester, socket_path);
    if (error == TRUST_OK && !make_lock(sender)) {
        trust_client_post_close(sender->requester);
        error = TRUST_FAIL_SYSTEM;
    }
    if (error != TRUST_OK) {
        free(sender);
        return error;
    }
    *out_sender = sender;
    return TRUST_OK;
}

void trust_client_sender_tell(struct trust_client_sender *sender,
                              const struct trust_client_report *report)
{
    pthread_mutex_lock(&sender->lock);
    bool was_empty = sender->first == sender->next;
    if (sender->next - sender->first == TRUST_CLIENT_QUEUE_MAX)
        drop_first(sender);
    *at(sender, sender->next++) = *report;
    if (!sender->has_thread)
        sender->has_thread = start(sender);
    /* With more in the queue it is awake, or lets them gather. */
    if (was_empty)
        pthread_cond_signal(&sender->wake);
    pthread_mutex_unlock(&sender->lock);
}

void trust_client_sender_tell_manifest(struct trust_client_sender *sender,
                                       const struct trust_client_sight *sight)
{
    pthread_mutex_lock(&sender->lock);
    if (!trust_client_manifests_add(&sender->manifests, sight))
        sender->lost++;
    if (!sender->has_thread)
        sender->has_thread = start(sender);
    pthread_cond_signal(&sender->wake);
    pthread_mutex_unlock(&sender->lock);
}

enum trust_error trust_client_sender_flush(struct trust_client_sender *sender, uint32_t wait_ms)
{
    uint32_t bounded_ms = wait_ms == 0 ? TRUST_CLIENT_WAIT_MS : wait_ms;
    const struct timespec end = after_ms(wait_ms == TRUST_CLIENT_NO_WAIT ? 0 : bounded_ms);
    pthread_mutex_lock(&sender->lock);
    uint64_t upto = sender->next;
    uint64_t enough = sender->begun + 1;
    int result = 0;
    sender->hurry = enough;
    sender->pressing++;
    pthread_cond_signal(&sender->wake);
    /* One attempt that begins now and finds nobody is enough to know. */
    while (sender->has_thread && result != ETIMEDOUT &&
           (sender->first < upto || sender->in_flight > 0 || sender->manifests.count > 0) &&
           (sender->delays == 0 || sender->ended < enough))
        result = pthread_cond_timedwait(&sender->done, &sender->lock, &end);
    sender->pressing--;
    bool is_done = sender->first >= upto && sender->in_flight == 0 && sender->manifests.count == 0;
    bool is_away = sender->failures > 0;
    pthread_mutex_unlock(&sender->lock);
    if (is_away)
        return TRUST_NO_NODE;
    return is_done ? TRUST_OK : TRUST_NO_BUSY;
}

struct trust_client_sender_figures trust_client_sender_figures(struct trust_client_sender *sender)
{
    pthread_mutex_lock(&sender->lock);
    struct trust_client_sender_figures figures = {
        .attempts = sender->begun,
        .told = sender->told,
        .lost = sender->lost,
        .queued =
            (uint32_t)(sender->next - sender->first) + sender->in_flight + sender->manifests.count,
    };
    pthread_mutex_unlock(&sender->lock);
    return figures;
}

void trust_client_sender_close(struct trust_client_sender *sender)
{
    if (sender == NULL)
        return;
    pthread_mutex_lock(&sender->lock);
    sender->is_closing = true;
    bool has_thread = sender->has_thread;
    pthread_cond_signal(&sender->wake);
    pthread_mutex_unlock(&sender->lock);
    if (has_thread)
        (void)pthread_join(sender->thread, NULL);
    trust_client_post_close(sender->requester);
    (void)pthread_cond_destroy(&sender->wake);
    (void)pthread_cond_destroy(&sender->done);
    (void)pthread_mutex_destroy(&sender->lock);
    free(sender);
}
