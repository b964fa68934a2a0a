/* A program is found beside this one, and stays what it was when it was found. */
#include "node/program.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NAME "test-program-of-node"

/* Where the programs beside this test stand. */
static void path_beside(char out_path[512])
{
    ssize_t size = readlink("/proc/self/exe", out_path, 400);
    assert_true(size > 0);
    out_path[size] = '\0';
    (void)strcpy(strrchr(out_path, '/') + 1, NAME);
}

static void write_script(const char *path, const char *text, mode_t mode)
{
    (void)unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static int exit_code_of(const char *path)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)execl(path, NAME, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_program_beside_is_found_and_closes_on_exec(void **state)
{
    (void)state;
    char path[512];
    path_beside(path);
    struct program program = {.fd = -1};
    (void)unlink(path);
    assert_int_equal(program_open(&program, NAME), TRUST_NO_FOUND);
    assert_int_equal(program.fd, -1);
    write_script(path, "#!/bin/sh\nexit 7\n", 0600);
    assert_int_equal(program_open(&program, NAME), TRUST_NO_FOUND);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/bin/true", path), 0);
    assert_int_equal(program_open(&program, NAME), TRUST_OK);
    assert_true(program.fd >= 16);
    assert_int_equal(fcntl(program.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    assert_int_equal(exit_code_of(program.path), 0);

    /* Another one is put in its place. */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/bin/false", path), 0);
    assert_int_equal(exit_code_of(program.path), 0);
    program_close(&program);
    assert_int_equal(program_open(&program, NAME), TRUST_OK);
    assert_int_equal(exit_code_of(program.path), 1);
    program_close(&program);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_beside_is_found_and_closes_on_exec),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
