/* client/post: JSON there and back, and a name for everything else. */
#include "client/post.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

static int answer(void *context, const char *path, const json_t *body, json_t **out_answer)
{
    (void)context;
    if (strcmp(path, "/silent") == 0)
        return 0;
    if (strcmp(path, "/refused") == 0) {
        *out_answer = json_pack("{s:s}", "code", "TRUST_NO_QUOTA");
        return 429;
    }
    *out_answer =
        strcmp(path, "/scalar") == 0 ? json_integer(7) : json_pack("{s:O}", "heard", body);
    return 200;
}

static void the_answer_is_the_nodes_or_its_refusal(void **state)
{
    struct world *world = *state;
    const char *path = world_path(world, TRUST_HOME_AGENT_SOCK);
    struct trust_requester *requester = NULL;
    assert_int_equal(trust_client_post_open(&requester, path), TRUST_OK);
    json_t *got = NULL;
    assert_int_equal(trust_client_post(requester, &got, "/x", json_pack("{s:i}", "a", 1), 5000),
                     TRUST_NO_NODE);
    assert_true(peer_start(&world->peer, path, answer, NULL));
    assert_int_equal(trust_client_post(requester, &got, "/x", json_pack("{s:i}", "a", 1), 5000),
                     TRUST_OK);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(got, "heard"), "a")), 1);
    json_decref(got);
    got = NULL;
    assert_int_equal(trust_client_post(requester, &got, "/refused", json_object(), 5000),
                     TRUST_NO_QUOTA);
    assert_int_equal(trust_client_post(requester, &got, "/scalar", json_object(), 5000),
                     TRUST_NO_SYNTAX);
    assert_int_equal(trust_client_post(requester, &got, "/silent", json_object(), 50),
                     TRUST_NO_NODE);
    assert_int_equal(trust_client_post(requester, &got, "/x", NULL, 5000), TRUST_FAIL_MEMORY);
    assert_null(got);
    trust_client_post_close(requester);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_answer_is_the_nodes_or_its_refusal, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
