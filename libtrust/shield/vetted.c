/* See vetted.h. */
#include "shield/vetted.h"

#include "trust/flag.h"

#include "base/limits.h"
#include "shield/gate.h"

#define HOPS_MIN 2

bool trust_vetted_has_merit(const struct trust_candidate *candidate,
                            const struct trust_request *request)
{
    if ((candidate->marks & TRUST_CANDIDATE_COVERS) == 0)
        return false;
    const struct trust_board_cell *cell = candidate->cell;
    if (cell == NULL || cell->lower_ppm == TRUST_PPM_NONE)
        return false;
    if (cell->lower_ppm < request->min_score_ppm)
        return false;
    if (cell->first_hops < HOPS_MIN)
        return false;
    if (cell->flag_severity >= TRUST_SEVERITY_HIGH)
        return false;
    if (cell->manifest_state == TRUST_MANIFEST_CHANGED)
        return false;
    if (cell->manifest_state == TRUST_MANIFEST_PENDING)
        return false;
    return trust_quarantine_effective(candidate, request->now.wall) == TRUST_QUARANTINE_OK;
}

bool trust_vetted_is_active(const struct trust_candidate *candidate, struct trust_mono now)
{
    uint64_t active_ms = candidate->cell == NULL ? 0 : candidate->cell->active.ms;
    if (active_ms == 0 || active_ms > now.ms)
        return false;
    return now.ms - active_ms <= TRUST_VETTED_ACTIVE_MS;
}
