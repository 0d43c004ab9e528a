#pragma once

#include "run/claude_stream.hpp"
#include "run/launcher.hpp"
#include "run/supervisor.hpp"

namespace changeling::run {

/// What is started for a person at the terminal: as claude_command, without our options for programs; the
/// prompt is the last argument.
Command interactive_claude_command(const LaunchRequest& request);

/// Claude Code, headless. Success needs a final result without error, for the reason "completed", with
/// nothing going on in the background any more and an answer that was not cut off, and exit code 0; an exit
/// code of 0 alone says nothing.
class ClaudeLauncher : public Launcher {
 public:
  LaunchResult launch(const LaunchRequest& request, const LaunchObserver& observer) override;
  std::optional<Command> interactive_command(const LaunchRequest& request) const override {
    return interactive_claude_command(request);
  }
};

/// What ClaudeLauncher starts: agent.command[0] (`claude` when there is none) with our options, then the
/// agent's own arguments, then those of the request. The prompt is the first message on standard input, which
/// stays open for more until it rests.
///
/// Among the permissions a word that names a permission mode (or `mode:WORD`) becomes --permission-mode;
/// all others are rules for --allowedTools. Without any permission the mode is acceptEdits; with rules alone
/// no mode is set, so that nothing but the rules is allowed.
Command claude_command(const LaunchRequest& request);

/// A message as Claude Code reads it on standard input, with its newline.
std::string claude_message(const std::string& text);

/// The options of Claude Code for these permissions, as described at claude_command.
std::vector<std::string> claude_permission_arguments(const std::vector<std::string>& permissions);

/// Applies the rule of success. `errors` is what the program printed to standard error.
LaunchResult judge_claude(const LaunchRequest& request, const ClaudeStream& stream,
                          const Supervision& supervision, const std::string& errors);

}  // namespace changeling::run
