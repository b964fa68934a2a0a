/* See config_file.h. */
#include "node/config_file.h"

#include <stdlib.h>
#include <string.h>

#include "host/files.h"
#include "node/core.h"
#include "node/peering.h"

#define CONFIG_SIZE_MAX (1u << 20)

enum trust_error config_file_load(struct trust_config *out_config,
                                  struct trust_yaml_fault *out_fault, const char *path,
                                  bool may_be_missing)
{
    *out_fault = (struct trust_yaml_fault){0};
    uint8_t *text = malloc(CONFIG_SIZE_MAX);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    size_t size = 0;
    enum trust_error error = trust_file_read(path, text, &size, CONFIG_SIZE_MAX);
    if (error == TRUST_NO_FOUND && may_be_missing)
        error = TRUST_OK;
    if (error == TRUST_OK)
        error = trust_config_load(out_config, out_fault, path,
                                  (struct trust_bytes){.data = text, .size = size});
    free(text);
    return error;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

const char *config_file_fixed(const struct trust_config *now, const struct trust_config *next)
{
    const struct trust_field_key *operator_now = &now->operator_key;
    const struct trust_field_key *operator_next = &next->operator_key;
    if (operator_now->is_set != operator_next->is_set ||
        memcmp(&operator_now->key, &operator_next->key, sizeof operator_now->key) != 0)
        return "operator";
    if (!is_same_text(now->network, next->network))
        return "network";
    if (!is_same_text(now->link.listen, next->link.listen))
        return "link.listen";
    if (now->link.newcomers != next->link.newcomers)
        return "link.newcomers";
    if (now->link.relay != next->link.relay)
        return "link.relay";
    if (now->store_limit != next->store_limit)
        return "store.limit";
    return NULL;
}

static void refuse(struct core *core, enum trust_error error, const char *why)
{
    log_write(&core->log, LOG_ERROR, "reload",
              LOG_FIELDS(log_text("state", "refused"), log_code("error", error),
                         log_text("reason", why)));
}

/* Puts the next configuration in the place of the former; its groups may find no room. */
static enum trust_error change(struct core *core, struct trust_config *inout_config)
{
    struct trust_config former = core->config;
    /* All that the engine can tell at a time may go for the members of the groups. */
    pump_run(core);
    core->config = *inout_config;
    enum trust_error error = showing_groups(core);
    if (error == TRUST_OK) {
        *inout_config = former;
        return TRUST_OK;
    }
    core->config = former;
    pump_run(core);
    /* They had room before. */
    enum trust_error undone = showing_groups(core);
    return undone == TRUST_OK ? error : undone;
}

void config_file_follow(struct core *core)
{
    char path[TRUST_HOME_PATH_SIZE];
    struct trust_config config;
    struct trust_yaml_fault fault;
    trust_home_path(path, &core->home, TRUST_HOME_CONFIG);
    const char *name = core->config_path == NULL ? path : core->config_path;
    enum trust_error error = config_file_load(&config, &fault, name, core->config_path == NULL);
    if (error != TRUST_OK) {
        refuse(core, error, fault.text[0] == '\0' ? trust_error_text(error) : fault.text);
        return;
    }
    const char *fixed = config_file_fixed(&core->config, &config);
    if (fixed != NULL) {
        refuse(core, TRUST_NO_CONFLICT, fixed);
        trust_config_close(&config);
        return;
    }
    error = change(core, &config);
    if (error == TRUST_OK) {
        trust_engine_set_policy(core->engine, &core->config.breaker, core->now);
        peering_follow(core, &config.link.peers);
        log_write(&core->log, LOG_INFO, "reload", LOG_FIELDS(log_text("state", "done")));
    } else {
        refuse(core, error, trust_error_text(error));
    }
    trust_config_close(&config);
    pump_run(core);
}
