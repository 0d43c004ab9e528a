#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::cli {

/// Lets the user edit `text` in git's editor (`git var GIT_EDITOR`), in a private file below changelings/edit
/// in the git folder. What they typed outlives a mistake in it: the file stays, and the next edit of the same
/// name opens that text instead, with the error above it as comments (lines that begin with '#', which
/// whoever reads the text must ignore there). Beside it lies what it was based on: what was changed elsewhere
/// since then must not be overwritten with it.
class EditedText {
 public:
  /// Throws Error(External) when the editor fails; what was typed until then is kept as well.
  EditedText(Context& context, const std::string& text, const std::string& file_name);

  /// Whether there is nothing to use: nothing was changed, or a kept text was deleted as a whole. The file is
  /// gone then.
  bool given_up();
  /// Gives the text to `read`, which throws for a mistake in it, and then calls `write`. When either throws,
  /// the text is kept and the error says so. `read` may be called twice, so that its error names the lines as
  /// they are now.
  void use(const std::function<void(const std::string& text)>& read, const std::function<void()>& write);

  /// The text that the typed one began as: what is there now, or was when a kept text was begun.
  const std::string& base() const { return base_; }
  /// For a conflict that the person gets to see above the text: what is kept is based on this from now on.
  void rebase(std::string text) { base_ = std::move(text); }

  /// For the places that errors name.
  const std::filesystem::path& file() const { return file_; }

 private:
  void open(Context& context, const std::string& text);
  std::filesystem::path base_file() const;
  void remove_files() const;
  [[noreturn]] void keep(const Error& error);

  std::filesystem::path file_;
  std::optional<FileLock> lock_;
  std::string before_;  ///< What is there now, without comments of ours.
  std::string base_;
  std::string text_;
  bool was_kept_ = false;
  bool is_offered_again_ = true;  ///< Unless somebody else had the file of this name open.
};

/// The text without the lines at its beginning that tell an error.
std::string without_error_comments(const std::string& text);
/// The text with an error above it, message and hint, a comment for each of their lines.
std::string with_error_comments(const Error& error, const std::string& text);

}  // namespace changeling::cli
