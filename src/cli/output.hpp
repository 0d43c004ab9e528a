#pragma once

#include <string>
#include <string_view>

namespace changeling::cli {

/// Standard output, for everything that prints to it. What cannot be written, as on a full disk, is an error
/// of the command: a cut answer must never look like a whole one. Both throw Error(Io) with the system's
/// reason.
void print_out(std::string_view text);
/// What was printed so far has left this process.
void flush_out();

/// A message as it may be shown: it quotes what people and other programs have written, and none of that may
/// command the terminal. Lines stay lines; of a number without end only the beginning is shown.
std::string harmless(std::string_view text);

/// For the start of the program: where standard input, output or error is closed, the next file that is
/// opened would take its number, and be written to. What is printed to a closed standard output still fails.
void keep_standard_files_open();

}  // namespace changeling::cli
