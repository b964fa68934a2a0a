/*
 * A router with a plain offer behind it and a shell that is a list: every action becomes a line of
 * text, so that a test says which lines an event has to make. Ids that the router gave are written
 * as ID, and ID in a line that a test sends is the last one given to that backend.
 */
#ifndef RIG_H
#define RIG_H

#include "offering.h"
#include "wire/message.h"

static const char *const rig_notes[] = {
    [ROUTER_NOTE_GARBAGE] = "garbage",     [ROUTER_NOTE_FOREIGN] = "foreign",
    [ROUTER_NOTE_HANDSHAKE] = "handshake", [ROUTER_NOTE_ERA] = "era",
    [ROUTER_NOTE_MANIFEST] = "manifest",   [ROUTER_NOTE_CLIENT] = "client",
    [ROUTER_NOTE_NO_ROOM] = "no room",
};

/* bytes with every `number` in it written as ID. */
static inline void rig_put(struct rig *rig, struct trust_bytes bytes, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    size_t size = strlen(digits);
    for (size_t i = 0; i < bytes.size;) {
        if (number != 0 && bytes.size - i >= size && memcmp(bytes.data + i, digits, size) == 0) {
            text_put(&rig->out, "ID");
            i += size;
        } else {
            text_put_bytes(&rig->out, (struct trust_bytes){.data = bytes.data + i, .size = 1});
            i++;
        }
    }
    text_put(&rig->out, "\n");
}

static inline uint64_t rig_number_of(struct trust_bytes span)
{
    uint64_t number = 0;
    return span.size > 0 && json_uint(&number, span) == TRUST_OK ? number : 0;
}

__attribute__((format(printf, 2, 3))) static inline void rig_line(struct rig *rig,
                                                                  const char *format, ...)
{
    char line[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text_put(&rig->out, line);
}

static inline void rig_message(struct rig *rig, const struct router_action *action)
{
    if (action->bytes.size == 0) {
        assert_true(action->is_answer);
        assert_int_not_equal(action->tag, 0);
        rig_line(rig, "client#%u silence\n", (unsigned)action->tag);
        return;
    }
    struct message message;
    assert_int_equal(message_read(&message, action->bytes), TRUST_OK);
    bool is_out = action->kind == ROUTER_TO_BACKEND;
    bool is_answer = message.kind == MESSAGE_RESPONSE || message.kind == MESSAGE_ERROR;
    assert_int_equal(action->is_answer, is_answer && !is_out);
    uint64_t number = 0;
    if (message.method == METHOD_CANCELLED)
        number = rig_number_of(message.request_id);
    else if (message.kind == MESSAGE_REQUEST)
        number = rig_number_of(message.id);
    if (message.kind == MESSAGE_REQUEST && is_out)
        rig->last_id[action->backend] = number;
    else if (message.kind == MESSAGE_REQUEST)
        rig->asked = number;
    if (is_out) {
        assert_int_equal(action->number, rig->last_number[action->backend] + 1);
        rig->last_number[action->backend] = action->number;
    }
    char head[48];
    if (is_out)
        snprintf(head, sizeof head, "b%u ", action->backend);
    else if (action->tag != 0)
        snprintf(head, sizeof head, "client#%u ", (unsigned)action->tag);
    else
        snprintf(head, sizeof head, "client ");
    text_put(&rig->out, head);
    rig_put(rig, action->bytes, number);
}

static inline void rig_choose(struct rig *rig, uint64_t call, uint32_t able)
{
    uint32_t open = able & ~rig->refused;
    struct router_choice choice = {.is_found = open != 0,
                                   .is_believed = rig->is_believed,
                                   .wait_ms = rig->wait_ms,
                                   .answer = {.reason = rig->reason,
                                              .retry_after_ms = rig->retry_ms,
                                              .basis = {.kind = TRUST_BASIS_OWN}}};
    while (open != 0 && (open >> choice.backend & 1) == 0)
        choice.backend++;
    router_chosen(rig->r, call, &choice, rig->now);
}

static inline void rig_action(struct rig *rig, const struct router_action *action)
{
    switch (action->kind) {
    case ROUTER_TO_CLIENT:
    case ROUTER_TO_BACKEND:
        rig_message(rig, action);
        break;
    case ROUTER_CHOOSE:
        rig->choosing = action->call;
        rig_line(rig, "choose %s able=%x tried=%x changed=%x%s\n", action->tool, action->able,
                 action->tried, action->changed, action->is_probe_allowed ? " probe" : "");
        if (!rig->is_slow)
            rig_choose(rig, action->call, action->able);
        break;
    case ROUTER_SETTLE:
        rig_line(rig, "settle b%u %s%s", action->backend,
                 trust_outcome_name(action->outcome.class_),
                 action->outcome.is_error ? " error" : "");
        if (action->outcome.latency_ms != TRUST_LATENCY_UNKNOWN)
            rig_line(rig, " %u ms", action->outcome.latency_ms);
        if (action->outcome.retry_after_ms != 0)
            rig_line(rig, " retry %u", action->outcome.retry_after_ms);
        rig_line(rig, "\n");
        break;
    case ROUTER_START:
        rig_line(rig, "start b%u\n", action->backend);
        break;
    case ROUTER_STOP:
        rig_line(rig, "stop b%u%s\n", action->backend, action->is_idle ? " idle" : "");
        break;
    case ROUTER_LEARNED:
        rig_line(rig, "learned b%u\n", action->backend);
        if (!rig->is_unjudged)
            router_judged(rig->r, action->backend, rig->now);
        break;
    case ROUTER_LOG:
        rig_line(rig, "log %s b%u\n", rig_notes[action->note], action->backend);
        break;
    }
}

static inline void rig_turn(struct rig *rig)
{
    struct router_action action;
    while (router_poll(rig->r, &action))
        rig_action(rig, &action);
}

#endif
