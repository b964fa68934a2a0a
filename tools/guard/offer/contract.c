/* See contract.h. Routes are worked out when a backend is learned, so that a call only looks. */
#include "guard/offer/contract.h"

#include <stdlib.h>

#include "base/assert.h"
#include "guard/offer/conform.h"
#include "wire/json.h"
#include "wire/json_text.h"

/* A name with its quotes; each of its bytes may become an escape of six. */
#define TARGET_SIZE (6 * TRUST_TOOL_NAME_SIZE_MAX + 2)

struct cell {
    enum offer_state state;
    struct offer_hints hints;
    const struct trust_group_map *map;
    uint8_t *target; /* a JSON string; NULL: the same name */
    size_t target_size;
    struct cover_why *why;
    uint8_t *schema; /* of its answers; NULL: none, or none that can be checked */
    size_t schema_size;
    struct conform *conform; /* of it, once it was needed */
};

struct tool {
    struct trust_bytes name;         /* both in names */
    struct trust_bytes input_schema; /* in list */
    struct cell cells[CONTRACT_BACKENDS_MAX];
};

struct contract {
    bool is_built;
    uint8_t *list;
    size_t list_size;
    uint8_t *names;
    struct tool *tools;
    size_t count;
    size_t nodes[CONTRACT_BACKENDS_MAX]; /* of schemas that were made ready */
};

enum trust_error contract_new(struct contract **out_contract)
{
    struct contract *contract = calloc(1, sizeof *contract);
    if (contract == NULL)
        return TRUST_FAIL_MEMORY;
    *out_contract = contract;
    return TRUST_OK;
}

static void clear_cell(struct cell *cell)
{
    free(cell->target);
    free(cell->why);
    free(cell->schema);
    conform_free(cell->conform);
    *cell = (struct cell){.state = OFFER_UNKNOWN_YET};
}

static void clear(struct contract *contract)
{
    for (size_t i = 0; i < contract->count; i++)
        for (size_t b = 0; b < CONTRACT_BACKENDS_MAX; b++)
            clear_cell(&contract->tools[i].cells[b]);
    free(contract->tools);
    free(contract->names);
    free(contract->list);
    *contract = (struct contract){0};
}

void contract_free(struct contract *contract)
{
    if (contract != NULL)
        clear(contract);
    free(contract);
}

/* ---- building ---- */

static bool allocate(struct contract *contract, const struct manifest *source)
{
    size_t list_size = 2, names_size = 1, count = manifest_count(source);
    for (size_t i = 0; i < count; i++) {
        list_size += manifest_at(source, i)->definition.size + 1;
        names_size += manifest_at(source, i)->name.size;
    }
    contract->list = malloc(list_size);
    contract->names = malloc(names_size);
    contract->tools = calloc(count + 1, sizeof *contract->tools);
    return contract->list != NULL && contract->names != NULL && contract->tools != NULL;
}

/* Where in the copied definition the same bytes lie. */
static struct trust_bytes moved(struct trust_bytes part, struct trust_bytes from, const uint8_t *to)
{
    if (part.size == 0)
        return (struct trust_bytes){0};
    return (struct trust_bytes){.data = to + (part.data - from.data), .size = part.size};
}

static void add_tool(struct contract *contract, const struct manifest_tool *from)
{
    struct tool *tool = &contract->tools[contract->count];
    if (contract->count > 0)
        contract->list[contract->list_size++] = ',';
    uint8_t *at = contract->list + contract->list_size;
    memcpy(at, from->definition.data, from->definition.size);
    contract->list_size += from->definition.size;
    tool->input_schema = moved(from->input_schema, from->definition, at);
    for (size_t b = 0; b < CONTRACT_BACKENDS_MAX; b++)
        tool->cells[b].state = OFFER_UNKNOWN_YET;
    contract->count++;
}

static void fill(struct contract *contract, const struct manifest *source)
{
    uint8_t *name = contract->names;
    contract->list[contract->list_size++] = '[';
    for (size_t i = 0; i < manifest_count(source); i++) {
        const struct manifest_tool *from = manifest_at(source, i);
        if (from->is_bad)
            continue;
        memcpy(name, from->name.data, from->name.size);
        contract->tools[contract->count].name =
            (struct trust_bytes){.data = name, .size = from->name.size};
        name += from->name.size;
        add_tool(contract, from);
    }
    contract->list[contract->list_size++] = ']';
    contract->is_built = true;
}

enum trust_error contract_build(struct contract *contract, bool *out_has_changed,
                                const struct manifest *source)
{
    struct contract built = {0};
    if (!allocate(&built, source)) {
        clear(&built);
        return TRUST_FAIL_MEMORY;
    }
    fill(&built, source);
    *out_has_changed =
        !contract->is_built || !trust_bytes_equal(contract_list(contract), contract_list(&built));
    clear(contract);
    *contract = built;
    return TRUST_OK;
}

/* ---- backends ---- */

static const struct trust_group_map *find_map(const struct trust_group_maps *maps,
                                              struct trust_bytes name)
{
    for (size_t i = 0; maps != NULL && i < maps->count; i++)
        if (trust_bytes_equal(trust_bytes_text(maps->maps[i].tool), name))
            return &maps->maps[i];
    return NULL;
}

static bool set_target(struct cell *cell, struct trust_bytes target)
{
    uint8_t text[TARGET_SIZE];
    struct trust_writer writer = trust_writer_init(text, sizeof text);
    json_put_string(&writer, target);
    assert(!trust_writer_has_overflowed(&writer));
    cell->target = malloc(writer.size);
    if (cell->target == NULL)
        return false;
    memcpy(cell->target, text, writer.size);
    cell->target_size = writer.size;
    return true;
}

static bool is_withheld(enum pin_state state)
{
    return state != PIN_FIRST && state != PIN_SAME;
}

/* What is not copied is not checked. */
static void set_schema(struct cell *cell, const struct manifest_tool *there)
{
    struct trust_bytes schema;
    if (json_find(&schema, there->definition, "outputSchema") != TRUST_OK)
        return;
    cell->schema = malloc(schema.size);
    if (cell->schema == NULL)
        return;
    memcpy(cell->schema, schema.data, schema.size);
    cell->schema_size = schema.size;
}

/* The operator's map stands above what the schemas say. */
static bool compare(struct cell *cell, const struct tool *tool, const struct manifest_tool *there,
                    size_t *work)
{
    struct cover_why why;
    cell->state = OFFER_COVERED;
    if (cell->map != NULL ||
        cover_accepts_within(&why, work, there->input_schema, tool->input_schema))
        return true;
    cell->state = OFFER_NOT_COVERED;
    cell->why = malloc(sizeof why);
    if (cell->why == NULL)
        return false;
    *cell->why = why;
    return true;
}

static bool fill_cell(struct cell *cell, const struct tool *tool,
                      const struct contract_backend *backend, size_t *work)
{
    cell->map = find_map(backend->maps, tool->name);
    struct trust_bytes target =
        cell->map == NULL ? tool->name : trust_bytes_text(cell->map->target);
    size_t index = 0;
    cell->state = OFFER_NOT_COVERED;
    if (!manifest_find(backend->manifest, &index, target))
        return true;
    const struct manifest_tool *there = manifest_at(backend->manifest, index);
    cell->hints = (struct offer_hints){.is_read_only = there->hints.is_read_only,
                                       .is_idempotent = there->hints.is_idempotent};
    if (cell->map != NULL && !trust_bytes_equal(target, tool->name) && !set_target(cell, target))
        return false;
    if (there->is_bad || (backend->states != NULL && is_withheld(backend->states[index]))) {
        cell->state = OFFER_CHANGED;
        return true;
    }
    set_schema(cell, there);
    return compare(cell, tool, there, work);
}

enum trust_error contract_set_backend(struct contract *contract, uint32_t index,
                                      const struct contract_backend *backend)
{
    assert(index < CONTRACT_BACKENDS_MAX);
    bool is_whole = true;
    size_t work = 0; /* a server with much to compare holds up nobody */
    for (size_t i = 0; i < contract->count; i++) {
        struct cell *cell = &contract->tools[i].cells[index];
        clear_cell(cell);
        contract->nodes[index] = 0;
        if (backend->manifest != NULL)
            is_whole = is_whole && fill_cell(cell, &contract->tools[i], backend, &work);
    }
    for (size_t i = 0; !is_whole && i < contract->count; i++)
        clear_cell(&contract->tools[i].cells[index]);
    return is_whole ? TRUST_OK : TRUST_FAIL_MEMORY;
}

/* ---- reading ---- */

struct trust_bytes contract_list(const struct contract *contract)
{
    return (struct trust_bytes){.data = contract->list, .size = contract->list_size};
}

bool contract_find(const struct contract *contract, size_t *out_tool, struct trust_bytes name)
{
    for (size_t i = 0; i < contract->count; i++) {
        if (trust_bytes_equal(contract->tools[i].name, name)) {
            *out_tool = i;
            return true;
        }
    }
    return false;
}

struct trust_bytes contract_input(const struct contract *contract, size_t tool)
{
    assert(tool < contract->count);
    return contract->tools[tool].input_schema;
}

struct contract_route contract_route(const struct contract *contract, size_t tool, uint32_t backend)
{
    assert(tool < contract->count);
    assert(backend < CONTRACT_BACKENDS_MAX);
    const struct cell *cell = &contract->tools[tool].cells[backend];
    return (struct contract_route){
        .route = {.state = cell->state,
                  .hints = cell->hints,
                  .name = {.data = cell->target, .size = cell->target_size},
                  .has_map = cell->map != NULL && cell->map->args.count > 0,
                  .has_output = cell->schema != NULL},
        .map = cell->map,
    };
}

/* One that cannot be made ready, or for which there is no room, is forgotten. */
static void make_ready(struct contract *contract, struct cell *cell, uint32_t backend)
{
    struct trust_bytes schema = {.data = cell->schema, .size = cell->schema_size};
    if (conform_new(&cell->conform, schema) != TRUST_OK)
        cell->conform = NULL;
    else
        contract->nodes[backend] += cell->conform->node_count;
    if (contract->nodes[backend] > TRUST_CONFORM_SERVER_NODES_MAX) {
        contract->nodes[backend] -= cell->conform->node_count;
        conform_free(cell->conform);
        cell->conform = NULL;
    }
    if (cell->conform == NULL) {
        free(cell->schema);
        cell->schema = NULL;
    }
}

bool contract_conforms(struct contract *contract, size_t tool, uint32_t backend,
                       struct trust_bytes content)
{
    assert(tool < contract->count);
    assert(backend < CONTRACT_BACKENDS_MAX);
    struct cell *cell = &contract->tools[tool].cells[backend];
    if (cell->schema != NULL && cell->conform == NULL)
        make_ready(contract, cell, backend);
    return cell->conform == NULL || conform_accepts(cell->conform, content);
}

const struct cover_why *contract_why(const struct contract *contract, size_t tool, uint32_t backend)
{
    assert(tool < contract->count);
    assert(backend < CONTRACT_BACKENDS_MAX);
    return contract->tools[tool].cells[backend].why;
}
