#pragma once

#include <string>
#include <string_view>

#include "support/json.hpp"

namespace changeling::cli {

// The one exit of this program: nothing else in `cli` writes to standard output or standard error. What
// people, agents and other programs have written is in most of it, and none of that may command the terminal
// or hide from its reader, see harmless_on_terminal; of styles only those of styled() pass.

/// Text on standard output. What cannot be written, as on a full disk, is an error of the command: a cut
/// answer must never look like a whole one. Throws Error(Io) with the system's reason, as the others for
/// standard output do.
void print_text(std::string_view text);
/// A line of JSON on standard output; with `indent` of several lines.
void print_json(const Json& json, int indent = -1);
/// A line that is JSON already, with or without its line end.
void print_json_line(std::string_view line);
/// What was printed so far has left this process.
void flush_out();

/// A message on standard error. What follows its first line is indented: only a message of ours begins a
/// line.
void tell(std::string_view message);
/// Lines of ours on standard error, each of which begins as it is given.
void tell_lines(std::string_view text);
/// A line of JSON on standard error.
void tell_json(const Json& json);
/// A message that waits in its line for an answer.
void ask(std::string_view question);
/// Writes the line of standard error anew that the cursor is in, which is a terminal.
void redraw_line(std::string_view line);

/// A message as tell() shows it, without styles. Of a number without end only the beginning is shown.
std::string harmless(std::string_view text);

/// For the start of the program: where standard input, output or error is closed, the next file that is
/// opened would take its number, and be written to. What is printed to a closed standard output still fails.
void keep_standard_files_open();

}  // namespace changeling::cli
