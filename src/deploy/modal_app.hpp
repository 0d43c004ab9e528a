#pragma once

#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "deploy/requirements.hpp"

namespace changeling::deploy {

/// What the Modal app of a changeling depends on besides its definition.
struct ModalSettings {
  std::string app;        ///< See modal_app_name.
  std::string clone_url;  ///< https, without user and password.
  std::string state_reference;
  std::string digest;         ///< As WorkflowSettings::digest.
  std::string source;         ///< Address of git-changeling's own repository, which the image is built from,
  std::string source_commit;  ///< at this commit, written out.
  std::string secret;         ///< Name of the Modal secret with what the agent needs, and a token to read,
  std::string token_secret;   ///< and of the one with the token that may write, which no agent is given.
  std::string identity_name;  ///< Who commits there.
  std::string identity_email;
  std::string api_url;                ///< changeling.apiUrl; empty: GitHub's.
  std::vector<std::string> packages;  ///< Of Debian.
};

/// "changeling-REPOSITORY-NAME", as Modal allows it.
std::string modal_app_name(const std::string& repository, const std::string& changeling);

/// The name as Modal allows it for a secret.
std::string modal_secret_name(const std::string& name);

/// The function in the app that runs the changeling: `modal run FILE::run`.
inline constexpr std::string_view modal_function = "run";

/// The variable with the token for the repository in both Modal secrets: in the agent's one that may only
/// read, in the other one that may push and open pull requests.
inline constexpr std::string_view modal_token = "GITHUB_TOKEN";

/// The app as a Python file, the same bytes for the same arguments. Every value is a quoted literal, and no
/// secret's value is in it. Throws Error(Refused) for what Modal cannot keep and Error(Usage) for settings
/// that cannot be.
std::string write_modal_app(const Definition& definition, const Requirements& needs,
                            const ModalSettings& settings);

}  // namespace changeling::deploy
