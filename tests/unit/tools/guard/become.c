/* guard/become: a child of this test becomes what it is told to. The program is this test itself,
 * under its own name, which prints its words and ends. */
#include "guard/become.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TOLD "--told"
#define CODE 37

static const char *own_name;

static void it_executes_what_stands_beside_it_with_the_same_words(void **state)
{
    (void)state;
    char *words[] = {(char[]){"any"}, (char[]){TOLD}, (char[]){"two words"}, NULL};
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char path[BECOME_PATH_SIZE];
        (void)!become(path, own_name, words);
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), CODE);
}

static void what_is_not_there_is_named(void **state)
{
    (void)state;
    char path[BECOME_PATH_SIZE];
    char folder[BECOME_PATH_SIZE];
    char *words[] = {(char[]){"any"}, NULL};
    assert_int_equal(become(path, "no-such-program", words), TRUST_NO_FOUND);
    ssize_t size = readlink("/proc/self/exe", folder, sizeof folder - 1);
    assert_true(size > 0);
    folder[size] = '\0';
    strcpy(strrchr(folder, '/') + 1, "no-such-program");
    assert_string_equal(path, folder);
}

static void a_name_too_long_is_none(void **state)
{
    (void)state;
    char path[BECOME_PATH_SIZE];
    char name[2 * BECOME_PATH_SIZE];
    char *words[] = {(char[]){"any"}, NULL};
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(become(path, name, words), TRUST_NO_FOUND);
    assert_int_equal(strlen(path), sizeof path - 1);
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], TOLD) == 0)
        return strcmp(words[2], "two words") == 0 ? CODE : 2;
    const char *slash = strrchr(words[0], '/');
    own_name = slash == NULL ? words[0] : slash + 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_executes_what_stands_beside_it_with_the_same_words),
        cmocka_unit_test(what_is_not_there_is_named),
        cmocka_unit_test(a_name_too_long_is_none),
    };
    return cmocka_run_group_tests_name("guard/become", tests, NULL, NULL);
}
