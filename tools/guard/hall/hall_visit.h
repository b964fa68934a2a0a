/*
 * One connection of the hall, and the request on it: HTTP/1.1 has one at a time. Head and body are
 * gathered and judged, the request joins a session and waits suspended, and is answered in the form
 * that the session finds.
 */
#ifndef GUARD_HALL_VISIT_H
#define GUARD_HALL_VISIT_H

#include <microhttpd.h>

#include "trust/time.h"

#include "guard/face/face_agree.h"
#include "guard/hall/sessions.h"

enum hall_visit_state {
    VISIT_IDLE,     /* no head so far */
    VISIT_BODY,     /* the body is on its way, to be kept or thrown away */
    VISIT_WAITING,  /* a session has the request */
    VISIT_ANSWERED, /* the answer is in the library's hands */
};

/* What all visits have in common. */
struct hall_ground {
    struct face_rules rules;
    struct sessions *sessions;
    struct trust_now now;
    bool is_due; /* the library is to be run though its descriptor is silent */
    bool is_ending;
};

struct hall_visit {
    struct hall_ground *ground;
    struct MHD_Connection *connection;
    struct hall_visit *next; /* of all connections, the one longest without a request first */
    struct hall_visit *previous;
    int fd; /* the library's */
    enum hall_visit_state state;
    enum face_verdict verdict; /* FACE_FINE so far */
    bool is_suspended;
    bool is_gone;            /* its client is */
    bool is_beginning;       /* its session begins with it */
    bool is_leaving;         /* it was told to make room */
    bool is_used;            /* it has had a request */
    uint32_t watched;        /* among the items that were polled last; 0: it was not */
    struct trust_mono begun; /* BODY: when it began */

    struct face_head head; /* its spans are the library's */
    struct face_post post; /* its spans lie in body */
    uint8_t *body;
    size_t body_size;
    size_t body_capacity;
    size_t discarded;
    struct face_http_request request;
    struct trust_mono said; /* when it was sent something last */
};

/* The library's callback, with visit as context of the request. */
enum MHD_Result hall_visit_handle(struct hall_visit *visit, const char *path, const char *method,
                                  const char *piece, size_t *inout_size);

/* The library is done with the request. */
void hall_visit_end(struct hall_visit *visit);

/* As sessions_new takes it. */
void hall_visit_wake(struct face_http_request *request);

/* Its client has left while it was suspended. */
void hall_visit_left(struct hall_visit *visit);

#endif
