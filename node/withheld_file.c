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
