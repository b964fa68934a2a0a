/* A command's context without a node, whose output is a text in memory. */
#ifndef TESTS_TOOLS_REPUTE_CAPTURE_H
#define TESTS_TOOLS_REPUTE_CAPTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "repute/context.h"

struct capture {
    struct context context;
    char *text;
    size_t size;
};

static inline void capture_begin(struct capture *capture, enum output_form form)
{
    *capture = (struct capture){0};
    FILE *stream = open_memstream(&capture->text, &capture->size);
    assert_non_null(stream);
    capture->context.output = (struct output){.form = form, .out = stream, .err = stream};
    /* Nobody listens there. */
    const struct trust_home_inputs inputs = {.option = "/nonexistent"};
    assert_int_equal(trust_home_find(&capture->context.home, &inputs), TRUST_OK);
}

/* What was written, until capture_end. */
static inline const char *capture_text(struct capture *capture)
{
    assert_int_equal(fflush(capture->context.output.out), 0);
    return capture->text;
}

static inline void capture_end(struct capture *capture)
{
    FILE *stream = capture->context.output.out;
    context_close(&capture->context);
    assert_int_equal(fclose(stream), 0);
    free(capture->text);
}

/* A document in the notation of JSON with single quotes. */
static inline json_t *capture_document(const char *quoted)
{
    char text[8192];
    size_t size = strlen(quoted);
    assert_in_range(size, 1, sizeof text - 1);
    for (size_t i = 0; i <= size; i++)
        text[i] = (char)(quoted[i] == '\'' ? '"' : quoted[i]);
    json_error_t fault;
    json_t *document = json_loads(text, 0, &fault);
    if (document == NULL)
        fail_msg("%s", fault.text);
    return document;
}

#endif
