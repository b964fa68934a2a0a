/*
 * Configurations. Whatever the bytes: reading ends, a refusal says where and what, and what was
 * taken has groups with a primary. The lists that libfyaml loses on some faulty documents are its
 * own.
 */
#include "host/config.h"

#include <string.h>

#include "base/assert.h"
#include "fuzz.h"

const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_config config;
    struct trust_yaml_fault fault = {0};
    enum trust_error error = trust_config_load(&config, &fault, "x.yaml",
                                               (struct trust_bytes){.data = data, .size = size});
    if (error != TRUST_OK) {
        assert(fault.message[0] != '\0');
        assert(strncmp(fault.text, "x.yaml:", 7) == 0);
        return 0;
    }
    for (size_t i = 0; i < config.groups.count; i++) {
        const struct trust_group *group = &config.groups.groups[i];
        assert(group->primary.subject != NULL);
        assert(trust_config_group(&config, group->name) == group);
    }
    trust_config_close(&config);
    return 0;
}
