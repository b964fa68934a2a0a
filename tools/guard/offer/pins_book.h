/*
 * Pins as a value: what each server offered when it was first seen or last accepted, and what it
 * offers instead. It knows no file and no clock (pins.h keeps it in a file).
 *
 * An entry belongs to a subject, its version included, and to the capabilities that the client
 * offered: a server may rightly offer other tools to another client. docs/reference/pins.md has the
 * rules.
 */
#ifndef GUARD_PINS_BOOK_H
#define GUARD_PINS_BOOK_H

#include "trust/key.h"
#include "trust/subject.h"

#include "base/limits.h"
#include "guard/offer/manifest.h"
#include "record/sign.h"

enum pin_state {
    PIN_FIRST,    /* seen for the first time, and pinned by that */
    PIN_SAME,     /* as pinned */
    PIN_CHANGED,  /* another than pinned, or new on a server that is known: withheld */
    PIN_PENDING,  /* waits for the operator, as the group's "pin: confirm" wants: withheld */
    PIN_REJECTED, /* the operator said no: withheld */
    PIN_BAD,      /* nobody can say what it is (manifest.h): withheld */
};
#define PIN_STATES 6

/* Their words in documents: "first", "same", ... */
const char *pins_state_name(enum pin_state state);

/* One definition. text is NULL where there is none. */
struct pins_form {
    char *text;
    uint8_t digest[DIGEST_SIZE];
};

struct pins_tool {
    char *name;
    struct pins_form pinned;
    struct pins_form offered; /* what is offered instead; none: as pinned */
    bool is_rejected;
    uint8_t rejected[DIGEST_SIZE]; /* of the definition that the operator refused */
    uint64_t since_s;              /* when offered, or else pinned, was first seen */
};

/* The greeting, and the digests of what is pinned besides tools. text as above. */
struct pins_server {
    char *text;
    struct manifest_extras extras;
};

struct pins_entry {
    char subject[TRUST_SUBJECT_TEXT_SIZE]; /* canonical */
    uint8_t capabilities[DIGEST_SIZE];
    uint64_t first_s; /* unix seconds */
    uint64_t seen_s;  /* to a day */
    struct pins_server pinned;
    struct pins_server offered;
    struct pins_tool *tools; /* in the order in which they were first seen */
    size_t count;
    size_t capacity;
    uint64_t accepted_s; /* 0: the operator never accepted anything of it */
    bool has_signature;
    uint8_t signature[TRUST_SIGNATURE_SIZE]; /* over pins_book_statement */
};

struct pins_book {
    struct pins_entry *entries;
    size_t count;
    size_t capacity;
};

/* A server as it shows itself. */
struct pins_sight {
    const char *subject;                  /* canonical */
    const uint8_t *capabilities;          /* DIGEST_SIZE bytes */
    const struct manifest *manifest;      /* finished */
    const struct trust_key *operator_key; /* whose signature an acceptance needs; NULL: none */
    bool is_confirmed;                    /* the group's "pin: confirm" */
    uint64_t now_s;
};

struct pins_verdict {
    size_t counts[PIN_STATES];
    size_t changed;         /* tools that are not what pins that are believed say, or not in them */
    bool is_server_changed; /* instructions, prompts or templates differ from the pinned ones */
    bool holds_prompts;     /* the prompts are not as pinned, or wait for the operator */
    bool holds_templates;   /* likewise */
    bool is_forged;         /* the operator's signature does not fit: nothing of it is believed */
    bool has_changed;       /* the book did, and is to be stored */
};

void pins_book_close(struct pins_book *book); /* frees all; the book is empty afterwards */

/* NULL: there is none. */
struct pins_entry *pins_book_find(const struct pins_book *book, const char *subject,
                                  const uint8_t capabilities[DIGEST_SIZE]);

/* A new entry; the one that was seen longest ago makes room for it. NULL: no memory. */
struct pins_entry *pins_book_add(struct pins_book *book, const char *subject,
                                 const uint8_t capabilities[DIGEST_SIZE], uint64_t now_s);

/* NULL: there is none, or no memory. */
struct pins_tool *pins_entry_find(const struct pins_entry *entry, struct trust_bytes name);
struct pins_tool *pins_entry_add(struct pins_entry *entry, struct trust_bytes name);

/*
 * Compares a server with its pins, pins what is seen first and keeps what is offered instead.
 * out_states has a state for each tool of the manifest. TRUST_FAIL_MEMORY: the book may have been
 * changed in part, and is not to be stored.
 */
TRUST_MUST_USE enum trust_error pins_book_judge(struct pins_book *book,
                                                struct pins_verdict *out_verdict,
                                                enum pin_state *out_states,
                                                const struct pins_sight *sight);

/*
 * What is offered becomes what is pinned: one tool, or (NULL) all tools and the rest. The signature
 * goes. Pins that were not believed are not signed with the one tool: they wait for their own
 * acceptance. TRUST_NO_FOUND: no such tool.
 */
TRUST_MUST_USE enum trust_error pins_entry_accept(struct pins_entry *entry, const char *tool,
                                                  bool is_believed, uint64_t now_s);

/* What is offered is refused, in place of which (a tool named) what is pinned. Likewise. */
TRUST_MUST_USE enum trust_error pins_entry_reject(struct pins_entry *entry, const char *tool);

/* The digest of the manifest that is pinned. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error pins_entry_digest(uint8_t out_digest[DIGEST_SIZE],
                                                  const struct pins_entry *entry);

/* A subject, a digest and a date, a line each. */
#define PINS_STATEMENT_SIZE (TRUST_SUBJECT_TEXT_SIZE + DIGEST_HEX_SIZE + 24)

/* What the operator signs for TRUST_PURPOSE_PIN. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error pins_entry_statement(char out_text[PINS_STATEMENT_SIZE],
                                                     const struct pins_entry *entry);

/* Whether pins of the entry are believed under that key (NULL: none) and that policy. */
bool pins_entry_is_believed(const struct pins_entry *entry, const struct trust_key *operator_key,
                            bool is_confirmed);

/* The state of a tool as far as the book says it; PIN_PENDING where nothing is pinned. */
enum pin_state pins_tool_state(const struct pins_tool *tool);

#endif
