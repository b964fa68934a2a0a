/* record/id: networks, ids and digests against values computed elsewhere. */
#include "record/id.h"

#include "records.h"

static void main_is_a_known_network(void **state)
{
    (void)state;
    static const uint8_t expected[8] = {0x50, 0x7f, 0xf0, 0x6d, 0xe7, 0xeb, 0x96, 0x79};
    struct trust_network network;
    assert_int_equal(trust_network_init(&network, "main"), TRUST_OK);
    assert_memory_equal(network.bytes, expected, sizeof expected);
}

static void a_network_has_a_plain_name(void **state)
{
    (void)state;
    struct trust_network network;
    static const char *const refused[] = {
        "",
        "Main",
        "a b",
        "a_b",
        "\xc3\xa9",
        "a/b",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < COUNT(refused); i++)
        assert_int_equal(trust_network_init(&network, refused[i]), TRUST_NO_RANGE);
    assert_int_equal(trust_network_init(&network, "team-1.acme.dev"), TRUST_OK);
    assert_int_equal(
        trust_network_init(&network,
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        TRUST_OK);
}

static void a_preimage_is_tag_network_and_body(void **state)
{
    (void)state;
    struct trust_network network = {{1, 2, 3, 4, 5, 6, 7, 8}};
    uint8_t preimage[TRUST_PREIMAGE_SIZE_MAX];
    size_t size = trust_record_preimage(preimage, trust_bytes_text("body"), &network);
    assert_int_equal(size, 17 + 8 + 4);
    assert_memory_equal(preimage, "repute-record-v1\0\1\2\3\4\5\6\7\10body", size);
}

static void an_id_leaves_the_signature_out_and_a_digest_does_not(void **state)
{
    (void)state;
    static const uint8_t expected_id[32] = {0x5c, 0xc5, 0xca, 0x66, 0xda, 0x2b, 0x7b, 0x1b,
                                            0x54, 0x98, 0xd9, 0x3f, 0xa9, 0x95, 0x12, 0x31,
                                            0x4b, 0xba, 0xbd, 0x0f, 0x59, 0x2a, 0xee, 0xbe,
                                            0xeb, 0x7e, 0xe6, 0xe6, 0xa6, 0x1d, 0x0a, 0xd1};
    static const uint8_t expected_digest[32] = {0x65, 0xe6, 0xa3, 0x82, 0xeb, 0x7d, 0x22, 0x34,
                                                0x4f, 0x73, 0xbd, 0x53, 0xf1, 0x74, 0xaf, 0x50,
                                                0xde, 0x40, 0xd2, 0x61, 0xb7, 0x01, 0xa0, 0x87,
                                                0x3c, 0x44, 0xdd, 0x4c, 0x7f, 0xda, 0xbb, 0x9e};
    struct trust_network network;
    assert_int_equal(trust_network_init(&network, "main"), TRUST_OK);
    uint8_t bytes[65] = {0x90};
    struct trust_id id;
    struct trust_id digest;
    trust_record_id(&id, (struct trust_bytes){bytes, sizeof bytes}, &network);
    assert_memory_equal(id.bytes, expected_id, sizeof expected_id);
    trust_record_digest(&digest, &id, bytes + 1);
    assert_memory_equal(digest.bytes, expected_digest, sizeof expected_digest);
    bytes[64] = 1;
    struct trust_id other;
    trust_record_id(&other, (struct trust_bytes){bytes, sizeof bytes}, &network);
    assert_memory_equal(other.bytes, id.bytes, sizeof id.bytes);
    trust_record_digest(&other, &id, bytes + 1);
    assert_memory_not_equal(other.bytes, digest.bytes, sizeof digest.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(main_is_a_known_network),
        cmocka_unit_test(a_network_has_a_plain_name),
        cmocka_unit_test(a_preimage_is_tag_network_and_body),
        cmocka_unit_test(an_id_leaves_the_signature_out_and_a_digest_does_not),
    };
    return cmocka_run_group_tests_name("record/id", tests, NULL, NULL);
}
