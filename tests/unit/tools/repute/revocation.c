/* repute/revocation: what ends a key is kept whole, and nothing else is taken for it. */
#include "repute/revocation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/writer.h"
#include "record/recfile.h"
#include "record/sodium.h"
#include "record/verify.h"

struct rig {
    char directory[64];
    char path[96];
    struct context context;
    struct trust_network network;
    struct trust_secret *secret;
};

static void open_rig(struct rig *rig)
{
    static const uint8_t seed[TRUST_SEED_SIZE] = {1, 2, 3};
    *rig = (struct rig){.directory = "/tmp/repute-revocation-XXXXXX"};
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    assert_non_null(mkdtemp(rig->directory));
    (void)snprintf(rig->path, sizeof rig->path, "%s/keys/revocation.rec", rig->directory);
    struct trust_home_inputs inputs = {.option = rig->directory};
    assert_int_equal(trust_home_find(&rig->context.home, &inputs), TRUST_OK);
    assert_int_equal(trust_home_make(&rig->context.home), TRUST_OK);
    assert_int_equal(trust_network_init(&rig->network, "main"), TRUST_OK);
    assert_int_equal(trust_secret_open(&rig->secret, seed), TRUST_OK);
}

static void close_rig(struct rig *rig)
{
    char command[96];
    trust_secret_close(rig->secret);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", rig->directory);
    assert_int_equal(system(command), 0);
}

static struct trust_signed make(const struct rig *rig)
{
    const struct trust_revocation compromised = {.reason = TRUST_REVOKED_COMPROMISED};
    struct trust_signed record;
    assert_int_equal(
        revocation_sign(&record, rig->secret, &rig->network, 1700000000000, &compromised),
        TRUST_OK);
    return record;
}

static void what_was_stored_is_loaded_again(void **state)
{
    (void)state;
    struct rig rig;
    struct stat status;
    open_rig(&rig);
    struct trust_signed loaded = {0};
    assert_int_equal(revocation_load(&rig.context, &loaded, &rig.network), TRUST_NO_FOUND);
    struct trust_signed record = make(&rig);
    assert_int_equal(revocation_store(&rig.context, &record, &rig.network), TRUST_OK);
    assert_int_equal(stat(rig.path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(revocation_load(&rig.context, &loaded, &rig.network), TRUST_OK);
    assert_int_equal(loaded.size, record.size);
    assert_memory_equal(loaded.data, record.data, record.size);
    struct trust_verified verified;
    const struct trust_bytes bytes = {.data = loaded.data, .size = loaded.size};
    assert_int_equal(trust_record_verify(&verified, bytes, &rig.network), TRUST_OK);
    assert_int_equal(verified.record.kind, TRUST_KIND_REVOCATION);
    assert_int_equal(verified.record.revocation.reason, TRUST_REVOKED_COMPROMISED);
    assert_int_equal(verified.record.revocation.last_seq, 0);
    assert_int_equal(verified.record.expires, 0);
    assert_int_equal(revocation_store(&rig.context, &record, &rig.network), TRUST_NO_CONFLICT);
    close_rig(&rig);
}

static void another_networks_and_an_exposed_one_are_refused(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_network other;
    struct trust_signed loaded;
    open_rig(&rig);
    struct trust_signed record = make(&rig);
    assert_int_equal(revocation_store(&rig.context, &record, &rig.network), TRUST_OK);
    assert_int_equal(trust_network_init(&other, "other"), TRUST_OK);
    assert_int_equal(revocation_load(&rig.context, &loaded, &other), TRUST_NO_NETWORK);
    assert_int_equal(chmod(rig.path, 0644), 0);
    assert_int_equal(revocation_load(&rig.context, &loaded, &rig.network), TRUST_NO_FILE);
    close_rig(&rig);
}

/* Writes a file with this record and, behind it, more bytes. */
static void put_file(const struct rig *rig, const struct trust_signed *record, size_t more)
{
    uint8_t bytes[1024] = {0};
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_recfile_write_header(&writer, &rig->network);
    trust_recfile_write(&writer, (struct trust_bytes){.data = record->data, .size = record->size});
    FILE *file = fopen(rig->path, "w");
    assert_non_null(file);
    assert_int_equal(chmod(rig->path, 0600), 0);
    assert_int_equal(fwrite(bytes, 1, writer.size + more, file), writer.size + more);
    assert_int_equal(fclose(file), 0);
}

static void only_one_valid_revocation_is_one(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_signed loaded;
    open_rig(&rig);
    struct trust_signed record = make(&rig);
    put_file(&rig, &record, 0);
    assert_int_equal(revocation_load(&rig.context, &loaded, &rig.network), TRUST_OK);
    put_file(&rig, &record, 2);
    assert_int_equal(revocation_load(&rig.context, &loaded, &rig.network), TRUST_NO_SYNTAX);
    struct trust_signed broken = record;
    broken.data[broken.size - 1] ^= 1;
    put_file(&rig, &broken, 0);
    assert_int_equal(revocation_load(&rig.context, &loaded, &rig.network), TRUST_NO_SIGNATURE);
    struct trust_record vouch = {.kind = TRUST_KIND_VOUCH,
                                 .seq = 1700000000000,
                                 .expires = 1700000100,
                                 .vouch = {.subject = {{9}}, .scopes = 7, .strength = 1000}};
    trust_secret_key(&vouch.author, rig.secret);
    assert_int_equal(trust_record_sign(&record, &vouch, rig.secret, &rig.network), TRUST_OK);
    put_file(&rig, &record, 0);
    assert_int_equal(revocation_load(&rig.context, &loaded, &rig.network), TRUST_NO_SYNTAX);
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_stored_is_loaded_again),
        cmocka_unit_test(another_networks_and_an_exposed_one_are_refused),
        cmocka_unit_test(only_one_valid_revocation_is_one),
    };
    return cmocka_run_group_tests_name("repute/revocation", tests, NULL, NULL);
}
