/* A score as its JSON object, the same wherever one is shown: score, servers, explain. */
#ifndef API_SCORE_DOC_H
#define API_SCORE_DOC_H

#include "trust/score.h"

#include "node/api/doc.h"
#include "score/scorer.h"

struct core;

/* Appends the members of a score, without the braces around them. */
void score_doc_members(struct api_doc *doc, struct core *core,
                       const struct trust_question *question, const struct trust_score *score);

/* Scores the question, whose subject was checked, and appends the whole object. */
void score_doc_put(struct api_doc *doc, struct core *core, const struct trust_question *question);

#endif
