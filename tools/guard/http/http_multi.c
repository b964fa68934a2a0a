/* See http_multi.h. */
#include "guard/http/http_multi.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "trust/answer.h"

#define EVENTS_AT_ONCE 16
/* Connections that wait for the next request of the same server. */
#define IDLE_CONNECTIONS_MAX 32L

/* libcurl wants to hear of fd, or no longer. */
static int watch(CURL *easy, curl_socket_t fd, int what, void *user, void *own)
{
    struct http_multi *multi = user;
    struct epoll_event event = {.data = {.fd = fd}};
    (void)easy;
    (void)own;
    if (what == CURL_POLL_REMOVE) {
        /* One that was closed is not there any more. */
        (void)epoll_ctl(multi->fd, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    if ((what & CURL_POLL_IN) != 0)
        event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0)
        event.events |= EPOLLOUT;
    if (epoll_ctl(multi->fd, EPOLL_CTL_MOD, fd, &event) == 0)
        return 0;
    return errno == ENOENT ? epoll_ctl(multi->fd, EPOLL_CTL_ADD, fd, &event) : -1;
}

static int set_timer(CURLM *curl, long wait_ms, void *user)
{
    struct http_multi *multi = user;
    (void)curl;
    multi->due.ms = wait_ms < 0 ? TRUST_NEVER_MS : multi->now.ms + (uint64_t)wait_ms;
    return 0;
}

static bool set_up(struct http_multi *multi)
{
    CURLM *curl = multi->multi;
    return curl_multi_setopt(curl, CURLMOPT_SOCKETFUNCTION, watch) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_SOCKETDATA, multi) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_TIMERFUNCTION, set_timer) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_TIMERDATA, multi) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS_MAX) == CURLM_OK;
}

enum trust_error http_multi_open(struct http_multi *multi)
{
    *multi = (struct http_multi){.fd = -1, .due = {.ms = TRUST_NEVER_MS}};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return TRUST_FAIL_LIBRARY;
    multi->fd = epoll_create1(EPOLL_CLOEXEC);
    multi->multi = curl_multi_init();
    enum trust_error error = multi->fd < 0 ? TRUST_FAIL_SYSTEM : TRUST_OK;
    if (error == TRUST_OK && (multi->multi == NULL || !set_up(multi)))
        error = TRUST_FAIL_MEMORY;
    if (error != TRUST_OK)
        http_multi_close(multi);
    return error;
}

void http_multi_close(struct http_multi *multi)
{
    if (multi->multi != NULL)
        (void)curl_multi_cleanup(multi->multi);
    if (multi->fd >= 0)
        (void)close(multi->fd);
    curl_global_cleanup();
    *multi = (struct http_multi){.fd = -1, .due = {.ms = TRUST_NEVER_MS}};
}

enum trust_error http_multi_add(struct http_multi *multi, CURL *easy, struct trust_mono now)
{
    multi->now = now;
    return curl_multi_add_handle(multi->multi, easy) == CURLM_OK ? TRUST_OK : TRUST_FAIL_LIBRARY;
}

void http_multi_remove(struct http_multi *multi, CURL *easy)
{
    (void)curl_multi_remove_handle(multi->multi, easy);
}

void http_multi_resume(struct http_multi *multi, CURL *easy, struct trust_mono now)
{
    multi->now = now;
    (void)curl_easy_pause(easy, CURLPAUSE_CONT);
}

static void act(struct http_multi *multi, const struct epoll_event *event)
{
    int running = 0;
    int what = 0;
    if ((event->events & EPOLLIN) != 0)
        what |= CURL_CSELECT_IN;
    if ((event->events & EPOLLOUT) != 0)
        what |= CURL_CSELECT_OUT;
    if ((event->events & (EPOLLERR | EPOLLHUP)) != 0)
        what |= CURL_CSELECT_ERR;
    (void)curl_multi_socket_action(multi->multi, event->data.fd, what, &running);
}

void http_multi_turn(struct http_multi *multi, struct trust_mono now)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int running = 0;
    multi->now = now;
    int count = epoll_wait(multi->fd, events, EVENTS_AT_ONCE, 0);
    for (int i = 0; i < count; i++)
        act(multi, &events[i]);
    if (multi->due.ms > now.ms)
        return;
    multi->due.ms = TRUST_NEVER_MS;
    (void)curl_multi_socket_action(multi->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

bool http_multi_ended(struct http_multi *multi, CURL **out_easy, CURLcode *out_code)
{
    int left = 0;
    const CURLMsg *message = NULL;
    do {
        message = curl_multi_info_read(multi->multi, &left);
        if (message == NULL)
            return false;
    } while (message->msg != CURLMSG_DONE);
    *out_easy = message->easy_handle;
    *out_code = message->data.result;
    return true;
}
