/*
 * The re-send rule: what becomes of a request whose attempt at one backend has ended without the
 * answer that its client gets. A pure function of what is known, so that its whole table is a test.
 * docs/explanation/resend.md gives the reasons.
 */
#ifndef GUARD_RESEND_H
#define GUARD_RESEND_H

#include <stdbool.h>

#include "trust/outcome.h"

#include "guard/router/offer.h"
#include "wire/message_method.h"

enum resend_kind {
    RESEND_READ,  /* list, read, get, complete, discover: to ask twice changes nothing */
    RESEND_CALL,  /* tools/call: its tool's hints decide */
    RESEND_WRITE, /* a method that nobody has heard of: it may do anything */
};

struct resend_case {
    enum resend_kind kind;
    enum trust_outcome_class class_;
    struct offer_hints hints;
    bool is_believed;       /* the hints are */
    bool is_sent;           /* at least one byte of it left */
    bool is_consumed;       /* somebody already answered what the call asked back */
    bool is_state_shared;   /* the group's servers stand before the same state */
    bool is_auth_elsewhere; /* a refusal for want of credentials may be tried elsewhere */
    bool is_repeated;       /* the same server already lost this request's session before */
};

enum resend_verdict {
    RESEND_ANYWHERE, /* to any other backend */
    RESEND_SAME,     /* to the same server alone, once it is back */
    RESEND_UNKNOWN,  /* nowhere: nobody knows whether it took effect */
    RESEND_ANSWER,   /* nowhere: what the backend answered is the answer */
    RESEND_NOTHING,  /* nowhere: nobody waits for an answer */
};

enum resend_verdict resend_rule(const struct resend_case *fact);

enum resend_kind resend_kind_of(enum message_method method);

#endif
