#include "cli/editor.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::cli {

EditedText::EditedText(Context& context, const std::string& text, const std::string& file_name)
    : file_(context.places().local_folder() / "edit" / file_name) {
  write_file(file_, text);
  const auto chosen = context.environment().get("GIT_EDITOR");
  const std::string editor = chosen ? *chosen : context.git().check({"var", "GIT_EDITOR"});
  // git itself hands the editor to the shell; it needs the terminal, so it is not run through ProcessRunner.
  const int status = std::system(fmt::format("{} {}", editor, shell_quote(file_.string())).c_str());
  if (status != 0) {
    throw Error(ErrorKind::External, fmt::format("the editor '{}' failed", editor),
                "see: git config core.editor");
  }
  text_ = read_file(file_);
}

void EditedText::discard() const {
  std::filesystem::remove(file_);
}

}  // namespace changeling::cli
