/*
 * The tools of one modern server whose parameters go into headers, as its lists of tools pass by.
 * A tool that marks them against the rules is taken out of the list: the specification wants such a
 * tool to be left out, and the others offered.
 */
#ifndef GUARD_HTTP_PARAMS_H
#define GUARD_HTTP_PARAMS_H

#include "guard/http/params.h"
#include "wire/message.h"

#define HTTP_PARAMS_NOTE_SIZE 256

struct http_params_tool {
    char *name;
    struct params params;
};

struct http_params {
    struct http_params_tool *tools;
    size_t count;
    size_t capacity;
    uint8_t *line; /* the last one that was written anew */
    char note[HTTP_PARAMS_NOTE_SIZE];
};

void http_params_close(struct http_params *params);

/*
 * An answer to tools/list. out_line is what is left of it, good until the next call: the same
 * bytes, unless a tool was taken out, which params->note then says ("": none was).
 * TRUST_FAIL_MEMORY
 */
TRUST_MUST_USE enum trust_error http_params_learn(struct http_params *params,
                                                  struct trust_bytes *out_line,
                                                  const struct message *answer);

/* Of the tool that this message calls; NULL: none go into headers. */
const struct params *http_params_find(const struct http_params *params,
                                      const struct message *message);

#endif
