#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/login_codes.hpp"
#include "support/clock.hpp"
#include "support/json.hpp"

namespace changeling::server::access {

/// Somebody who has logged in. The word that the cookie holds is not kept, only its digest.
struct Session {
  std::string id;      ///< Public: lists and trailers of commits name it.
  std::string digest;  ///< SHA-256 of the cookie's word.
  /// The same of the word that the page keeps. A browser sends cookies to every port of a host
  /// (https://www.rfc-editor.org/rfc/rfc6265#section-8.5), and what a page keeps to none.
  std::string page_digest;
  Role role = Role::Viewer;
  Timestamp created_at;
  Timestamp seen_at;  ///< To the minute.
};

/// All sessions of a server, in a file that only its owner may read, so that they outlive it.
class Sessions {
 public:
  static constexpr Duration lifetime = std::chrono::hours(24 * 30);  ///< Since it was last seen.

  /// Reads what is there. An empty path keeps them in memory alone. Throws Error(Refused) for a file that
  /// others may read, and Error(Invalid) for one that cannot be understood.
  explicit Sessions(std::filesystem::path file);

  struct Made {
    std::string id;
    std::string word;       ///< For the cookie.
    std::string page_word;  ///< For the page: what changes something has to bring it.
  };
  Made make(Role role, Timestamp now);
  /// The session with this word, which is seen by that.
  const Session* find(std::string_view word, Timestamp now);
  bool knows(std::string_view id, Timestamp now) const;
  /// Whether the session's page has this word.
  bool is_own_page(std::string_view id, std::string_view page_word) const;
  /// Whether it was there.
  bool revoke(std::string_view id);
  /// Oldest first, without those that are over.
  std::vector<Session> list(Timestamp now) const;

 private:
  void write() const;

  std::filesystem::path file_;
  std::vector<Session> sessions_;
};

/// As a list shows it: {"id", "role", "created_at", "seen_at"}.
Json to_json(const Session& session);

}  // namespace changeling::server::access
