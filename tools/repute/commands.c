/* The table of all subcommands, in the order in which `repute help` shows them. */
#include "repute/commands.h"

static const struct command *const table[] = {
    &status_command,
    &init_command,
    &key_show_command,
    &score_command,
    &explain_command,
    &servers_list_command,
    &servers_show_command,
    &raters_list_command,
    &select_command,
    &outcome_command,
    &breakers_list_command,
    &breakers_show_command,
    &breakers_replay_command,
    &quarantine_list_command,
    &quarantine_history_command,
    &peers_list_command,
    &peers_show_command,
    &peers_add_command,
    &peers_rm_command,
    &peers_ping_command,
    &peers_invite_command,
    &peers_join_command,
    &export_command,
    &backup_command,
    &config_check_command,
    &config_show_command,
    &watch_command,
    &help_command,
};

const struct line_commands commands_all = {
    .commands = table,
    .count = sizeof table / sizeof *table,
};
