#include "project/own_program.hpp"

#include <unistd.h>

#include <cerrno>

#include "support/json.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::project {
namespace {

/// Our own environment holds no tokens that it could inherit.
constexpr const char* tokens_key = "withheld_tokens";

}  // namespace

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
  Json told = order;
  if (!withheld_tokens().empty()) told[tokens_key] = withheld_tokens();
  command.standard_input = told.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
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
  Json order = parse_json(text, "the order on standard input");
  if (const auto tokens = order.find(tokens_key); order.is_object() && tokens != order.end()) {
    withhold_tokens(tokens->get<std::map<std::string, std::string>>());
    order.erase(tokens);
    // It is a file in memory, which others could read for as long as this process has it.
    [[maybe_unused]] const int emptied = ::ftruncate(STDIN_FILENO, 0);
  }
  return order;
}

}  // namespace changeling::project
