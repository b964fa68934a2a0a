/* See degraded.h. */
#include "guard/router/degraded.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "wire/json.h"

/* Of most answers. */
#define ANSWER_SIZE 2048

int degraded_code(enum trust_reason reason)
{
    switch (reason) {
    case TRUST_REASON_TIMEOUT:
        return 5040;
    case TRUST_REASON_QUARANTINED:
        return 4030;
    case TRUST_REASON_NOT_COVERED:
        return 4040;
    case TRUST_REASON_TOOL_CHANGED:
    case TRUST_REASON_OUTCOME_UNKNOWN:
        return 4090;
    case TRUST_REASON_RATE_LIMITED:
        return 4290;
    case TRUST_REASON_NONE:
    case TRUST_REASON_NO_PROVIDER:
    case TRUST_REASON_ALL_OPEN:
    case TRUST_REASON_POLICY:
        break;
    }
    return 5030;
}

static void put_string(struct text *text, const char *plain)
{
    text_put_string(text, trust_bytes_text(plain));
}

/* As a string of JSON. The sentence speaks of retry_after_ms, which a model that is shown the text
 * alone cannot see. */
static struct text sentence(const struct degraded *facts)
{
    struct text text = {0};
    struct trust_answer answer =
        trust_answer_make(facts->reason, facts->retry_after_ms, facts->basis);
    text_put(&text, answer.message);
    if (facts->retry_after_ms != TRUST_NEVER_MS && facts->retry_after_ms > 0) {
        text_put(&text, " retry_after_ms is ");
        text_put_number(&text, facts->retry_after_ms);
        text_put(&text, ".");
    }
    struct text quoted = {0};
    text_put_string(&quoted, text_bytes(&text));
    free(text.data);
    return quoted;
}

static void put_tries(struct text *text, const struct degraded *facts)
{
    for (uint32_t i = 0; i < facts->try_count; i++) {
        const struct call_try *attempt = &facts->tries[i];
        text_put(text, i == 0 ? "{\"subject\":" : ",{\"subject\":");
        put_string(text, facts->subjects[attempt->backend]);
        text_put(text, ",\"class\":\"");
        text_put(text, trust_outcome_name(attempt->class_));
        text_put(text, attempt->is_sent ? "\",\"sent\":true}" : "\",\"sent\":false}");
    }
}

static void put_object(struct text *text, const struct message *request,
                       const struct degraded *facts, const struct text *message)
{
    text_put(text, "{\"status\":\"unavailable\",\"group\":");
    put_string(text, facts->group);
    text_put(text, ",\"reason\":\"");
    text_put(text, trust_reason_name(facts->reason));
    text_put(text, "\",\"retry_after_ms\":");
    if (facts->retry_after_ms == TRUST_NEVER_MS)
        text_put(text, "null");
    else
        text_put_number(text, facts->retry_after_ms);
    text_put(text, ",\"candidates\":");
    text_put(text, facts->candidates == NULL ? "[]" : facts->candidates);
    text_put(text, ",\"alternatives\":");
    text_put(text, facts->alternatives == NULL ? "[]" : facts->alternatives);
    text_put(text, ",\"missing\":[");
    if (facts->reason == TRUST_REASON_NOT_COVERED && json_kind(request->name) == JSON_KIND_STRING)
        text_put_bytes(text, request->name);
    text_put(text, "],\"basis\":{\"kind\":\"");
    text_put(text, trust_basis_kind_name(facts->basis.kind));
    text_put(text, "\",\"age_s\":");
    text_put_number(text, facts->basis.age_s);
    text_put(text, "},\"message\":");
    text_put_bytes(text, text_bytes(message));
    text_put(text, facts->is_executed ? ",\"executed\":\"unknown\",\"tried\":["
                                      : ",\"executed\":\"no\",\"tried\":[");
    put_tries(text, facts);
    text_put(text, "]}");
}

struct text degraded_answer(const struct message *request, const struct degraded *facts)
{
    /* A thousand calls may end at once: one allocation for each. */
    struct text text = {.data = text_memory(ANSWER_SIZE), .capacity = ANSWER_SIZE};
    struct text message = sentence(facts);
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_bytes(&text, request->id);
    if (request->method == METHOD_TOOLS_CALL) {
        text_put(&text, ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":");
        text_put_bytes(&text, text_bytes(&message));
        text_put(&text, "}],\"isError\":true,");
        if (facts->era == ERA_MODERN)
            text_put(&text, "\"resultType\":\"complete\",");
        text_put(&text, "\"_meta\":{\"io.repute/guard\":");
        put_object(&text, request, facts, &message);
        text_put(&text, "}}}");
    } else {
        text_put(&text, ",\"error\":{\"code\":");
        text_put_number(&text, (uint64_t)degraded_code(facts->reason));
        text_put(&text, ",\"message\":");
        text_put_bytes(&text, text_bytes(&message));
        text_put(&text, ",\"data\":");
        put_object(&text, request, facts, &message);
        text_put(&text, "}}");
    }
    free(message.data);
    return text;
}

struct text degraded_failover(const char *from, const char *to)
{
    struct text text = {0};
    text_put(&text, "{\"reason\":\"failed_over\",\"from\":");
    put_string(&text, from);
    text_put(&text, ",\"to\":");
    put_string(&text, to);
    text_put(&text, "}");
    return text;
}
