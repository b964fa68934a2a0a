/* A home for drafts, and drafts to put into it. */
#ifndef TESTS_TOOLS_REPUTE_DRAFTS_H
#define TESTS_TOOLS_REPUTE_DRAFTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/sodium.h"
#include "repute/context.h"
#include "repute/draft.h"

struct drafts_home {
    char directory[64];
    struct context context;
};

static inline void drafts_open(struct drafts_home *home)
{
    *home = (struct drafts_home){.directory = "/tmp/repute-drafts-XXXXXX"};
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    assert_non_null(mkdtemp(home->directory));
    const struct trust_home_inputs inputs = {.option = home->directory};
    assert_int_equal(trust_home_find(&home->context.home, &inputs), TRUST_OK);
}

static inline void drafts_close(struct drafts_home *home)
{
    char command[96];
    context_close(&home->context);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", home->directory);
    assert_int_equal(system(command), 0);
}

static inline void drafts_put_file(const struct drafts_home *home, const char *name,
                                   const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", home->directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* An overall rating of .5 of a server of this name. */
static inline struct draft drafts_rating(const char *name, uint64_t created_s)
{
    struct draft draft = {
        .kind = TRUST_KIND_RATING,
        .created_s = created_s,
        .life_s = 86400,
        .rating = {.category = TRUST_CATEGORY_OVERALL, .value = 500, .origin = TRUST_ORIGIN_HUMAN},
    };
    (void)snprintf(draft.subject, sizeof draft.subject, "mcp:io.example/%s", name);
    return draft;
}

#endif
