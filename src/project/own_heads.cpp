#include "project/own_heads.hpp"

#include <algorithm>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

/// Lines are about 250 bytes; twice as many are cut down to these.
constexpr std::size_t most_kept = 2000;
constexpr auto lock_patience = std::chrono::seconds(10);

std::string to_line(const OwnHead& head) {
  return Json{{"run", head.run},
              {"branch", head.branch},
              {"head", head.head},
              {"start", head.start},
              {"base_commit", head.base_commit}}
             .dump(-1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

OwnHead from_line(const std::string& line, const std::string& source) {
  const Json object = parse_json(line, source);
  const auto text = [&](const char* key) { return json_string(object, key).value_or(""); };
  return {text("run"), text("branch"), text("head"), text("start"), text("base_commit")};
}

}  // namespace

OwnHeads::OwnHeads(const Environment& environment, const std::string& repository_id) {
  const auto folder = find_user_folder(environment, UserFolder::Data);
  if (folder && !repository_id.empty()) file_ = *folder / "heads" / repository_id;
}

void OwnHeads::note(const OwnHead& head) const {
  if (file_.empty()) return;
  const auto alone = FileLock::acquire(fs::path(file_).concat(".lock"), lock_patience);
  auto lines = split_lines(read_file_if_exists(file_).value_or(""));
  if (lines.size() >= 2 * most_kept) lines.erase(lines.begin(), lines.end() - most_kept);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  write_file(file_, text + to_line(head));
}

std::vector<OwnHead> OwnHeads::all() const {
  std::vector<OwnHead> heads;
  if (file_.empty()) return heads;
  for (const std::string& line : split_lines(read_file_if_exists(file_).value_or(""))) {
    try {
      heads.push_back(from_line(line, file_.string()));
    } catch (const Error&) {
      continue;
    }
  }
  return heads;
}

std::optional<OwnHead> OwnHeads::find(const std::string& run, const std::string& head) const {
  const auto heads = all();
  const auto found = std::find_if(heads.begin(), heads.end(),
                                  [&](const OwnHead& own) { return own.run == run && own.head == head; });
  return found == heads.end() ? std::nullopt : std::optional(*found);
}

}  // namespace changeling::project
