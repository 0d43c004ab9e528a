#include "secrets/commit_secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

constexpr auto reading_limit = std::chrono::minutes(10);

bool is_object_id(std::string_view line) {
  return (line.size() == 40 || line.size() == 64) &&
         line.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// "b/PATH", as git quotes it when it has to, and with a tab behind it when it has a space.
std::string path_of(std::string_view name) {
  if (name.ends_with('\t')) name.remove_suffix(1);
  if (name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
  if (name.starts_with("b/")) name.remove_prefix(2);
  return std::string(name);
}

std::size_t number_at(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::string> git_words(const std::string& git_directory, std::vector<std::string> words) {
  // References that put another object in place of one must not hide what is pushed.
  words.insert(words.begin(), {"--git-dir=" + git_directory, "--no-replace-objects", "-c",
                               "core.quotePath=false", "-c", "core.commitGraph=false"});
  return words;
}

std::vector<std::string> range(const std::vector<git::ObjectId>& bases, const git::ObjectId& head) {
  std::vector<std::string> words{head.hex()};
  for (const git::ObjectId& base : bases) words.push_back("^" + base.hex());
  return words;
}

std::string checked_output(const git::GitProgram& git, std::vector<std::string> words) {
  ProcessResult result = git.run(std::move(words));
  if (!result.status.success())
    throw Error(ErrorKind::External,
                fmt::format("the commits cannot be read: {}", trim(last_part(result.error, 400))));
  return std::move(result.output);
}

/// The first commit that has a secret in itself: in its message, in who made it, or in any other line that
/// somebody has put there, since the object is pushed as it is.
std::optional<CommitSecret> find_in_commits(const git::GitProgram& git, const std::string& git_directory,
                                            const std::string& ids, const KnownSecrets& known) {
  const ProcessResult result = git.run(
      git_words(git_directory, {"cat-file", "--batch=%(objectname) %(objectsize)"}), {}, reading_limit, ids);
  if (!result.status.success()) throw Error(ErrorKind::External, "the commits cannot be read");
  for (std::string_view rest = result.output; !rest.empty();) {
    const std::size_t line_end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, line_end);
    const std::size_t size = number_at(line.substr(std::min(line.find(' '), line.size() - 1) + 1));
    rest.remove_prefix(std::min(line_end + 1, rest.size()));
    if (text_has_secret(rest.substr(0, size), known))
      return CommitSecret{std::string(line.substr(0, line.find(' '))), "", 0};
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return std::nullopt;
}

}  // namespace

bool text_has_secret(std::string_view text, const KnownSecrets& known) {
  PatchSearch search(known);
  const auto lines = split_lines(text);
  std::string patch = fmt::format("@@ -0,0 +1,{} @@\n", lines.size());
  for (const std::string& line : lines) patch += "+" + line + "\n";
  search.take(patch);
  return search.found().has_value();
}

void PatchSearch::take(std::string_view piece) {
  while (!found_) {
    const auto end = piece.find('\n');
    rest_ += piece.substr(0, end);
    if (end == std::string_view::npos) return;
    take_line(rest_);
    rest_.clear();
    piece.remove_prefix(end + 1);
  }
}

void PatchSearch::take_line(std::string_view line) {
  const std::string_view signs = line.substr(0, parents_);
  const bool is_of_file = lines_left_ > 0 && signs.size() == parents_ && !line.starts_with('\\') &&
                          signs.find('-') == std::string_view::npos;
  if (!is_of_file) return take_header(line);
  --lines_left_;
  const bool is_added = signs.find_first_not_of('+') == std::string_view::npos;
  if (is_added && holds_secret(line.substr(parents_))) found_ = place_;
  ++place_.line;
}

void PatchSearch::take_header(std::string_view line) {
  constexpr std::string_view file = "+++ ";
  if (line.starts_with("@@")) {
    begin_hunk(line);
  } else if (lines_left_ == 0 && line.starts_with("diff --")) {
    take_name(line);
  } else if (lines_left_ == 0 && line.starts_with(file)) {
    place_.file = path_of(line.substr(file.size()));
  } else if (lines_left_ == 0 && is_object_id(line)) {
    place_.commit = line;
  }
}

/// "diff --git a/PATH b/PATH" or "diff --cc PATH": a name is pushed like a line.
void PatchSearch::take_name(std::string_view line) {
  const auto last = line.rfind(" b/");
  place_.file = path_of(line.substr(last == std::string_view::npos ? line.rfind(' ') + 1 : last + 1));
  place_.line = 0;
  ends_secret('\0', false);
  if (holds_secret(line)) found_ = place_;
}

/// "@@ -7,2 +9,3 @@", with an '@' and an old place more for each further parent; ",1" is left out.
void PatchSearch::begin_hunk(std::string_view line) {
  parents_ = line.find(' ') == std::string_view::npos ? 1 : line.find(' ') - 1;
  const auto place = line.find(" +");
  if (place == std::string_view::npos) return;
  const std::string_view numbers = line.substr(place + 2, line.find(' ', place + 2) - place - 2);
  const auto comma = numbers.find(',');
  place_.line = number_at(numbers);
  lines_left_ = comma == std::string_view::npos ? 1 : number_at(numbers.substr(comma + 1));
  // No secret goes on from the hunk before: none has this in it.
  ends_secret('\0', false);
}

bool PatchSearch::ends_secret(char sign, bool is_text) {
  const std::size_t position = position_++;
  bool found = false;
  for (WordFinder& words : words_) found |= words.take(sign, position).has_value();
  const bool token = token_.take(sign, position).has_value();
  const bool key = key_.take(sign, position).has_value();
  return found || (is_text && (token || key));
}

bool PatchSearch::holds_secret(std::string_view line) {
  // Bytes that happen to look like a token are no news in what is no text.
  const bool is_text = line.find('\0') == std::string_view::npos;
  const auto ends = [&](char sign) { return ends_secret(sign, is_text); };
  return std::any_of(line.begin(), line.end(), ends) || ends('\n');
}

std::optional<CommitSecret> find_secret(const git::GitProgram& git, const std::string& git_directory,
                                        const std::vector<git::ObjectId>& bases, const git::ObjectId& head,
                                        const KnownSecrets& known, const Interruption* interruption) {
  auto listing = git_words(git_directory, {"rev-list", "--reverse"});
  for (const std::string& word : range(bases, head)) listing.push_back(word);
  const std::string ids = checked_output(git, std::move(listing));
  if (ids.empty()) return std::nullopt;
  if (auto found = find_in_commits(git, git_directory, ids, known)) return found;
  Command command;
  command.arguments = git_words(
      git_directory, {"diff-tree", "--stdin", "-r", "--root", "-p", "-U0", "--text", "--cc", "--no-ext-diff",
                      "--no-textconv", "--no-renames", "--no-color", "--src-prefix=a/", "--dst-prefix=b/"});
  command.arguments.insert(command.arguments.begin(), "git");
  command.environment = git.environment();
  command.standard_input = ids;
  PatchSearch search(known);
  std::string words;
  auto child = ChildProcess::start(command, ChildProcess::StandardInput::Text);
  constexpr std::chrono::milliseconds look{200};
  while (child.pump(
      look, [&](std::string_view piece) { search.take(piece); },
      [&](std::string_view piece) { words = last_part(words + std::string(piece), 400); })) {
    check_interruption(interruption, "looking for secrets in the commits");
    if (search.found()) return search.found();
  }
  if (!child.exit_status().success() && !search.found())
    throw Error(ErrorKind::External, fmt::format("the commits cannot be read: {}", trim(words)));
  return search.found();
}

}  // namespace changeling
