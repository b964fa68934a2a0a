/* mcp/view: what is asked of whom, and what is left when nobody answers. */
#include "mcp/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "answering.h"
#include "figures.h"
#include "rig.h"

#define CONFIG                                                                                     \
    "groups:\n"                                                                                    \
    "  search:\n"                                                                                  \
    "    primary: { subject: \"mcp:io.example/a\", url: \"https://a.example/mcp\" }\n"             \
    "    fallbacks: [ { subject: \"https://b.example/mcp\", url: \"https://b.example/mcp\" } ]\n"  \
    "  other:\n"                                                                                   \
    "    primary: { subject: \"mcp:io.example/a\", url: \"https://a.example/mcp\" }\n"
#define EXPLAINED                                                                                  \
    FIGURES ",\"contributions\":[],\"ignored\":[],\"ignored_count\":0,\"single_source\":false,"    \
            "\"changes\":[]}"

/* One answer with this status and body. */
static const char *answer_of(char out_text[4096], const char *status, const char *body)
{
    (void)snprintf(out_text, 4096, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status,
                   strlen(body), body);
    return out_text;
}

struct noded {
    struct answering node;
    struct view view;
};

static void open_noded(struct noded *noded, const char *status, const char *body)
{
    char text[4096];
    char path[TRUST_HOME_PATH_SIZE];
    const char *const answers[] = {answer_of(text, status, body), NULL};
    assert_true(answering_start(&noded->node, answers));
    struct trust_home home;
    const struct trust_home_inputs inputs = {.option = noded->node.directory};
    assert_int_equal(trust_home_find(&home, &inputs), TRUST_OK);
    assert_int_equal(trust_home_make(&home), TRUST_OK);
    trust_home_path(path, &home, TRUST_HOME_AGENT_SOCK);
    assert_int_equal(symlink(noded->node.socket, path), 0);
    assert_int_equal(view_open(&noded->view, noded->node.directory), TRUST_OK);
}

static void close_noded(struct noded *noded)
{
    view_close(&noded->view);
    answering_stop(&noded->node);
}

static char subjects[2][TRUST_SUBJECT_TEXT_SIZE] = {"mcp:io.example/a", "mcp:io.example/b"};

static void scores_are_asked_of_the_node_in_one_go(void **state)
{
    (void)state;
    struct noded noded;
    open_noded(&noded, "200 OK", "[" FIGURES "}," FIGURES "}]");
    json_t *docs = view_scores(&noded.view, subjects, 2);
    assert_int_equal(json_array_size(docs), 2);
    assert_string_equal(rig_text(json_array_get(docs, 1), "subject"), "mcp:io.example/b");
    assert_string_equal(rig_text(json_array_get(docs, 1), "status"), "ok");
    const char *asked = answering_asked(&noded.node);
    assert_non_null(strstr(asked, "POST /v1/score "));
    assert_non_null(strstr(asked, "{\"subjects\":[\"mcp:io.example/a\",\"mcp:io.example/b\"]}"));
    json_decref(docs);
    close_noded(&noded);
}

static void what_is_no_answer_leaves_what_is_known_here(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"200 OK", "[]"},
                                          {"200 OK", "nonsense"},
                                          {"200 OK", "[5,5]"},
                                          {"503 No", "{\"code\":\"TRUST_NO_BUSY\"}"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct noded noded;
        open_noded(&noded, rows[i][0], rows[i][1]);
        json_t *docs = view_scores(&noded.view, subjects, 2);
        assert_int_equal(json_array_size(docs), 2);
        const json_t *doc = json_array_get(docs, 0);
        assert_string_equal(rig_text(doc, "status"), "unknown");
        assert_string_equal(rig_text(json_object_get(doc, "basis"), "kind"), "own");
        json_decref(docs);
        close_noded(&noded);
    }
}

static void an_explanation_is_the_nodes_or_none(void **state)
{
    (void)state;
    struct noded noded;
    open_noded(&noded, "200 OK", EXPLAINED);
    json_t *doc = view_explanation(&noded.view, subjects[0]);
    assert_true(json_is_true(json_object_get(doc, "is_explained")));
    assert_string_equal(rig_text(doc, "status"), "ok");
    assert_non_null(
        strstr(answering_asked(&noded.node), "GET /v1/servers/mcp%3Aio.example%2Fa/explain "));
    json_decref(doc);
    close_noded(&noded);
    open_noded(&noded, "200 OK", FIGURES "}");
    doc = view_explanation(&noded.view, subjects[0]);
    assert_true(json_is_false(json_object_get(doc, "is_explained")));
    assert_string_equal(rig_text(doc, "status"), "unknown");
    json_decref(doc);
    close_noded(&noded);
}

static void the_configuration_names_each_server_once(void **state)
{
    (void)state;
    struct rig *rig = rig_open(CONFIG);
    bool is_whole = false;
    json_t *list = view_configured(&rig->view, &is_whole);
    assert_true(is_whole);
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(json_string_value(json_array_get(list, 0)), "mcp:io.example/a");
    assert_string_equal(json_string_value(json_array_get(list, 1)), "https://b.example/mcp");
    json_decref(list);
    rig_close(rig);
    rig = rig_open("nonsense: 1\n");
    list = view_configured(&rig->view, &is_whole);
    assert_false(is_whole);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    rig_close(rig);
}

static void a_configuration_that_cannot_be_read_is_asked_of_the_node(void **state)
{
    (void)state;
    struct noded noded;
    bool is_whole = false;
    open_noded(&noded, "200 OK", "[{\"subject\":\"mcp:io.example/a\"},{\"subject\":\"obey me\"}]");
    json_t *list = view_configured(&noded.view, &is_whole);
    assert_true(is_whole);
    assert_int_equal(json_array_size(list), 1);
    json_decref(list);
    close_noded(&noded);
}

static void only_what_is_withheld_is_listed(void **state)
{
    (void)state;
    struct noded noded;
    struct trust_basis basis;
    bool is_whole = false;
    open_noded(&noded, "200 OK",
               "[{\"subject\":\"mcp:io.example/a\",\"state\":\"banned\"},"
               "{\"subject\":\"mcp:io.example/b\",\"state\":\"suspect\"},"
               "{\"subject\":\"obey me\",\"state\":\"banned\"}]");
    json_t *list = view_withheld(&noded.view, &basis, &is_whole);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(rig_text(json_array_get(list, 0), "state"), "banned");
    assert_int_equal(basis.kind, TRUST_BASIS_FRESH);
    assert_true(is_whole);
    json_decref(list);
    close_noded(&noded);
}

static void without_a_board_a_mark_stays(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL);
    uint64_t first = 0;
    uint64_t second = 1;
    struct trust_basis basis;
    assert_false(view_mark(&rig->view, "mcp:io.example/a", &first));
    assert_false(view_mark(&rig->view, "mcp:io.example/a", &second));
    assert_int_equal(first, second);
    assert_int_equal(view_quarantine(&rig->view, "mcp:io.example/a", &basis), TRUST_QUARANTINE_OK);
    assert_int_equal(basis.kind, TRUST_BASIS_OWN);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_asked_of_the_node_in_one_go),
        cmocka_unit_test(what_is_no_answer_leaves_what_is_known_here),
        cmocka_unit_test(an_explanation_is_the_nodes_or_none),
        cmocka_unit_test(the_configuration_names_each_server_once),
        cmocka_unit_test(a_configuration_that_cannot_be_read_is_asked_of_the_node),
        cmocka_unit_test(only_what_is_withheld_is_listed),
        cmocka_unit_test(without_a_board_a_mark_stays),
    };
    return cmocka_run_group_tests_name("mcp/view", tests, NULL, NULL);
}
