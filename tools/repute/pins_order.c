/*
 * `repute pins accept|reject SUBJECT [TOOL]`: the operator's word on what a server offers in place
 * of what is pinned. To accept needs the operator's key where there is one.
 */
#include "record/statement.h"
#include "repute/commands.h"
#include "repute/ids.h"
#include "repute/operator.h"
#include "repute/passphrase.h"
#include "repute/pins_shelf.h"
#include "repute/pins_tell.h"

enum { GROUP, PASSPHRASE_FILE };

static const struct command_option accept_options[] = {
    [GROUP] = PINS_GROUP_OPTION,
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    [PASSPHRASE_FILE + 1] = {0},
};

static const struct command_option reject_options[] = {
    [GROUP] = PINS_GROUP_OPTION,
    [GROUP + 1] = {0},
};

struct order {
    struct context *context;
    const struct pins_shelf *shelf;
    const char *subject;
    const char *tool; /* NULL: all */
    bool is_acceptance;
    struct trust_secret *secret; /* NULL: no key is known, and none needed */
    json_t *rows;                /* of what it changed */
    json_t *acceptances;         /* for the node */
};

static enum trust_error sign(const struct order *order, const struct pins_shelf_file *file,
                             struct pins_entry *entry)
{
    char statement[PINS_STATEMENT_SIZE];
    enum trust_error error = pins_entry_statement(statement, entry);
    if (error == TRUST_OK)
        error = trust_statement_sign(entry->signature, order->secret, TRUST_PURPOSE_PIN,
                                     trust_bytes_text(statement));
    entry->has_signature = error == TRUST_OK;
    if (error == TRUST_OK && !pins_shelf_believes(order->shelf, file, entry))
        error = context_refuse(order->context, TRUST_NO_KEY,
                               "use the home whose keys/operator.pub belongs to the key",
                               "the operator's key is not that of keys/operator.pub");
    return error;
}

static enum trust_error change_entry(const struct order *order, const struct pins_shelf_file *file,
                                     struct pins_entry *entry)
{
    enum trust_error error;
    if (order->is_acceptance)
        error =
            pins_entry_accept(entry, order->tool, pins_shelf_believes(order->shelf, file, entry),
                              context_now_ms() / 1000);
    else
        error = pins_entry_reject(entry, order->tool);
    if (error == TRUST_NO_FOUND)
        return TRUST_OK;
    if (error == TRUST_OK && order->secret != NULL)
        error = sign(order, file, entry);
    if (error == TRUST_OK && order->is_acceptance)
        error = pins_tell_add(order->acceptances, entry);
    return error == TRUST_OK ? pins_shelf_rows(order->rows, order->shelf, file, entry, order->tool)
                             : error;
}

/* Under the file's lock, so that what is accepted is what is stored. */
static enum trust_error change_file(const struct order *order, const struct pins_shelf_file *file)
{
    struct pins_fault fault = {{0}};
    size_t before = json_array_size(order->rows);
    enum trust_error error = pins_lock(file->pins, &fault);
    if (error != TRUST_OK)
        return context_refuse(order->context, error, "try again", "%s", fault.text);
    struct pins_book *book = pins_book(file->pins);
    for (size_t i = 0; error == TRUST_OK && i < book->count; i++)
        if (pins_shelf_is(&book->entries[i], order->subject))
            error = change_entry(order, file, &book->entries[i]);
    if (error != TRUST_OK || json_array_size(order->rows) == before) {
        pins_unlock(file->pins);
        return error;
    }
    error = pins_save(file->pins);
    return error <= TRUST_OK
               ? error
               : context_refuse(order->context, error, "see that it can be written",
                                "pins of the group '%s': %s", file->group, trust_error_text(error));
}

static enum trust_error change(struct order *order, const struct command_arguments *arguments)
{
    enum trust_error error = TRUST_OK;
    order->rows = json_array();
    order->acceptances = json_array();
    for (size_t i = 0; error == TRUST_OK && i < order->shelf->count; i++)
        error = change_file(order, &order->shelf->files[i]);
    if (error == TRUST_OK && json_array_size(order->rows) == 0)
        error = pins_shelf_refuse(order->context, arguments);
    if (error == TRUST_OK)
        error = pins_shelf_show(order->context, order->rows);
    if (error == TRUST_OK)
        pins_tell_send(order->context, order->acceptances);
    json_decref(order->rows);
    json_decref(order->acceptances);
    return error;
}

static bool is_known(const struct order *order)
{
    for (size_t i = 0; i < order->shelf->count; i++) {
        const struct pins_book *book = pins_book(order->shelf->files[i].pins);
        for (size_t j = 0; j < book->count; j++)
            if (pins_shelf_is(&book->entries[j], order->subject))
                return true;
    }
    return false;
}

static enum trust_error give(struct context *context, const struct command_arguments *arguments,
                             bool is_acceptance)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    struct pins_shelf shelf;
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error == TRUST_OK)
        error = pins_shelf_open(context, &shelf, arguments->values[GROUP].text);
    if (error != TRUST_OK)
        return error;
    struct order order = {.context = context,
                          .shelf = &shelf,
                          .subject = subject,
                          .tool = arguments->word_count > 1 ? arguments->words[1] : NULL,
                          .is_acceptance = is_acceptance};
    if (!is_known(&order))
        error = pins_shelf_refuse(context, arguments);
    else if (is_acceptance && shelf.has_operator_key)
        error = operator_open(context, &order.secret, arguments->values[PASSPHRASE_FILE].text);
    if (error == TRUST_OK)
        error = change(&order, arguments);
    trust_secret_close(order.secret);
    pins_shelf_close(&shelf);
    return error;
}

static enum trust_error accept(struct context *context, const struct command_arguments *arguments)
{
    return give(context, arguments, true);
}

static enum trust_error reject(struct context *context, const struct command_arguments *arguments)
{
    return give(context, arguments, false);
}

const struct command pins_accept_command = {
    .name = "pins accept",
    .words = "ID [TOOL]",
    .summary = "pin what a server offers now",
    .more = "It loosens safety: the operator's key signs it. Look at `repute pins diff` before. A\n"
            "node that runs is told: it calls the server suspect no more.\n",
    .least = 1,
    .most = 2,
    .options = accept_options,
    .run = accept,
};

const struct command pins_reject_command = {
    .name = "pins reject",
    .words = "ID [TOOL]",
    .summary = "refuse what a server offers now",
    .more = "A tool that is named is refused as it is pinned if nothing else is offered.\n",
    .least = 1,
    .most = 2,
    .options = reject_options,
    .run = reject,
};
