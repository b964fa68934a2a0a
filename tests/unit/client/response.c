/* client/response: answers as a node gives them, and as something else does, cut anywhere. */
#include "client/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/limits.h"

struct kept {
    char text[64];
    size_t size;
    size_t most;
    int status; /* as it was when the first piece came */
    const struct trust_response *response;
};

static bool keep(void *context, struct trust_bytes piece)
{
    struct kept *kept = context;
    if (kept->size + piece.size > kept->most)
        return false;
    if (kept->size == 0)
        kept->status = kept->response->status;
    memcpy(kept->text + kept->size, piece.data, piece.size);
    kept->size += piece.size;
    return true;
}

/* Feeds text in pieces of step bytes, up to the end of the answer or the first refusal. */
static enum trust_error feed(struct trust_response *response, struct trust_bytes text, size_t step)
{
    enum trust_error error = TRUST_OK;
    for (size_t at = 0; at < text.size && error == TRUST_OK && !response->is_whole; at += step) {
        size_t left = text.size - at;
        error =
            trust_response_feed(response, (struct trust_bytes){.data = text.data + at,
                                                               .size = left < step ? left : step});
    }
    return error;
}

static const struct {
    const char *text;
    enum trust_error error;
    int status;
    const char *body;
    bool is_whole;
    bool is_reusable;
    const char *fault;
} rows[] = {
    {.text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
     .status = 200,
     .body = "abcde",
     .is_whole = true,
     .is_reusable = true},
    {.text = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
     .status = 404,
     .body = "",
     .is_whole = true,
     .is_reusable = true},
    {.text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n"
             "Trailer: z\r\n\r\n",
     .status = 200,
     .body = "abcde",
     .is_whole = true,
     .is_reusable = true},
    {.text = "HTTP/1.1 204 No Content\r\n\r\n",
     .status = 204,
     .body = "",
     .is_whole = true,
     .is_reusable = true},
    {.text = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
     .status = 200,
     .body = "x",
     .is_whole = true},
    {.text = "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
     .status = 200,
     .body = "x",
     .is_whole = true},
    {.text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
     .status = 200,
     .body = "x",
     .is_whole = true,
     .is_reusable = true},
    {.text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", .status = 200, .body = "abc"},
    {.text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
     .status = 200,
     .body = "abc"},
    {.text = "HTTP/1.1 200 OK\r\nContent-Le", .status = 0, .body = ""},
    {.text = "", .status = 0, .body = ""},
    {.text = "HTTP/1.1 200 OK\r\n\r\nabc",
     .error = TRUST_NO_SYNTAX,
     .status = 200,
     .body = "",
     .fault = "its answer does not say how long it is"},
    {.text = "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "its status means nothing here"},
    {.text = "HTTP/1.1 7 OK\r\nContent-Length: 0\r\n\r\n",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "its status means nothing here"},
    {.text = "HTTP/1.1 999 OK\r\nContent-Length: 0\r\n\r\n",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "its status means nothing here"},
    {.text = "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "it answers in another version of HTTP"},
    {.text = "220 mail.example ESMTP\r\n",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "invalid constant string"},
    {.text = "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "invalid character in content-length header"},
    {.text = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "invalid character in content-length header"},
    {.text = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "unexpected content-length header"},
    {.text = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     .error = TRUST_NO_SYNTAX,
     .body = "",
     .fault = "unexpected content-length header"},
    {.text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     .error = TRUST_NO_SYNTAX,
     .status = 200,
     .body = "",
     .fault = "invalid character in chunk size header"},
};

static void an_answer_is_the_same_however_its_bytes_come(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_bytes text = trust_bytes_text(rows[i].text);
        for (size_t step = 1; step <= text.size + 1; step++) {
            struct trust_response response;
            struct kept kept = {.most = sizeof kept.text, .response = &response};
            trust_response_init(&response, keep, &kept);
            enum trust_error error = feed(&response, text, step);
            if (error != rows[i].error || response.status != rows[i].status ||
                kept.size != strlen(rows[i].body) ||
                memcmp(kept.text, rows[i].body, kept.size) != 0)
                fail_msg("row %zu by %zu: %s, %d, %.*s", i, step, trust_error_name(error),
                         response.status, (int)kept.size, kept.text);
            assert_int_equal(response.is_whole, rows[i].is_whole);
            assert_int_equal(response.is_reusable, rows[i].is_reusable);
            if (kept.size > 0)
                assert_int_equal(kept.status, rows[i].status);
            if (rows[i].fault != NULL)
                assert_string_equal(response.fault, rows[i].fault);
        }
    }
}

static void bytes_behind_an_answer_end_the_connection(void **state)
{
    (void)state;
    struct trust_response response;
    struct kept kept = {.most = sizeof kept.text, .response = &response};
    trust_response_init(&response, keep, &kept);
    struct trust_bytes text = trust_bytes_text("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
                                               "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny");
    assert_int_equal(trust_response_feed(&response, text), TRUST_OK);
    assert_true(response.is_whole);
    assert_false(response.is_reusable);
    assert_int_equal(kept.size, 1);
}

static void who_takes_the_body_may_give_up(void **state)
{
    (void)state;
    struct trust_response response;
    struct kept kept = {.most = 2, .response = &response};
    trust_response_init(&response, keep, &kept);
    struct trust_bytes text = trust_bytes_text("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nxyz");
    assert_int_equal(feed(&response, text, 1), TRUST_FAIL_IO);
    assert_int_equal(kept.size, 2);
}

/* The head is padded so that it is size bytes long, interim answers before it included. */
static enum trust_error feed_head(size_t size, size_t step, const char *before)
{
    static char text[2 * TRUST_REPLY_HEAD_SIZE_MAX];
    static const char end[] = "\r\nContent-Length: 1\r\n\r\n";
    int begun = snprintf(text, sizeof text, "%sHTTP/1.1 200 OK\r\nX: ", before);
    memset(text + begun, 'a', size - (size_t)begun - (sizeof end - 1));
    memcpy(text + size - (sizeof end - 1), end, sizeof end - 1);
    text[size] = 'x';
    struct trust_response response;
    struct kept kept = {.most = sizeof kept.text, .response = &response};
    trust_response_init(&response, keep, &kept);
    enum trust_error error =
        feed(&response, (struct trust_bytes){.data = (uint8_t *)text, .size = size + 1}, step);
    assert_int_equal(response.is_whole, error == TRUST_OK);
    return error;
}

static void heads_have_a_bound_however_they_come(void **state)
{
    (void)state;
    static const char *const before[] = {"", "HTTP/1.1 100 Continue\r\n\r\n"};
    static const size_t steps[] = {1, 7, 4096, TRUST_REPLY_HEAD_SIZE_MAX,
                                   2 * TRUST_REPLY_HEAD_SIZE_MAX};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (size_t j = 0; j < 2; j++) {
            assert_int_equal(feed_head(TRUST_REPLY_HEAD_SIZE_MAX, steps[i], before[j]), TRUST_OK);
            assert_int_equal(feed_head(TRUST_REPLY_HEAD_SIZE_MAX + 1, steps[i], before[j]),
                             TRUST_NO_SIZE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_the_same_however_its_bytes_come),
        cmocka_unit_test(bytes_behind_an_answer_end_the_connection),
        cmocka_unit_test(who_takes_the_body_may_give_up),
        cmocka_unit_test(heads_have_a_bound_however_they_come),
    };
    return cmocka_run_group_tests_name("client/response", tests, NULL, NULL);
}
