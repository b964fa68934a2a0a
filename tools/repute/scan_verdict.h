/* What the scan concludes of one server, why, and the next step. Pure. */
#ifndef REPUTE_SCAN_VERDICT_H
#define REPUTE_SCAN_VERDICT_H

#include <jansson.h>
#include <stdbool.h>

enum scan_verdict {
    SCAN_WITHHELD, /* quarantined, investigating or banned */
    SCAN_SUSPECT,  /* in quarantine's first step */
    SCAN_FLAGGED,  /* a live flag of any severity */
    SCAN_LOW,      /* rated, its lower bound below the operator's minimum */
    SCAN_RATED,
    SCAN_UNKNOWN, /* nobody of weight said anything, or nothing can be asked */
    SCAN_GUARDED, /* behind `repute guard` */
    SCAN_UNNAMED, /* no subject */
};
#define SCAN_VERDICT_COUNT 8

#define SCAN_NEXT_SIZE 512

struct scan_conclusion {
    enum scan_verdict verdict;
    const char *text;          /* why; static, or the server's; NULL: nothing to add */
    char next[SCAN_NEXT_SIZE]; /* empty: none */
};

/* server: a row of scan_file.h; standing: its member of scan_standing.h, NULL: none. */
void scan_verdict_conclude(struct scan_conclusion *out_conclusion, const json_t *server,
                           const json_t *standing, double min_score);

/* The three that a scan is there to find. */
bool scan_verdict_is_bad(enum scan_verdict verdict);

/* "withheld", ... Static. */
const char *scan_verdict_name(enum scan_verdict verdict);

#endif
