/* See withheld_file.h. */
#include "node/withheld_file.h"

#include <stdlib.h>
#include <string.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "board/withheld.h"
#include "engine/servers.h"
#include "host/files.h"
#include "node/core.h"

#define FILE_MODE 0644
#define FILE_SIZE_MAX ((size_t)TRUST_BOARD_SLOTS_MAX * TRUST_WITHHELD_LINE_SIZE_MAX)
#define DAMAGED_SUFFIX ".damaged"

static size_t count_withheld(const struct core *core)
{
    size_t count = 0;
    uint32_t cursor = 0;
    uint32_t server = 0;
    while (trust_engine_next_server(core->engine, &cursor, &server))
        count += trust_quarantine_is_withheld(trust_engine_quarantine(core->engine, server)->state);
    return count;
}

static void put_lines(const struct core *core, struct trust_writer *writer)
{
    uint32_t cursor = 0;
    uint32_t server = 0;
    while (trust_engine_next_server(core->engine, &cursor, &server)) {
        const struct trust_quarantine *quarantine = trust_engine_quarantine(core->engine, server);
        if (!trust_quarantine_is_withheld(quarantine->state))
            continue;
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        uint32_t size = trust_engine_server_subject(core->engine, subject, server);
        const struct trust_withheld withheld = {
            .subject = {.data = (const uint8_t *)subject, .size = size},
            .state = quarantine->state,
            .until = quarantine->until};
        trust_withheld_encode(writer, &withheld);
    }
}

enum trust_error withheld_file_write(struct core *core)
{
    size_t size = count_withheld(core) * TRUST_WITHHELD_LINE_SIZE_MAX;
    uint8_t *buffer = malloc(size + 1);
    if (buffer == NULL)
        return TRUST_FAIL_MEMORY;
    struct trust_writer writer = trust_writer_init(buffer, size);
    put_lines(core, &writer);
    assert(!trust_writer_has_overflowed(&writer));
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, TRUST_HOME_WITHHELD);
    enum trust_error error = trust_file_write(path, trust_writer_bytes(&writer), FILE_MODE);
    free(buffer);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_ERROR, "withheld", LOG_FIELDS(log_code("error", error)));
    return error;
}

/* ---- reading ---- */

static enum trust_error regain(struct core *core, struct trust_bytes line)
{
    struct trust_withheld withheld;
    uint32_t server = 0;
    enum trust_error error = trust_withheld_decode(&withheld, line);
    if (error == TRUST_OK)
        error = trust_engine_watch(core->engine, &server, withheld.subject, 0, core->now);
    if (error != TRUST_OK)
        return error;
    if (trust_engine_regain_quarantine(core->engine, server, core->now))
        log_write(&core->log, LOG_WARN, "withheld_regained",
                  LOG_FIELDS(log_bytes("subject", withheld.subject)));
    /* What a line brings waits in the engine's queue, which a whole file would overflow. */
    pump_run(core);
    return TRUST_OK;
}

static void load_lines(struct core *core, struct trust_bytes text)
{
    uint32_t number = 0;
    for (size_t at = 0; at < text.size;) {
        const uint8_t *start = text.data + at;
        const uint8_t *end = memchr(start, '\n', text.size - at);
        struct trust_bytes line = {.data = start,
                                   .size = end == NULL ? text.size - at : (size_t)(end - start)};
        enum trust_error error = regain(core, line);
        number++;
        at += line.size + 1;
        if (error == TRUST_OK)
            continue;
        core->showing.withheld_damaged++;
        log_write(&core->log, LOG_ERROR, "withheld_damaged",
                  LOG_FIELDS(log_number("line", number), log_code("error", error)));
    }
}

/* The next one to be written takes its place. */
static void keep_damaged(struct core *core, const char *path, struct trust_bytes text)
{
    char aside[TRUST_HOME_PATH_SIZE + sizeof DAMAGED_SUFFIX];
    size_t size = strlen(path);
    memcpy(aside, path, size);
    memcpy(aside + size, DAMAGED_SUFFIX, sizeof DAMAGED_SUFFIX);
    enum trust_error error = trust_file_write(aside, text, FILE_MODE);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_ERROR, "withheld", LOG_FIELDS(log_code("error", error)));
}

static enum trust_error load(struct core *core, uint8_t *buffer)
{
    char path[TRUST_HOME_PATH_SIZE];
    size_t size = 0;
    trust_home_path(path, &core->home, TRUST_HOME_WITHHELD);
    enum trust_error error = trust_file_read(path, buffer, &size, FILE_SIZE_MAX);
    if (error != TRUST_OK)
        return error == TRUST_NO_FOUND ? TRUST_OK : error;
    const struct trust_bytes text = {.data = buffer, .size = size};
    load_lines(core, text);
    if (core->showing.withheld_damaged > 0)
        keep_damaged(core, path, text);
    return TRUST_OK;
}

void withheld_file_load(struct core *core)
{
    uint8_t *buffer = malloc(FILE_SIZE_MAX);
    enum trust_error error = buffer == NULL ? TRUST_FAIL_MEMORY : load(core, buffer);
    free(buffer);
    if (error == TRUST_OK)
        return;
    core->showing.withheld_damaged++;
    log_write(&core->log, LOG_ERROR, "withheld_damaged", LOG_FIELDS(log_code("error", error)));
}
