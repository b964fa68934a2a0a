/* See progress.h. */
#include "repute/progress.h"

#include <inttypes.h>
#include <stdio.h>

#define BAR_WIDTH 40
#define NOT_DRAWN 101

struct progress progress_begin(const struct output *output, const char *what, uint64_t total)
{
    return (struct progress){.output = output, .what = what, .total = total, .percent = NOT_DRAWN};
}

void progress_set(struct progress *progress, uint64_t done)
{
    static const char full[] = "########################################";
    static const char empty[] = "........................................";
    _Static_assert(sizeof full == BAR_WIDTH + 1, "the bar's width");
    if (!progress->output->shows_progress || progress->total == 0)
        return;
    uint64_t reached = done < progress->total ? done : progress->total;
    uint32_t percent = (uint32_t)(reached * 100 / progress->total);
    if (percent == progress->percent)
        return;
    progress->percent = percent;
    int filled = (int)(percent * BAR_WIDTH / 100);
    (void)fprintf(progress->output->err, "\r%s [%.*s%.*s] %3" PRIu32 "%%", progress->what, filled,
                  full, BAR_WIDTH - filled, empty, percent);
    (void)fflush(progress->output->err);
}

void progress_end(struct progress *progress)
{
    if (progress->percent != NOT_DRAWN)
        (void)fprintf(progress->output->err, "\r%*s\r", BAR_WIDTH + 32, "");
    (void)fflush(progress->output->err);
    progress->percent = NOT_DRAWN;
}
