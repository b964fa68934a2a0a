/* node/api/socket: the mode of the file, who may stand in the way, and who connected. */
#include "node/api/socket.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
    char directory[32];
    char path[64];
};

static struct place make_place(void)
{
    struct place place = {.directory = "/tmp/socket-XXXXXX"};
    assert_non_null(mkdtemp(place.directory));
    (void)snprintf(place.path, sizeof place.path, "%s/s", place.directory);
    return place;
}

static void remove_place(const struct place *place)
{
    (void)unlink(place->path);
    assert_int_equal(rmdir(place->directory), 0);
}

static void the_file_has_its_mode_whatever_the_umask(void **state)
{
    (void)state;
    struct place place = make_place();
    static const mode_t umasks[] = {0, 077, 0777};
    for (size_t i = 0; i < sizeof umasks / sizeof umasks[0]; i++) {
        mode_t before = umask(umasks[i]);
        int fd = -1;
        assert_int_equal(socket_listen(&fd, place.path, 0660), TRUST_OK);
        (void)umask(before);
        struct stat status;
        assert_int_equal(stat(place.path, &status), 0);
        assert_true(S_ISSOCK(status.st_mode));
        assert_int_equal(status.st_mode & 0777, 0660);
        assert_int_equal(close(fd), 0);
    }
    remove_place(&place);
}

static void what_is_no_socket_stays(void **state)
{
    (void)state;
    struct place place = make_place();
    int fd = open(place.path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    assert_int_equal(socket_listen(&fd, place.path, 0600), TRUST_NO_CONFLICT);
    struct stat status;
    assert_int_equal(stat(place.path, &status), 0);
    assert_true(S_ISREG(status.st_mode));
    assert_int_equal(unlink(place.path), 0);
    assert_int_equal(symlink("/nowhere", place.path), 0);
    assert_int_equal(socket_listen(&fd, place.path, 0600), TRUST_NO_CONFLICT);
    remove_place(&place);
}

static void paths_that_cannot_be_are_refused(void **state)
{
    (void)state;
    char path[128];
    int fd = -1;
    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[108] = '\0';
    assert_int_equal(socket_listen(&fd, path, 0600), TRUST_NO_SIZE);
    assert_int_equal(socket_listen(&fd, "/nowhere/at/all", 0600), TRUST_NO_FILE);
}

static void the_kernel_says_who_connected(void **state)
{
    (void)state;
    struct place place = make_place();
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", place.path);
    int listening = -1;
    assert_int_equal(socket_listen(&listening, place.path, 0600), TRUST_OK);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    int accepted = accept(listening, NULL, NULL);
    uint32_t uid = UINT32_MAX;
    assert_true(socket_peer(accepted, &uid));
    assert_int_equal(uid, getuid());
    (void)close(accepted);
    (void)close(client);
    (void)close(listening);
    uid = 7;
    assert_false(socket_peer(-1, &uid));
    assert_int_equal(uid, 7);
    remove_place(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_has_its_mode_whatever_the_umask),
        cmocka_unit_test(what_is_no_socket_stays),
        cmocka_unit_test(paths_that_cannot_be_are_refused),
        cmocka_unit_test(the_kernel_says_who_connected),
    };
    return cmocka_run_group_tests_name("node/api/socket", tests, NULL, NULL);
}
