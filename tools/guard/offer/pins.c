/* See pins.h. */
#include "guard/offer/pins.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/utf8.h"
#include "guard/offer/pins_text.h"
#include "host/files.h"
#include "wire/json.h"

#define PATH_SIZE 512
#define LOCK_TRIES 100
#define LOCK_WAIT_NS 10000000 /* 10 ms */

/* What tells one content of the file from another: each is a file of its own. */
struct stamp {
    bool is_there;
    ino_t inode;
    struct timespec changed;
};

struct pins {
    struct pins_book book;
    char path[PATH_SIZE]; /* "": in memory alone */
    bool is_apart;        /* the file could not be stored: this process goes on by itself */
    int lock;             /* -1: not held */
    struct stamp stamp;   /* of what was read last */
    uint64_t revision;
};

/* ---- the file ---- */

static enum trust_error say(struct pins_fault *out_fault, const struct pins *pins,
                            enum trust_error error, const char *place)
{
    (void)snprintf(out_fault->text, sizeof out_fault->text, "%.150s: %.100s", pins->path, place);
    trust_utf8_make_plain(out_fault->text);
    return error;
}

static struct stamp stamp_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return (struct stamp){0};
    return (struct stamp){.is_there = true, .inode = status.st_ino, .changed = status.st_ctim};
}

static bool is_stamp(const struct stamp *a, const struct stamp *b)
{
    return a->is_there == b->is_there && a->inode == b->inode &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static enum trust_error read_bytes(const struct pins *pins, uint8_t **out_bytes, size_t *out_size)
{
    struct stat status;
    if (stat(pins->path, &status) != 0)
        return trust_file_error(errno);
    if (status.st_size < 0 || status.st_size > TRUST_PINS_FILE_SIZE_MAX)
        return TRUST_NO_SIZE;
    size_t room = (size_t)status.st_size + 1;
    uint8_t *bytes = malloc(room);
    if (bytes == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = trust_file_read(pins->path, bytes, out_size, room);
    if (error == TRUST_OK)
        *out_bytes = bytes;
    else
        free(bytes);
    return error;
}

/* The book of the file; an empty one where there is no file. */
static enum trust_error load(struct pins *pins, struct pins_fault *out_fault)
{
    struct pins_book book = {0};
    struct pins_place place = {{0}};
    struct stamp stamp = stamp_of(pins->path);
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!stamp.is_there && pins->stamp.is_there)
        return TRUST_OK; /* somebody took it away: what is known is not forgotten for that */
    if (stamp.is_there) {
        enum trust_error error = read_bytes(pins, &bytes, &size);
        if (error != TRUST_OK)
            return say(out_fault, pins, error, trust_error_text(error));
        error = pins_text_read(&book, &place, (struct trust_bytes){.data = bytes, .size = size});
        free(bytes);
        if (error != TRUST_OK)
            return say(out_fault, pins, error,
                       error < TRUST_OK && place.text[0] == '\0' ? trust_error_text(error)
                                                                 : place.text);
    }
    pins_book_close(&pins->book);
    pins->book = book;
    pins->revision += !is_stamp(&stamp, &pins->stamp);
    pins->stamp = stamp;
    return TRUST_OK;
}

enum trust_error pins_open(struct pins **out_pins, struct pins_fault *out_fault, const char *path)
{
    struct pins *pins = calloc(1, sizeof *pins);
    if (pins == NULL)
        return TRUST_FAIL_MEMORY;
    pins->lock = -1;
    enum trust_error error = TRUST_OK;
    if (path != NULL) {
        if (strlen(path) + sizeof ".lock" > sizeof pins->path)
            error = TRUST_NO_SIZE;
        (void)snprintf(pins->path, sizeof pins->path, "%s", path);
        error = error == TRUST_OK ? load(pins, out_fault)
                                  : say(out_fault, pins, error, "the path is too long");
    }
    if (error == TRUST_OK)
        *out_pins = pins;
    else
        pins_close(pins);
    return error;
}

void pins_close(struct pins *pins)
{
    if (pins == NULL)
        return;
    pins_unlock(pins);
    pins_book_close(&pins->book);
    free(pins);
}

/* ---- the lock ---- */

/* The folder of the file; those above it are not ours to make. */
static void make_folder(const struct pins *pins)
{
    char folder[PATH_SIZE];
    (void)snprintf(folder, sizeof folder, "%s", pins->path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL || slash == folder)
        return;
    *slash = '\0';
    (void)mkdir(folder, 0700);
}

/* A file beside, since the file itself is replaced. */
static enum trust_error take_lock(struct pins *pins)
{
    char path[PATH_SIZE + sizeof ".lock"];
    static const struct timespec wait = {.tv_nsec = LOCK_WAIT_NS};
    if (pins->path[0] == '\0')
        return TRUST_OK;
    assert(pins->lock < 0);
    make_folder(pins);
    (void)snprintf(path, sizeof path, "%s.lock", pins->path);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0)
        return trust_file_error(errno);
    for (int tries = 0; flock(lock, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (errno != EWOULDBLOCK || tries == LOCK_TRIES) {
            (void)close(lock);
            return TRUST_NO_BUSY;
        }
        (void)nanosleep(&wait, NULL);
    }
    pins->lock = lock;
    return TRUST_OK;
}

void pins_unlock(struct pins *pins)
{
    if (pins->lock >= 0)
        (void)close(pins->lock);
    pins->lock = -1;
}

enum trust_error pins_lock(struct pins *pins, struct pins_fault *out_fault)
{
    enum trust_error error = take_lock(pins);
    if (error != TRUST_OK)
        return say(out_fault, pins, error, trust_error_text(error));
    if (pins->path[0] != '\0' && !pins->is_apart)
        error = load(pins, out_fault);
    if (error != TRUST_OK)
        pins_unlock(pins);
    return error;
}

struct pins_book *pins_book(struct pins *pins)
{
    return &pins->book;
}

static enum trust_error store(struct pins *pins)
{
    char *text = NULL;
    size_t size = 0;
    if (pins->path[0] == '\0')
        return TRUST_OK;
    enum trust_error error = pins_text_write(&text, &size, &pins->book);
    if (error == TRUST_OK && size > TRUST_PINS_FILE_SIZE_MAX)
        error = TRUST_NO_SIZE;
    if (error == TRUST_OK)
        error = trust_file_write(
            pins->path, (struct trust_bytes){.data = (const uint8_t *)text, .size = size}, 0600);
    free(text);
    if (error == TRUST_OK)
        pins->stamp = stamp_of(pins->path);
    return error;
}

enum trust_error pins_save(struct pins *pins)
{
    enum trust_error error = store(pins);
    pins_unlock(pins);
    return error;
}

/* The file is not there any more. */
static bool is_gone(const struct pins *pins)
{
    return pins->stamp.is_there && !stamp_of(pins->path).is_there;
}

bool pins_refresh(struct pins *pins)
{
    struct pins_fault fault;
    if (pins->path[0] == '\0' || pins->is_apart)
        return false;
    struct stamp stamp = stamp_of(pins->path);
    if (!stamp.is_there || is_stamp(&stamp, &pins->stamp))
        return false;
    return load(pins, &fault) == TRUST_OK;
}

uint64_t pins_revision(const struct pins *pins)
{
    return pins->revision;
}

/* ---- judging ---- */

enum trust_error pins_judge(struct pins *pins, struct pins_verdict *out_verdict,
                            enum pin_state *out_states, enum trust_error *out_stored,
                            const struct pins_sight *sight)
{
    struct pins_fault fault;
    enum trust_error stored = pins->is_apart ? TRUST_FAIL_IO : pins_lock(pins, &fault);
    enum trust_error error = pins_book_judge(&pins->book, out_verdict, out_states, sight);
    bool is_due = error == TRUST_OK && (out_verdict->has_changed || is_gone(pins));
    if (is_due && stored == TRUST_OK)
        stored = store(pins);
    pins_unlock(pins);
    /* What could not be stored must not be forgotten with the next reading. */
    pins->is_apart = pins->is_apart || stored != TRUST_OK || error != TRUST_OK;
    if (error == TRUST_OK)
        *out_stored = stored;
    return error;
}

/* ---- what is pinned ---- */

/* A greeting without the words that were not accepted. */
static enum trust_error set_greeting(struct manifest *manifest, const char *text)
{
    struct trust_bytes whole = trust_bytes_text(text), key, value;
    uint8_t *bytes = malloc(whole.size + 1);
    if (bytes == NULL)
        return TRUST_FAIL_MEMORY;
    struct trust_writer writer = trust_writer_init(bytes, whole.size + 1);
    struct json_walk walk = json_walk_object(whole);
    trust_writer_put(&writer, trust_bytes_text("{"));
    while (json_next_member(&walk, &key, &value)) {
        if (json_raw_is(key, "instructions"))
            continue;
        trust_writer_put(&writer, trust_bytes_text(writer.size > 1 ? ",\"" : "\""));
        trust_writer_put(&writer, key);
        trust_writer_put(&writer, trust_bytes_text("\":"));
        trust_writer_put(&writer, value);
    }
    trust_writer_put(&writer, trust_bytes_text("}"));
    enum trust_error error = manifest_set_server(manifest, trust_writer_bytes(&writer));
    free(bytes);
    return error;
}

static bool is_refused(const struct pins_tool *tool)
{
    return tool->pinned.text == NULL ||
           (tool->is_rejected && memcmp(tool->rejected, tool->pinned.digest, DIGEST_SIZE) == 0);
}

static enum trust_error fill(struct manifest *manifest, const struct pins_entry *entry,
                             bool is_believed)
{
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; error == TRUST_OK && is_believed && i < entry->count; i++)
        if (!is_refused(&entry->tools[i]))
            error = manifest_add_tool(manifest, trust_bytes_text(entry->tools[i].pinned.text));
    if (error != TRUST_OK)
        return error;
    if (is_believed && entry->pinned.text != NULL)
        return manifest_set_server(manifest, trust_bytes_text(entry->pinned.text));
    const char *text = entry->offered.text != NULL ? entry->offered.text : entry->pinned.text;
    return text == NULL ? TRUST_OK : set_greeting(manifest, text);
}

enum trust_error pins_manifest(struct pins *pins, struct manifest **out_manifest,
                               const struct pins_sight *sight)
{
    struct manifest *manifest = NULL;
    const struct pins_entry *entry =
        pins_book_find(&pins->book, sight->subject, sight->capabilities);
    if (entry == NULL)
        return TRUST_NO_FOUND;
    enum trust_error error = manifest_new(&manifest);
    if (error != TRUST_OK)
        return error;
    error = fill(manifest, entry,
                 pins_entry_is_believed(entry, sight->operator_key, sight->is_confirmed));
    if (error != TRUST_OK) {
        manifest_free(manifest);
        return error;
    }
    manifest_finish(manifest);
    *out_manifest = manifest;
    return TRUST_OK;
}
