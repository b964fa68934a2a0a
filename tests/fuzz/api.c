/*
 * What a local caller may send: "METHOD TARGET\nBODY". The target is split and routed, the body is
 * read the way resources read theirs. A call that was refused has a problem document; what passed
 * has kept every bound that it was asked to keep.
 */
#include "node/api/api.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "fuzz.h"
#include "node/api/body.h"
#include "node/api/route.h"

#define TEXT_MAX 16

/* Splits the first line into words of their own; returns what is behind it. */
static size_t take_line(const uint8_t *data, size_t size, char *out_line, size_t capacity)
{
    const uint8_t *end = memchr(data, '\n', size);
    size_t length = end == NULL ? size : (size_t)(end - data);
    size_t kept = length < capacity - 1 ? length : capacity - 1;
    memcpy(out_line, data, kept);
    out_line[kept] = '\0';
    return end == NULL ? size : length + 1;
}

static void check_answer(const struct api_call *call)
{
    static const char start[] = "{\"type\":\"about:blank\",\"title\":\"";
    if (!api_is_answered(call))
        return;
    assert(call->answer.status >= 400);
    assert(call->answer.size > sizeof start);
    assert(memcmp(call->answer.text, start, sizeof start - 1) == 0);
    assert(call->answer.text[call->answer.size - 1] == '}');
}

static void read_entry(const struct api_list *list, size_t index)
{
    if (api_list_is_text(list, index)) {
        struct trust_bytes subject = api_list_subject(list, index);
        assert(subject.size <= TRUST_SUBJECT_SIZE_MAX);
        return;
    }
    uint8_t bytes[4];
    struct api_body entry = api_list_object(list, index);
    (void)api_body_subject(&entry, "subject");
    (void)api_body_hex(&entry, "hex", bytes, sizeof bytes);
    (void)api_body_end(&entry);
}

static void read_body(struct api_call *call)
{
    static const char *const words[] = {"a", "b", NULL};
    struct api_body body = api_body_open(call);
    assert(strlen(api_body_text(&body, "text", TEXT_MAX)) <= TEXT_MAX);
    assert(strlen(api_body_optional_text(&body, "more", TEXT_MAX, "")) <= TEXT_MAX);
    assert(api_body_optional_count(&body, "count", 9, 3) <= 9);
    double ratio = api_body_optional_ratio(&body, "ratio", .5);
    assert(ratio >= 0);
    assert(ratio <= 1);
    assert(api_body_optional_word(&body, "word", words, 1) <= 1);
    (void)api_body_optional_flag(&body, "flag", true);
    (void)api_body_is_null(&body, "none");
    struct api_list list = api_body_list(&body, "list", 0, 4);
    assert(list.count <= 4);
    for (size_t i = 0; i < list.count; i++)
        read_entry(&list, i);
    bool is_right = api_body_end(&body);
    assert(is_right != api_is_answered(call));
}

static void try_target(struct api_call *call, char *line)
{
    char *target = strchr(line, ' ');
    if (target == NULL)
        return;
    *target++ = '\0';
    call->request.method = api_request_method(line);
    call->request.rights = API_RIGHTS_OPERATOR;
    if (api_request_parse(&call->request, target) != TRUST_OK)
        return;
    for (uint32_t i = 0; i < call->request.segment_count; i++)
        assert(call->request.segments[i][0] != '\0');
    bool is_found = api_route_find(call, &api_routes);
    assert(is_found != api_is_answered(call));
    if (is_found)
        assert(call->route->method == call->request.method);
    check_answer(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct api api;
    char line[2 * TRUST_API_TARGET_SIZE];
    struct api_call *call = calloc(1, sizeof *call);
    if (call == NULL)
        return 0;
    call->api = &api;
    size_t taken = size == 0 ? 0 : take_line(data, size, line, sizeof line);
    if (size > 0)
        try_target(call, line);
    api_call_close(call);
    call->request.body = (struct trust_bytes){.data = data + taken, .size = size - taken};
    read_body(call);
    check_answer(call);
    api_call_close(call);
    free(call);
    return 0;
}
