/* See notes.h. */
#include "guard/session/notes.h"

#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MINUTE_MS 60000u
/* A pipe that can be written to takes so much at once. */
#define LINE_SIZE 2048

void notes_init(struct notes *notes, int fd)
{
    *notes = (struct notes){.fd = fd};
}

static bool is_one_too_many(struct notes *notes, struct trust_mono now)
{
    if (notes->said == 0 || now.ms - notes->minute.ms >= MINUTE_MS) {
        notes->minute = now;
        notes->said = 0;
    }
    return notes->said++ >= NOTES_A_MINUTE;
}

void notes_say(struct notes *notes, struct trust_mono now, const char *format, ...)
{
    static const char prefix[] = "repute-guard: ";
    char line[LINE_SIZE];
    struct pollfd item = {.fd = notes->fd, .events = POLLOUT};
    if (is_one_too_many(notes, now) || poll(&item, 1, 0) != 1 || (item.revents & POLLOUT) == 0)
        return;
    memcpy(line, prefix, sizeof prefix);
    size_t used = sizeof prefix - 1;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    used = strlen(line);
    line[used++] = '\n';
    ssize_t written = write(notes->fd, line, used);
    (void)written; /* nobody is left to be told */
}

void notes_skipped(struct notes *notes, const char *subject, const char *why, struct trust_mono now)
{
    notes_say(notes, now, "%s is left out: %s", subject, why);
}

void notes_router(struct notes *notes, enum router_note note, const char *subject,
                  struct trust_mono now)
{
    switch (note) {
    case ROUTER_NOTE_GARBAGE:
        notes_say(notes, now, "%s wrote something that is no message", subject);
        break;
    case ROUTER_NOTE_FOREIGN:
        notes_say(notes, now, "%s answered what it was not asked", subject);
        break;
    case ROUTER_NOTE_HANDSHAKE:
        notes_say(notes, now, "%s refused to begin, or took too long", subject);
        break;
    case ROUTER_NOTE_ERA:
        notes_say(notes, now, "%s speaks no version of MCP from 2024-11-05 to 2026-07-28", subject);
        break;
    case ROUTER_NOTE_MANIFEST:
        notes_say(notes, now, "%s says of itself what cannot be used", subject);
        break;
    case ROUTER_NOTE_CLIENT:
        notes_say(notes, now, "the client wrote something that is no message");
        break;
    case ROUTER_NOTE_NO_ROOM:
        notes_say(notes, now, "too much at once: something was refused");
        break;
    }
}

void notes_judged(struct notes *notes, const char *subject, const struct catalogue_news *news,
                  struct trust_mono now)
{
    static const struct {
        enum pin_state state;
        const char *what;
    } rows[] = {{PIN_CHANGED, "that are not as pinned"},
                {PIN_PENDING, "that wait for the operator"},
                {PIN_REJECTED, "that the operator refused"},
                {PIN_BAD, "that have no one meaning"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t count = news->verdict.counts[rows[i].state];
        if (count > 0)
            notes_say(notes, now, "%s has %zu tools %s: they are withheld", subject, count,
                      rows[i].what);
    }
    if (news->verdict.is_server_changed)
        notes_say(notes, now, "%s says other things of itself than pinned", subject);
    if (news->verdict.holds_prompts)
        notes_say(notes, now, "%s has prompts that are not as pinned: they are withheld", subject);
    if (news->verdict.holds_templates)
        notes_say(notes, now, "%s has resource templates that are not as pinned: they are withheld",
                  subject);
    if (news->verdict.is_forged)
        notes_say(notes, now, "%s: the operator's signature over its pins does not fit", subject);
    if (news->stored != TRUST_OK)
        notes_say(notes, now, "pins cannot be stored: %s", trust_error_text(news->stored));
}
