#include "project/own_program.hpp"

#include <unistd.h>

#include <cerrno>

namespace changeling::project {

Command own_program(Project& project, const std::string& word, const Json& order) {
  constexpr const char* link = "/proc/self/exe";
  std::error_code unreadable;
  const auto program = std::filesystem::read_symlink(link, unreadable);
  Command command;
  // An update may have replaced the file since; the link still leads to the program that runs.
  const bool is_there = !unreadable && std::filesystem::exists(program, unreadable);
  command.arguments = {is_there ? program.string() : link};
  for (const std::string& directory : project.opening().directories)
    command.arguments.insert(command.arguments.end(), {"-C", directory});
  const auto& options = project.opening().own_options;
  command.arguments.insert(command.arguments.end(), options.begin(), options.end());
  command.arguments.push_back(word);
  command.environment = project.environment();
  command.standard_input = order.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return command;
}

Json read_order() {
  std::string text;
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return parse_json(text, "the order on standard input");
}

}  // namespace changeling::project
