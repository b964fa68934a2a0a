/* repute-guard-http: what repute-guard becomes for HTTP, towards servers or clients. */
#include "guard/hall/hall.h"
#include "guard/http/backend_url.h"
#include "guard/program.h"

int main(int count, char **words)
{
    const struct start_means means = {.http = &backend_url_calls, .serve_http = hall_serve};
    return program_run(count, words, &means);
}
