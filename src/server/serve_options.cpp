#include <fmt/format.h>

#include <charconv>
#include <map>

#include "server/serve.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

std::size_t read_count(const std::string& name, const std::string& text, std::size_t least,
                       std::size_t most) {
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, count);
  if (problem == std::errc() && stopped == end && count >= least && count <= most) return count;
  throw Error(ErrorKind::Usage,
              fmt::format("{}: '{}' is no whole number from {} to {}", name, shortened(text), least, most));
}

Duration read_duration(const std::string& name, const std::string& text) {
  try {
    return parse_duration(text);
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("{}: {}", name, error.what()), error.hint());
  }
}

using TakeValue = void (*)(ServeOptions&, const std::string& value);
using TakeFlag = void (*)(ServeOptions&);

const std::map<std::string, TakeValue>& options_with_value() {
  static const std::map<std::string, TakeValue> table{
      {"-C",
       [](ServeOptions& options, const std::string& value) { options.scope.directories.push_back(value); }},
      {"--listen", [](ServeOptions& options, const std::string& value) { options.listen = value; }},
      {"--workers",
       [](ServeOptions& options, const std::string& value) {
         options.task_workers = read_count("--workers", value, 0, 64);
       }},
      {"--processes",
       [](ServeOptions& options, const std::string& value) {
         options.processes = read_count("--processes", value, 1, 64);
       }},
      {"--drain", [](ServeOptions& options,
                     const std::string& value) { options.drain_time = read_duration("--drain", value); }},
      {"--request-limit",
       [](ServeOptions& options, const std::string& value) {
         options.request_time = read_duration("--request-limit", value);
       }},
  };
  return table;
}

const std::map<std::string, TakeFlag>& flags() {
  static const std::map<std::string, TakeFlag> table{
      {"--all", [](ServeOptions& options) { options.scope.all = true; }},
      {"--allow-remote", [](ServeOptions& options) { options.allow_remote = true; }},
      {"--json", [](ServeOptions& options) { options.json = true; }},
  };
  return table;
}

}  // namespace

ServeOptions read_serve_options(const std::vector<std::string>& words) {
  ServeOptions options;
  for (std::size_t place = 0; place < words.size(); ++place) {
    const std::string& word = words[place];
    if (const auto flag = flags().find(word); flag != flags().end()) {
      flag->second(options);
      continue;
    }
    const auto option = options_with_value().find(word);
    if (option == options_with_value().end())
      throw Error(ErrorKind::Usage, fmt::format("unknown option '{}'", shortened(word)),
                  "see: git changeling serve --help");
    if (++place == words.size()) throw Error(ErrorKind::Usage, fmt::format("{} needs a value", word));
    option->second(options, words[place]);
  }
  return options;
}

}  // namespace changeling::server
