/* All subcommands. Each is defined in the file of its name. */
#ifndef REPUTE_COMMANDS_H
#define REPUTE_COMMANDS_H

#include "repute/line.h"

extern const struct command status_command;
extern const struct command scan_command;
extern const struct command score_command;
extern const struct command explain_command;
extern const struct command servers_list_command;
extern const struct command servers_show_command;
extern const struct command raters_list_command;
extern const struct command select_command;
extern const struct command outcome_command;
extern const struct command breakers_list_command;
extern const struct command breakers_show_command;
extern const struct command breakers_force_open_command;
extern const struct command breakers_force_closed_command;
extern const struct command breakers_metrics_only_command;
extern const struct command breakers_close_command;
extern const struct command breakers_reset_command;
extern const struct command breakers_replay_command;
extern const struct command quarantine_list_command;
extern const struct command quarantine_add_command;
extern const struct command quarantine_release_command;
extern const struct command quarantine_ban_command;
extern const struct command quarantine_history_command;
extern const struct command pins_list_command;
extern const struct command pins_show_command;
extern const struct command pins_diff_command;
extern const struct command pins_accept_command;
extern const struct command pins_reject_command;
extern const struct command peers_list_command;
extern const struct command peers_show_command;
extern const struct command peers_add_command;
extern const struct command peers_rm_command;
extern const struct command peers_ping_command;
extern const struct command peers_invite_command;
extern const struct command peers_join_command;
extern const struct command export_command;
extern const struct command import_command;
extern const struct command backup_command;
extern const struct command config_check_command;
extern const struct command config_show_command;
extern const struct command watch_command;
extern const struct command guard_command;
extern const struct command guard_install_command;
extern const struct command guard_uninstall_command;
extern const struct command mcp_serve_command;
extern const struct command mcp_install_command;
extern const struct command mcp_uninstall_command;
extern const struct command help_command;
extern const struct command init_command;
extern const struct command key_show_command;
extern const struct command key_export_command;
extern const struct command key_passwd_command;
extern const struct command key_revoke_command;
extern const struct command rate_command;
extern const struct command flag_command;
extern const struct command flag_clear_command;
extern const struct command flag_ignore_command;
extern const struct command flag_import_command;
extern const struct command vouch_command;
extern const struct command distrust_command;
extern const struct command alias_command;
extern const struct command mute_command;
extern const struct command name_command;
extern const struct command drafts_list_command;
extern const struct command drafts_show_command;
extern const struct command drafts_drop_command;
extern const struct command publish_command;
extern const struct command retract_command;
extern const struct command verify_command;

/* In the order of `repute help`. */
extern const struct line_commands commands_all;

#endif
