#include "hooks/shell_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "support/embedded_file.hpp"
#include "support/error.hpp"

namespace changeling {

std::span<const EmbeddedFile> embedded_hooks();

namespace hooks {

std::string_view shell_text(std::string_view name) {
  const auto files = embedded_hooks();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; });
  if (found == files.end()) throw Error(ErrorKind::Internal, fmt::format("hooks/{} is not embedded", name));
  return found->content;
}

std::string with_lines(std::string_view text, std::string_view name, std::string_view lines) {
  const auto word = text.find(fmt::format(": {}\n", name));
  if (word == std::string_view::npos) throw Error(ErrorKind::Internal, fmt::format("no line for {}", name));
  const auto before = text.rfind('\n', word);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return fmt::format("{}{}{}", text.substr(0, begin), lines, text.substr(text.find('\n', word) + 1));
}

}  // namespace hooks
}  // namespace changeling
