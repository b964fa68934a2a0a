/* Vectors of what stands in front of every body, and of the size of the whole. */
#include <string.h>

#include "base/assert.h"
#include "make.h"

#define CANONICAL TRUST_NO_CANONICAL
#define RANGE TRUST_NO_RANGE
#define TWO_YEARS_S 63072000u

static struct draft rating(const struct maker *maker)
{
    struct draft draft = make_draft(maker, TRUST_KIND_RATING);
    make_add(&draft, make_str("mcp:io.github.acme/search"));
    make_add(&draft, make_bin(0, 0));
    make_add(&draft, make_uint(TRUST_CATEGORY_OVERALL));
    make_add(&draft, make_uint(500));
    make_add(&draft, make_uint(0));
    make_add(&draft, make_uint(TRUST_ORIGIN_HUMAN));
    return draft;
}

static void make_fields(struct maker *maker)
{
    const struct draft draft = rating(maker);
    const uint64_t time = SEQ / 1000;
    const struct {
        const char *name;
        struct change change;
    } rows[] = {
        {"version-0", {0, make_uint(0), CANONICAL}},
        {"version-2", {0, make_uint(2), CANONICAL}},
        {"version-in-two-bytes", {0, make_raw("cc01"), CANONICAL}},
        {"kind-0", {1, make_uint(0), CANONICAL}},
        {"kind-6", {1, make_uint(6), CANONICAL}},
        {"kind-258", {1, make_uint(258), CANONICAL}},
        {"kind-of-other-length", {1, make_uint(TRUST_KIND_VOUCH), CANONICAL}},
        {"author-of-31", {2, make_bin(1, 31), RANGE}},
        {"author-of-33", {2, make_bin(1, 33), RANGE}},
        {"author-as-str", {2, make_str("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), CANONICAL}},
        {"author-as-bin-16", {2, make_raw("c50001aa"), CANONICAL}},
        {"seq-negative", {3, make_int(-1), CANONICAL}},
        {"seq-float", {3, make_raw("cb4279f7b3a4f8bb00"), CANONICAL}},
        {"seq-0", {3, make_uint(0), RANGE}}, /* it then expires too late */
        {"expires-at-its-time", {4, make_uint(time), RANGE}},
        {"expires-a-second-later", {4, make_uint(time + 1), TRUST_OK}},
        {"expires-in-two-years", {4, make_uint(time + TWO_YEARS_S), TRUST_OK}},
        {"expires-in-two-years-and-1-s", {4, make_uint(time + TWO_YEARS_S + 1), RANGE}},
        {"expires-never", {4, make_uint(0), RANGE}},
        {"expires-greatest", {4, make_uint(UINT64_MAX), RANGE}},
        {"expires-nil", {4, make_raw("c0"), CANONICAL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        make_varied(maker, rows[i].name, &draft, rows[i].change);
    struct draft early = draft;
    early.items[3] = make_uint(999);
    make_varied(maker, "seq-999-expires-1", &early, (struct change){4, make_uint(1), TRUST_OK});
    /* The whole form comes first, then the envelope, then the body. */
    struct draft wrong = draft;
    wrong.items[5] = make_str("no subject");
    make_varied(maker, "author-and-subject-wrong", &wrong,
                (struct change){2, make_bin(1, 31), RANGE});
    make_varied(maker, "subject-and-origin-wrong", &wrong,
                (struct change){10, make_raw("c0"), CANONICAL});
}

static void make_array(struct maker *maker, const char *name, const char *header_hex)
{
    const struct draft draft = rating(maker);
    struct blob whole = make_body(&draft, draft.count);
    struct item header = make_raw(header_hex);
    struct blob body = {.size = header.size + whole.size - 1};
    memcpy(body.data, header.data, header.size);
    memcpy(body.data + header.size, whole.data + 1, whole.size - 1);
    make_signed(maker, name, body, CANONICAL);
}

static void make_arrays(struct maker *maker)
{
    make_array(maker, "array-16-of-11", "dc000b");
    make_array(maker, "array-32-of-11", "dd0000000b");
    make_array(maker, "array-32-of-4-billion", "ddffffffff");
    make_array(maker, "array-of-10", "9a");
    make_array(maker, "array-of-12", "9c");
    make_array(maker, "map-of-11", "8b");
    make_array(maker, "str-of-11", "ab");
    make_array(maker, "ext-in-front", "c70b01");
    struct draft longer = rating(maker);
    make_add(&longer, make_uint(0));
    make_signed(maker, "array-of-12-with-12", make_body(&longer, 12), CANONICAL);
    make_signed(maker, "trailing-byte", make_body(&longer, 11), CANONICAL);
    struct draft shorter = rating(maker);
    shorter.count--;
    make_signed(maker, "array-of-10-with-10", make_body(&shorter, 10), CANONICAL);
    make_signed(maker, "last-field-missing", make_body(&shorter, 11), CANONICAL);
}

static void make_sizes(struct maker *maker)
{
    struct blob body = {.size = 0};
    make_signed(maker, "size-64", body, TRUST_NO_SIZE);
    body.data[body.size++] = 0x90;
    make_signed(maker, "size-65", body, CANONICAL);
    /* A valid body and more behind it than a record may have, or just not more. */
    const struct draft draft = rating(maker);
    body = make_body(&draft, draft.count);
    body.size = TRUST_RECORD_SIZE_MAX - TRUST_SIGNATURE_SIZE;
    assert(body.size <= sizeof body.data);
    make_signed(maker, "size-512-with-trailing-zeros", body, CANONICAL);
    body.size++;
    make_signed(maker, "size-513", body, TRUST_NO_SIZE);
}

void make_envelopes(struct maker *maker)
{
    make_fields(maker);
    make_arrays(maker);
    make_sizes(maker);
}
