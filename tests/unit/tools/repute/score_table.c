/* repute/score_table: scores in all three forms; unknown is a dash, never a number. */
#include "repute/score_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define ALICE "rpt1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqsrlrdgs"

#define KNOWN                                                                                      \
    "{'subject':'mcp:io.example/search','status':'flagged','score':0.1378,'lower':0.1088,"         \
    "'mean':0.742441,'upper':0.1668,'evidence':9.829391,'raters':5,'categories':{'overall':"       \
    "{'mean':0.742441,'lower':0.585981,'upper':0.898901,'evidence':9.829391}},'flags':["           \
    "{'record':'1f0c9a7e55','severity':'high','class':'exfiltration','rule':'r-1','scanner':"      \
    "'" ALICE "','q':0.9,"                                                                         \
    "'time':'2026-11-20T09:40:12Z'}],'factor':0.18561,'cap':1,'manifest':null,'breaker':"          \
    "'closed','quarantine':'suspect','basis':{'kind':'fresh','age_s':0},"                          \
    "'updated':'2026-11-20T09:42:11Z'}"
#define UNKNOWN                                                                                    \
    "{'subject':'mcp:io.example/new','status':'unknown','score':null,'lower':null,'mean':null,"    \
    "'upper':null,'evidence':0,'raters':0,'categories':{},'flags':[],'factor':1,'cap':1,"          \
    "'manifest':null,'breaker':'closed','quarantine':'ok'}"

static void check_list(enum output_form form, const char *document, const char *wanted)
{
    struct capture capture;
    json_t *scores = capture_document(document);
    capture_begin(&capture, form);
    assert_int_equal(score_table_list(&capture.context, scores, "no servers"), TRUST_OK);
    assert_string_equal(capture_text(&capture), wanted);
    capture_end(&capture);
    json_decref(scores);
}

static void a_list_has_its_columns(void **state)
{
    (void)state;
    check_list(OUTPUT_TEXT, "[" KNOWN "," UNKNOWN "]",
               "SERVER                 STATUS   SCORE  LOWER  UPPER  EVIDENCE  RATERS  FLAGS  "
               "BREAKER  QUARANTINE\n"
               "mcp:io.example/search  flagged  0.138  0.109  0.167  9.829     5       1      "
               "closed   suspect\n"
               "mcp:io.example/new     unknown  -      -      -      0.000     0       0      "
               "closed   ok\n");
    check_list(OUTPUT_PLAIN, "[" UNKNOWN "]",
               "mcp:io.example/new\tunknown\t-\t-\t-\t0\t0\t0\tclosed\tok\n");
}

static void json_is_what_the_node_said(void **state)
{
    (void)state;
    check_list(OUTPUT_JSON, "[{'subject':'mcp:io.example/new','score':null,'flags':[]}]",
               "[{\"subject\":\"mcp:io.example/new\",\"score\":null,\"flags\":[]}]\n");
}

static void an_empty_list_says_so(void **state)
{
    (void)state;
    check_list(OUTPUT_TEXT, "[]", "no servers\n");
    check_list(OUTPUT_PLAIN, "[]", "");
    check_list(OUTPUT_JSON, "[]", "[]\n");
}

static void one_score_has_its_categories_and_flags(void **state)
{
    (void)state;
    struct capture capture;
    json_t *score = capture_document(KNOWN);
    json_t *names = capture_document("{'" ALICE "':'alice'}");
    const struct dress dress = {.is_on = true, .names = names, .now_ms = UINT64_C(1795167732000)};
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(score_table_one(&capture.context, &dress, score), TRUST_OK);
    assert_string_equal(
        capture_text(&capture),
        "server         mcp:io.example/search\n"
        "status         flagged\n"
        "score          0.138\n"
        "lower          0.109\n"
        "upper          0.167\n"
        "mean           0.742\n"
        "cap            1.000\n"
        "flags' factor  0.186\n"
        "evidence       9.829\n"
        "raters         5\n"
        "manifest       -\n"
        "pins           -\n"
        "breaker        closed\n"
        "quarantine     suspect\n"
        "basis          fresh\n"
        "updated        1.0 s ago\n"
        "\ncategories\n"
        "  CATEGORY  MEAN   LOWER  UPPER  EVIDENCE\n"
        "  overall   0.742  0.586  0.899  9.829\n"
        "\nflags\n"
        "  SEVERITY  CLASS         RULE  SCANNER        WEIGHT  TIME       RECORD\n"
        "  high      exfiltration  r-1   alice\u00b7qyqszqg  0.900   2 min ago  1f0c9a7e\n");
    capture_end(&capture);
    json_decref(names);
    json_decref(score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_its_columns),
        cmocka_unit_test(json_is_what_the_node_said),
        cmocka_unit_test(an_empty_list_says_so),
        cmocka_unit_test(one_score_has_its_categories_and_flags),
    };
    return cmocka_run_group_tests_name("tools/repute/score_table", tests, NULL, NULL);
}
