/* See resend.h. */
#include "guard/router/resend.h"

/* It left, and whether it was executed is not known. */
static enum resend_verdict without_answer(const struct resend_case *fact)
{
    if (fact->is_consumed)
        return RESEND_UNKNOWN;
    if (fact->kind == RESEND_READ)
        return RESEND_ANYWHERE;
    if (fact->kind == RESEND_WRITE || !fact->is_believed)
        return RESEND_UNKNOWN;
    if (fact->hints.is_read_only)
        return RESEND_ANYWHERE;
    if (!fact->hints.is_idempotent)
        return RESEND_UNKNOWN;
    return fact->is_state_shared ? RESEND_ANYWHERE : RESEND_SAME;
}

static bool is_read(const struct resend_case *fact)
{
    return fact->kind == RESEND_READ ||
           (fact->kind == RESEND_CALL && fact->is_believed && fact->hints.is_read_only);
}

enum resend_verdict resend_rule(const struct resend_case *fact)
{
    switch (fact->class_) {
    case TRUST_OUTCOME_REFUSED:
    case TRUST_OUTCOME_TIMEOUT:
    case TRUST_OUTCOME_GARBAGE:
        return fact->is_sent ? without_answer(fact) : RESEND_ANYWHERE;
    case TRUST_OUTCOME_HTTP5XX:
        if (!fact->is_sent)
            return RESEND_ANYWHERE;
        return is_read(fact) && !fact->is_consumed ? RESEND_ANYWHERE : RESEND_UNKNOWN;
    case TRUST_OUTCOME_RATE_LIMITED:
        return RESEND_ANYWHERE;
    case TRUST_OUTCOME_AUTH:
        return fact->is_auth_elsewhere ? RESEND_ANYWHERE : RESEND_ANSWER;
    case TRUST_OUTCOME_SESSION_LOST:
        /* A server that does not know the session has executed nothing. */
        return fact->is_repeated ? RESEND_ANYWHERE : RESEND_SAME;
    case TRUST_OUTCOME_INTERNAL:
        return is_read(fact) && !fact->is_consumed ? RESEND_ANYWHERE : RESEND_ANSWER;
    case TRUST_OUTCOME_OK:
    case TRUST_OUTCOME_CALLER:
        return RESEND_ANSWER;
    case TRUST_OUTCOME_CANCELLED:
        break;
    }
    return RESEND_NOTHING;
}

enum resend_kind resend_kind_of(enum message_method method)
{
    switch (method) {
    case METHOD_TOOLS_CALL:
        return RESEND_CALL;
    case METHOD_PING:
    case METHOD_INITIALIZE:
    case METHOD_DISCOVER:
    case METHOD_TOOLS_LIST:
    case METHOD_RESOURCES_LIST:
    case METHOD_RESOURCES_TEMPLATES_LIST:
    case METHOD_RESOURCES_READ:
    case METHOD_RESOURCES_SUBSCRIBE:
    case METHOD_RESOURCES_UNSUBSCRIBE:
    case METHOD_PROMPTS_LIST:
    case METHOD_PROMPTS_GET:
    case METHOD_COMPLETE:
    case METHOD_SET_LEVEL:
    case METHOD_LISTEN:
    case METHOD_TASKS_GET:
    case METHOD_TASKS_RESULT:
    case METHOD_TASKS_LIST:
        return RESEND_READ;
    case METHOD_OTHER:
    case METHOD_PROGRESS:
    case METHOD_INITIALIZED:
    case METHOD_TASKS_CANCEL:
    case METHOD_TASKS_UPDATE:
    case METHOD_CREATE_MESSAGE:
    case METHOD_ELICIT:
    case METHOD_ROOTS_LIST:
    case METHOD_CANCELLED:
    case METHOD_LOG:
    case METHOD_TOOLS_CHANGED:
    case METHOD_RESOURCES_CHANGED:
    case METHOD_RESOURCE_UPDATED:
    case METHOD_PROMPTS_CHANGED:
    case METHOD_ROOTS_CHANGED:
    case METHOD_LISTENING:
    case METHOD_ELICITED:
    case METHOD_TASK_STATUS:
        break;
    }
    return RESEND_WRITE;
}
