/* repute/explain_text: shares that visibly sum, paths with pet names, what would change it. */
#include "repute/explain_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define ALICE "rpt1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqsrlrdgs"
#define BOB "rpt1qgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqwfy2ac"

#define DOCUMENT                                                                                   \
    "{'subject':'mcp:io.example/"                                                                  \
    "search','status':'ok','score':0.3712205,'mean':0.742441,'cap':1,'factor':0.5,"                \
    "'categories':{'performance':{'mean':0.5,'lower':0.1,'upper':0.9,'evidence':0},"               \
    "'overall':{'mean':0.742441,'lower':0.585981,'upper':0.898901,'evidence':9.829391}},"          \
    "'contributions':["                                                                            \
    "{'category':'overall','from':'" ALICE "','kind':'rating','value':0.9,'weight':4.666667,"      \
    "'share':0.355046,'age_s':0,'paths':[{'keys':['" BOB "','" ALICE "'],'flow':0.466667}]},"      \
    "{'category':'overall','from':null,'kind':'own_calls','value':0.95,'weight':3.7,"              \
    "'share':0.302853,'age_s':null,'paths':[]},"                                                   \
    "{'category':'overall','from':null,'kind':'prior','value':0.5,'weight':2,"                     \
    "'share':0.084536,'age_s':null,'paths':[]},"                                                   \
    "{'category':'overall','from':'" ALICE "','kind':'rating','value':0,'weight':0.1,"             \
    "'share':0,'age_s':172800,'paths':[{'keys':['" BOB "','" ALICE "'],'flow':0.466667}]}],"       \
    "'ignored':[{'record':'aa','reason':'no_weight'},{'record':'bb','reason':'muted'},"            \
    "{'record':'cc','reason':'no_weight'}],'single_source':true,"                                  \
    "'changes':[{'kind':'more_blame','status':'contested','amount':2.5},"                          \
    "{'kind':'evidence_ages','status':'weak','amount':864000},"                                    \
    "{'kind':'flags_end','status':'ok','amount':2},{'kind':'else','status':'ok','amount':1}]}"

static const char wanted[] =
    "\nwhere the mean of overall comes from\n"
    "  SHARE  FROM                   VALUE  WEIGHT  AGE\n"
    "  0.355  alice\u00b7qyqszqg          0.900  4.667   0 ms\n"
    "  0.303  own_calls              0.950  3.700   -\n"
    "  0.084  prior                  0.500  2.000   -\n"
    "  0.000  alice\u00b7qyqszqg          0.000  0.100   2 d\n"
    "  0.742  = the category's mean  -      -       -\n"
    "\nhow the score comes about: performance and overall lean on each other\n"
    "  performance  0.742 = (2 x 0.742 + 0.000 good) / (2 + 0.000 evidence)\n"
    "  overall      0.742 = (2 x 0.500 + 7.783 good) / (2 + 9.829 evidence)\n"
    "  mean         0.742 = 0.4 x 0.742 + 0.6 x 0.742\n"
    "  cap          1.000, what is known of security allows no more\n"
    "  score        0.371 = 0.500 of the flags x the lower of mean and cap\n"
    "\nby which vouches\n"
    "  FLOW   PATH\n"
    "  0.467  me\u00b7qgpqyqs > alice\u00b7qyqszqg\n"
    "\nrecords without a say (--json names them)\n"
    "  COUNT  REASON\n"
    "  2      no_weight\n"
    "  1      muted\n"
    "\nsingle source: most of this came through one of your vouches\n"
    "\nit would become\n"
    "  contested: with bad ratings worth 2.50 of evidence\n"
    "  weak: in 10 d, when its evidence has aged\n"
    "  ok: when its 2 worst flags end\n";

static void shares_sum_to_the_mean_and_keys_have_their_names(void **state)
{
    (void)state;
    struct capture capture;
    json_t *document = capture_document(DOCUMENT);
    json_t *names = capture_document("{'" ALICE "':'alice','" BOB "':'me'}");
    const struct dress dress = {.is_on = true, .names = names};
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(explain_text_show(&capture.context, &dress, document), TRUST_OK);
    assert_string_equal(capture_text(&capture), wanted);
    capture_end(&capture);
    json_decref(names);
    json_decref(document);
}

static void a_server_without_evidence_has_nothing_to_show(void **state)
{
    (void)state;
    struct capture capture;
    json_t *document = capture_document(
        "{'categories':{'overall':{'mean':0.5,'evidence':0}},'contributions':[{'category':"
        "'overall','kind':'prior','from':null,'share':0.5}],'ignored':[],'changes':[]}");
    const struct dress dress = {.is_on = true};
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(explain_text_show(&capture.context, &dress, document), TRUST_OK);
    assert_string_equal(capture_text(&capture), "");
    capture_end(&capture);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_sum_to_the_mean_and_keys_have_their_names),
        cmocka_unit_test(a_server_without_evidence_has_nothing_to_show),
    };
    return cmocka_run_group_tests_name("tools/repute/explain_text", tests, NULL, NULL);
}
