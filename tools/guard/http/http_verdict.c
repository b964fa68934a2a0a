/* See http_verdict.h. */
#include "guard/http/http_verdict.h"

#include "base/limits.h"

static uint64_t bounded_ms(int64_t seconds)
{
    if (seconds <= 0)
        return 0;
    if (seconds >= TRUST_GUARD_RETRY_AFTER_MS_MAX / 1000)
        return TRUST_GUARD_RETRY_AFTER_MS_MAX;
    return (uint64_t)seconds * 1000;
}

/* Of a status that says by itself what happened; true: out_failure says it. */
static bool of_status(struct router_failure *out_failure, const struct http_reply *reply)
{
    struct router_failure failure = {.class_ = TRUST_OUTCOME_CALLER, .is_sent = reply->is_sent};
    switch (reply->status) {
    case 401:
    case 403:
        failure.class_ = TRUST_OUTCOME_AUTH;
        break;
    case 429:
        failure.class_ = TRUST_OUTCOME_RATE_LIMITED;
        failure.retry_after_ms = bounded_ms(reply->retry_in_s);
        break;
    case 400:
        if (reply->has_session)
            failure.class_ = TRUST_OUTCOME_SESSION_LOST;
        break;
    case 408:
        /* All of it was given: it was the server's own work that took too long. */
        failure.class_ = TRUST_OUTCOME_TIMEOUT;
        break;
    case 404:
        /* Without a session there is no such endpoint, which has executed nothing. */
        failure.class_ = reply->has_session ? TRUST_OUTCOME_SESSION_LOST : TRUST_OUTCOME_REFUSED;
        failure.is_sent = reply->has_session;
        break;
    case 405:
    case 410:
        failure.class_ = TRUST_OUTCOME_REFUSED;
        failure.is_sent = false;
        break;
    default:
        if (reply->status < 400 || reply->status >= 500)
            return false;
    }
    *out_failure = failure;
    return true;
}

bool http_verdict_may_answer(uint32_t status, bool has_session)
{
    if (status == 401 || status == 403 || status == 429)
        return false;
    if (has_session && (status == 400 || status == 404))
        return false;
    return (status >= 200 && status < 300) || (status >= 400 && status < 500);
}

bool http_verdict(struct router_failure *out_failure, const struct http_reply *reply)
{
    if (of_status(out_failure, reply))
        return true;
    struct router_failure failure = {.class_ = TRUST_OUTCOME_GARBAGE, .is_sent = reply->is_sent};
    if (reply->status >= 500 && reply->status < 600) {
        failure.class_ = TRUST_OUTCOME_HTTP5XX;
    } else if (reply->status >= 300 && reply->status < 400) {
        /* Two of them alone say that nothing was done, since the same is to be sent elsewhere. */
        failure.class_ = TRUST_OUTCOME_REFUSED;
        failure.is_sent = reply->is_sent && reply->status != 307 && reply->status != 308;
    } else if (reply->fault == HTTP_FAULT_LINK) {
        failure.class_ = TRUST_OUTCOME_REFUSED;
    } else if (reply->fault == HTTP_FAULT_NONE && reply->status >= 200 && reply->status < 300) {
        return false;
    }
    *out_failure = failure;
    return true;
}
