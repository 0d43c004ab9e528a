#include "run/sealed_settings.hpp"

#include "git/config_text.hpp"

namespace changeling::run {

SealedSettings::SealedSettings(const project::Services& services, const project::RunFiles& files)
    : services_(services), folder_(files.sealed()) {
  services.repository.freeze_configuration();
  git::ConfigEntries entries = services.repository.configuration_of_files();
  // Relative to a git directory, which is another one now.
  std::erase_if(entries, [](const auto& entry) { return entry.first == "core.worktree"; });
  seal_ = services.git.seal({folder_, services.repository.place(), git::config_text(entries)});
}

SealedSettings::~SealedSettings() {
  seal_.reset();
  services_.repository.thaw_configuration();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace changeling::run
