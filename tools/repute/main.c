/* repute: the operator's command line. */
#include <stdio.h>

#include "repute/commands.h"
#include "repute/dispatch.h"

int main(int argc, char **argv)
{
    const struct dispatch dispatch = {.commands = &commands_all, .out = stdout, .err = stderr};
    return dispatch_run(&dispatch, argc, (const char *const *)argv);
}
