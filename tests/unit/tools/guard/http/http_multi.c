/* guard/http_multi: two transfers and their server in one thread, turned by poll. */
#include "guard/http/http_multi.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "trust/answer.h"

#define PATIENCE_MS 10000u

struct rig {
    struct http_multi multi;
    int listener;
    char url[64];
};

static struct trust_mono now(void)
{
    struct timespec time;
    assert_int_equal(clock_gettime(CLOCK_BOOTTIME, &time), 0);
    return (struct trust_mono){.ms =
                                   (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000};
}

static void open_rig(struct rig *rig)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rig->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(rig->listener >= 0);
    assert_int_equal(bind(rig->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(rig->listener, 8), 0);
    assert_int_equal(getsockname(rig->listener, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(rig->url, sizeof rig->url, "http://127.0.0.1:%u/", ntohs(address.sin_port));
    assert_int_equal(http_multi_open(&rig->multi), TRUST_OK);
    assert_int_equal(rig->multi.due.ms, TRUST_NEVER_MS);
}

static void close_rig(struct rig *rig)
{
    http_multi_close(&rig->multi);
    assert_int_equal(rig->multi.fd, -1);
    assert_int_equal(close(rig->listener), 0);
}

static size_t drop(char *data, size_t unit, size_t count, void *user)
{
    (void)data;
    *(size_t *)user += unit * count;
    return unit * count;
}

static CURL *begun(struct rig *rig, size_t *out_size)
{
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    *out_size = 0;
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_URL, rig->url), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_PROXY, ""), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_WRITEDATA, out_size), CURLE_OK);
    assert_int_equal(http_multi_add(&rig->multi, easy, now()), TRUST_OK);
    return easy;
}

/* Turns until other is readable; -1: until a transfer has ended, which is returned. */
static CURL *turned(struct rig *rig, int other, CURLcode *out_code)
{
    uint64_t until_ms = now().ms + PATIENCE_MS;
    while (now().ms < until_ms) {
        CURL *easy = NULL;
        struct pollfd items[] = {{.fd = rig->multi.fd, .events = POLLIN},
                                 {.fd = other, .events = POLLIN}};
        uint64_t due_ms = rig->multi.due.ms < until_ms ? rig->multi.due.ms : until_ms;
        uint64_t now_ms = now().ms;
        assert_true(poll(items, 2, due_ms > now_ms ? (int)(due_ms - now_ms) : 0) >= 0);
        http_multi_turn(&rig->multi, now());
        if (items[1].revents != 0)
            return NULL;
        if (http_multi_ended(&rig->multi, &easy, out_code))
            return easy;
    }
    fail_msg("nothing happened");
    return NULL;
}

static void answer(struct rig *rig, const char *text)
{
    char taken[1000];
    CURLcode code = CURLE_OK;
    assert_null(turned(rig, rig->listener, &code));
    int fd = accept(rig->listener, NULL, NULL);
    assert_true(fd >= 0);
    assert_null(turned(rig, fd, &code));
    assert_true(read(fd, taken, sizeof taken) > 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

static void a_transfer_is_turned_to_its_end(void **state)
{
    struct rig rig;
    size_t size = 0;
    CURLcode code = CURLE_OK;
    (void)state;
    open_rig(&rig);
    CURL *easy = begun(&rig, &size);
    assert_true(rig.multi.due.ms != TRUST_NEVER_MS);
    answer(&rig, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    assert_ptr_equal(turned(&rig, -1, &code), easy);
    assert_int_equal(code, CURLE_OK);
    assert_int_equal(size, 5);
    CURL *none = NULL;
    assert_false(http_multi_ended(&rig.multi, &none, &code));
    http_multi_remove(&rig.multi, easy);
    curl_easy_cleanup(easy);
    close_rig(&rig);
}

static void a_transfer_that_is_cut_does_not_touch_another(void **state)
{
    struct rig rig;
    size_t sizes[2] = {0, 0};
    CURLcode code = CURLE_OK;
    (void)state;
    open_rig(&rig);
    CURL *first = begun(&rig, &sizes[0]);
    answer(&rig, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    CURL *second = begun(&rig, &sizes[1]);
    CURL *ended = turned(&rig, -1, &code);
    assert_ptr_equal(ended, first);
    assert_int_equal(code, CURLE_PARTIAL_FILE);
    http_multi_remove(&rig.multi, first);
    curl_easy_cleanup(first);
    answer(&rig, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assert_ptr_equal(turned(&rig, -1, &code), second);
    assert_int_equal(code, CURLE_OK);
    assert_int_equal(sizes[1], 2);
    http_multi_remove(&rig.multi, second);
    curl_easy_cleanup(second);
    close_rig(&rig);
}

static void a_transfer_may_be_dropped_while_it_runs(void **state)
{
    struct rig rig;
    size_t size = 0;
    CURLcode code = CURLE_OK;
    (void)state;
    open_rig(&rig);
    CURL *easy = begun(&rig, &size);
    assert_null(turned(&rig, rig.listener, &code));
    http_multi_remove(&rig.multi, easy);
    curl_easy_cleanup(easy);
    assert_false(http_multi_ended(&rig.multi, &easy, &code));
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transfer_is_turned_to_its_end),
        cmocka_unit_test(a_transfer_that_is_cut_does_not_touch_another),
        cmocka_unit_test(a_transfer_may_be_dropped_while_it_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
