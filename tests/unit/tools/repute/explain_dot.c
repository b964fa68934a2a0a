/* repute/explain_dot: every vouch once, every rater's share, and quotes that stay quoted. */
#include "repute/explain_dot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define ALICE "rpt1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqsrlrdgs"
#define BOB "rpt1qgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqwfy2ac"
#define CAROL "rpt1qvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrqvpstmast6"

static void paths_become_a_graph(void **state)
{
    (void)state;
    struct capture capture;
    json_t *document = capture_document(
        "{'subject':'mcp:io.example/search','contributions':["
        "{'category':'overall','from':'" CAROL "','share':0.25,'paths':["
        "{'keys':['" BOB "','" ALICE "','" CAROL "']},{'keys':['" BOB "','" CAROL "']}]},"
        "{'category':'security','from':'" CAROL "','share':0.125,'paths':["
        "{'keys':['" BOB "','" CAROL "']}]},"
        "{'category':'overall','from':null,'share':0.1,'paths':[]}]}");
    json_t *names = capture_document("{'" ALICE "':'a\\\"b','" BOB "':'me'}");
    const struct dress dress = {.is_on = true, .names = names};
    capture_begin(&capture, OUTPUT_TEXT);
    explain_dot_print(capture.context.output.out, &dress, document);
    assert_string_equal(capture_text(&capture),
                        "digraph explanation {\n  rankdir=LR;\n  node [shape=box];\n"
                        "  \"" BOB "\" [label=\"me\u00b7qgpqyqs\"];\n"
                        "  \"" ALICE "\" [label=\"a\\\"b\u00b7qyqszqg\"];\n"
                        "  \"" BOB "\" -> \"" ALICE "\";\n"
                        "  \"" CAROL "\" [label=\"\u00b7qvpsxqc\"];\n"
                        "  \"" ALICE "\" -> \"" CAROL "\";\n"
                        "  \"" BOB "\" -> \"" CAROL "\";\n"
                        "  \"" CAROL "\" -> \"mcp:io.example/search\" "
                        "[style=dashed, label=\"overall 0.250\"];\n"
                        "  \"" CAROL "\" -> \"mcp:io.example/search\" "
                        "[style=dashed, label=\"security 0.125\"];\n"
                        "}\n");
    capture_end(&capture);
    json_decref(names);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_become_a_graph),
    };
    return cmocka_run_group_tests_name("tools/repute/explain_dot", tests, NULL, NULL);
}
