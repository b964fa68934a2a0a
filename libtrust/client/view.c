/* What the client knows of the world now: board, configuration, list of withheld servers. See
 * state.h. */
#include "client/state.h"

struct trust_basis trust_client_refresh(struct trust_client *client, struct trust_now now)
{
    (void)trust_board_refresh(&client->board, now);
    if (trust_client_groups_refresh(&client->groups, client->config_path, now.mono))
        trust_client_servers_adopt(&client->servers, &client->groups.policy, now.mono);
    struct trust_basis basis = trust_board_basis(&client->board, now);
    if (basis.kind != TRUST_BASIS_FRESH)
        trust_client_withheld_refresh(&client->withheld, client->withheld_path, now.mono);
    if (basis.kind == TRUST_BASIS_NONE)
        basis.kind = TRUST_BASIS_OWN;
    return basis;
}

enum trust_error trust_client_show(const struct trust_client *client,
                                   struct trust_client_server *server)
{
    enum trust_error error = trust_board_find(&client->board, &server->shown, &server->handle);
    if (error == TRUST_OK)
        server->is_shown = true;
    else if (error == TRUST_NO_FOUND)
        server->is_shown = false;
    return error;
}

void trust_client_fill(const struct trust_client *client, struct trust_candidate *candidate,
                       const struct trust_client_server *server, const struct trust_now *now,
                       bool is_live)
{
    candidate->cell = server->is_shown ? &server->shown : NULL;
    if (!is_live)
        candidate->withheld = (uint8_t)trust_client_withheld_state(
            &client->withheld, server->handle.subject, now->wall);
}
