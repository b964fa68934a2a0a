/* guard/face_params: arguments that are repeated as headers. */
#include "guard/face/face_params.h"

#include "heads.h"

#define SCHEMA                                                                                     \
    "{\"type\":\"object\",\"properties\":{"                                                        \
    "\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"},"                                \
    "\"count\":{\"type\":\"integer\",\"x-mcp-header\":\"Count\"},"                                 \
    "\"query\":{\"type\":\"string\"},"                                                             \
    "\"deep\":{\"type\":\"object\",\"properties\":{"                                               \
    "\"is\":{\"type\":\"boolean\",\"x-mcp-header\":\"Deep-Is\"}}},"                                \
    "\"list\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"x-mcp-header\":\"Item\"}}}}"

static void each_value_stands_in_its_header(void **state)
{
    (void)state;
    static const struct {
        const char *arguments;
        const char *lines;
        bool agrees;
    } rows[] = {
        {"{\"region\":\"eu\",\"query\":\"q\"}", "Mcp-Param-Region: eu\n", true},
        {"{\"region\":\"eu\"}", "MCP-PARAM-REGION: eu\n", true},
        {"{\"reg\\u0069on\":\"eu\"}", "Mcp-Param-Region: eu\n", true},
        {"{\"region\":\"eu\"}", "Mcp-Param-Region: us\n", false},
        {"{\"region\":\"eu\"}", "", false},
        {"{\"region\":null}", "", true},
        {"{\"region\":null}", "Mcp-Param-Region: eu\n", false},
        {"{\"region\":null}", "Mcp-Param-Region:\n", false},
        {"{}", "", true},
        {"{}", "Mcp-Param-Region: eu\n", false},
        {"", "", true},
        {"", "Mcp-Param-Region: eu\n", false},
        {"{\"region\":\"eu\",\"count\":3}", "Mcp-Param-Region: eu\nMcp-Param-Count: 3.0\n", true},
        {"{\"region\":\"eu\",\"count\":3}", "Mcp-Param-Region: eu\nMcp-Param-Count: 4\n", false},
        {"{\"region\":[\"eu\"]}", "", true},
        {"{\"region\":[\"eu\"]}", "Mcp-Param-Region: eu\n", false},
        {"{\"query\":\"q\"}", "Mcp-Param-Query: other\n", true},
        {"{\"deep\":{\"is\":true}}", "Mcp-Param-Deep-Is: true\n", true},
        {"{\"deep\":{\"is\":true}}", "Mcp-Param-Deep-Is: false\n", false},
        {"{\"deep\":{\"is\":true}}", "", false},
        {"{\"deep\":true}", "", true},
        {"{\"is\":true}", "", true},
        /* What is not reached through properties alone has no header. */
        {"{\"list\":[\"a\"]}", "", true},
        {"{\"list\":[\"a\"]}", "Mcp-Param-Item: b\n", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct face_head head = heads_read("POST", "/mcp", rows[i].lines);
        if (face_params_agree(trust_bytes_text(SCHEMA), trust_bytes_text(rows[i].arguments),
                              &head) != rows[i].agrees)
            fail_msg("%s with %s", rows[i].arguments, rows[i].lines);
    }
}

static void a_schema_that_speaks_of_none_lets_all_pass(void **state)
{
    (void)state;
    const struct face_head head = heads_read("POST", "/mcp", "Mcp-Param-Region: eu\n");
    static const char *const schemas[] = {"",
                                          "{}",
                                          "{\"properties\":{\"region\":{}}}",
                                          "{\"properties\":[\"x-mcp-header\"]}",
                                          "{\"x-mcp-header\":\"Region\"}",
                                          "{\"properties\":{\"region\":{\"x-mcp-header\":7}}}"};
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
        assert_true(face_params_agree(trust_bytes_text(schemas[i]),
                                      trust_bytes_text("{\"region\":\"us\"}"), &head));
}

static void what_is_looked_at_is_bounded(void **state)
{
    (void)state;
    static char schema[64 * 1024];
    const struct face_head head = heads_read("POST", "/mcp", "");
    size_t size = (size_t)snprintf(schema, sizeof schema, "{\"properties\":{");
    for (int i = 0; i <= TRUST_GUARD_PARAM_PROPERTIES_MAX; i++)
        size += (size_t)snprintf(schema + size, sizeof schema - size,
                                 "\"p%d\":{\"x-mcp-header\":\"p%d\"},", i, i);
    memcpy(schema + size - 1, "}}", 3);
    assert_false(
        face_params_agree(trust_bytes_text(schema), trust_bytes_text("{\"p255\":1}"), &head));
    assert_true(
        face_params_agree(trust_bytes_text(schema), trust_bytes_text("{\"p256\":1}"), &head));
    /* So is its depth. */
    static const char level[] = "{\"properties\":{\"a\":";
    size = 0;
    for (int i = 0; i < 2 * TRUST_COVER_DEPTH_MAX; i++)
        size += (size_t)snprintf(schema + size, sizeof schema - size, "%s", level);
    size += (size_t)snprintf(schema + size, sizeof schema - size, "{\"x-mcp-header\":\"a\"}");
    for (int i = 0; i < 2 * TRUST_COVER_DEPTH_MAX; i++)
        size += (size_t)snprintf(schema + size, sizeof schema - size, "}}");
    assert_true(face_params_agree(trust_bytes_text(schema), trust_bytes_text("{\"a\":{}}"), &head));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_stands_in_its_header),
        cmocka_unit_test(a_schema_that_speaks_of_none_lets_all_pass),
        cmocka_unit_test(what_is_looked_at_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
