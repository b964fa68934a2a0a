/* repute/launch_program: programs by their names on every system, and by their verbs. */
#include "repute/launch_program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_name_loses_folder_suffix_and_case(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"npx", "npx"},
        {"/usr/local/bin/uvx", "uvx"},
        {"C:\\Program Files\\nodejs\\NPX.CMD", "npx"},
        {"docker.exe", "docker"},
        {".exe", ".exe"},
        {"python3.12", "python3"},
        {"python2.7", "python2.7"},
    };
    char name[32];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(launch_program_name(name, names[i][0]));
        assert_string_equal(name, names[i][1]);
    }
    assert_false(launch_program_name(name, ""));
    assert_false(launch_program_name(name, "/usr/bin/"));
    assert_false(launch_program_name(name, "a-program-with-a-name-of-32-bytes"));
}

static void a_program_is_found_by_its_verbs(void **state)
{
    (void)state;
    static const struct {
        const char *words[6];
        const char *name; /* NULL: unknown */
        enum launch_runner runner;
        const char *rest;
    } cases[] = {
        {{"npx", "a"}, "npx", LAUNCH_RUN_NPM, "a"},
        {{"npm", "-s", "exec", "a"}, "npm", LAUNCH_RUN_NPM, "a"},
        {{"npm", "start"}, "npm", LAUNCH_RUN_GAP, "start"},
        {{"uv", "tool", "run", "a"}, "uv", LAUNCH_RUN_PYPI, "a"},
        {{"uv", "tool", "install", "a"}, "uv", LAUNCH_RUN_GAP, "tool"},
        {{"docker", "container", "run", "a"}, "docker", LAUNCH_RUN_IMAGE, "a"},
        {{"docker", "--odd", "run", "a"}, "docker", LAUNCH_RUN_GAP, "--odd"},
        {{"bun", "run", "a"}, "bun", LAUNCH_RUN_SCRIPT, "a"},
        {{"bun", "a"}, "bun", LAUNCH_RUN_SCRIPT, "a"},
        {{"go", "build"}, NULL, LAUNCH_RUN_GAP, NULL},
        {{"npxx", "a"}, NULL, LAUNCH_RUN_GAP, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct launch_words words = {0};
        while (cases[i].words[words.count] != NULL) {
            words.words[words.count] = cases[i].words[words.count];
            words.count++;
        }
        const struct launch_program *program = launch_program_find(&words);
        assert_int_equal(program == NULL, cases[i].name == NULL);
        if (program == NULL)
            continue;
        assert_string_equal(program->name, cases[i].name);
        assert_int_equal(program->runner, cases[i].runner);
        assert_string_equal(launch_words_peek(&words), cases[i].rest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_loses_folder_suffix_and_case),
        cmocka_unit_test(a_program_is_found_by_its_verbs),
    };
    return cmocka_run_group_tests_name("tools/repute/launch_program", tests, NULL, NULL);
}
