/* client/target: one text and one digest for every spelling of a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trust/client.h"

#include "base/bytes.h"

static void every_spelling_of_a_server_is_one_target(void **state)
{
    (void)state;
    struct trust_client_target a;
    struct trust_client_target b;
    assert_int_equal(trust_client_target_init(&a, "https://MCP.Example:443/mcp", "find"), TRUST_OK);
    assert_int_equal(trust_client_target_init(&b, "https://mcp.example/mcp", NULL), TRUST_OK);
    assert_string_equal(a.subject, "https://mcp.example/mcp");
    assert_string_equal(a.tool, "find");
    assert_string_equal(b.tool, "");
    assert_memory_equal(a.digest, b.digest, sizeof a.digest);
    assert_false(a.is_last_attempt);
}

static void a_version_does_not_make_another_server(void **state)
{
    (void)state;
    struct trust_client_target a;
    struct trust_client_target b;
    struct trust_subject subject;
    uint8_t digest[32];
    assert_int_equal(trust_client_target_init(&a, "mcp:io.example/x@1.2.3", NULL), TRUST_OK);
    assert_int_equal(trust_client_target_init(&b, "mcp:io.example/x", NULL), TRUST_OK);
    assert_string_equal(a.subject, "mcp:io.example/x@1.2.3");
    assert_memory_equal(a.digest, b.digest, sizeof a.digest);
    assert_int_equal(trust_subject_parse(&subject, trust_bytes_text("mcp:io.example/x")), TRUST_OK);
    trust_subject_digest(digest, &subject);
    assert_memory_equal(a.digest, digest, sizeof digest);
}

static void what_is_no_server_or_too_long_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    char tool[130];
    memset(tool, 't', 129);
    tool[129] = '\0';
    struct trust_client_target target = {.slot = 77};
    assert_int_equal(trust_client_target_init(&target, "nonsense", NULL), TRUST_NO_SUBJECT);
    assert_int_equal(trust_client_target_init(&target, "", NULL), TRUST_NO_SUBJECT);
    assert_int_equal(trust_client_target_init(&target, "mcp:io.example/x", tool), TRUST_NO_SIZE);
    assert_int_equal(target.slot, 77);
    tool[128] = '\0';
    assert_int_equal(trust_client_target_init(&target, "mcp:io.example/x", tool), TRUST_OK);
    assert_string_equal(target.tool, tool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_server_is_one_target),
        cmocka_unit_test(a_version_does_not_make_another_server),
        cmocka_unit_test(what_is_no_server_or_too_long_is_refused_and_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
