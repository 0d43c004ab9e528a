#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/signature.hpp"

namespace changeling::webhooks {

/// Whether a delivery comes from people, who must be allowed to write to the repository.
enum class People {
  None,    ///< It does not tell of people; whoever has the secret may.
  Asked,   ///< The repository's forge is asked, through the API of GitHub that Gitea and Forgejo have, too.
  Listed,  ///< Nobody can be asked: only those that the webhook names.
};

/// What another delivery of the same body, under another id, is.
enum class SameBody {
  Another,    ///< The id is signed, or the same body may well come twice.
  Duplicate,  ///< The id is not signed: whoever has seen the delivery could send it again under any.
};

/// Who sends, and how it says so. Everything that differs from source to source is a field here.
struct SourceRow {
  std::string_view word = {};              ///< "github"
  Scheme scheme = Scheme::HexOfBody;       ///< How a delivery is signed.
  std::string_view signature = {};         ///< The header with the signature, in lower case.
  std::string_view delivery = {};          ///< The header with the delivery's id; empty: it is in the body.
  std::string_view delivery_in_body = {};  ///< JSON pointer to the id; or empty.
  std::string_view event = {};             ///< The header with the event; or empty.
  std::string_view event_in_body = {};     ///< JSON pointer to the event; or empty.
  std::string_view action = {};            ///< JSON pointer to what happened of it; or empty.
  std::string_view actor = {};   ///< JSON pointer to the id of who caused it; empty: it has no people.
  std::string_view login = {};   ///< JSON pointer to their name; or empty.
  People people = People::None;  ///< How it is known that the actor has a say in the repository.
  SameBody same_body = SameBody::Another;
  SecretKind secret = SecretKind::Text;  ///< What a new secret looks like.
  std::string_view sentence = {};        ///< For people, without a full stop.
};

/// The only list of them, in the order of the docs.
std::span<const SourceRow> sources();
/// Throws Error(Usage or Invalid, as `kind`) that names the allowed ones and the nearest.
const SourceRow& find_source(std::string_view word);
/// Null for a word that is none.
const SourceRow* source_or_null(std::string_view word);

/// "issues.opened", "push", or empty when the delivery does not say.
std::string event_of(const SourceRow& source, const Headers& headers, const nlohmann::json& payload);
/// The source's own id of the delivery, the signed one where there are two; where it gives none, a digest of
/// the body.
std::string delivery_id(const SourceRow& source, const Headers& headers, std::string_view body,
                        const nlohmann::json& payload);
/// As the row says; where the id of this delivery is signed, it is Another.
SameBody same_body(const SourceRow& source, const Headers& headers);

/// What stands at a JSON pointer, as text: strings as they are, numbers and truths as JSON. Nothing for what
/// is not there, null, and for a text that is no pointer; lists and objects are JSON.
std::optional<std::string> text_at(const nlohmann::json& payload, std::string_view pointer);

}  // namespace changeling::webhooks
