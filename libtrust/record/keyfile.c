/* See keyfile.h. */
#include "record/keyfile.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/reader.h"
#include "base/writer.h"

static const char magic[] = "RPTKEYF\n";
#define MAGIC_SIZE 8
#define VERSION 1

#define MAC_SIZE crypto_secretbox_MACBYTES
/* Seed, creation and the size of the label. */
#define INNER_SIZE_MIN (TRUST_SEED_SIZE + 8 + 1)
#define INNER_SIZE_MAX (INNER_SIZE_MIN + TRUST_KEYFILE_LABEL_SIZE_MAX)

static_assert(TRUST_KEYFILE_SALT_SIZE == crypto_pwhash_SALTBYTES, "the salt of Argon2id");
static_assert(TRUST_KEYFILE_NONCE_SIZE == crypto_secretbox_NONCEBYTES, "the nonce of the box");
static_assert(TRUST_KEYFILE_SIZE_MAX == TRUST_KEYFILE_HEADER_SIZE + MAC_SIZE + INNER_SIZE_MAX,
              "the longest file");

/* Everything secret of one call, in guarded memory. */
struct workspace {
    uint8_t box_key[crypto_secretbox_KEYBYTES];
    uint8_t inner[INNER_SIZE_MAX];
};

static bool are_costs_allowed(enum trust_keyfile_kdf kdf, uint32_t ops, uint32_t memory_kib)
{
    switch (kdf) {
    case TRUST_KEYFILE_PLAIN:
        return ops == 0 && memory_kib == 0;
    case TRUST_KEYFILE_ARGON2ID:
        return ops >= crypto_pwhash_OPSLIMIT_MIN && ops <= TRUST_KEYFILE_OPS_MAX &&
               memory_kib >= crypto_pwhash_MEMLIMIT_MIN / 1024 &&
               memory_kib <= TRUST_KEYFILE_MEMORY_KIB_MAX;
    }
    return false;
}

static size_t mac_size_of(enum trust_keyfile_kdf kdf)
{
    return kdf == TRUST_KEYFILE_ARGON2ID ? MAC_SIZE : 0;
}

/* A plain file has neither salt nor nonce: one key has one plain file. */
static bool are_zeros(struct trust_bytes salt, struct trust_bytes nonce)
{
    return sodium_is_zero(salt.data, salt.size) == 1 && sodium_is_zero(nonce.data, nonce.size) == 1;
}

enum trust_error trust_keyfile_parse(struct trust_keyfile *out_file, struct trust_bytes bytes)
{
    struct trust_reader reader = trust_reader_init(bytes);
    struct trust_bytes start = trust_reader_take(&reader, MAGIC_SIZE);
    if (start.size != MAGIC_SIZE || memcmp(start.data, magic, MAGIC_SIZE) != 0)
        return TRUST_NO_SYNTAX;
    uint64_t version = trust_reader_take_be(&reader, 1);
    uint64_t kdf = trust_reader_take_be(&reader, 1);
    if (reader.failed)
        return TRUST_NO_SYNTAX;
    if (version != VERSION || kdf > TRUST_KEYFILE_ARGON2ID)
        return TRUST_NO_VERSION;
    struct trust_keyfile file = {.kdf = (enum trust_keyfile_kdf)kdf};
    file.ops = (uint32_t)trust_reader_take_be(&reader, 4);
    file.memory_kib = (uint32_t)trust_reader_take_be(&reader, 4);
    file.salt = trust_reader_take(&reader, TRUST_KEYFILE_SALT_SIZE);
    file.nonce = trust_reader_take(&reader, TRUST_KEYFILE_NONCE_SIZE);
    struct trust_bytes key = trust_reader_take(&reader, sizeof file.public_key.bytes);
    file.box = trust_reader_take(&reader, trust_reader_left(&reader));
    size_t mac_size = mac_size_of(file.kdf);
    if (reader.failed || file.box.size < mac_size + INNER_SIZE_MIN ||
        file.box.size > mac_size + INNER_SIZE_MAX)
        return TRUST_NO_SYNTAX;
    if (!are_costs_allowed(file.kdf, file.ops, file.memory_kib))
        return TRUST_NO_RANGE;
    if (file.kdf == TRUST_KEYFILE_PLAIN && !are_zeros(file.salt, file.nonce))
        return TRUST_NO_SYNTAX;
    memcpy(file.public_key.bytes, key.data, key.size);
    *out_file = file;
    return TRUST_OK;
}

static enum trust_error derive(struct workspace *work, const uint8_t *salt, uint32_t ops,
                               uint32_t memory_kib, struct trust_bytes passphrase)
{
    int status = crypto_pwhash(work->box_key, sizeof work->box_key, (const char *)passphrase.data,
                               passphrase.size, salt, ops, (size_t)memory_kib * 1024,
                               crypto_pwhash_ALG_ARGON2ID13);
    /* Costs are within its bounds, so nothing but memory can be missing. */
    return status == 0 ? TRUST_OK : TRUST_FAIL_MEMORY;
}

static enum trust_error unseal(struct workspace *work, const struct trust_keyfile *file,
                               struct trust_bytes passphrase)
{
    if (file->kdf == TRUST_KEYFILE_PLAIN) {
        memcpy(work->inner, file->box.data, file->box.size);
        return TRUST_OK;
    }
    enum trust_error error = derive(work, file->salt.data, file->ops, file->memory_kib, passphrase);
    if (error != TRUST_OK)
        return error;
    int status = crypto_secretbox_open_easy(work->inner, file->box.data, file->box.size,
                                            file->nonce.data, work->box_key);
    return status == 0 ? TRUST_OK : TRUST_NO_PASSPHRASE;
}

static bool is_label(struct trust_bytes text)
{
    if (text.size > TRUST_KEYFILE_LABEL_SIZE_MAX)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < 0x20 || text.data[i] > 0x7e)
            return false;
    }
    return true;
}

static enum trust_error read_note(struct trust_keyfile_note *out_note, struct trust_bytes bytes)
{
    struct trust_reader reader = trust_reader_init(bytes);
    uint64_t created_s = trust_reader_take_be(&reader, 8);
    uint64_t label_size = trust_reader_take_be(&reader, 1);
    struct trust_bytes label = trust_reader_take(&reader, label_size);
    if (!trust_reader_is_done(&reader) || !is_label(label))
        return TRUST_NO_SYNTAX;
    *out_note = (struct trust_keyfile_note){.created_s = created_s};
    if (label.size > 0)
        memcpy(out_note->label, label.data, label.size);
    return TRUST_OK;
}

/* Opens the secret whose seed is in the workspace and holds it against the file's public half. */
static enum trust_error open_seed(struct trust_secret **out_secret, const struct workspace *work,
                                  const struct trust_key *public_key)
{
    struct trust_secret *secret;
    enum trust_error error = trust_secret_open(&secret, work->inner);
    if (error != TRUST_OK)
        return error;
    struct trust_key derived;
    trust_secret_key(&derived, secret);
    if (memcmp(&derived, public_key, sizeof derived) != 0) {
        trust_secret_close(secret);
        return TRUST_NO_KEY;
    }
    *out_secret = secret;
    return TRUST_OK;
}

enum trust_error trust_keyfile_open(struct trust_secret **out_secret,
                                    struct trust_keyfile_note *out_note,
                                    const struct trust_keyfile *file, struct trust_bytes passphrase)
{
    struct workspace *work = sodium_malloc(sizeof *work);
    if (work == NULL)
        return TRUST_FAIL_MEMORY;
    struct trust_keyfile_note note;
    size_t inner_size = file->box.size - mac_size_of(file->kdf);
    enum trust_error error = unseal(work, file, passphrase);
    if (error != TRUST_OK)
        goto out;
    error = read_note(&note, (struct trust_bytes){.data = work->inner + TRUST_SEED_SIZE,
                                                  .size = inner_size - TRUST_SEED_SIZE});
    if (error != TRUST_OK)
        goto out;
    error = open_seed(out_secret, work, &file->public_key);
    if (error == TRUST_OK)
        *out_note = note;
out:
    sodium_free(work);
    return error;
}

/* Writes what goes into the box and returns its size. */
static size_t write_inner(struct workspace *work, const struct trust_secret *secret,
                          const struct trust_keyfile_note *note)
{
    struct trust_bytes label = trust_bytes_text(note->label);
    struct trust_writer writer = trust_writer_init(work->inner, sizeof work->inner);
    trust_writer_put(
        &writer, (struct trust_bytes){.data = trust_secret_seed(secret), .size = TRUST_SEED_SIZE});
    trust_writer_put_be(&writer, note->created_s, 8);
    trust_writer_put_be(&writer, label.size, 1);
    trust_writer_put(&writer, label);
    assert(!trust_writer_has_overflowed(&writer));
    return writer.size;
}

static void write_header(struct trust_writer *writer, const struct trust_secret *secret,
                         const struct trust_keyfile_form *form)
{
    struct trust_key key;
    trust_secret_key(&key, secret);
    trust_writer_put(writer,
                     (struct trust_bytes){.data = (const uint8_t *)magic, .size = MAGIC_SIZE});
    trust_writer_put_be(writer, VERSION, 1);
    trust_writer_put_be(writer, (uint64_t)form->kdf, 1);
    trust_writer_put_be(writer, form->ops, 4);
    trust_writer_put_be(writer, form->memory_kib, 4);
    trust_writer_put(writer, (struct trust_bytes){.data = form->salt, .size = sizeof form->salt});
    trust_writer_put(writer, (struct trust_bytes){.data = form->nonce, .size = sizeof form->nonce});
    trust_writer_put(writer, (struct trust_bytes){.data = key.bytes, .size = sizeof key.bytes});
    assert(writer->size == TRUST_KEYFILE_HEADER_SIZE);
}

/* The whole file; the box key is in the workspace. Returns its size. */
static size_t write_file(uint8_t out_bytes[TRUST_KEYFILE_SIZE_MAX], struct workspace *work,
                         const struct trust_keyfile_content *content,
                         const struct trust_keyfile_form *form)
{
    struct trust_writer writer = trust_writer_init(out_bytes, TRUST_KEYFILE_SIZE_MAX);
    write_header(&writer, content->secret, form);
    size_t inner_size = write_inner(work, content->secret, &content->note);
    uint8_t *box = out_bytes + writer.size;
    if (form->kdf == TRUST_KEYFILE_PLAIN) {
        memcpy(box, work->inner, inner_size);
        return writer.size + inner_size;
    }
    int status = crypto_secretbox_easy(box, work->inner, inner_size, form->nonce, work->box_key);
    assert(status == 0);
    return writer.size + MAC_SIZE + inner_size;
}

enum trust_error trust_keyfile_seal(uint8_t out_bytes[TRUST_KEYFILE_SIZE_MAX], size_t *out_size,
                                    const struct trust_keyfile_content *content,
                                    const struct trust_keyfile_form *form,
                                    struct trust_bytes passphrase)
{
    struct trust_bytes salt = {.data = form->salt, .size = sizeof form->salt};
    struct trust_bytes nonce = {.data = form->nonce, .size = sizeof form->nonce};
    const char *end = memchr(content->note.label, '\0', sizeof content->note.label);
    if (end == NULL || !is_label(trust_bytes_text(content->note.label)) ||
        !are_costs_allowed(form->kdf, form->ops, form->memory_kib))
        return TRUST_NO_RANGE;
    if (form->kdf == TRUST_KEYFILE_PLAIN && !are_zeros(salt, nonce))
        return TRUST_NO_RANGE;
    struct workspace *work = sodium_malloc(sizeof *work);
    if (work == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = TRUST_OK;
    if (form->kdf == TRUST_KEYFILE_ARGON2ID)
        error = derive(work, form->salt, form->ops, form->memory_kib, passphrase);
    if (error == TRUST_OK)
        *out_size = write_file(out_bytes, work, content, form);
    sodium_free(work);
    return error;
}

struct trust_keyfile_form trust_keyfile_form_moderate(void)
{
    return (struct trust_keyfile_form){
        .kdf = TRUST_KEYFILE_ARGON2ID,
        .ops = crypto_pwhash_OPSLIMIT_MODERATE,
        .memory_kib = crypto_pwhash_MEMLIMIT_MODERATE / 1024,
    };
}
