/* repute/scan_verdict: the worst that is known decides, and each verdict has its next step. */
#include "repute/scan_verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define PACKAGE "{'subject':'pkg:npm/a'}"

struct row {
    const char *server;
    const char *standing; /* NULL: none */
    enum scan_verdict verdict;
    const char *text; /* NULL: none */
    const char *next;
};

static const struct row rows[] = {
    {PACKAGE, "{'quarantine':'quarantined','flags':['malware'],'score':0.9,'lower':0.9}",
     SCAN_WITHHELD, "this node lets no agent have it",
     "take it out of the client, and see why: `repute explain pkg:npm/a`"},
    {PACKAGE, "{'quarantine':'investigating'}", SCAN_WITHHELD, "this node lets no agent have it",
     "take it out of the client, and see why: `repute explain pkg:npm/a`"},
    {PACKAGE, "{'quarantine':'banned'}", SCAN_WITHHELD, "this node lets no agent have it",
     "take it out of the client, and see why: `repute explain pkg:npm/a`"},
    {PACKAGE, "{'quarantine':'suspect','flags':['malware']}", SCAN_SUSPECT,
     "something about it is not settled yet", "look before you use it: `repute explain pkg:npm/a`"},
    {PACKAGE, "{'quarantine':'released','flags':['other'],'score':null,'lower':0}", SCAN_FLAGGED,
     "it has findings against it", "look at them: `repute explain pkg:npm/a`"},
    {PACKAGE, "{'quarantine':'ok','flags':[],'score':0.6,'lower':0.49}", SCAN_LOW,
     "it may be worse than your policy asks for", "see why: `repute explain pkg:npm/a`"},
    {PACKAGE, "{'quarantine':'ok','flags':[],'score':0.6,'lower':0.5}", SCAN_RATED,
     "its command line names no version", "name one, so that what runs is what was rated"},
    {"{'subject':'pkg:npm/a@1.0.0','pinned':true}", "{'score':1,'lower':1}", SCAN_RATED, NULL, ""},
    {"{'subject':'https://a.example'}", "{'score':1,'lower':1}", SCAN_RATED, NULL, ""},
    {PACKAGE, "{'quarantine':'ok','flags':[],'score':null,'lower':null}", SCAN_UNKNOWN,
     "nobody whom you trust has rated it", "when you know it, rate it: `repute help rate`"},
    {PACKAGE, NULL, SCAN_UNKNOWN, "nothing that a node left here speaks of it", ""},
    {"{'subject':'http://127.0.0.1:1/mcp'}", "{'score':null}", SCAN_UNKNOWN,
     "only this host or network reaches it, so that nobody can vouch for it", ""},
    {"{'subject':null,'reason':'guarded','group':'g','text':'t'}", NULL, SCAN_GUARDED, "t",
     "see them: `repute select --group g`"},
    {"{'subject':null,'reason':'shell','text':'t','next':'n'}", NULL, SCAN_UNNAMED, "t", "n"},
};

static void the_worst_that_is_known_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *server = capture_document(rows[i].server);
        json_t *standing = rows[i].standing == NULL ? NULL : capture_document(rows[i].standing);
        struct scan_conclusion conclusion;
        scan_verdict_conclude(&conclusion, server, standing, 0.5);
        assert_int_equal(conclusion.verdict, rows[i].verdict);
        assert_int_equal(conclusion.text == NULL, rows[i].text == NULL);
        if (rows[i].text != NULL)
            assert_string_equal(conclusion.text, rows[i].text);
        assert_string_equal(conclusion.next, rows[i].next);
        json_decref(server);
        json_decref(standing);
    }
}

static void the_longest_subject_fits(void **state)
{
    (void)state;
    char text[201];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memcpy(text, "pkg:npm/", 8);
    json_t *server = json_pack("{s:s}", "subject", text);
    json_t *standing = capture_document("{'quarantine':'banned'}");
    struct scan_conclusion conclusion;
    scan_verdict_conclude(&conclusion, server, standing, 0.5);
    assert_int_equal(conclusion.next[strlen(conclusion.next) - 1], '`');
    json_decref(server);
    json_decref(standing);
}

static void three_verdicts_are_bad(void **state)
{
    (void)state;
    static const char *const names[] = {"withheld", "suspect", "flagged", "low",
                                        "rated",    "unknown", "guarded", "unnamed"};
    for (unsigned i = 0; i < SCAN_VERDICT_COUNT; i++) {
        assert_string_equal(scan_verdict_name((enum scan_verdict)i), names[i]);
        assert_int_equal(scan_verdict_is_bad((enum scan_verdict)i), i < 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_that_is_known_decides),
        cmocka_unit_test(the_longest_subject_fits),
        cmocka_unit_test(three_verdicts_are_bad),
    };
    return cmocka_run_group_tests_name("tools/repute/scan_verdict", tests, NULL, NULL);
}
