/* record/register: register bytes and digests against values computed by another implementation of
 * BLAKE2b. */
#include "record/register.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static const uint8_t sevens[32] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
                                   7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};

static struct trust_record record_of(enum trust_kind kind)
{
    struct trust_record record = {.kind = kind, .seq = 1000, .expires = 9};
    memset(record.author.bytes, 1, sizeof record.author.bytes);
    return record;
}

static struct trust_record vouch(void)
{
    struct trust_record record = record_of(TRUST_KIND_VOUCH);
    memset(record.vouch.subject.bytes, 2, sizeof record.vouch.subject.bytes);
    record.vouch.scopes = TRUST_SCOPE_ALL;
    record.vouch.strength = 500;
    return record;
}

static struct trust_record rating(struct trust_bytes manifest)
{
    struct trust_record record = record_of(TRUST_KIND_RATING);
    record.rating = (struct trust_rating){
        .subject = trust_bytes_text("mcp:io.example/a"),
        .manifest = manifest,
        .category = TRUST_CATEGORY_OVERALL,
        .value = 900,
        .calls = 3,
        .origin = TRUST_ORIGIN_HUMAN,
    };
    return record;
}

static struct trust_record flag(void)
{
    struct trust_record record = record_of(TRUST_KIND_FLAG);
    record.flag = (struct trust_flag){
        .subject = trust_bytes_text("mcp:io.example/a"),
        .severity = TRUST_SEVERITY_HIGH,
        .class_ = TRUST_CLASS_POISONING,
        .rule = trust_bytes_text("R1.x"),
    };
    return record;
}

static struct trust_record alias(void)
{
    struct trust_record record = record_of(TRUST_KIND_ALIAS);
    record.alias = (struct trust_alias){
        .first = trust_bytes_text("mcp:io.example/a"),
        .second = trust_bytes_text("mcp:io.example/b"),
        .state = 1,
    };
    return record;
}

static void assert_digest(struct trust_record record, size_t size, const char *digest_hex)
{
    uint8_t bytes[TRUST_REGISTER_SIZE_MAX];
    assert_int_equal(trust_register_bytes(bytes, &record), size);
    struct trust_register place;
    trust_register_init(&place, &record);
    char text[33];
    for (size_t i = 0; i < sizeof place.digest; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", place.digest[i]);
    assert_string_equal(text, digest_hex);
}

static void each_kind_has_the_digest_of_its_fields(void **state)
{
    (void)state;
    assert_digest(vouch(), 65, "2a8895774b6ca6fd3f047ad7805988e2");
    assert_digest(rating((struct trust_bytes){0}), 52, "a5e24b58db3de3f08cc315121dd749e1");
    assert_digest(rating((struct trust_bytes){.data = sevens, .size = 32}), 84,
                  "8bf81d94e7c83735c61b7e0099069a69");
    assert_digest(flag(), 57, "c07cce05585bf78b448a36ca2df8373f");
    assert_digest(alias(), 67, "a88464269134c436269b55f873ac3c27");
    assert_digest(record_of(TRUST_KIND_REVOCATION), 33, "d34af73be542f98f2d5accedd6516b79");
}

static void what_a_record_says_about_its_register_is_no_part_of_it(void **state)
{
    (void)state;
    struct trust_record record = rating((struct trust_bytes){0});
    struct trust_register before;
    trust_register_init(&before, &record);
    record.seq++;
    record.expires++;
    record.rating.value = TRUST_RATING_WITHDRAWN;
    record.rating.calls++;
    record.rating.origin = TRUST_ORIGIN_AGENT;
    struct trust_register after;
    trust_register_init(&after, &record);
    assert_int_equal(trust_register_compare(&before, &after), 0);
}

static void what_a_register_is_made_of_makes_another_register(void **state)
{
    (void)state;
    struct trust_record records[6];
    for (size_t i = 0; i < 6; i++)
        records[i] = flag();
    records[1].author.bytes[31] ^= 1;
    records[2].flag.subject = trust_bytes_text("mcp:io.example/b");
    records[3].flag.manifest = (struct trust_bytes){.data = sevens, .size = 32};
    records[4].flag.class_ = TRUST_CLASS_MALWARE;
    records[5].flag.rule = trust_bytes_text("R1.y");
    struct trust_register places[6];
    for (size_t i = 0; i < 6; i++) {
        trust_register_init(&places[i], &records[i]);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(trust_register_compare(&places[i], &places[j]), 0);
    }
}

static void the_longest_alias_fills_the_register_bytes(void **state)
{
    (void)state;
    uint8_t subject[TRUST_ALIAS_SUBJECT_SIZE_MAX];
    memset(subject, 'a', sizeof subject);
    struct trust_record record = alias();
    record.alias.first = (struct trust_bytes){.data = subject, .size = sizeof subject};
    record.alias.second = record.alias.first;
    uint8_t bytes[TRUST_REGISTER_SIZE_MAX];
    assert_int_equal(trust_register_bytes(bytes, &record), TRUST_REGISTER_SIZE_MAX);
}

static void only_vouches_are_in_the_class_of_vouches(void **state)
{
    (void)state;
    assert_int_equal(trust_register_class(TRUST_KIND_VOUCH), TRUST_REGISTER_VOUCHES);
    assert_int_equal(trust_register_class(TRUST_KIND_RATING), TRUST_REGISTER_OTHERS);
    assert_int_equal(trust_register_class(TRUST_KIND_FLAG), TRUST_REGISTER_OTHERS);
    assert_int_equal(trust_register_class(TRUST_KIND_ALIAS), TRUST_REGISTER_OTHERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_the_digest_of_its_fields),
        cmocka_unit_test(what_a_record_says_about_its_register_is_no_part_of_it),
        cmocka_unit_test(what_a_register_is_made_of_makes_another_register),
        cmocka_unit_test(the_longest_alias_fills_the_register_bytes),
        cmocka_unit_test(only_vouches_are_in_the_class_of_vouches),
    };
    return cmocka_run_group_tests_name("record/register", tests, NULL, NULL);
}
