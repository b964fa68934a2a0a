/* node/api/record_doc: each kind says its fields by their words. */
#include "node/api/record_doc.h"

#include "desk.h"

static const char *show(struct desk *desk, struct trust_record record)
{
    struct trust_signed made = rig_sign(desk->rig, desk->me, record);
    struct api_doc doc = api_doc_init();
    record_doc_put(&doc, &desk->core, rig_bytes(&made));
    return desk_text(desk, &doc);
}

static void expect(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("%s\n  is not in\n%s", wanted, text);
}

static void every_kind_has_its_fields(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    struct trust_secret *other = rig_secret(2);
    const char *text = show(desk, rig_vouch(other, -250, RIG_START_MS));
    expect(text, "\"verdict\":\"TRUST_OK\",\"void\":false,\"kind\":\"vouch\",\"author\":\"rpt1");
    expect(text, "\"seq\":1795132800000,\"time\":\"2026-11-20T00:00:00Z\","
                 "\"expires\":\"2026-11-21T00:00:00Z\"");
    expect(text, "\"scopes\":[\"rate\",\"introduce\",\"scan\"],\"strength\":-0.25}");
    struct trust_record rating = rig_rating("mcp:io.example/a", 750, RIG_START_MS);
    expect(show(desk, rating),
           "\"subject\":\"mcp:io.example/a\",\"manifest\":null,\"category\":\"overall\","
           "\"value\":0.75,\"calls\":0,\"origin\":\"human\"}");
    rating.rating.value = TRUST_RATING_WITHDRAWN;
    expect(show(desk, rating), "\"value\":null");
    static const uint8_t manifest[32] = {0xab};
    expect(show(desk, (struct trust_record){.kind = TRUST_KIND_FLAG,
                                            .seq = RIG_START_MS,
                                            .flag = {.subject = trust_bytes_text("mcp:a.b/c"),
                                                     .manifest = {manifest, sizeof manifest},
                                                     .severity = TRUST_SEVERITY_CRITICAL,
                                                     .class_ = TRUST_CLASS_MALWARE,
                                                     .rule = trust_bytes_text("R1")}}),
           "\"severity\":\"critical\",\"class\":\"malware\",\"rule\":\"R1\",\"output\":\"00");
    expect(desk->text, "\"manifest\":\"ab00");
    expect(show(desk, (struct trust_record){.kind = TRUST_KIND_ALIAS,
                                            .seq = RIG_START_MS,
                                            .alias = {.first = trust_bytes_text("mcp:a.b/c"),
                                                      .second = trust_bytes_text("mcp:a.b/d"),
                                                      .state = 1}}),
           "\"first\":\"mcp:a.b/c\",\"second\":\"mcp:a.b/d\",\"joined\":true}");
    static const uint8_t successor[32] = {9};
    expect(show(desk,
                (struct trust_record){.kind = TRUST_KIND_REVOCATION,
                                      .seq = RIG_START_MS,
                                      .revocation = {.reason = TRUST_REVOKED_SUPERSEDED,
                                                     .last_seq = 7,
                                                     .successor = {successor, sizeof successor}}}),
           "\"expires\":null,\"reason\":\"superseded\",\"last_seq\":7,\"successor\":\"rpt1");
    trust_secret_close(other);
    desk_close(desk);
}

static void expired_and_void_ones_say_so(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    struct trust_record rating = rig_rating("mcp:io.example/a", 1, RIG_START_MS);
    rating.expires = RIG_START_MS / 1000 + 60;
    (void)desk_publish(desk, rating);
    expect(show(desk, rating), "\"verdict\":\"TRUST_OK\",\"void\":false");
    desk->core.now.wall.ms += 60000;
    expect(show(desk, rating), "\"verdict\":\"TRUST_NO_EXPIRED\",\"void\":false");
    rating.rating.value = 2;
    (void)desk_publish(desk, rating);
    expect(show(desk, rating), "\"void\":true");
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_fields),
        cmocka_unit_test(expired_and_void_ones_say_so),
    };
    return cmocka_run_group_tests_name("node/api/record_doc", tests, NULL, NULL);
}
