#include "git/text_diff.hpp"

#include "git/handles.hpp"
#include "git/library.hpp"

namespace changeling::git {

std::string text_diff(std::string_view before, std::string_view after) {
  ensure_library();
  git_diff_options options;
  check(git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION), "prepare a comparison");
  options.flags |= GIT_DIFF_FORCE_TEXT;
  PatchHandle patch;
  check(git_patch_from_buffers(out(patch), before.data(), before.size(), nullptr, after.data(), after.size(),
                               nullptr, &options),
        "compare two texts");
  if (!patch || git_patch_num_hunks(patch.get()) == 0) return "";
  Buffer buffer;
  check(git_patch_to_buf(buffer.get(), patch.get()), "write a difference");
  const std::string_view text = buffer.view();
  return std::string(text.substr(text.find("@@")));
}

}  // namespace changeling::git
