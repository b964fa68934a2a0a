/* node/api/peers_doc: a peer that was never seen, and why an author does or does not come. */
#include "node/api/peers_doc.h"

#include "desk.h"

static void a_fresh_peer_has_no_figures_yet(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    struct trust_key key = {{7}};
    struct peer_entry entry = {.key = key, .endpoint = "tcp://h:1", .name = "seven"};
    uint32_t peer = 0;
    assert_int_equal(peer_book_put(&desk->core.peers.book, &entry), TRUST_OK);
    assert_int_equal(trust_engine_add_peer(desk->core.engine, &peer, &key, TRUST_PEER_CONFIGURED,
                                           desk->core.now),
                     TRUST_OK);
    struct api_doc doc = api_doc_init();
    peers_doc_put(&doc, &desk->core, peer, NULL);
    const char *text = desk_text(desk, &doc);
    assert_memory_equal(text, "{\"key\":\"rpn1", 12);
    assert_non_null(strstr(text,
                           "\"endpoint\":\"tcp://h:1\",\"name\":\"seven\",\"origin\":\"added\","
                           "\"state\":\"connecting\",\"lag_s\":null,\"records_in\":0,"
                           "\"records_out\":0,\"bytes_in\":0,\"bytes_out\":0,\"refused\":{},"
                           "\"rtt_ms\":null,\"skew_ms\":null}"));
    desk_close(desk);
}

static void why_tells_of_an_author(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    struct trust_key key = {{7}};
    struct trust_key me;
    uint32_t peer = 0;
    trust_secret_key(&me, desk->me);
    (void)desk_publish(desk, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    assert_int_equal(
        trust_engine_add_peer(desk->core.engine, &peer, &key, TRUST_PEER_NEWCOMER, desk->core.now),
        TRUST_OK);
    struct api_doc doc = api_doc_init();
    peers_doc_put(&doc, &desk->core, peer, &me);
    const char *text = desk_text(desk, &doc);
    assert_non_null(strstr(text, "\"origin\":\"newcomer\""));
    assert_non_null(strstr(text, "\"named\":true,\"revoked\":false,\"relayed\":false,"
                                 "\"peer_asks\":false,\"we_ask\":false,\"day_used_up\":false,"
                                 "\"records\":1}}"));
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_peer_has_no_figures_yet),
        cmocka_unit_test(why_tells_of_an_author),
    };
    return cmocka_run_group_tests_name("node/api/peers_doc", tests, NULL, NULL);
}
