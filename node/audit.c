/* See audit.h. */
#include "node/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/line.h"
#include "host/files.h"

#define HASH_TEXT_SIZE ((size_t)AUDIT_HASH_SIZE * 2)
#define LINE_SIZE_MAX (HASH_TEXT_SIZE + 1 + TRUST_AUDIT_LINE_SIZE_MAX)
#define SEGMENT_SIZE_MAX (HASH_TEXT_SIZE + 96)
#define BLOCK_SIZE 16384

static const uint8_t no_hash[AUDIT_HASH_SIZE];

static void hash_line(uint8_t out_hash[AUDIT_HASH_SIZE], const uint8_t before[AUDIT_HASH_SIZE],
                      struct trust_bytes line)
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, AUDIT_HASH_SIZE);
    (void)crypto_generichash_update(&state, before, AUDIT_HASH_SIZE);
    (void)crypto_generichash_update(&state, line.data, line.size);
    (void)crypto_generichash_final(&state, out_hash, AUDIT_HASH_SIZE);
}

/* ---- reading ---- */

struct walk {
    struct audit_check check;
    uint8_t before[AUDIT_HASH_SIZE]; /* the hash that the last line gave, right or wrong */
    bool has_before;                 /* it gave one */
    uint64_t number;
    struct audit_mark known; /* to be looked for */
    bool has_known;
    audit_visit *visit;
    void *context;
};

/* `1 SEQ TIME_MS segment LOST` */
static bool read_segment(uint64_t *out_seq, struct trust_bytes line)
{
    struct trust_reader reader = trust_reader_init(line);
    bool is_first = trust_bytes_equal(trust_line_take(&reader), trust_bytes_text("1"));
    uint64_t seq = trust_line_take_number(&reader);
    (void)trust_line_take_number(&reader);
    bool is_segment = trust_bytes_equal(trust_line_take(&reader), trust_bytes_text("segment"));
    (void)trust_line_take_number(&reader);
    if (!is_first || !is_segment || !trust_reader_is_done(&reader))
        return false;
    *out_seq = seq;
    return true;
}

static void count_bad(struct walk *walk)
{
    if (walk->check.damaged++ == 0)
        walk->check.first_damaged = walk->number;
    walk->check.ends_badly = true;
}

/* The line before a new chain was cut short: that is what the new chain says. */
static void count_segment(struct walk *walk)
{
    struct audit_check *check = &walk->check;
    check->segments++;
    if (!check->ends_badly)
        return;
    check->ends_badly = false;
    check->torn++;
    check->damaged--;
    if (check->first_damaged + 1 == walk->number)
        check->first_damaged = 0;
}

/* A chain that begins behind a gap says what is missing, and goes on well. */
static void count_gap(struct walk *walk)
{
    count_bad(walk);
    walk->check.segments++;
    walk->check.ends_badly = false;
}

static void look_for_known(struct walk *walk)
{
    if (walk->check.next_seq == walk->known.next_seq &&
        memcmp(walk->before, walk->known.head, sizeof walk->before) == 0)
        walk->has_known = true;
}

/* One line without its end. Its own hash carries on, so that a changed line is one bad line. */
static void walk_line(struct walk *walk, struct trust_bytes text)
{
    struct audit_check *check = &walk->check;
    struct audit_line line = {.number = ++walk->number};
    uint8_t given[AUDIT_HASH_SIZE];
    struct trust_bytes hash = {.data = text.data, .size = HASH_TEXT_SIZE};
    if (text.size <= HASH_TEXT_SIZE || text.data[HASH_TEXT_SIZE] != ' ' ||
        !trust_line_hex(given, sizeof given, hash)) {
        walk->has_before = false;
        count_bad(walk);
        return;
    }
    struct trust_bytes body = {.data = text.data + HASH_TEXT_SIZE + 1,
                               .size = text.size - HASH_TEXT_SIZE - 1};
    uint64_t seq = check->next_seq;
    bool is_segment = read_segment(&seq, body);
    bool is_entry = trust_audit_decode(&line.entry, body) == TRUST_OK;
    if (is_entry)
        seq = line.entry.seq;
    uint8_t right[AUDIT_HASH_SIZE];
    hash_line(right, is_segment ? no_hash : walk->before, body);
    bool is_linked =
        (is_segment || (is_entry && walk->has_before)) && memcmp(right, given, sizeof right) == 0;
    line.is_good = is_linked && seq == check->next_seq;
    if (is_segment && is_linked && seq > check->next_seq)
        count_gap(walk);
    else if (!line.is_good)
        count_bad(walk);
    else if (is_segment)
        count_segment(walk);
    else
        check->ends_badly = false;
    check->entries += is_entry;
    if (is_entry || is_segment)
        check->next_seq = seq + 1;
    memcpy(walk->before, given, sizeof given);
    walk->has_before = true;
    look_for_known(walk);
    if (is_entry && walk->visit != NULL)
        walk->visit(walk->context, &line);
}

/* Lines of any length: one that is too long to be ours is one bad line. */
struct lines {
    uint8_t line[LINE_SIZE_MAX];
    size_t size; /* of the line so far; above LINE_SIZE_MAX: too long */
};

static void walk_block(struct walk *walk, struct lines *lines, struct trust_bytes block)
{
    for (size_t i = 0; i < block.size; i++) {
        if (block.data[i] != '\n') {
            if (lines->size < sizeof lines->line)
                lines->line[lines->size] = block.data[i];
            if (lines->size <= sizeof lines->line)
                lines->size++;
            continue;
        }
        size_t size = lines->size <= sizeof lines->line ? lines->size : 0;
        walk_line(walk, (struct trust_bytes){.data = lines->line, .size = size});
        lines->size = 0;
    }
}

static enum trust_error walk_file(struct walk *walk, int fd)
{
    uint8_t block[BLOCK_SIZE];
    struct lines lines = {.size = 0};
    for (;;) {
        ssize_t got = read(fd, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return trust_file_error(errno);
        if (got == 0)
            break;
        walk_block(walk, &lines, (struct trust_bytes){.data = block, .size = (size_t)got});
    }
    walk->check.is_cut = lines.size > 0;
    if (walk->check.is_cut)
        walk_block(walk, &lines, trust_bytes_text("\n"));
    memcpy(walk->check.head, walk->before, sizeof walk->check.head);
    return TRUST_OK;
}

static enum trust_error walk_path(struct walk *walk, const char *path)
{
    enum trust_error error = TRUST_OK;
    walk->check.next_seq = 1;
    walk->has_before = true;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno != ENOENT)
        return trust_file_error(errno);
    if (fd >= 0) {
        error = walk_file(walk, fd);
        (void)close(fd);
    }
    walk->check.is_behind = walk->known.next_seq > 1 && !walk->has_known;
    return error;
}

enum trust_error audit_walk(const char *path, struct audit_check *out_check, audit_visit *visit,
                            void *context)
{
    struct walk walk = {.visit = visit, .context = context};
    enum trust_error error = walk_path(&walk, path);
    if (error == TRUST_OK)
        *out_check = walk.check;
    return error;
}

bool audit_is_whole(const struct audit *audit, const struct audit_check *check)
{
    return check->damaged == 0 && memcmp(audit->head, check->head, sizeof audit->head) == 0;
}

/* ---- writing ---- */

static enum trust_error open_file(struct audit *audit)
{
    int fd = open(audit->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                  0600);
    if (fd < 0)
        return errno == ELOOP ? TRUST_NO_FILE : trust_file_error(errno);
    struct stat stat;
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
        (void)close(fd);
        return TRUST_NO_FILE;
    }
    enum trust_error error = trust_file_sync_parent(audit->path);
    if (error != TRUST_OK) {
        (void)close(fd);
        return error;
    }
    audit->fd = fd;
    return TRUST_OK;
}

/* Appends "HASH LINE\n" and moves seq and hash on. */
static void put_line(struct audit *audit, struct trust_writer *writer, struct trust_bytes line)
{
    uint8_t hash[AUDIT_HASH_SIZE];
    hash_line(hash, audit->head, line);
    trust_line_put_hex(writer, (struct trust_bytes){.data = hash, .size = sizeof hash});
    trust_line_put_text(writer, " ");
    trust_writer_put(writer, line);
    trust_line_put_text(writer, "\n");
    memcpy(audit->head, hash, sizeof hash);
    audit->next_seq++;
}

static void put_segment(struct audit *audit, struct trust_writer *writer, struct trust_wall now)
{
    uint8_t bytes[SEGMENT_SIZE_MAX];
    struct trust_writer line = trust_writer_init(bytes, sizeof bytes);
    trust_line_put_text(&line, "1 ");
    trust_line_put_number(&line, audit->next_seq);
    trust_line_put_text(&line, " ");
    trust_line_put_number(&line, now.ms);
    trust_line_put_text(&line, " segment ");
    trust_line_put_number(&line, audit->lost);
    if (audit->is_cut)
        trust_line_put_text(writer, "\n");
    memcpy(audit->head, no_hash, sizeof audit->head);
    put_line(audit, writer, trust_writer_bytes(&line));
    audit->is_cut = false;
    audit->needs_segment = false;
    audit->lost = 0;
}

/* One write, so that only a crash or a full disk can cut it short. */
static enum trust_error append(const struct audit *audit, struct trust_bytes bytes)
{
    ssize_t written = write(audit->fd, bytes.data, bytes.size);
    if (written < 0)
        return trust_file_error(errno);
    if ((size_t)written < bytes.size)
        return TRUST_NO_ROOM;
    return fdatasync(audit->fd) == 0 ? TRUST_OK : TRUST_FAIL_IO;
}

static void know_end(struct audit *audit)
{
    audit->known.next_seq = audit->next_seq;
    memcpy(audit->known.head, audit->head, sizeof audit->known.head);
}

/* Writes the start of a new chain if one is due, and the entry if there is one. */
static enum trust_error write_lines(struct audit *audit, const struct trust_audit_entry *entry,
                                    struct trust_wall now)
{
    uint8_t bytes[SEGMENT_SIZE_MAX + LINE_SIZE_MAX + 3];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    struct audit after = *audit;
    if (after.needs_segment)
        put_segment(&after, &writer, now);
    if (entry != NULL) {
        uint8_t text[TRUST_AUDIT_LINE_SIZE_MAX];
        struct trust_writer line = trust_writer_init(text, sizeof text);
        struct trust_audit_entry numbered = *entry;
        numbered.seq = after.next_seq;
        trust_audit_encode(&line, &numbered);
        assert(!trust_writer_has_overflowed(&line));
        put_line(&after, &writer, trust_writer_bytes(&line));
    }
    assert(!trust_writer_has_overflowed(&writer));
    enum trust_error error = append(audit, trust_writer_bytes(&writer));
    if (error == TRUST_OK) {
        *audit = after;
        know_end(audit);
    }
    return error;
}

/* Lines are missing: a gap in the numbers says so for good. */
static void leave_gap(struct audit *audit)
{
    uint64_t least = audit->next_seq + 1;
    audit->next_seq = audit->known.next_seq > least ? audit->known.next_seq : least;
    audit->needs_segment = true;
}

/* What was not certainly written begins a new chain; the lines of a failed sync may be there. */
static enum trust_error recover(struct audit *audit, struct audit_check *out_check)
{
    struct walk walk = {.known = audit->known};
    enum trust_error error = audit->fd >= 0 ? TRUST_OK : open_file(audit);
    if (error == TRUST_OK)
        error = walk_path(&walk, audit->path);
    if (error != TRUST_OK)
        return error;
    const struct audit_check *check = &walk.check;
    audit->next_seq = check->next_seq;
    memcpy(audit->head, check->head, sizeof audit->head);
    audit->is_cut = check->is_cut;
    audit->needs_segment = check->ends_badly || check->is_cut || audit->lost > 0;
    if (check->is_behind)
        leave_gap(audit);
    else
        know_end(audit);
    *out_check = *check;
    return TRUST_OK;
}

enum trust_error audit_open(struct audit *audit, const char *path, const struct audit_mark *known,
                            struct audit_check *out_check, struct trust_wall now)
{
    *audit = (struct audit){.fd = -1, .next_seq = 1, .known = *known};
    assert(strlen(path) < sizeof audit->path);
    memcpy(audit->path, path, strlen(path) + 1);
    struct audit_check check = {0};
    enum trust_error error = recover(audit, &check);
    if (error == TRUST_OK && audit->needs_segment)
        error = write_lines(audit, NULL, now);
    if (error != TRUST_OK) {
        audit_close(audit);
        return error;
    }
    *out_check = check;
    return TRUST_OK;
}

void audit_close(struct audit *audit)
{
    if (audit->fd >= 0)
        (void)close(audit->fd);
    audit->fd = -1;
}

enum trust_error audit_write(struct audit *audit, const struct trust_audit_entry *entry,
                             struct trust_wall now)
{
    struct audit_check check;
    enum trust_error error = audit->fd >= 0 ? TRUST_OK : recover(audit, &check);
    if (error == TRUST_OK)
        error = write_lines(audit, entry, now);
    if (error != TRUST_OK) {
        audit->lost++;
        audit_close(audit);
    }
    return error;
}
