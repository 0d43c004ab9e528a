#pragma once

#include <string>

#include "cli/context.hpp"

namespace changeling::cli {

/// Lets the user edit `text` in git's editor (`git var GIT_EDITOR`) and returns what they saved. The file
/// keeps its place for `keep_file` when the result is not acceptable. Throws Error(External) when the editor
/// fails.
class EditedText {
 public:
  EditedText(Context& context, const std::string& text, const std::string& file_name);
  const std::string& text() const { return text_; }
  const std::filesystem::path& file() const { return file_; }
  /// Once the text has been used.
  void discard() const;

 private:
  std::filesystem::path file_;
  std::string text_;
};

}  // namespace changeling::cli
