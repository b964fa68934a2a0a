/*
 * What a node shows its agents of one server: the content of one slot of the board.
 *
 * Numbers only, in a fixed size, so that it is copied in one go and never needs an allocation. A
 * ratio is in parts per million; TRUST_PPM_NONE stands for a value that is not known, which is
 * neither bad nor neutral.
 */
#ifndef TRUST_CELL_H
#define TRUST_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/export.h"
#include "trust/time.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TRUST_PPM UINT32_C(1000000)
#define TRUST_PPM_NONE UINT32_MAX

/* Whether the tools that a server offers are the ones that were pinned. */
enum trust_manifest_state {
    TRUST_MANIFEST_NONE = 0,    /* nothing pinned yet */
    TRUST_MANIFEST_PINNED = 1,  /* what is offered is what was pinned */
    TRUST_MANIFEST_PENDING = 2, /* seen, waits for the operator's word */
    TRUST_MANIFEST_CHANGED = 3, /* what is offered differs from the pin */
};

/* Quarantine of a server; docs/reference/quarantine.md has the rules. */
enum trust_quarantine_state {
    TRUST_QUARANTINE_OK = 0,
    TRUST_QUARANTINE_SUSPECT = 1,       /* usable at low risk, never vetted */
    TRUST_QUARANTINE_QUARANTINED = 2,   /* withheld and cut off, until a time */
    TRUST_QUARANTINE_INVESTIGATING = 3, /* withheld until the operator decides */
    TRUST_QUARANTINE_RELEASED = 4,      /* on probation: usable, not vetted */
    TRUST_QUARANTINE_BANNED = 5,        /* withheld for good */
};

/* Bits of trust_board_cell.marks. */
enum trust_cell_mark {
    TRUST_CELL_NAMED = 1,     /* named in a group of the node's configuration */
    TRUST_CELL_ESSENTIAL = 2, /* member of a group marked essential */
    TRUST_CELL_HELD_BACK = 4, /* suspect because the rate cap held its quarantine back */
};

struct trust_board_cell {
    uint8_t subject[32];                /* BLAKE2b-256 of the subject's text: the key */
    uint8_t manifest[32];               /* the manifest that was judged; zeros: none */
    struct trust_wall updated;          /* when the cell was last computed */
    struct trust_wall quarantine_until; /* 0: no end by itself */
    struct trust_mono breaker_until;    /* shared breaker: as trust_gate.until */
    struct trust_mono closed_since;     /* shared breaker: as trust_gate.closed_since */
    struct trust_mono active;           /* last call or canary that was answered; 0: never */
    double evidence;                    /* weight of everything behind the score */
    uint32_t score_ppm;                 /* these four: TRUST_PPM_NONE while unknown */
    uint32_t lower_ppm;                 /* 0 if flagged without evidence */
    uint32_t mean_ppm;
    uint32_t upper_ppm;
    uint32_t factor_ppm; /* F of the flags */
    uint32_t cap_ppm;    /* of the security evidence */
    uint32_t raters;     /* authors that count */
    uint32_t breaker_generation;
    uint32_t ewma_us;      /* latency, failures counted as at least 5 s; 0: not known */
    uint32_t p99_us;       /* 0: not known */
    uint32_t fail_ppm;     /* failures of the calls in the window */
    uint32_t calls;        /* in the window */
    uint16_t flag_classes; /* bit n: a live flag of class n (trust/flag.h) */
    uint8_t flag_severity; /* worst live flag for this manifest, enum trust_severity */
    uint8_t status;        /* enum trust_score_status (trust/score.h) */
    uint8_t manifest_state;
    uint8_t quarantine;
    uint8_t breaker_state;  /* shared breaker, enum trust_breaker_state (trust/breaker.h) */
    uint8_t breaker_reason; /* enum trust_breaker_reason */
    uint8_t first_hops;     /* 2: two independent ones or more, or my own rating (trust/score.h) */
    uint8_t marks;          /* enum trust_cell_mark */
    uint8_t rate_limited;   /* 1: open because the server asked to wait */
};

/* "none", "pinned", ... Static; "?" for a value outside the enum. */
TRUST_API const char *trust_manifest_state_name(enum trust_manifest_state state);

/* "ok", "suspect", ... Static; "?" for a value outside the enum. */
TRUST_API const char *trust_quarantine_state_name(enum trust_quarantine_state state);

/* True for the three states in which no selection returns the server. */
TRUST_API bool trust_quarantine_is_withheld(enum trust_quarantine_state state);

#ifdef __cplusplus
}
#endif

#endif
