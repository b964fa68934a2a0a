/* See view.h. */
#include "mcp/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/siphash.h"
#include "client/request.h"
#include "host/config.h"
#include "host/files.h"
#include "mcp/explain_doc.h"
#include "mcp/score_doc.h"

enum trust_error view_open(struct view *view, const char *home)
{
    *view = (struct view){0};
    const struct trust_home_inputs inputs = trust_home_inputs_read(home);
    enum trust_error error = trust_home_find(&view->home, &inputs);
    char path[TRUST_HOME_PATH_SIZE];
    if (error != TRUST_OK)
        return error;
    trust_home_path(path, &view->home, TRUST_HOME_AGENT_SOCK);
    error = trust_requester_open(&view->requester, path);
    return error == TRUST_OK ? trust_client_open(&view->client, home, NULL) : error;
}

void view_close(struct view *view)
{
    trust_client_close(view->client);
    trust_requester_close(view->requester);
    *view = (struct view){0};
}

/* NULL: no answer, for whatever reason: the board is then what is left. body becomes ours. */
static json_t *ask(struct view *view, enum trust_request_method method, const char *path,
                   json_t *body)
{
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    json_decref(body);
    const struct trust_http_request request = {
        .method = method,
        .path = path,
        .body = text == NULL ? (struct trust_bytes){0} : trust_bytes_text(text),
        .timeout_ms = TRUST_MCP_ASK_MS,
    };
    struct trust_reply reply = {0};
    struct trust_problem problem = {0};
    json_t *answer = NULL;
    if (trust_requester_send(view->requester, &reply, &problem, &request) == TRUST_OK)
        answer = json_loadb((const char *)reply.body.data, reply.body.size, 0, NULL);
    free(text);
    return answer;
}

/* ---- scores ---- */

static enum trust_quarantine_state state_of(const struct trust_client_choice *choice)
{
    if (choice->state != TRUST_CANDIDATE_STATE_WITHHELD)
        return TRUST_QUARANTINE_OK;
    if (choice->why == TRUST_WHY_BANNED)
        return TRUST_QUARANTINE_BANNED;
    return choice->why == TRUST_WHY_INVESTIGATING ? TRUST_QUARANTINE_INVESTIGATING
                                                  : TRUST_QUARANTINE_QUARANTINED;
}

enum trust_quarantine_state view_quarantine(struct view *view, const char *subject,
                                            struct trust_basis *out_basis)
{
    const char *const candidates[] = {subject};
    const struct trust_client_query query = {
        .candidates = candidates, .candidate_count = 1, .wait_ms = TRUST_CLIENT_NO_WAIT};
    struct trust_answer answer;
    struct trust_client_choice choice;
    *out_basis = (struct trust_basis){.kind = TRUST_BASIS_NONE};
    if (trust_client_select(view->client, &answer, &choice, 1, &query) != TRUST_OK)
        return TRUST_QUARANTINE_OK;
    *out_basis = answer.basis;
    return state_of(&choice);
}

static json_t *score_without_node(struct view *view, const char *subject)
{
    struct trust_basis basis;
    struct trust_board_cell cell;
    struct trust_client_target target;
    enum trust_quarantine_state state = view_quarantine(view, subject, &basis);
    bool is_shown = trust_client_target_init(&target, subject, NULL) == TRUST_OK &&
                    trust_client_find(view->client, &cell, &target) == TRUST_OK;
    /* What does not withhold a server is told by the board alone. */
    if (is_shown && !trust_quarantine_is_withheld(state) &&
        !trust_quarantine_is_withheld((enum trust_quarantine_state)cell.quarantine))
        state = (enum trust_quarantine_state)cell.quarantine;
    return score_of_cell(subject, is_shown ? &cell : NULL, state, basis);
}

static json_t *body_of(char (*subjects)[TRUST_SUBJECT_TEXT_SIZE], size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, json_string(subjects[i]));
    return json_pack("{s:o}", "subjects", list);
}

json_t *view_scores(struct view *view, char (*subjects)[TRUST_SUBJECT_TEXT_SIZE], size_t count)
{
    json_t *answer = ask(view, TRUST_REQUEST_POST, "/v1/score", body_of(subjects, count));
    json_t *docs = json_array();
    bool is_good = docs != NULL;
    for (size_t i = 0; i < count && is_good; i++) {
        json_t *doc = score_of_node(subjects[i], json_array_get(answer, i));
        if (doc == NULL)
            doc = score_without_node(view, subjects[i]);
        is_good = json_array_append_new(docs, doc) == 0;
    }
    json_decref(answer);
    if (is_good)
        return docs;
    json_decref(docs);
    return NULL;
}

json_t *view_explanation(struct view *view, char subject[TRUST_SUBJECT_TEXT_SIZE])
{
    char path[TRUST_REQUEST_PATH_SIZE_MAX] = "/v1/servers/";
    json_t *answer = NULL;
    if (trust_request_escape(path, sizeof path - sizeof "/explain", subject) == TRUST_OK) {
        memcpy(path + strlen(path), "/explain", sizeof "/explain");
        answer = ask(view, TRUST_REQUEST_GET, path, NULL);
    }
    json_t *doc = score_of_node(subject, answer);
    if (doc != NULL && !explain_add(doc, answer)) {
        json_decref(doc);
        doc = NULL;
    }
    json_decref(answer);
    if (doc != NULL)
        return doc;
    doc = score_without_node(view, subject);
    if (doc != NULL && explain_add(doc, NULL))
        return doc;
    json_decref(doc);
    return NULL;
}

bool view_mark(struct view *view, const char *subject, uint64_t *out_mark)
{
    static const struct trust_siphash_key key = {0};
    /* What is not shown is what is shown as unknown. */
    struct trust_board_cell cell = {.score_ppm = TRUST_PPM_NONE,
                                    .lower_ppm = TRUST_PPM_NONE,
                                    .mean_ppm = TRUST_PPM_NONE,
                                    .upper_ppm = TRUST_PPM_NONE};
    struct trust_client_target target;
    struct trust_client_stats stats;
    bool is_shown = trust_client_target_init(&target, subject, NULL) == TRUST_OK &&
                    trust_client_find(view->client, &cell, &target) == TRUST_OK;
    trust_client_stats(view->client, &stats);
    const uint32_t seen[] = {
        stats.basis.kind,      cell.score_ppm / 1000, cell.lower_ppm / 1000, cell.mean_ppm / 1000,
        cell.upper_ppm / 1000, cell.status,           cell.quarantine,       cell.breaker_state,
        cell.flag_classes,     cell.flag_severity,    cell.raters,
    };
    *out_mark = trust_siphash(
        &key, (struct trust_bytes){.data = (const uint8_t *)seen, .size = sizeof seen});
    return is_shown;
}

/* ---- the configuration ---- */

static bool has_text(const json_t *list, const char *text)
{
    size_t index;
    const json_t *value;
    json_array_foreach(list, index, value)
    {
        if (strcmp(json_string_value(value), text) == 0)
            return true;
    }
    return false;
}

/* text is a server in any spelling. */
static void add_server(json_t *list, const char *text)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    if (trust_subject_canonical(subject, trust_bytes_text(text)) == TRUST_OK &&
        !has_text(list, subject))
        (void)json_array_append_new(list, json_string(subject));
}

static void add_group(json_t *list, const struct trust_group *group)
{
    add_server(list, group->primary.subject);
    for (size_t i = 0; i < group->fallbacks.count; i++)
        add_server(list, group->fallbacks.servers[i].subject);
}

/* False: there is none, or it does not read. */
static bool read_configuration(const struct view *view, json_t *list)
{
    char path[TRUST_HOME_PATH_SIZE];
    struct trust_config config;
    struct trust_yaml_fault fault = {0};
    size_t size = 0;
    trust_home_path(path, &view->home, TRUST_HOME_CONFIG);
    uint8_t *text = malloc(TRUST_MCP_CONFIG_SIZE_MAX);
    bool is_read = text != NULL &&
                   trust_file_read(path, text, &size, TRUST_MCP_CONFIG_SIZE_MAX) == TRUST_OK &&
                   trust_config_load(&config, &fault, path,
                                     (struct trust_bytes){.data = text, .size = size}) == TRUST_OK;
    for (size_t i = 0; is_read && i < config.groups.count; i++)
        add_group(list, &config.groups.groups[i]);
    if (is_read)
        trust_config_close(&config);
    free(text);
    return is_read;
}

json_t *view_configured(struct view *view, bool *out_is_whole)
{
    json_t *list = json_array();
    bool is_whole = read_configuration(view, list);
    json_t *answer = is_whole ? NULL : ask(view, TRUST_REQUEST_GET, "/v1/servers", NULL);
    size_t index;
    const json_t *row;
    is_whole = is_whole || json_is_array(answer);
    json_array_foreach(answer, index, row)
    {
        const char *subject = json_string_value(json_object_get(row, "subject"));
        if (subject != NULL)
            add_server(list, subject);
    }
    json_decref(answer);
    if (out_is_whole != NULL)
        *out_is_whole = is_whole;
    return list;
}

/* ---- what is withheld ---- */

static void add_withheld(json_t *list, const char *subject, const char *state)
{
    (void)json_array_append_new(list, json_pack("{s:s,s:s}", "subject", subject, "state", state));
}

static json_t *withheld_of_node(const json_t *rows)
{
    static const char *const states[] = {"quarantined", "investigating", "banned", NULL};
    json_t *list = json_array();
    size_t index;
    const json_t *row;
    json_array_foreach(rows, index, row)
    {
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        const char *text = json_string_value(json_object_get(row, "subject"));
        const char *state = score_word(json_object_get(row, "state"), states);
        if (state != NULL && text != NULL &&
            trust_subject_canonical(subject, trust_bytes_text(text)) == TRUST_OK)
            add_withheld(list, subject, state);
    }
    return list;
}

json_t *view_withheld(struct view *view, struct trust_basis *out_basis, bool *out_is_whole)
{
    json_t *answer = ask(view, TRUST_REQUEST_GET, "/v1/quarantine", NULL);
    if (json_is_array(answer)) {
        json_t *list = withheld_of_node(answer);
        json_decref(answer);
        *out_basis = (struct trust_basis){.kind = TRUST_BASIS_FRESH};
        *out_is_whole = true;
        return list;
    }
    json_decref(answer);
    json_t *servers = view_configured(view, out_is_whole);
    json_t *list = json_array();
    struct trust_client_stats stats;
    size_t index;
    const json_t *server;
    json_array_foreach(servers, index, server)
    {
        struct trust_basis basis;
        const char *subject = json_string_value(server);
        enum trust_quarantine_state state = view_quarantine(view, subject, &basis);
        if (trust_quarantine_is_withheld(state))
            add_withheld(list, subject, trust_quarantine_state_name(state));
    }
    json_decref(servers);
    trust_client_stats(view->client, &stats);
    *out_basis = stats.basis;
    *out_is_whole = *out_is_whole && !stats.is_withheld_incomplete;
    return list;
}
