/* Vectors of the five bodies: every field at and beyond each of its bounds. */
#include "make.h"

#define CANONICAL TRUST_NO_CANONICAL
#define RANGE TRUST_NO_RANGE
#define SUBJECT TRUST_NO_SUBJECT
#define COUNT(table) (sizeof(table) / sizeof *(table))

struct row {
    const char *name;
    struct change change;
};

static void make_rows(struct maker *maker, const struct draft *draft, const struct row *rows,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        make_varied(maker, rows[i].name, draft, rows[i].change);
}

void make_vouches(struct maker *maker)
{
    struct draft draft = make_draft(maker, TRUST_KIND_VOUCH);
    make_add(&draft, make_bin(9, 32));
    make_add(&draft, make_uint(7));
    make_add(&draft, make_int(800));
    make_valid(maker, "vouch", &draft);
    const struct row rows[] = {
        {"vouch-key-of-31", {5, make_bin(9, 31), RANGE}},
        {"vouch-key-of-33", {5, make_bin(9, 33), RANGE}},
        {"vouch-key-empty", {5, make_bin(9, 0), RANGE}},
        {"vouch-for-oneself", {5, make_key(&maker->key), RANGE}},
        {"vouch-key-as-str", {5, make_str("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), CANONICAL}},
        {"vouch-scope-1", {6, make_uint(1), TRUST_OK}},
        {"vouch-scope-0", {6, make_uint(0), RANGE}},
        {"vouch-scope-8", {6, make_uint(8), RANGE}},
        {"vouch-scope-256", {6, make_uint(256), RANGE}},
        {"vouch-scope-257", {6, make_uint(257), RANGE}},
        {"vouch-scope-negative", {6, make_int(-1), CANONICAL}},
        {"vouch-strength-1000", {7, make_int(1000), TRUST_OK}},
        {"vouch-strength-0", {7, make_int(0), TRUST_OK}},
        {"vouch-strength-1-below-0", {7, make_int(-1), TRUST_OK}},
        {"vouch-strength-32-below-0", {7, make_int(-32), TRUST_OK}},
        {"vouch-strength-33-below-0", {7, make_int(-33), TRUST_OK}},
        {"vouch-strength-128-below-0", {7, make_int(-128), TRUST_OK}},
        {"vouch-strength-129-below-0", {7, make_int(-129), TRUST_OK}},
        {"vouch-strength-1000-below-0", {7, make_int(-1000), TRUST_OK}},
        {"vouch-strength-1001", {7, make_int(1001), RANGE}},
        {"vouch-strength-1001-below-0", {7, make_int(-1001), RANGE}},
        {"vouch-strength-65536", {7, make_int(65536), RANGE}},
        {"vouch-strength-65536-below-0", {7, make_int(-65536), RANGE}},
        {"vouch-strength-least", {7, make_int(INT64_MIN), RANGE}},
        {"vouch-strength-greatest", {7, make_uint(UINT64_MAX), CANONICAL}},
        {"vouch-strength-int-16-of-small", {7, make_raw("d1ff80"), CANONICAL}},
        {"vouch-strength-int-8-of-positive", {7, make_raw("d001"), CANONICAL}},
        {"vouch-strength-float", {7, make_raw("ca00000000"), CANONICAL}},
    };
    make_rows(maker, &draft, rows, COUNT(rows));
}

/* The subjects that a record may or may not speak about; at is the item's place. */
static void make_subjects(struct maker *maker, const struct draft *draft, size_t at)
{
    const struct row rows[] = {
        {"subject-registry", {at, make_str("mcp:io.github.acme/search"), TRUST_OK}},
        {"subject-package", {at, make_str("pkg:npm/%40acme/search@1.4.2"), TRUST_OK}},
        {"subject-url", {at, make_str("https://mcp.acme.dev/mcp"), TRUST_OK}},
        {"subject-artifact", {at, make_long_str("sha256:", 71), TRUST_OK}},
        {"subject-of-200", {at, make_long_str("mcp:a/", 200), TRUST_OK}},
        {"subject-of-201", {at, make_long_str("mcp:a/", 201), SUBJECT}},
        {"subject-empty", {at, make_str(""), SUBJECT}},
        {"subject-loopback", {at, make_str("http://127.0.0.1:8080/mcp"), SUBJECT}},
        {"subject-of-a-private-network", {at, make_str("https://10.0.0.1/mcp"), SUBJECT}},
        {"subject-upper-case-host", {at, make_str("https://MCP.acme.dev/mcp"), SUBJECT}},
        {"subject-trailing-slash", {at, make_str("https://mcp.acme.dev/"), SUBJECT}},
        {"subject-with-a-space", {at, make_str("mcp:a/b c"), SUBJECT}},
        {"subject-latest", {at, make_str("mcp:a/b@latest"), SUBJECT}},
        {"subject-beyond-ascii", {at, make_str("mcp:a/\xc3\xa9"), SUBJECT}},
        {"subject-as-bin", {at, make_bin('a', 32), CANONICAL}},
        {"subject-nil", {at, make_raw("c0"), CANONICAL}},
        {"subject-str-8-of-3", {at, make_raw("d903613a62"), CANONICAL}},
        {"subject-str-16-of-3", {at, make_raw("da0003613a62"), CANONICAL}},
    };
    make_rows(maker, draft, rows, COUNT(rows));
}

void make_ratings(struct maker *maker)
{
    struct draft draft = make_draft(maker, TRUST_KIND_RATING);
    make_add(&draft, make_str("mcp:io.github.acme/search@1.4.2"));
    make_add(&draft, make_bin(0xab, 32));
    make_add(&draft, make_uint(TRUST_CATEGORY_PERFORMANCE));
    make_add(&draft, make_uint(900));
    make_add(&draft, make_uint(1234));
    make_add(&draft, make_uint(TRUST_ORIGIN_MEASURED));
    make_valid(maker, "rating", &draft);
    make_subjects(maker, &draft, 5);
    const struct row rows[] = {
        {"rating-without-manifest", {6, make_bin(0, 0), TRUST_OK}},
        {"rating-manifest-of-31", {6, make_bin(1, 31), RANGE}},
        {"rating-manifest-of-33", {6, make_bin(1, 33), RANGE}},
        {"rating-manifest-as-bin-16", {6, make_raw("c50000"), CANONICAL}},
        {"rating-manifest-as-str", {6, make_str(""), CANONICAL}},
        {"rating-category-2", {7, make_uint(2), TRUST_OK}},
        {"rating-category-3", {7, make_uint(3), TRUST_OK}},
        {"rating-category-0", {7, make_uint(0), RANGE}},
        {"rating-category-4", {7, make_uint(4), RANGE}},
        {"rating-category-2-to-the-32", {7, make_uint(UINT64_C(4294967297)), RANGE}},
        {"rating-value-0", {8, make_uint(0), TRUST_OK}},
        {"rating-value-1000", {8, make_uint(1000), TRUST_OK}},
        {"rating-withdrawn", {8, make_uint(1001), TRUST_OK}},
        {"rating-value-1002", {8, make_uint(1002), RANGE}},
        {"rating-value-65536", {8, make_uint(65536), RANGE}},
        {"rating-value-greatest", {8, make_uint(UINT64_MAX), RANGE}},
        {"rating-value-negative", {8, make_int(-1), CANONICAL}},
        {"rating-value-float", {8, make_raw("cb3fe0000000000000"), CANONICAL}},
        {"rating-value-true", {8, make_raw("c3"), CANONICAL}},
        {"rating-value-uint-8-of-127", {8, make_raw("cc7f"), CANONICAL}},
        {"rating-value-uint-16-of-255", {8, make_raw("cd00ff"), CANONICAL}},
        {"rating-value-uint-32-of-65535", {8, make_raw("ce0000ffff"), CANONICAL}},
        {"rating-calls-1", {9, make_uint(1), TRUST_OK}},
        {"rating-calls-million", {9, make_uint(1000000), TRUST_OK}},
        {"rating-calls-million-and-1", {9, make_uint(1000001), RANGE}},
        {"rating-calls-2-to-the-32", {9, make_uint(UINT64_C(4294967296)), RANGE}},
        {"rating-performance-without-calls", {9, make_uint(0), RANGE}},
        {"rating-origin-1", {10, make_uint(1), TRUST_OK}},
        {"rating-origin-4", {10, make_uint(4), TRUST_OK}},
        {"rating-origin-0", {10, make_uint(0), RANGE}},
        {"rating-origin-5", {10, make_uint(5), RANGE}},
        {"rating-origin-map", {10, make_raw("80"), CANONICAL}},
        {"rating-origin-array", {10, make_raw("9101"), CANONICAL}},
        {"rating-origin-ext", {10, make_raw("d40001"), CANONICAL}},
    };
    make_rows(maker, &draft, rows, COUNT(rows));
    draft.items[7] = make_uint(TRUST_CATEGORY_SECURITY);
    make_varied(maker, "rating-security-without-calls", &draft,
                (struct change){9, make_uint(0), TRUST_OK});
}

void make_flags(struct maker *maker)
{
    struct draft draft = make_draft(maker, TRUST_KIND_FLAG);
    make_add(&draft, make_str("pkg:npm/%40acme/search@1.4.2"));
    make_add(&draft, make_bin(0xab, 32));
    make_add(&draft, make_uint(TRUST_SEVERITY_HIGH));
    make_add(&draft, make_uint(TRUST_CLASS_POISONING));
    make_add(&draft, make_str("tool-poisoning.hidden-text"));
    make_add(&draft, make_bin(0xcd, 32));
    make_valid(maker, "flag", &draft);
    const struct row rows[] = {
        {"flag-subject-loopback", {5, make_str("http://localhost/mcp"), SUBJECT}},
        {"flag-without-manifest", {6, make_bin(0, 0), TRUST_OK}},
        {"flag-manifest-of-1", {6, make_bin(0, 1), RANGE}},
        {"flag-cleared", {7, make_uint(0), TRUST_OK}},
        {"flag-critical", {7, make_uint(4), TRUST_OK}},
        {"flag-severity-5", {7, make_uint(5), RANGE}},
        {"flag-severity-256", {7, make_uint(256), RANGE}},
        {"flag-severity-nil", {7, make_raw("c0"), CANONICAL}},
        {"flag-class-1", {8, make_uint(1), TRUST_OK}},
        {"flag-class-10", {8, make_uint(10), TRUST_OK}},
        {"flag-class-0", {8, make_uint(0), RANGE}},
        {"flag-class-11", {8, make_uint(11), RANGE}},
        {"flag-rule-of-1", {9, make_str("A"), TRUST_OK}},
        {"flag-rule-of-48", {9, make_long_str("Rule_9.", 48), TRUST_OK}},
        {"flag-rule-of-49", {9, make_long_str("Rule_9.", 49), RANGE}},
        {"flag-rule-empty", {9, make_str(""), RANGE}},
        {"flag-rule-with-a-space", {9, make_str("ignore all"), RANGE}},
        {"flag-rule-with-a-newline", {9, make_str("a\n"), RANGE}},
        {"flag-rule-with-a-slash", {9, make_str("a/b"), RANGE}},
        {"flag-rule-beyond-ascii", {9, make_str("r\xc3\xa8gle"), RANGE}},
        {"flag-rule-with-nul", {9, make_raw("a26100"), RANGE}},
        {"flag-rule-as-bin", {9, make_bin('a', 5), CANONICAL}},
        {"flag-digest-of-zeros", {10, make_bin(0, 32), TRUST_OK}},
        {"flag-digest-empty", {10, make_bin(0, 0), RANGE}},
        {"flag-digest-of-31", {10, make_bin(0, 31), RANGE}},
        {"flag-digest-of-33", {10, make_bin(0, 33), RANGE}},
    };
    make_rows(maker, &draft, rows, COUNT(rows));
}

void make_aliases(struct maker *maker)
{
    struct draft draft = make_draft(maker, TRUST_KIND_ALIAS);
    make_add(&draft, make_str("mcp:io.github.acme/search"));
    make_add(&draft, make_str("pkg:npm/%40acme/search"));
    make_add(&draft, make_uint(1));
    make_valid(maker, "alias", &draft);
    const struct row rows[] = {
        {"alias-withdrawn", {7, make_uint(0), TRUST_OK}},
        {"alias-state-2", {7, make_uint(2), RANGE}},
        {"alias-state-256", {7, make_uint(256), RANGE}},
        {"alias-state-true", {7, make_raw("c3"), CANONICAL}},
        {"alias-of-190", {5, make_long_str("mcp:a/", 190), TRUST_OK}},
        {"alias-of-191", {5, make_long_str("mcp:a/", 191), RANGE}},
        {"alias-second-of-190", {6, make_long_str("mcp:z/", 190), TRUST_OK}},
        {"alias-second-of-191", {6, make_long_str("mcp:z/", 191), RANGE}},
        {"alias-second-of-201", {6, make_long_str("mcp:z/", 201), SUBJECT}},
        {"alias-of-one-subject", {6, make_str("mcp:io.github.acme/search"), RANGE}},
        {"alias-in-wrong-order", {5, make_str("pkg:npm/%40acme/searcz"), RANGE}},
        {"alias-first-is-a-prefix", {6, make_str("mcp:io.github.acme/search2"), TRUST_OK}},
        {"alias-second-is-a-prefix", {6, make_str("mcp:io.github.acme/searc"), RANGE}},
        {"alias-first-no-subject", {5, make_str("acme/search"), SUBJECT}},
        {"alias-second-loopback", {6, make_str("http://localhost"), SUBJECT}},
    };
    make_rows(maker, &draft, rows, COUNT(rows));
    draft.items[5] = make_long_str("mcp:a/", 190);
    make_varied(maker, "alias-of-190-and-190", &draft,
                (struct change){6, make_long_str("mcp:b/", 190), TRUST_OK});
}

void make_revocations(struct maker *maker)
{
    struct draft draft = make_draft(maker, TRUST_KIND_REVOCATION);
    make_add(&draft, make_uint(TRUST_REVOKED_RETIRED));
    make_add(&draft, make_uint(SEQ - 1));
    make_add(&draft, make_bin(0, 0));
    make_valid(maker, "revocation", &draft);
    const struct row rows[] = {
        {"revocation-superseded", {5, make_uint(3), TRUST_OK}},
        {"revocation-reason-0", {5, make_uint(0), RANGE}},
        {"revocation-reason-4", {5, make_uint(4), RANGE}},
        {"revocation-compromised-with-last-seq", {5, make_uint(1), RANGE}},
        {"revocation-retired-without-last-seq", {6, make_uint(0), RANGE}},
        {"revocation-last-seq-1", {6, make_uint(1), TRUST_OK}},
        {"revocation-last-seq-greatest", {6, make_uint(UINT64_MAX), TRUST_OK}},
        {"revocation-last-seq-negative", {6, make_int(-1), CANONICAL}},
        {"revocation-with-successor", {7, make_bin(9, 32), TRUST_OK}},
        {"revocation-successor-of-31", {7, make_bin(9, 31), RANGE}},
        {"revocation-successor-nil", {7, make_raw("c0"), CANONICAL}},
        {"revocation-that-expires", {4, make_uint(SEQ / 1000 + YEAR_S), RANGE}},
    };
    make_rows(maker, &draft, rows, COUNT(rows));
    draft.items[5] = make_uint(TRUST_REVOKED_COMPROMISED);
    make_varied(maker, "revocation-compromised", &draft,
                (struct change){6, make_uint(0), TRUST_OK});
}
