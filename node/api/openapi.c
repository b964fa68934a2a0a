/* See openapi.h. */
#include "node/api/openapi.h"

void openapi_show(struct api_call *call)
{
    api_answer_text(call, "application/json",
                    (struct trust_bytes){.data = openapi_text, .size = openapi_size});
}
