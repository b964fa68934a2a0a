/* What the tests of all forms of subjects ask: is this text the one of its server? */
#ifndef TESTS_UNIT_RECORD_SUBJECTS_H
#define TESTS_UNIT_RECORD_SUBJECTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trust/subject.h"

#include "base/bytes.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

struct typed {
    const char *typed;
    const char *canonical; /* NULL: it has none */
};

/* text is canonical, of this form, and splits into server and version ("": none). */
static inline void assert_subject(const char *text, enum trust_subject_form form,
                                  const char *server, const char *version)
{
    struct trust_subject subject;
    char canonical[TRUST_SUBJECT_TEXT_SIZE];
    assert_int_equal(trust_subject_parse(&subject, trust_bytes_text(text)), TRUST_OK);
    assert_int_equal(subject.form, form);
    assert_ptr_equal(subject.text.data, text);
    assert_int_equal(subject.text.size, strlen(text));
    assert_true(trust_bytes_equal(subject.server, trust_bytes_text(server)));
    assert_true(trust_bytes_equal(subject.version, trust_bytes_text(version)));
    assert_int_equal(trust_subject_is_signable(&subject), form != TRUST_SUBJECT_LOOPBACK);
    assert_int_equal(trust_subject_canonical(canonical, trust_bytes_text(text)), TRUST_OK);
    assert_string_equal(canonical, text);
}

/* Each typed text has this canonical form; only the canonical one parses. */
static inline void assert_typed(const struct typed *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct trust_subject subject = {.form = TRUST_SUBJECT_ARTIFACT};
        char canonical[TRUST_SUBJECT_TEXT_SIZE] = "untouched";
        struct trust_bytes typed = trust_bytes_text(rows[i].typed);
        enum trust_error error = trust_subject_canonical(canonical, typed);
        if (rows[i].canonical == NULL) {
            assert_string_equal(canonical, "untouched");
            assert_int_equal(error, TRUST_NO_SUBJECT);
        } else {
            assert_string_equal(canonical, rows[i].canonical);
            assert_int_equal(error, TRUST_OK);
        }
        bool is_same = rows[i].canonical != NULL && strcmp(rows[i].typed, canonical) == 0;
        assert_int_equal(trust_subject_parse(&subject, typed),
                         is_same ? TRUST_OK : TRUST_NO_SUBJECT);
    }
}

#endif
