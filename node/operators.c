/* See operators.h. One row of the store's state, "operators": version 1, then 32 bytes a key, in
 * the order of their first start here. */
#include "node/operators.h"

#include <string.h>

#include "base/bytes.h"
#include "host/files.h"
#include "node/core.h"
#include "record/key.h"

#define VERSION 1
#define KEY_TEXT_MAX 128

static const char row_key[] = "operators";

struct operators {
    uint32_t count;
    struct trust_key keys[TRUST_OPERATORS_MAX];
};

enum trust_error operators_find(struct core *core)
{
    core->has_operator = core->config.operator_key.is_set;
    core->operator_key = core->config.operator_key.key;
    if (core->has_operator)
        return TRUST_OK;
    char path[TRUST_HOME_PATH_SIZE];
    char text[KEY_TEXT_MAX];
    size_t size = 0;
    trust_home_path(path, &core->home, TRUST_HOME_OPERATOR_PUB);
    enum trust_error error = trust_file_read(path, text, &size, sizeof text);
    if (error == TRUST_NO_FOUND)
        return TRUST_OK;
    if (error != TRUST_OK)
        return error;
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        size--;
    error = trust_key_decode(&core->operator_key,
                             (struct trust_bytes){.data = (const uint8_t *)text, .size = size},
                             TRUST_KEY_OPERATOR);
    core->has_operator = error == TRUST_OK;
    return error;
}

struct reading {
    struct operators *operators;
    enum trust_error error;
};

static bool read_row(void *context, struct trust_bytes key, struct trust_bytes value)
{
    struct reading *reading = context;
    struct operators *operators = reading->operators;
    if (key.size != sizeof row_key - 1)
        return true;
    bool is_read = value.size > 0 && value.data[0] == VERSION &&
                   (value.size - 1) % sizeof operators->keys[0] == 0 &&
                   value.size - 1 <= sizeof operators->keys;
    reading->error = is_read ? TRUST_OK : TRUST_FAIL_CORRUPT;
    if (is_read) {
        memcpy(operators->keys, value.data + 1, value.size - 1);
        operators->count = (uint32_t)((value.size - 1) / sizeof operators->keys[0]);
    }
    return false;
}

static enum trust_error read_all(struct operators *out_operators, struct core *core)
{
    struct reading reading = {.operators = out_operators};
    const struct trust_bytes key = {(const uint8_t *)row_key, sizeof row_key - 1};
    *out_operators = (struct operators){0};
    enum trust_error error = store_read_state(core->store, key, read_row, &reading);
    return error == TRUST_OK ? reading.error : error;
}

/* Every record that comes later is behind it in the store's order. */
static enum trust_error write_all(struct core *core, const struct operators *operators)
{
    uint8_t row[1 + sizeof operators->keys] = {VERSION};
    memcpy(row + 1, operators->keys, operators->count * sizeof operators->keys[0]);
    const struct store_change change = {
        .kind = STORE_STATE_PUT,
        .urgent = true,
        .state_key = {(const uint8_t *)row_key, sizeof row_key - 1},
        .bytes = {row, 1 + operators->count * sizeof operators->keys[0]}};
    return store_submit(core->store, &change);
}

static bool has(const struct operators *operators, const struct trust_key *key)
{
    for (uint32_t i = 0; i < operators->count; i++) {
        if (trust_key_is_same(&operators->keys[i], key))
            return true;
    }
    return false;
}

static enum trust_error add(struct core *core, struct operators *operators)
{
    if (!core->has_operator || has(operators, &core->operator_key))
        return TRUST_OK;
    if (operators->count == TRUST_OPERATORS_MAX)
        return TRUST_NO_ROOM;
    operators->keys[operators->count++] = core->operator_key;
    return write_all(core, operators);
}

static enum trust_error keep_former(struct core *core, const struct operators *operators)
{
    enum trust_error error = TRUST_OK;
    for (uint32_t i = 0; i < operators->count && error == TRUST_OK; i++) {
        if (core->has_operator && trust_key_is_same(&operators->keys[i], &core->operator_key))
            continue;
        error = trust_engine_keep(core->engine, &operators->keys[i]);
        core->former_operators++;
    }
    if (core->former_operators > 0)
        log_write(&core->log, LOG_WARN, "operator",
                  LOG_FIELDS(log_text("state", core->has_operator ? "changed" : "missing"),
                             log_number("former", core->former_operators)));
    return error;
}

enum trust_error operators_open(struct core *core)
{
    struct operators operators;
    enum trust_error error = read_all(&operators, core);
    if (error != TRUST_OK)
        return error;
    if (core->is_new_operator && !core->has_operator)
        return TRUST_NO_CONFLICT;
    if (core->is_new_operator) {
        operators = (struct operators){.count = 1, .keys = {core->operator_key}};
        return write_all(core, &operators);
    }
    error = add(core, &operators);
    return error == TRUST_OK ? keep_former(core, &operators) : error;
}
