/* repute/publishing: what becomes of drafts when the node answers oddly, or not at all. */
#include "repute/publishing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answering.h"
#include "base/date.h"
#include "drafts.h"
#include "host/files.h"
#include "record/keyfile.h"
#include "repute/sequence.h"

#define ANSWER_SIZE 512

struct rig {
    struct drafts_home home;
    struct answering node;
    char status[ANSWER_SIZE];
    char key[TRUST_KEY_TEXT_SIZE];
    struct shelf shelf;
};

static void respond(char out_answer[ANSWER_SIZE], const char *body)
{
    (void)snprintf(out_answer, ANSWER_SIZE, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                   strlen(body), body);
}

/* An unsealed key of a fixed seed. */
static void put_key(struct rig *rig)
{
    static const uint8_t seed[TRUST_SEED_SIZE] = {7};
    uint8_t bytes[TRUST_KEYFILE_SIZE_MAX];
    char path[TRUST_HOME_PATH_SIZE];
    char body[256];
    char date[TRUST_DATE_SIZE];
    size_t size = 0;
    struct trust_key key;
    struct trust_secret *secret = NULL;
    const struct trust_keyfile_form form = {.kdf = TRUST_KEYFILE_PLAIN};
    assert_int_equal(trust_secret_open(&secret, seed), TRUST_OK);
    const struct trust_keyfile_content content = {.secret = secret};
    assert_int_equal(trust_keyfile_seal(bytes, &size, &content, &form, (struct trust_bytes){0}),
                     TRUST_OK);
    trust_secret_key(&key, secret);
    trust_key_encode(rig->key, &key, TRUST_KEY_OPERATOR);
    trust_secret_close(secret);
    trust_home_path(path, &rig->home.context.home, TRUST_HOME_OPERATOR_KEY);
    assert_int_equal(trust_file_write(path, (struct trust_bytes){bytes, size}, 0600), TRUST_OK);
    trust_date_encode(date, context_now_ms() / 1000);
    (void)snprintf(body, sizeof body, "{\"operator\":\"%s\",\"network\":\"main\",\"time\":\"%s\"}",
                   rig->key, date);
    respond(rig->status, body);
}

/* A home with a key and two drafts; the node answers its status and then this. */
static void open_rig(struct rig *rig, const char *answer)
{
    char path[160];
    char id[DRAFT_ID_SIZE];
    bool replaced = false;
    *rig = (struct rig){0};
    drafts_open(&rig->home);
    rig->home.context.output = (struct output){.form = OUTPUT_JSON, .out = stdout, .err = stderr};
    for (unsigned i = 0; i < 2; i++) {
        const struct draft draft = drafts_rating(i == 0 ? "a" : "b", 1800000000 + i);
        assert_int_equal(shelf_put(&rig->home.context, &replaced, id, &draft), TRUST_OK);
    }
    put_key(rig);
    const char *const answers[] = {rig->status, answer, NULL};
    assert_true(answering_start(&rig->node, answers));
    (void)snprintf(path, sizeof path, "%s/run/operator.sock", rig->home.directory);
    assert_int_equal(symlink(rig->node.socket, path), 0);
    assert_int_equal(shelf_open(&rig->home.context, &rig->shelf), TRUST_OK);
}

static void close_rig(struct rig *rig)
{
    shelf_close(&rig->shelf);
    answering_stop(&rig->node);
    drafts_close(&rig->home);
}

static size_t drafts_left(struct rig *rig)
{
    struct shelf shelf;
    assert_int_equal(shelf_open(&rig->home.context, &shelf), TRUST_OK);
    size_t count = shelf.count;
    shelf_close(&shelf);
    return count;
}

static void each_verdict_decides_about_its_own_draft(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        size_t left;
        int exit;
    } rows[] = {
        {"TRUST_OK", "TRUST_OK", 0, 0},          {"TRUST_NO_DUPLICATE", "TRUST_OK", 0, 0},
        {"TRUST_OK", "TRUST_NO_OLDER", 1, 1},    {"TRUST_NO_ROOM", "TRUST_FAIL_IO", 2, 1},
        {"TRUST_OK", "TRUST_OF_TOMORROW", 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        char body[256];
        char answer[ANSWER_SIZE];
        json_t *list = NULL;
        (void)snprintf(body, sizeof body,
                       "[{\"id\":\"00\",\"verdict\":\"%s\"},{\"id\":null,\"verdict\":\"%s\"}]",
                       rows[i].first, rows[i].second);
        respond(answer, body);
        open_rig(&rig, answer);
        assert_int_equal(publishing_send(&rig.home.context, &list, &rig.shelf, NULL), TRUST_OK);
        assert_int_equal(json_array_size(list), 2);
        assert_int_equal(drafts_left(&rig), rows[i].left);
        assert_int_equal(rig.home.context.exit_code, rows[i].exit);
        json_decref(list);
        close_rig(&rig);
    }
}

static void a_node_that_dies_or_talks_nonsense_costs_no_draft(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum trust_error expected;
    } rows[] = {
        {"", TRUST_NO_NODE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", TRUST_FAIL_LIBRARY},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", TRUST_FAIL_LIBRARY},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{", TRUST_FAIL_LIBRARY},
        {"HTTP/1.1 507 Full\r\nContent-Length: 2\r\n\r\n{}", TRUST_NO_ROOM},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        json_t *list = NULL;
        uint64_t last = 0;
        open_rig(&rig, rows[i].answer);
        assert_int_equal(publishing_send(&rig.home.context, &list, &rig.shelf, NULL),
                         rows[i].expected);
        assert_null(list);
        assert_int_equal(drafts_left(&rig), 2);
        /* The numbers are spent all the same: the records may have arrived. */
        assert_int_equal(sequence_last(&rig.home.context, &last), TRUST_OK);
        assert_true(last > 0);
        close_rig(&rig);
    }
}

static void records_carry_seqs_that_go_up(void **state)
{
    (void)state;
    struct rig rig;
    char answer[ANSWER_SIZE];
    json_t *list = NULL;
    uint64_t last = 0;
    respond(answer, "[{\"id\":\"00\",\"verdict\":\"TRUST_OK\"},"
                    "{\"id\":\"01\",\"verdict\":\"TRUST_OK\"}]");
    open_rig(&rig, answer);
    assert_int_equal(publishing_send(&rig.home.context, &list, &rig.shelf, NULL), TRUST_OK);
    assert_int_equal(sequence_last(&rig.home.context, &last), TRUST_OK);
    const char *asked = answering_asked(&rig.node);
    uint64_t seqs[2];
    for (int i = 0; i < 2; i++) {
        /* [1, kind, author...]: 95 01 02 c420 <32 bytes> cf <seq of 8 bytes>, after its array. */
        asked = strstr(asked, "0102c420");
        assert_non_null(asked);
        char digits[17] = "";
        memcpy(digits, asked + 8 + 64 + 2, 16);
        seqs[i] = strtoull(digits, NULL, 16);
        asked += 8;
    }
    assert_int_equal(seqs[1], seqs[0] + 1);
    assert_int_equal(seqs[1], last);
    json_decref(list);
    close_rig(&rig);
}

static void an_empty_shelf_asks_nobody(void **state)
{
    (void)state;
    struct drafts_home home;
    const struct shelf shelf = {0};
    json_t *list = NULL;
    drafts_open(&home);
    assert_int_equal(publishing_send(&home.context, &list, &shelf, NULL), TRUST_OK);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    drafts_close(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verdict_decides_about_its_own_draft),
        cmocka_unit_test(a_node_that_dies_or_talks_nonsense_costs_no_draft),
        cmocka_unit_test(records_carry_seqs_that_go_up),
        cmocka_unit_test(an_empty_shelf_asks_nobody),
    };
    return cmocka_run_group_tests_name("repute/publishing", tests, NULL, NULL);
}
