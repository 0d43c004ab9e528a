#include "git/remote_references.hpp"

#include "git/last_words.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

constexpr std::string_view branch_folder = "refs/heads/";
constexpr std::string_view symbolic_mark = "ref: ";
constexpr std::size_t id_length = 40;

}  // namespace

std::optional<ObjectId> RemoteReferences::branch(const std::string& name) const {
  const auto found = tips.find(std::string(branch_folder) + name);
  return found == tips.end() ? std::nullopt : std::optional(found->second);
}

RemoteReferences parse_remote_references(const std::string& output) {
  RemoteReferences answer;
  for (const std::string& line : split_lines(output)) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const std::string_view value = std::string_view(line).substr(0, tab);
    const std::string name = line.substr(tab + 1);
    if (value.starts_with(symbolic_mark)) {
      const std::string_view target = value.substr(symbolic_mark.size());
      if (name == "HEAD" && target.starts_with(branch_folder))
        answer.default_branch = std::string(target.substr(branch_folder.size()));
    } else if (value.size() == id_length) {
      answer.tips.emplace(name, ObjectId::from_hex(value));
    }
  }
  return answer;
}

std::variant<RemoteReferences, std::string> ask_remote(const GitProgram& git, const std::string& remote,
                                                       const std::vector<std::string>& references,
                                                       std::chrono::milliseconds time_limit) {
  std::vector<std::string> arguments{"ls-remote", "--symref", "--quiet", remote, "HEAD"};
  arguments.insert(arguments.end(), references.begin(), references.end());
  const ProcessResult result = git.ask(remote, std::move(arguments), time_limit);
  if (result.timed_out) return "git ls-remote did not finish in time";
  if (!result.status.success()) return last_words(result);
  return parse_remote_references(result.output);
}

}  // namespace changeling::git
