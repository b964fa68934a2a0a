/* repute/peers_table: peers in all three forms, and what was refused of them. */
#include "repute/peers_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define NODE "rpn1qszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqlld8hz"

#define PEER                                                                                       \
    "{'key':'" NODE "','endpoint':null,'name':'hub','origin':'config','state':'up','lag_s':3,'"    \
    "records_in':1234,'records_out':5,"                                                            \
    "'bytes_in':2048,'bytes_out':10,'rtt_ms':2,'skew_ms':-3,'refused':{'TRUST_NO_OLDER':2,'TRUST_" \
    "NO_SIZE':1}}"

static void a_list_has_its_columns(void **state)
{
    (void)state;
    struct capture capture;
    json_t *peers = capture_document("[" PEER "]");
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(peers_table_list(&capture.context, peers), TRUST_OK);
    assert_string_equal(
        capture_text(&capture),
        "PEER         ENDPOINT  STATE  LAG    RECORDS IN  OUT  BYTES IN  OUT   REFUSED\n"
        "hub\u00b7qszqgpq  -         up     3.0 s  1,234       5    2.0 KiB   10 B  3\n");
    capture_end(&capture);
    json_decref(peers);
}

static void an_empty_list_says_what_to_do(void **state)
{
    (void)state;
    struct capture capture;
    json_t *peers = json_array();
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(peers_table_list(&capture.context, peers), TRUST_OK);
    assert_string_equal(capture_text(&capture),
                        "no peers yet: `repute peers invite` on another node, then `repute peers "
                        "join INVITE` here\n");
    capture_end(&capture);
    json_decref(peers);
}

static void check_one(enum output_form form, const char *wanted)
{
    struct capture capture;
    json_t *peer = capture_document(PEER);
    capture_begin(&capture, form);
    assert_int_equal(peers_table_one(&capture.context, peer), TRUST_OK);
    assert_string_equal(capture_text(&capture), wanted);
    capture_end(&capture);
    json_decref(peer);
}

static void one_peer_says_why_records_were_refused(void **state)
{
    (void)state;
    check_one(OUTPUT_TEXT, "peer              hub\u00b7qszqgpq\n"
                           "endpoint          -\n"
                           "state             up\n"
                           "origin            config\n"
                           "lag               3.0 s\n"
                           "round trip        2 ms\n"
                           "clock ahead (ms)  -3\n"
                           "records in        1,234\n"
                           "records out       5\n"
                           "bytes in          2.0 KiB\n"
                           "bytes out         10 B\n"
                           "refused           3\n"
                           "  REFUSED  BECAUSE\n"
                           "  2        TRUST_NO_OLDER\n"
                           "  1        TRUST_NO_SIZE\n");
    check_one(OUTPUT_PLAIN, "key\t" NODE "\nendpoint\t-\nstate\tup\norigin\tconfig\n"
                            "lag_s\t3\nrtt_ms\t2\nskew_ms\t-3\n"
                            "records_in\t1234\nrecords_out\t5\nbytes_in\t2048\n"
                            "bytes_out\t10\nrefused_count\t3\n"
                            "refused\tTRUST_NO_OLDER\t2\nrefused\tTRUST_NO_SIZE\t1\n");
    check_one(
        OUTPUT_JSON,
        "{\"key\":\"" NODE
        "\",\"endpoint\":null,\"name\":\"hub\",\"origin\":\"config\",\"state\":\"up\",\"lag_s\":3,"
        "\"records_in\":1234,\"records_out\":5,\"bytes_in\":2048,"
        "\"bytes_out\":10,\"rtt_ms\":2,\"skew_ms\":-3,\"refused\":{\"TRUST_NO_OLDER\":2,"
        "\"TRUST_NO_SIZE\":1}}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_its_columns),
        cmocka_unit_test(an_empty_list_says_what_to_do),
        cmocka_unit_test(one_peer_says_why_records_were_refused),
    };
    return cmocka_run_group_tests_name("tools/repute/peers_table", tests, NULL, NULL);
}
