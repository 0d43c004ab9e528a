#include "project/own_program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::project {
namespace {

/// Our own environment holds no tokens that it could inherit.
constexpr const char* tokens_key = "withheld_tokens";

constexpr const char* own_link = "/proc/self/exe";
constexpr const char* main_name = "git-changeling";

namespace fs = std::filesystem;

/// Nothing when an update has replaced the file, or there is no /proc.
std::optional<fs::path> own_file() {
  std::error_code unreadable;
  const fs::path program = fs::read_symlink(own_link, unreadable);
  if (unreadable || !fs::exists(program, unreadable)) return std::nullopt;
  return program;
}

bool is_helper(const fs::path& program) {
  return program.filename().string().starts_with(std::string(main_name) + "-");
}

}  // namespace

fs::path main_program() {
  const auto own = own_file();
  if (!own) return own_link;
  if (!is_helper(*own)) return *own;
  const fs::path folder = own->parent_path();
  for (const fs::path& place : {folder / main_name, folder.parent_path().parent_path() / "bin" / main_name}) {
    std::error_code unreadable;
    if (fs::exists(place, unreadable)) return place;
  }
  throw Error(ErrorKind::NotFound, fmt::format("there is no {} that belongs to {}", main_name, own->string()),
              "install git-changeling again");
}

fs::path helper_program(const std::string& name) {
  const fs::path folder = own_file().value_or(own_link).parent_path();
  const fs::path beside = folder / name;
  const fs::path apart = folder.parent_path() / "libexec" / main_name / name;
  for (const fs::path& place : {beside, apart}) {
    std::error_code unreadable;
    if (fs::exists(place, unreadable)) return place;
  }
  throw Error(
      ErrorKind::NotFound,
      fmt::format("{} is not installed: it is neither {} nor {}", name, beside.string(), apart.string()),
      "install git-changeling with its service");
}

void give_order(Command& command, const Json& order) {
  Json told = order;
  if (!withheld_tokens().empty()) told[tokens_key] = withheld_tokens();
  command.standard_input = told.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Command own_program(Project& project, const std::string& word, const Json& order) {
  Command command;
  command.arguments = {main_program().string()};
  for (const std::string& directory : project.opening().directories)
    command.arguments.insert(command.arguments.end(), {"-C", directory});
  const auto& options = project.opening().own_options;
  command.arguments.insert(command.arguments.end(), options.begin(), options.end());
  command.arguments.push_back(word);
  command.environment = project.environment();
  give_order(command, order);
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
