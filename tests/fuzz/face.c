/*
 * A request of an HTTP client: lines of headers, an empty one, the body, and behind a NUL the
 * schema of the tool. What the judges let pass is a message that says what its headers say.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"
#include "guard/face/face_agree.h"
#include "guard/face/face_params.h"
#include "guard/face/face_seal.h"
#include "wire/json.h"

/* Up to c, which is cut off; what is left when there is none. */
static struct trust_bytes cut(struct trust_bytes *rest, uint8_t c)
{
    const uint8_t *at = rest->size == 0 ? NULL : memchr(rest->data, c, rest->size);
    struct trust_bytes part = *rest;
    if (at != NULL)
        part.size = (size_t)(at - rest->data);
    size_t used = at == NULL ? rest->size : part.size + 1;
    if (used > 0)
        rest->data += used;
    rest->size -= used;
    return part;
}

static void judge(const struct face_head *head, struct trust_bytes body, struct trust_bytes schema)
{
    struct face_post post;
    static const uint8_t key[FACE_SEAL_KEY_SIZE];
    struct face_seal_place place;
    enum face_verdict verdict = face_agree_read(&post, head, body);
    assert(verdict != FACE_PREFLIGHT);
    assert(face_seal_open(&place, head->session, key) == TRUST_NO_FOUND);
    if (verdict != FACE_FINE)
        return;
    struct message again;
    assert(post.era != ERA_NONE);
    assert(message_read(&again, post.message.whole) == TRUST_OK);
    if (post.era == ERA_MODERN && post.message.kind == MESSAGE_REQUEST) {
        assert(head->mcp_method.data != NULL);
        assert(head->version.data != NULL);
        assert(post.message.meta_version.size > 0);
    }
    if (json_check(schema) != TRUST_OK)
        schema = (struct trust_bytes){0};
    (void)face_params_agree(schema, post.message.arguments, head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes rest = {.data = data, .size = size};
    struct face_rules rules = {0};
    struct face_head head = {.method = FACE_POST, .path = FACE_PATH_NAME};
    enum trust_error error = face_address_read(&rules.address, "127.0.0.1:8080");
    assert(error == TRUST_OK);
    while (rest.size > 0) {
        struct trust_bytes value = cut(&rest, '\n');
        if (value.size == 0)
            break;
        struct trust_bytes name = cut(&value, ':');
        face_head_add(&head, name, value);
    }
    for (int method = FACE_OTHER; method <= FACE_OPTIONS; method++) {
        head.method = (enum face_method)method;
        enum face_verdict verdict = face_head_judge(&head, &rules);
        /* No origin is listed here; only the own address is let in. */
        if (head.origin.data != NULL && (verdict == FACE_FINE || verdict == FACE_PREFLIGHT))
            assert(verdict == FACE_FINE && head.origin.size > strlen("http://"));
    }
    struct trust_bytes body = cut(&rest, '\0');
    judge(&head, body, rest);
    return 0;
}
