/* See showing.h. */
#include "node/showing.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "board/mapping.h"
#include "engine/servers.h"
#include "node/announce.h"
#include "node/audit_mark.h"
#include "node/audit_note.h"
#include "node/core.h"
#include "node/server_state.h"
#include "node/withheld_file.h"

/* Readers take a board for abandoned after 2 s without a heartbeat. */
#define BEAT_MS 500
/* A board is not renewed more often: it computes every server. */
#define RENEW_MS 60000
/* A withheld file that could not be written is tried again. */
#define WITHHELD_RETRY_MS 1000

static void free_board(struct trust_board_writer *writer)
{
    if (writer == NULL)
        return;
    trust_board_mapping_close(writer);
    free(writer);
}

static enum trust_error make_board(struct trust_board_writer **out_writer, const struct core *core)
{
    struct trust_board_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return TRUST_FAIL_MEMORY;
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, TRUST_HOME_BOARD);
    struct trust_board_params params = {
        .generation = core->now.wall.ms, .capacity = TRUST_BOARD_SLOTS_MAX, .now = core->now};
    randombytes_buf(params.seed, sizeof params.seed);
    enum trust_error error = trust_board_mapping_open(writer, path, &params);
    if (error == TRUST_OK)
        *out_writer = writer;
    else
        free(writer);
    return error;
}

enum trust_error showing_groups(struct core *core)
{
    const struct trust_groups *groups = &core->config.groups;
    enum trust_error error = TRUST_OK;
    for (uint32_t i = 0; error == TRUST_OK && i < TRUST_ENGINE_GROUPS_MAX; i++) {
        struct trust_bytes subjects[TRUST_ENGINE_GROUP_SERVERS_MAX];
        struct trust_engine_group members = {.index = i, .subjects = subjects};
        if (i < groups->count) {
            const struct trust_group *group = &groups->groups[i];
            members.is_essential = group->essential;
            subjects[members.count++] = trust_bytes_text(group->primary.subject);
            for (size_t j = 0; j < group->fallbacks.count; j++)
                subjects[members.count++] = trust_bytes_text(group->fallbacks.servers[j].subject);
        }
        error = trust_engine_set_group(core->engine, &members, core->now);
    }
    return error;
}

enum trust_error showing_open(struct core *core)
{
    core->showing.is_withheld_stale = true;
    trust_engine_set_policy(core->engine, &core->config.breaker, core->now);
    enum trust_error error = make_board(&core->showing.writer, core);
    if (error == TRUST_OK)
        error = showing_groups(core);
    if (error == TRUST_OK)
        error = server_state_load(core);
    if (error == TRUST_OK)
        withheld_file_load(core);
    return error;
}

enum trust_error showing_publish(struct core *core)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, TRUST_HOME_BOARD);
    return trust_board_mapping_publish(path);
}

void showing_close(struct core *core)
{
    free_board(core->showing.writer);
    core->showing.writer = NULL;
}

static enum trust_error put(struct core *core, uint32_t server)
{
    struct trust_board_cell cell;
    trust_engine_cell(core->engine, server, &cell, core->now);
    return trust_board_writer_put(core->showing.writer, &cell);
}

static enum trust_error put_all(struct core *core)
{
    enum trust_error error = TRUST_OK;
    uint32_t cursor = 0;
    uint32_t server = 0;
    while (error == TRUST_OK && trust_engine_next_server(core->engine, &cursor, &server))
        error = put(core, server);
    return error == TRUST_OK ? showing_publish(core) : error;
}

/* Removals wear a board out: a new one takes every server, then the old one's place. */
static enum trust_error renew_board(struct core *core)
{
    struct showing *showing = &core->showing;
    struct trust_board_writer *old = showing->writer;
    if (core->now.mono.ms < showing->renew_due.ms)
        return TRUST_NO_ROOM;
    showing->renew_due.ms = core->now.mono.ms + RENEW_MS;
    enum trust_error error = make_board(&showing->writer, core);
    if (error != TRUST_OK)
        return error;
    error = put_all(core);
    free_board(error == TRUST_OK ? old : showing->writer);
    if (error != TRUST_OK)
        showing->writer = old;
    return error;
}

void showing_put(struct core *core, uint32_t server)
{
    enum trust_error error = put(core, server);
    if (error == TRUST_NO_ROOM)
        error = renew_board(core);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_ERROR, "board", LOG_FIELDS(log_code("error", error)));
}

void showing_remove(struct core *core, uint32_t server, const uint8_t digest[32])
{
    /* A server that was never published is not there: nothing to take back. */
    enum trust_error error = trust_board_writer_remove(core->showing.writer, digest);
    assert(error == TRUST_OK || error == TRUST_NO_FOUND);
    server_state_forget(core, server, digest);
}

void showing_breaker(struct core *core, uint32_t server, const struct trust_breaker_event *event)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    (void)trust_engine_server_subject(core->engine, subject, server);
    log_write(&core->log, LOG_INFO, "breaker",
              LOG_FIELDS(log_text("subject", subject),
                         log_text("from", trust_breaker_state_name(event->from)),
                         log_text("to", trust_breaker_state_name(event->to)),
                         log_text("reason", trust_breaker_reason_name(event->reason)),
                         log_number("threshold", event->threshold),
                         log_number("observed", event->observed)));
    announce_breaker(core, server, event);
    server_state_save(core, server);
}

/* Agents that find no board must not meet what is withheld, so the file is older than the answer.
 */
static void write_withheld(struct core *core)
{
    struct showing *showing = &core->showing;
    showing->withheld_error = withheld_file_write(core);
    showing->is_withheld_stale = showing->withheld_error != TRUST_OK;
    showing->withheld_due.ms = core->now.mono.ms + WITHHELD_RETRY_MS;
}

void showing_quarantine(struct core *core, uint32_t server,
                        const struct trust_quarantine_change *change)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    (void)trust_engine_server_subject(core->engine, subject, server);
    log_write(&core->log, LOG_WARN, "quarantine",
              LOG_FIELDS(log_text("subject", subject),
                         log_text("from", trust_quarantine_state_name(change->from)),
                         log_text("to", trust_quarantine_state_name(change->to)),
                         log_text("rule", trust_quarantine_rule_name(change->rule))));
    audit_note_put(core, server, change);
    audit_mark_save(core);
    announce_quarantine(core, server, change);
    server_state_save(core, server);
    core->showing.is_withheld_stale = true;
    core->showing.withheld_due.ms = 0;
}

uint64_t showing_keep(struct core *core, uint32_t server)
{
    pump_run(core);
    if (core->showing.is_withheld_stale)
        write_withheld(core);
    return server_state_keep(core, server);
}

enum trust_error showing_kept(const struct core *core, uint64_t number)
{
    if (core->showing.is_withheld_stale && core->showing.withheld_error != TRUST_OK)
        return core->showing.withheld_error;
    if (core->server_state.durable >= number && !core->showing.is_withheld_stale)
        return TRUST_OK;
    struct trust_engine_stats stats;
    trust_engine_stats(core->engine, &stats);
    return stats.fault != TRUST_OK ? stats.fault : TRUST_NO_BUSY;
}

void showing_tick(struct core *core)
{
    struct showing *showing = &core->showing;
    if (core->now.mono.ms >= showing->beat_due.ms) {
        trust_board_writer_beat(showing->writer, core->now);
        showing->beat_due.ms = core->now.mono.ms + BEAT_MS;
    }
    if (showing->is_withheld_stale && core->now.mono.ms >= showing->withheld_due.ms)
        write_withheld(core);
    audit_mark_save(core);
}

struct trust_mono showing_deadline(const struct showing *showing)
{
    return showing->is_withheld_stale && showing->withheld_due.ms < showing->beat_due.ms
               ? showing->withheld_due
               : showing->beat_due;
}
