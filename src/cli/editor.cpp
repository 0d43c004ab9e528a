#include "cli/editor.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

// Comments of the person's own, which a definition may begin with, stay.
constexpr std::string_view comment_start = "#! ";

std::string comments(std::string_view text) {
  std::string lines;
  for (const std::string& line : split_lines(text)) lines += fmt::format("{}{}\n", comment_start, line);
  return lines;
}

/// Whoever has the file of this name open goes on with it alone.
std::string free_name(const std::filesystem::path& folder, const std::string& file_name,
                      std::optional<FileLock>& lock) {
  const auto locked = [&](const std::string& name) {
    lock = FileLock::try_acquire(folder / ("." + name + ".lock"));
    return lock.has_value();
  };
  std::string name = file_name;
  while (!locked(name)) {
    const auto dot = file_name.rfind('.');
    name = fmt::format("{}-{}{}", file_name.substr(0, dot), random_id(6), file_name.substr(dot));
  }
  return name;
}

}  // namespace

std::string without_error_comments(const std::string& text) {
  std::string_view rest = text;
  while (rest.starts_with(comment_start.substr(0, 2))) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return "";
    rest.remove_prefix(end + 1);
  }
  return std::string(rest);
}

std::string with_error_comments(const Error& error, const std::string& text) {
  return comments(fmt::format("{}\n{}", error.what(), error.hint())) +
         comments("Mend the text below, or delete everything to give it up.") + text;
}

EditedText::EditedText(Context& context, const std::string& text, const std::string& file_name) {
  const std::filesystem::path folder = context.places().local_folder() / "edit";
  file_ = folder / free_name(folder, file_name, lock_);
  is_offered_again_ = file_.filename() == file_name;
  before_ = text;
  const auto kept = read_file_if_exists(file_);
  was_kept_ = kept.has_value();
  base_ = was_kept_ ? read_file_if_exists(base_file()).value_or(text) : text;
  if (was_kept_) context.message(fmt::format("going on with the text that was kept in {}", file_.string()));
  open(context, kept.value_or(text));
}

std::filesystem::path EditedText::base_file() const {
  return file_.parent_path() / fmt::format(".{}.base", file_.filename().string());
}

void EditedText::remove_files() const {
  std::filesystem::remove(file_);
  std::filesystem::remove(base_file());
}

void EditedText::open(Context& context, const std::string& text) {
  // First: a text whose program is killed is found again, too.
  write_file(base_file(), base_);
  write_file(file_, text);
  const auto chosen = context.environment().get("GIT_EDITOR");
  const std::string editor = chosen ? *chosen : context.git().check({"var", "GIT_EDITOR"});
  // git itself hands the editor to the shell; it needs the terminal, so it is not run through ProcessRunner.
  const int status = std::system(fmt::format("{} {}", editor, shell_quote(file_.string())).c_str());
  const std::string saved = read_file_if_exists(file_).value_or("");
  text_ = without_error_comments(saved);
  if (status == 0) return;
  const Error error(ErrorKind::External, fmt::format("the editor '{}' failed", editor),
                    "see: git config core.editor");
  if (saved != text && !given_up()) keep(error);
  if (!was_kept_) remove_files();
  throw error;
}

bool EditedText::given_up() {
  if (text_ != before_ && text_ != base_ && !(was_kept_ && trim(text_).empty())) return false;
  remove_files();
  return true;
}

void EditedText::use(const std::function<void(const std::string& text)>& read,
                     const std::function<void()>& write) {
  try {
    read(text_);
  } catch (const Error& first) {
    // Once more with the comments above, which move the lines that the error names.
    const std::string commented = with_error_comments(first, text_);
    try {
      read(commented);
    } catch (const Error& second) {
      keep(second);
    }
    keep(first);
  }
  try {
    write();
  } catch (const Error& error) {
    keep(error);
  }
  remove_files();
}

void EditedText::keep(const Error& error) {
  write_file(base_file(), base_);
  write_file(file_, with_error_comments(error, text_));
  throw Error(error.kind(), error.what(),
              fmt::format("nothing was written; your text is in {}{}{}{}", file_.string(),
                          is_offered_again_ ? ", and the same command opens it again" : "",
                          error.hint().empty() ? "" : "; ", error.hint()));
}

}  // namespace changeling::cli
