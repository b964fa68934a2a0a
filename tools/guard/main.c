/* repute-guard: one MCP server in front of a group of them. */
#include "guard/program.h"

int main(int count, char **words)
{
    return program_run(count, words, &(struct start_means){0});
}
