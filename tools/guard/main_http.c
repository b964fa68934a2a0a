/* repute-guard-http: what repute-guard becomes for a group with servers that are URLs. */
#include "guard/backend_url.h"
#include "guard/program.h"

int main(int count, char **words)
{
    return program_run(count, words, &backend_url_calls);
}
