/* repute/shelf: drafts are kept until they are dropped, one for each thing they are about. */
#include "repute/shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "drafts.h"

static void put(struct drafts_home *home, char out_id[DRAFT_ID_SIZE], const char *name,
                uint64_t created_s)
{
    bool replaced = true;
    const struct draft draft = drafts_rating(name, created_s);
    assert_int_equal(shelf_put(&home->context, &replaced, out_id, &draft), TRUST_OK);
    assert_false(replaced);
}

static void a_home_without_drafts_has_an_empty_shelf(void **state)
{
    (void)state;
    struct drafts_home home;
    struct shelf shelf;
    drafts_open(&home);
    assert_int_equal(shelf_open(&home.context, &shelf), TRUST_OK);
    assert_int_equal(shelf.count, 0);
    shelf_close(&shelf);
    drafts_close(&home);
}

static void drafts_stand_in_the_order_they_were_made(void **state)
{
    (void)state;
    struct drafts_home home;
    struct shelf shelf;
    char ids[3][DRAFT_ID_SIZE];
    drafts_open(&home);
    put(&home, ids[2], "last", 1800000300);
    put(&home, ids[0], "first", 1800000100);
    put(&home, ids[1], "second", 1800000200);
    drafts_put_file(&home, "drafts/README", "not a draft");
    assert_int_equal(shelf_open(&home.context, &shelf), TRUST_OK);
    assert_int_equal(shelf.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(shelf.drafts[i].id, ids[i]);
    assert_string_equal(shelf.drafts[0].draft.subject, "mcp:io.example/first");
    shelf_close(&shelf);
    drafts_close(&home);
}

static void a_draft_is_private_and_replaced_by_a_later_one(void **state)
{
    (void)state;
    struct drafts_home home;
    struct shelf shelf;
    struct stat status;
    char id[DRAFT_ID_SIZE];
    char again[DRAFT_ID_SIZE];
    char path[128];
    bool replaced = false;
    drafts_open(&home);
    put(&home, id, "x", 1800000000);
    (void)snprintf(path, sizeof path, "%s/drafts/%s", home.directory, id);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    struct draft draft = drafts_rating("x", 1800000001);
    draft.rating.value = 900;
    assert_int_equal(shelf_put(&home.context, &replaced, again, &draft), TRUST_OK);
    assert_true(replaced);
    assert_string_equal(again, id);
    assert_int_equal(shelf_open(&home.context, &shelf), TRUST_OK);
    assert_int_equal(shelf.count, 1);
    assert_int_equal(shelf.drafts[0].draft.rating.value, 900);
    shelf_close(&shelf);
    drafts_close(&home);
}

static void ids_that_meet_by_chance_do_not_replace_each_other(void **state)
{
    (void)state;
    struct drafts_home home;
    char id[DRAFT_ID_SIZE];
    char other[DRAFT_ID_SIZE];
    char from[128];
    char to[128];
    bool replaced = false;
    drafts_open(&home);
    put(&home, id, "x", 1800000000);
    put(&home, other, "y", 1800000000);
    (void)snprintf(from, sizeof from, "%s/drafts/%s", home.directory, other);
    (void)snprintf(to, sizeof to, "%s/drafts/%s", home.directory, id);
    assert_int_equal(rename(from, to), 0);
    const struct draft draft = drafts_rating("x", 1800000001);
    assert_int_equal(shelf_put(&home.context, &replaced, other, &draft), TRUST_NO_CONFLICT);
    drafts_close(&home);
}

static void picked_drafts_come_in_their_order_and_once(void **state)
{
    (void)state;
    struct drafts_home home;
    struct shelf shelf;
    char ids[2][DRAFT_ID_SIZE];
    drafts_open(&home);
    put(&home, ids[0], "a", 1800000000);
    put(&home, ids[1], "b", 1800000001);
    const char *const wanted[] = {ids[1], ids[0], ids[1]};
    assert_int_equal(shelf_pick(&home.context, &shelf, wanted, 3), TRUST_OK);
    assert_int_equal(shelf.count, 2);
    assert_string_equal(shelf.drafts[0].id, ids[1]);
    assert_string_equal(shelf.drafts[1].id, ids[0]);
    shelf_close(&shelf);
    const char *const unknown[] = {ids[0], "00000000"};
    assert_int_equal(shelf_pick(&home.context, &shelf, unknown, 2), TRUST_NO_FOUND);
    home.context.failure = (struct failure){0};
    const char *const wrong[] = {"../names"};
    assert_int_equal(shelf_pick(&home.context, &shelf, wrong, 1), TRUST_NO_SYNTAX);
    assert_int_equal(home.context.failure.exit, 2);
    drafts_close(&home);
}

static void a_dropped_draft_is_gone_and_broken_ones_can_be_dropped(void **state)
{
    (void)state;
    struct drafts_home home;
    struct shelf shelf;
    char id[DRAFT_ID_SIZE];
    drafts_open(&home);
    put(&home, id, "a", 1800000000);
    assert_int_equal(shelf_drop(&home.context, id), TRUST_OK);
    assert_int_equal(shelf_drop(&home.context, id), TRUST_NO_FOUND);
    home.context.failure = (struct failure){0};
    drafts_put_file(&home, "drafts/0123abcd", "broken");
    assert_int_equal(shelf_open(&home.context, &shelf), TRUST_NO_SYNTAX);
    assert_non_null(strstr(home.context.failure.message, "drafts/0123abcd"));
    assert_int_equal(shelf_drop(&home.context, "0123abcd"), TRUST_OK);
    assert_int_equal(shelf_open(&home.context, &shelf), TRUST_OK);
    assert_int_equal(shelf.count, 0);
    shelf_close(&shelf);
    drafts_close(&home);
}

static void only_what_was_read_is_settled(void **state)
{
    (void)state;
    struct drafts_home home;
    bool replaced = false;
    struct shelf_draft read = {.draft = drafts_rating("x", 1800000000)};
    drafts_open(&home);
    put(&home, read.id, "x", 1800000000);
    assert_int_equal(shelf_check(&home.context, &read), TRUST_OK);
    struct draft draft = read.draft;
    draft.rating.value = 900;
    assert_int_equal(shelf_put(&home.context, &replaced, read.id, &draft), TRUST_OK);
    assert_int_equal(shelf_check(&home.context, &read), TRUST_NO_CONFLICT);
    assert_int_equal(shelf_settle(&home.context, &read), TRUST_NO_CONFLICT);
    read.draft = draft;
    assert_int_equal(shelf_settle(&home.context, &read), TRUST_OK);
    assert_int_equal(shelf_check(&home.context, &read), TRUST_NO_FOUND);
    assert_int_equal(shelf_settle(&home.context, &read), TRUST_NO_FOUND);
    drafts_close(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_home_without_drafts_has_an_empty_shelf),
        cmocka_unit_test(drafts_stand_in_the_order_they_were_made),
        cmocka_unit_test(a_draft_is_private_and_replaced_by_a_later_one),
        cmocka_unit_test(ids_that_meet_by_chance_do_not_replace_each_other),
        cmocka_unit_test(picked_drafts_come_in_their_order_and_once),
        cmocka_unit_test(a_dropped_draft_is_gone_and_broken_ones_can_be_dropped),
        cmocka_unit_test(only_what_was_read_is_settled),
    };
    return cmocka_run_group_tests_name("repute/shelf", tests, NULL, NULL);
}
