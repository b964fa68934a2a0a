/* host/yaml: what a document may hold, and where everything stands. */
#include "host/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void assert_refused(const char *text, const char *expected)
{
    struct trust_yaml *yaml = NULL;
    struct trust_yaml_fault fault = {0};
    assert_int_equal(trust_yaml_open(&yaml, &fault, "f.yaml", trust_bytes_text(text)),
                     TRUST_NO_SYNTAX);
    assert_null(yaml);
    assert_string_equal(fault.text, expected);
}

static void faults_show_line_column_and_a_caret(void **state)
{
    (void)state;
    assert_refused("a: 1\nb: &x 1\n", "f.yaml:2:7: anchors are not allowed here\n"
                                      "  b: &x 1\n"
                                      "        ^");
    assert_refused("a: *x\n", "f.yaml:1:5: aliases are not allowed here: write the value out\n"
                              "  a: *x\n"
                              "      ^");
    assert_refused("a: !!int 3\n", "f.yaml:1:10: tags are not allowed here\n"
                                   "  a: !!int 3\n"
                                   "           ^");
    assert_refused("\xff\xfe", "f.yaml:1:1: this byte is no UTF-8 text: save the file as UTF-8\n"
                               "  ??\n"
                               "  ^");
    assert_refused("a: 1\nb: x\xe9y\n",
                   "f.yaml:2:5: this byte is no UTF-8 text: save the file as UTF-8\n"
                   "  b: x?y\n"
                   "      ^");
    assert_refused("a: 1\na: 2\n", "f.yaml:2:1: duplicate key\n"
                                   "  a: 2\n"
                                   "  ^");
    assert_refused("a: 1\n---\nb: 2\n", "f.yaml:3:1: a second document is not allowed here\n"
                                        "  b: 2\n"
                                        "  ^");
    assert_refused("a: \"x\\0y\"\n", "f.yaml:1:5: a NUL character is not allowed here\n"
                                     "  a: \"x\\0y\"\n"
                                     "      ^");
}

static void what_the_parser_does_not_survive_is_refused_before_it(void **state)
{
    (void)state;
    assert_refused("? a:\t :", "f.yaml:1:1: \"?\" is not allowed here: write the key alone\n"
                               "  ? a:  :\n"
                               "  ^");
    assert_refused("a:\n  - ? b\n", "f.yaml:2:5: \"?\" is not allowed here: write the key alone\n"
                                    "    - ? b\n"
                                    "      ^");
    assert_refused("a:\t1\n", "f.yaml:1:3: a tab is not allowed here: use spaces\n"
                              "  a: 1\n"
                              "    ^");
    static const char *const good[] = {
        "a: \"b\\\"\tc\" # d\te\nb: 'x''\ty'\n",
        "#\t?\na: b? # ?\nc: [\"?\", '\t']\n",
        "a: \"x\n  \ty\"\n",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct trust_yaml *yaml = NULL;
        struct trust_yaml_fault fault = {0};
        enum trust_error error =
            trust_yaml_open(&yaml, &fault, "f.yaml", trust_bytes_text(good[i]));
        if (error != TRUST_OK)
            print_error("%s\n", fault.text);
        assert_int_equal(error, TRUST_OK);
        trust_yaml_close(yaml);
    }
}

static void a_nul_ends_nothing_in_silence(void **state)
{
    (void)state;
    struct trust_yaml *yaml = NULL;
    struct trust_yaml_fault fault = {0};
    static const char nul[] = "a: 1\n\xc3\xa4\0: 1\n";
    struct trust_bytes text = {(const uint8_t *)nul, sizeof nul - 1};
    assert_int_equal(trust_yaml_open(&yaml, &fault, "f", text), TRUST_NO_SYNTAX);
    assert_null(yaml);
    assert_int_equal(fault.mark.line, 2);
    assert_int_equal(fault.mark.column, 2);
}

static void depth_and_size_are_bounded(void **state)
{
    (void)state;
    char deep[128];
    memset(deep, '[', 17);
    memset(deep + 17, ']', 17);
    deep[34] = '\0';
    struct trust_yaml *yaml = NULL;
    struct trust_yaml_fault fault;
    assert_int_equal(trust_yaml_open(&yaml, &fault, "f", trust_bytes_text(deep)), TRUST_NO_SYNTAX);
    assert_string_equal(fault.message, "nested too deeply");
    deep[33] = '\0';
    assert_int_equal(trust_yaml_open(&yaml, &fault, "f", trust_bytes_text(deep + 1)), TRUST_OK);
    trust_yaml_close(yaml);
    static uint8_t large[(1 << 20) + 1];
    memset(large, ' ', sizeof large);
    const struct trust_bytes bytes = {.data = large, .size = sizeof large};
    assert_int_equal(trust_yaml_open(&yaml, &fault, "f", bytes), TRUST_NO_SIZE);
}

static void nodes_say_what_they_are_and_where(void **state)
{
    (void)state;
    static const char text[] = "a: 1\nb:\n  - x\n  - 'true'\nc: ~\nd: {e: f}\n";
    struct trust_yaml *yaml = NULL;
    struct trust_yaml_fault fault;
    assert_int_equal(trust_yaml_open(&yaml, &fault, "f", trust_bytes_text(text)), TRUST_OK);
    trust_yaml_node *root = trust_yaml_root(yaml);
    assert_int_equal(trust_yaml_kind(root), TRUST_YAML_MAP);
    assert_int_equal(trust_yaml_count(root), 4);
    trust_yaml_node *list = trust_yaml_find(root, "b");
    assert_int_equal(trust_yaml_kind(list), TRUST_YAML_LIST);
    assert_int_equal(trust_yaml_count(list), 2);
    trust_yaml_node *quoted = trust_yaml_item(list, 1);
    assert_string_equal(trust_yaml_text(quoted), "true");
    assert_false(trust_yaml_is_plain(quoted));
    assert_true(trust_yaml_is_plain(trust_yaml_item(list, 0)));
    assert_int_equal(trust_yaml_mark(trust_yaml_item(list, 0)).line, 3);
    assert_int_equal(trust_yaml_mark(trust_yaml_item(list, 0)).column, 5);
    assert_int_equal(trust_yaml_kind(trust_yaml_find(root, "c")), TRUST_YAML_NULL);
    assert_null(trust_yaml_find(root, "z"));
    assert_null(trust_yaml_find(list, "b"));
    trust_yaml_close(yaml);
}

static void an_empty_document_has_no_root(void **state)
{
    (void)state;
    const char *const texts[] = {"", "\n\n", "# only a comment\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct trust_yaml *yaml = NULL;
        struct trust_yaml_fault fault;
        assert_int_equal(trust_yaml_open(&yaml, &fault, "f", trust_bytes_text(texts[i])), TRUST_OK);
        assert_int_equal(trust_yaml_kind(trust_yaml_root(yaml)), TRUST_YAML_NULL);
        trust_yaml_close(yaml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_show_line_column_and_a_caret),
        cmocka_unit_test(what_the_parser_does_not_survive_is_refused_before_it),
        cmocka_unit_test(a_nul_ends_nothing_in_silence),
        cmocka_unit_test(depth_and_size_are_bounded),
        cmocka_unit_test(nodes_say_what_they_are_and_where),
        cmocka_unit_test(an_empty_document_has_no_root),
    };
    return cmocka_run_group_tests_name("host/yaml", tests, NULL, NULL);
}
