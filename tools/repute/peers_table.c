/* See peers_table.h. */
#include "repute/peers_table.h"

#include <stdio.h>

#include "repute/dress.h"

static const struct output_field columns[] = {
    {"PEER", "key", OUTPUT_AS_IT_IS},           {"ENDPOINT", "endpoint", OUTPUT_AS_IT_IS},
    {"STATE", "state", OUTPUT_AS_IT_IS},        {"LAG", "lag_s", OUTPUT_AS_IT_IS},
    {"RECORDS IN", "records_in", OUTPUT_COUNT}, {"OUT", "records_out", OUTPUT_COUNT},
    {"BYTES IN", "bytes_in", OUTPUT_SIZE},      {"OUT", "bytes_out", OUTPUT_SIZE},
    {"REFUSED", "refused_count", OUTPUT_COUNT}, {0},
};

static const struct output_field fields[] = {
    {"peer", "key", OUTPUT_AS_IT_IS},
    {"endpoint", "endpoint", OUTPUT_AS_IT_IS},
    {"state", "state", OUTPUT_AS_IT_IS},
    {"origin", "origin", OUTPUT_AS_IT_IS},
    {"lag", "lag_s", OUTPUT_AS_IT_IS},
    {"round trip", "rtt_ms", OUTPUT_AS_IT_IS},
    {"clock ahead (ms)", "skew_ms", OUTPUT_AS_IT_IS},
    {"records in", "records_in", OUTPUT_COUNT},
    {"records out", "records_out", OUTPUT_COUNT},
    {"bytes in", "bytes_in", OUTPUT_SIZE},
    {"bytes out", "bytes_out", OUTPUT_SIZE},
    {"refused", "refused_count", OUTPUT_COUNT},
    {0},
};

static const struct output_field refused_columns[] = {
    {"  REFUSED", "count", OUTPUT_AS_IT_IS},
    {"BECAUSE", "code", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field plain_refused[] = {
    {"", "row", OUTPUT_AS_IT_IS},
    {"", "code", OUTPUT_AS_IT_IS},
    {"", "count", OUTPUT_AS_IT_IS},
    {0},
};

static void count_refused(json_t *peer)
{
    json_int_t sum = 0;
    const char *code = NULL;
    json_t *count = NULL;
    json_object_foreach(json_object_get(peer, "refused"), code, count)
    {
        sum += json_integer_value(count);
    }
    (void)json_object_set_new(peer, "refused_count", json_integer(sum));
}

static void prepare(const struct context *context, const struct dress *dress, json_t *peer)
{
    const char *key = json_string_value(json_object_get(peer, "key"));
    json_t *name = json_object_get(peer, "name");
    if (context->output.form == OUTPUT_JSON)
        return;
    count_refused(peer);
    if (dress->is_on && key != NULL && json_is_string(name))
        (void)json_object_set(dress->names, key, name);
    dress_key(dress, peer, "key");
    dress_span(dress, peer, "lag_s", 1000);
    dress_span(dress, peer, "rtt_ms", 1);
}

enum trust_error peers_table_list(struct context *context, json_t *peers)
{
    struct dress dress = dress_open(context);
    for (size_t i = 0; i < json_array_size(peers); i++)
        prepare(context, &dress, json_array_get(peers, i));
    enum trust_error error =
        output_list(&context->output, peers, columns,
                    "no peers yet: `repute peers invite` on another node, then `repute peers join "
                    "INVITE` here");
    dress_close(&dress);
    return error;
}

static enum trust_error show_refused(struct context *context, const json_t *peer)
{
    bool is_plain = context->output.form == OUTPUT_PLAIN;
    json_t *rows = json_array();
    const char *code = NULL;
    json_t *count = NULL;
    json_object_foreach(json_object_get(peer, "refused"), code, count)
    {
        char shown[32];
        (void)snprintf(shown, sizeof shown, is_plain ? "%lld" : "  %lld",
                       (long long)json_integer_value(count));
        (void)json_array_append_new(
            rows, json_pack("{s:s,s:s,s:s}", "row", "refused", "code", code, "count", shown));
    }
    enum trust_error error = TRUST_OK;
    if (json_array_size(rows) > 0)
        error = output_list(&context->output, rows, is_plain ? plain_refused : refused_columns, "");
    json_decref(rows);
    return error;
}

enum trust_error peers_table_one(struct context *context, json_t *peer)
{
    struct dress dress = dress_open(context);
    prepare(context, &dress, peer);
    enum trust_error error = output_object(&context->output, peer, fields);
    if (error == TRUST_OK && context->output.form != OUTPUT_JSON)
        error = show_refused(context, peer);
    dress_close(&dress);
    return error;
}
