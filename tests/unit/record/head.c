/* record/head: the digest as a sum, against values computed by another implementation. */
#include "record/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fixture.h"

static void add(struct trust_head *head, uint8_t id, uint8_t signature)
{
    struct trust_id added = id_of(id);
    struct trust_signature its = signature_of(signature);
    trust_head_add(head, &added, &its);
}

static void take_out(struct trust_head *head, uint8_t id, uint8_t signature)
{
    struct trust_id removed = id_of(id);
    struct trust_signature its = signature_of(signature);
    trust_head_remove(head, &removed, &its);
}

static void assert_digest(const struct trust_head *head, const char *hex)
{
    char text[65];
    for (size_t i = 0; i < sizeof head->digest; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", head->digest[i]);
    assert_string_equal(text, hex);
}

static void two_records_sum_in_either_order(void **state)
{
    (void)state;
    struct trust_head head = {0};
    add(&head, 1, 2);
    add(&head, 3, 4);
    assert_int_equal(head.count, 2);
    assert_digest(&head, "d8dd1c24beccd604524e478135d78e3b7aa58eb89f4f712e6329797d81f1e5ba");
    struct trust_head other = {0};
    add(&other, 3, 4);
    add(&other, 1, 2);
    assert_memory_equal(&other, &head, sizeof head);
}

static void the_carry_out_of_the_top_is_dropped(void **state)
{
    (void)state;
    struct trust_head head = {0};
    add(&head, 1, 2);
    struct trust_head first = head;
    add(&head, 1, 4);
    assert_digest(&head, "8028a26807d0a139d31e9bb60bcbaf5dd44e7a3a43025195535541ddb6d91726");
    take_out(&head, 1, 4);
    assert_memory_equal(&head, &first, sizeof head);
}

static void taking_out_what_was_added_leaves_the_empty_head(void **state)
{
    (void)state;
    struct trust_head head = {0};
    for (uint8_t n = 0; n < 100; n++)
        add(&head, n, (uint8_t)(n / 2));
    for (uint8_t n = 0; n < 100; n++)
        take_out(&head, (uint8_t)(n ^ 1), (uint8_t)(n / 2));
    assert_memory_equal(&head, &(struct trust_head){0}, sizeof head);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_records_sum_in_either_order),
        cmocka_unit_test(the_carry_out_of_the_top_is_dropped),
        cmocka_unit_test(taking_out_what_was_added_leaves_the_empty_head),
    };
    return cmocka_run_group_tests_name("record/head", tests, NULL, NULL);
}
