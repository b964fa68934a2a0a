/* guard/resend: the whole table of the re-send rule. */
#include "guard/router/resend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Who may get it again if it left and has no answer, by kind, hints and belief. */
static void what_left_without_an_answer_is_sent_by_its_hints(void **state)
{
    (void)state;
    static const struct {
        enum resend_kind kind;
        bool is_read_only;
        bool is_idempotent;
        bool is_believed;
        bool is_state_shared;
        enum resend_verdict verdict;
    } rows[] = {
        {RESEND_READ, false, false, false, false, RESEND_ANYWHERE},
        {RESEND_READ, false, false, true, true, RESEND_ANYWHERE},
        {RESEND_CALL, false, false, true, false, RESEND_UNKNOWN},
        {RESEND_CALL, false, false, true, true, RESEND_UNKNOWN},
        {RESEND_CALL, true, false, true, false, RESEND_ANYWHERE},
        {RESEND_CALL, true, true, true, false, RESEND_ANYWHERE},
        {RESEND_CALL, true, false, false, true, RESEND_UNKNOWN},
        {RESEND_CALL, false, true, true, false, RESEND_SAME},
        {RESEND_CALL, false, true, true, true, RESEND_ANYWHERE},
        {RESEND_CALL, false, true, false, true, RESEND_UNKNOWN},
        {RESEND_WRITE, true, true, true, true, RESEND_UNKNOWN},
    };
    static const enum trust_outcome_class classes[] = {TRUST_OUTCOME_REFUSED, TRUST_OUTCOME_TIMEOUT,
                                                       TRUST_OUTCOME_GARBAGE};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t c = 0; c < sizeof classes / sizeof *classes; c++) {
            struct resend_case fact = {.kind = rows[i].kind,
                                       .class_ = classes[c],
                                       .hints = {.is_read_only = rows[i].is_read_only,
                                                 .is_idempotent = rows[i].is_idempotent},
                                       .is_believed = rows[i].is_believed,
                                       .is_state_shared = rows[i].is_state_shared,
                                       .is_sent = true};
            assert_int_equal(resend_rule(&fact), rows[i].verdict);
            fact.is_consumed = true;
            assert_int_equal(resend_rule(&fact), RESEND_UNKNOWN);
            fact.is_consumed = false;
            fact.is_sent = false;
            assert_int_equal(resend_rule(&fact), RESEND_ANYWHERE);
        }
    }
}

struct row {
    enum trust_outcome_class class_;
    enum resend_verdict read;
    enum resend_verdict idempotent;
    enum resend_verdict write;
};

/* The columns of the outcome classes that say more than silence. */
static void classes_that_answer_decide_by_themselves(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {TRUST_OUTCOME_OK, RESEND_ANSWER, RESEND_ANSWER, RESEND_ANSWER},
        {TRUST_OUTCOME_HTTP5XX, RESEND_ANYWHERE, RESEND_UNKNOWN, RESEND_UNKNOWN},
        {TRUST_OUTCOME_RATE_LIMITED, RESEND_ANYWHERE, RESEND_ANYWHERE, RESEND_ANYWHERE},
        {TRUST_OUTCOME_AUTH, RESEND_ANSWER, RESEND_ANSWER, RESEND_ANSWER},
        {TRUST_OUTCOME_SESSION_LOST, RESEND_SAME, RESEND_SAME, RESEND_SAME},
        {TRUST_OUTCOME_INTERNAL, RESEND_ANYWHERE, RESEND_ANSWER, RESEND_ANSWER},
        {TRUST_OUTCOME_CALLER, RESEND_ANSWER, RESEND_ANSWER, RESEND_ANSWER},
        {TRUST_OUTCOME_CANCELLED, RESEND_NOTHING, RESEND_NOTHING, RESEND_NOTHING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resend_case fact = {
            .kind = RESEND_READ, .class_ = rows[i].class_, .is_believed = true, .is_sent = true};
        assert_int_equal(resend_rule(&fact), rows[i].read);
        fact.kind = RESEND_CALL;
        fact.hints.is_idempotent = true;
        assert_int_equal(resend_rule(&fact), rows[i].idempotent);
        fact.hints.is_read_only = true;
        assert_int_equal(resend_rule(&fact), rows[i].read);
        fact.hints = (struct offer_hints){0};
        assert_int_equal(resend_rule(&fact), rows[i].write);
    }
}

static void exceptions_have_their_own_switch(void **state)
{
    (void)state;
    struct resend_case fact = {.kind = RESEND_CALL, .is_sent = true};
    fact.class_ = TRUST_OUTCOME_AUTH;
    fact.is_auth_elsewhere = true;
    assert_int_equal(resend_rule(&fact), RESEND_ANYWHERE);
    fact.class_ = TRUST_OUTCOME_SESSION_LOST;
    fact.is_repeated = true;
    assert_int_equal(resend_rule(&fact), RESEND_ANYWHERE);
    fact.kind = RESEND_READ;
    fact.is_consumed = true;
    fact.class_ = TRUST_OUTCOME_INTERNAL;
    assert_int_equal(resend_rule(&fact), RESEND_ANSWER);
    fact.class_ = TRUST_OUTCOME_HTTP5XX;
    assert_int_equal(resend_rule(&fact), RESEND_UNKNOWN);
    fact.is_sent = false;
    assert_int_equal(resend_rule(&fact), RESEND_ANYWHERE);
}

static void methods_that_only_ask_are_reads(void **state)
{
    (void)state;
    static const enum message_method reads[] = {
        METHOD_RESOURCES_LIST, METHOD_RESOURCES_TEMPLATES_LIST,
        METHOD_RESOURCES_READ, METHOD_PROMPTS_LIST,
        METHOD_PROMPTS_GET,    METHOD_COMPLETE,
        METHOD_DISCOVER,       METHOD_TASKS_GET,
        METHOD_TASKS_LIST};
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        assert_int_equal(resend_kind_of(reads[i]), RESEND_READ);
    assert_int_equal(resend_kind_of(METHOD_TOOLS_CALL), RESEND_CALL);
    assert_int_equal(resend_kind_of(METHOD_OTHER), RESEND_WRITE);
    assert_int_equal(resend_kind_of(METHOD_TASKS_CANCEL), RESEND_WRITE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_left_without_an_answer_is_sent_by_its_hints),
        cmocka_unit_test(classes_that_answer_decide_by_themselves),
        cmocka_unit_test(exceptions_have_their_own_switch),
        cmocka_unit_test(methods_that_only_ask_are_reads),
    };
    return cmocka_run_group_tests_name("tools/guard/resend", tests, NULL, NULL);
}
