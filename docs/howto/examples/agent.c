/* An agent whose loop has twenty lines: for each task on standard input it calls one server of a
 * group.
 * usage: agent GROUP PROGRAM ; "PROGRAM SUBJECT" stands for the MCP call and exits 0 if it went. */
#include <stdio.h>
#include <stdlib.h>
#include <trust/client.h>

static enum trust_outcome_class call_server(const char *program, const char *subject)
{
    char command[1024];
    snprintf(command, sizeof command, "%s '%s'", program, subject);
    return system(command) == 0 ? TRUST_OUTCOME_OK : TRUST_OUTCOME_REFUSED;
}

int main(int argc, char **argv)
{
    struct trust_client *client;
    if (argc != 3 || trust_client_open(&client, NULL, NULL) != TRUST_OK)
        return 2;
    const struct trust_client_query query = {.group = argv[1]};
    for (char task[256]; fgets(task, sizeof task, stdin) != NULL; fflush(stdout)) {
        struct trust_answer answer;
        struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
        if (trust_client_select(client, &answer, choices, TRUST_CLIENT_GROUP_MAX, &query))
            return 1;
        enum trust_outcome_class end = TRUST_OUTCOME_CANCELLED;
        for (int i = 0; i < answer.count && end != TRUST_OUTCOME_OK; i++) {
            struct trust_client_call call;
            if (trust_client_permit(client, &call, &choices[i].target, 0, NULL) != TRUST_OK)
                continue;
            end = call_server(argv[2], choices[i].target.subject);
            trust_client_done(client, &call, end);
        }
        char text[TRUST_CLIENT_ANSWER_SIZE];
        if (trust_client_answer_text(text, sizeof text, &answer, choices, argv[1]) == TRUST_OK)
            printf("%s %s\n", end == TRUST_OUTCOME_OK ? "done" : "not done", text);
    }
    trust_client_close(client);
}
