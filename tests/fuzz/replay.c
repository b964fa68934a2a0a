/*
 * Runs a fuzz target over its corpus, so that every build proves what fuzzing once found.
 *
 * Each input, and each of its first prefixes, is copied to memory of exactly its size: a sanitizer
 * then sees the first byte read too far. One TAP case an input; an empty corpus fails.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "fuzz.h"

#define INPUTS_MAX 65536
#define INPUT_SIZE_MAX (1u << 20)
#define PREFIXES_MAX 600u /* a whole record, and the head of anything longer */

static void run_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    assert(copy != NULL);
    memcpy(copy, data, size);
    int result = LLVMFuzzerTestOneInput(copy, size);
    assert(result == 0);
    free(copy);
}

static int run_file(const char *folder, const char *name)
{
    static uint8_t data[INPUT_SIZE_MAX];
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    assert(length > 0);
    assert((size_t)length < sizeof path);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return -1;
    size_t size = fread(data, 1, sizeof data, file);
    int failed = ferror(file);
    fclose(file);
    if (failed)
        return -1;
    for (size_t prefix = 0; prefix < size && prefix < PREFIXES_MAX; prefix++)
        run_copy(data, prefix);
    run_copy(data, size);
    return 0;
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    assert(argc == 2);
    struct dirent **inputs = NULL;
    int count = scandir(argv[1], &inputs, is_input, alphasort);
    if (count <= 0 || count > INPUTS_MAX) {
        printf("1..1\nnot ok 1 - %s holds between 1 and %d inputs\n", argv[1], INPUTS_MAX);
        return 1;
    }
    int failures = 0;
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        /* Named before it runs, so that the log of a crash ends with its input. */
        printf("# %s\n", inputs[i]->d_name);
        fflush(stdout);
        int failed = run_file(argv[1], inputs[i]->d_name) != 0;
        printf("%s %d - %s\n", failed ? "not ok" : "ok", i + 1, inputs[i]->d_name);
        failures += failed;
        free(inputs[i]);
    }
    free(inputs);
    return failures > 0;
}
