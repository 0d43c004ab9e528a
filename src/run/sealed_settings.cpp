#include "run/sealed_settings.hpp"

#include "git/config_text.hpp"
#include "run/lfs.hpp"

namespace changeling::run {

SealedSettings::SealedSettings(const project::Services& services, const project::RunFiles& files)
    : services_(services), folder_(files.sealed()) {
  services.repository.freeze_configuration();
  seal_ = services.git.seal(
      {folder_, services.repository.place(), git::config_text(services.repository.configuration_of_files())});
}

SealedSettings::~SealedSettings() {
  seal_.reset();
  services_.repository.thaw_configuration();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace changeling::run
