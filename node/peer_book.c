/* See peer_book.h. */
#include "node/peer_book.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/line.h"
#include "base/utf8.h"
#include "record/key.h"

static const char first_line[] = "repute-peers 1";

static bool is_text(struct trust_bytes word, const char *text)
{
    return word.size == strlen(text) && memcmp(word.data, text, word.size) == 0;
}

/* C0, C1 and DEL: what a terminal obeys. */
static bool is_control(struct trust_bytes text)
{
    uint8_t first = text.data[0];
    return first < 0x20 || first == 0x7f || (first == 0xc2 && text.size > 1 && text.data[1] < 0xa0);
}

bool peer_book_is_name(struct trust_bytes name)
{
    if (name.size == 0 || name.size > TRUST_PETNAME_SIZE_MAX || name.data[0] == ' ' ||
        name.data[name.size - 1] == ' ')
        return false;
    while (name.size > 0) {
        size_t size = trust_utf8_next(name);
        if (size == 0 || is_control(name))
            return false;
        name = (struct trust_bytes){.data = name.data + size, .size = name.size - size};
    }
    return true;
}

/* ---- reading ---- */

static enum trust_error take_endpoint(struct peer_entry *entry, struct trust_bytes word)
{
    if (is_text(word, "-"))
        return TRUST_OK;
    struct trust_endpoint parsed;
    if (word.size == 0 || word.size > TRUST_ENDPOINT_SIZE_MAX ||
        memchr(word.data, '\0', word.size) != NULL)
        return TRUST_NO_SYNTAX;
    memcpy(entry->endpoint, word.data, word.size);
    return trust_endpoint_parse(&parsed, entry->endpoint) == TRUST_OK ? TRUST_OK : TRUST_NO_SYNTAX;
}

static enum trust_error take_peer(struct peer_book *book, struct trust_reader *line)
{
    struct peer_entry entry = {0};
    if (trust_key_decode(&entry.key, trust_line_take(line), TRUST_KEY_NODE) != TRUST_OK ||
        peer_book_find(book, &entry.key) != NULL)
        return TRUST_NO_SYNTAX;
    enum trust_error error = take_endpoint(&entry, trust_line_take(line));
    struct trust_bytes name = trust_reader_take(line, trust_reader_left(line));
    if (error != TRUST_OK || line->failed || (name.size > 0 && !peer_book_is_name(name)))
        return TRUST_NO_SYNTAX;
    if (name.size > 0)
        memcpy(entry.name, name.data, name.size);
    return peer_book_put(book, &entry);
}

static enum trust_error take_invite(struct peer_book *book, struct trust_reader *line)
{
    struct peer_invite invite;
    bool is_key_good = trust_line_hex(invite.key.bytes, 32, trust_line_take(line));
    invite.expires_s = trust_line_take_number(line);
    uint64_t uses = trust_line_take_number(line);
    if (!is_key_good || !trust_reader_is_done(line) || uses == 0 || uses > UINT32_MAX ||
        peer_book_find_invite(book, &invite.key) != NULL)
        return TRUST_NO_SYNTAX;
    invite.uses = (uint32_t)uses;
    return peer_book_add_invite(book, &invite);
}

/* Keys are written in lower case only: what was read is written again as it was. */
static bool has_upper_key(struct trust_bytes line)
{
    return line.size > 8 && line.data[5] == 'R';
}

static enum trust_error take_line(struct peer_book *book, struct trust_bytes line)
{
    struct trust_reader reader = trust_reader_init(line);
    struct trust_bytes verb = trust_line_take(&reader);
    if (is_text(verb, "peer") && !has_upper_key(line))
        return take_peer(book, &reader);
    if (is_text(verb, "invite"))
        return take_invite(book, &reader);
    return TRUST_NO_SYNTAX;
}

/* The next line without its line feed; false: the rest has none. */
static bool next_line(struct trust_bytes *text, struct trust_bytes *out_line)
{
    const uint8_t *end = text->size == 0 ? NULL : memchr(text->data, '\n', text->size);
    if (end == NULL)
        return false;
    size_t size = (size_t)(end - text->data);
    *out_line = (struct trust_bytes){.data = text->data, .size = size};
    *text = (struct trust_bytes){.data = end + 1, .size = text->size - size - 1};
    return true;
}

enum trust_error peer_book_decode(struct peer_book *out_book, uint32_t *out_line,
                                  struct trust_bytes text)
{
    struct peer_book book = {0};
    struct trust_bytes line;
    *out_line = 1;
    if (!next_line(&text, &line) || !is_text(line, first_line))
        return TRUST_NO_VERSION;
    bool has_invite = false;
    while (++*out_line, next_line(&text, &line)) {
        enum trust_error error = take_line(&book, line);
        /* One order: peers, then invites. */
        if (error == TRUST_OK && has_invite && line.data[0] == 'p')
            error = TRUST_NO_SYNTAX;
        if (error != TRUST_OK)
            return error;
        has_invite = line.data[0] == 'i';
    }
    if (text.size > 0)
        return TRUST_NO_SYNTAX;
    *out_book = book;
    return TRUST_OK;
}

/* ---- writing ---- */

static void put_peer(struct trust_writer *writer, const struct peer_entry *entry)
{
    char key[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(key, &entry->key, TRUST_KEY_NODE);
    trust_line_put_text(writer, "peer ");
    trust_line_put_text(writer, key);
    trust_line_put_text(writer, " ");
    trust_line_put_text(writer, *entry->endpoint == '\0' ? "-" : entry->endpoint);
    if (*entry->name != '\0') {
        trust_line_put_text(writer, " ");
        trust_line_put_text(writer, entry->name);
    }
    trust_line_put_text(writer, "\n");
}

static void put_invite(struct trust_writer *writer, const struct peer_invite *invite)
{
    trust_line_put_text(writer, "invite ");
    trust_line_put_hex(writer, (struct trust_bytes){invite->key.bytes, sizeof invite->key.bytes});
    trust_line_put_text(writer, " ");
    trust_line_put_number(writer, invite->expires_s);
    trust_line_put_text(writer, " ");
    trust_line_put_number(writer, invite->uses);
    trust_line_put_text(writer, "\n");
}

size_t peer_book_encode(uint8_t *out_text, const struct peer_book *book)
{
    struct trust_writer writer = trust_writer_init(out_text, PEER_BOOK_SIZE_MAX);
    trust_line_put_text(&writer, first_line);
    trust_line_put_text(&writer, "\n");
    for (uint32_t i = 0; i < book->peer_count; i++)
        put_peer(&writer, &book->peers[i]);
    for (uint32_t i = 0; i < book->invite_count; i++)
        put_invite(&writer, &book->invites[i]);
    assert(!trust_writer_has_overflowed(&writer));
    return writer.size;
}

/* ---- peers ---- */

/* peer_count: none. */
static uint32_t index_of(const struct peer_book *book, const struct trust_key *key)
{
    uint32_t i = 0;
    while (i < book->peer_count && !trust_key_is_same(&book->peers[i].key, key))
        i++;
    return i;
}

const struct peer_entry *peer_book_find(const struct peer_book *book, const struct trust_key *key)
{
    uint32_t at = index_of(book, key);
    return at < book->peer_count ? &book->peers[at] : NULL;
}

enum trust_error peer_book_put(struct peer_book *book, const struct peer_entry *entry)
{
    uint32_t at = index_of(book, &entry->key);
    if (at == TRUST_CONFIG_PEERS_MAX)
        return TRUST_NO_ROOM;
    book->peers[at] = *entry;
    book->peer_count += at == book->peer_count;
    return TRUST_OK;
}

bool peer_book_remove(struct peer_book *book, const struct trust_key *key)
{
    uint32_t at = index_of(book, key);
    if (at == book->peer_count)
        return false;
    book->peer_count--;
    memmove(&book->peers[at], &book->peers[at + 1], (book->peer_count - at) * sizeof *book->peers);
    return true;
}

/* ---- invites ---- */

const struct peer_invite *peer_book_find_invite(const struct peer_book *book,
                                                const struct trust_key *key)
{
    for (uint32_t i = 0; i < book->invite_count; i++) {
        if (trust_key_is_same(&book->invites[i].key, key))
            return &book->invites[i];
    }
    return NULL;
}

enum trust_error peer_book_add_invite(struct peer_book *book, const struct peer_invite *invite)
{
    if (book->invite_count == PEER_BOOK_INVITES_MAX)
        return TRUST_NO_ROOM;
    book->invites[book->invite_count++] = *invite;
    return TRUST_OK;
}

static void remove_invite(struct peer_book *book, uint32_t at)
{
    book->invite_count--;
    memmove(&book->invites[at], &book->invites[at + 1],
            (book->invite_count - at) * sizeof *book->invites);
}

bool peer_book_use_invite(struct peer_book *book, const struct trust_key *key)
{
    for (uint32_t i = 0; i < book->invite_count; i++) {
        if (!trust_key_is_same(&book->invites[i].key, key))
            continue;
        if (--book->invites[i].uses > 0)
            return false;
        remove_invite(book, i);
        return true;
    }
    return false;
}

bool peer_book_expire_invite(struct peer_book *book, struct trust_key *out_key, uint64_t now_s)
{
    for (uint32_t i = 0; i < book->invite_count; i++) {
        if (book->invites[i].expires_s > now_s)
            continue;
        *out_key = book->invites[i].key;
        remove_invite(book, i);
        return true;
    }
    return false;
}
