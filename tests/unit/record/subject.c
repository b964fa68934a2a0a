/* record/subject: the forms together, and the property that holds them: what parses is exactly what
 * canonical() leaves as it is. */
#include "trust/subject.h"

#include "base/random.h"
#include "subjects.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define UPPER "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"

static void an_artifact_is_its_digest(void **state)
{
    (void)state;
    assert_subject("sha256:" DIGEST, TRUST_SUBJECT_ARTIFACT, "sha256:" DIGEST, "");
    static const struct typed rows[] = {
        {"SHA256:" UPPER, "sha256:" DIGEST},
        {"sha256:" DIGEST "0", NULL},
        {"sha256:", NULL},
        {"sha256:0123", NULL},
        {"sha256:g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", NULL},
        {"sha512:" DIGEST, NULL},
        {DIGEST, NULL},
    };
    assert_typed(rows, COUNT(rows));
}

static void a_text_of_no_form_is_refused(void **state)
{
    (void)state;
    static const struct typed rows[] = {
        {"", NULL},           {"mcp", NULL},   {"io.github.acme/search", NULL},
        {"npm:search", NULL}, {"https", NULL}, {"http://", NULL},
        {"file:///x", NULL},  {":", NULL},
    };
    assert_typed(rows, COUNT(rows));
    struct trust_subject subject;
    char canonical[TRUST_SUBJECT_TEXT_SIZE];
    assert_int_equal(trust_subject_parse(&subject, (struct trust_bytes){0}), TRUST_NO_SUBJECT);
    assert_int_equal(trust_subject_canonical(canonical, (struct trust_bytes){0}), TRUST_NO_SUBJECT);
}

static bool is_alphabet(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                        "._~:/@%+-[]") == strlen(text);
}

/* The property, for any bytes. Returns true if they have a canonical form. */
static bool check(struct trust_bytes text)
{
    struct trust_subject subject;
    char once[TRUST_SUBJECT_TEXT_SIZE];
    char twice[TRUST_SUBJECT_TEXT_SIZE];
    bool parses = trust_subject_parse(&subject, text) == TRUST_OK;
    if (trust_subject_canonical(once, text) != TRUST_OK) {
        assert_false(parses);
        return false;
    }
    assert_int_equal(parses, trust_bytes_equal(text, trust_bytes_text(once)));
    assert_int_equal(trust_subject_parse(&subject, trust_bytes_text(once)), TRUST_OK);
    assert_int_equal(trust_subject_canonical(twice, trust_bytes_text(once)), TRUST_OK);
    assert_string_equal(twice, once);
    assert_true(is_alphabet(once));
    assert_true(strlen(once) <= 200);
    return true;
}

static void what_parses_is_what_canonical_leaves_alone(void **state)
{
    (void)state;
    static const char *const seeds[] = {
        "mcp:io.github.acme/Search@1.4.2",
        "pkg:npm/%40acme/search@1.4.2",
        "pkg:npm/@acme/search@1.4.2+b",
        "pkg:pypi/Mcp_Server.Fetch@2025.1",
        "pkg:oci/ghcr.io:8443/acme/search@sha256%3A" DIGEST,
        "pkg:oci/docker.io/nginx@1.27",
        "pkg:generic/a%3Ab/c%2Bd@1%2B2",
        "https://MCP.acme.dev:8443/a/../%7Eb/./c%3D/",
        "https://xn--mnchen-3ya.de/@x/y:z",
        "http://127.0.0.1:8080/mcp",
        "http://[::1]:8080/mcp",
        "sha256:" DIGEST,
    };
    static const char alphabet[] = "aAzZ09._~:/@%+-[]?#=\\ xn&2eFf\x80\xff\n";
    struct trust_random random = trust_random_init(1);
    int canonical = 0;
    for (int i = 0; i < 200000; i++) {
        uint8_t text[128];
        const char *seed = seeds[trust_random_below(&random, COUNT(seeds))];
        size_t size = strlen(seed);
        memcpy(text, seed, size);
        for (uint64_t edits = trust_random_below(&random, 5); edits > 0; edits--) {
            size_t at = trust_random_below(&random, size);
            uint8_t c = (uint8_t)alphabet[trust_random_below(&random, sizeof alphabet - 1)];
            uint64_t edit = trust_random_below(&random, 3);
            if (edit == 0) {
                text[at] = c;
            } else if (edit == 1 && size < sizeof text) {
                memmove(text + at + 1, text + at, size - at);
                text[at] = c;
                size++;
            } else if (size > 1) {
                memmove(text + at, text + at + 1, size - at - 1);
                size--;
            }
        }
        canonical += check((struct trust_bytes){.data = text, .size = size});
    }
    /* The mutations are mild enough that a good part still means something. */
    assert_true(canonical > 20000);
}

/* Puts every byte in the place at of text. */
static void try_each_byte(const char *text, size_t at)
{
    for (int c = 0; c < 256; c++) {
        char changed[32];
        strcpy(changed, text);
        changed[at] = (char)c;
        struct trust_subject subject;
        struct trust_bytes bytes = {.data = (const uint8_t *)changed, .size = strlen(text)};
        if (trust_subject_parse(&subject, bytes) == TRUST_OK)
            assert_true(c != 0 && is_alphabet(changed));
    }
}

static void no_character_outside_the_alphabet_ever_parses(void **state)
{
    (void)state;
    static const char *const texts[] = {"mcp:a/b@1.0", "pkg:npm/ab@1.0", "https://a.b/cd",
                                        "http://[::1]/a"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t at = 0; at < strlen(texts[i]); at++)
            try_each_byte(texts[i], at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_artifact_is_its_digest),
        cmocka_unit_test(a_text_of_no_form_is_refused),
        cmocka_unit_test(what_parses_is_what_canonical_leaves_alone),
        cmocka_unit_test(no_character_outside_the_alphabet_ever_parses),
    };
    return cmocka_run_group_tests_name("record/subject", tests, NULL, NULL);
}
