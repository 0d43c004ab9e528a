#pragma once

#include <string>
#include <string_view>

#include "changeling/fields.hpp"
#include "git/repository.hpp"

namespace changeling::project {

/// One key of git's configuration that this program reads.
struct Setting {
  std::string_view key;         ///< As it is written: "changeling.maxAttempts".
  std::string_view value_name;  ///< For help: "DURATION", or "hold|allow|ignore".
  std::string_view fallback;    ///< The value when nobody sets it; empty: none, or see `otherwise`.
  std::string_view otherwise;   ///< In words what happens then, where no single value says it; or empty.
  std::string_view sentence;    ///< What it decides, without a full stop.
  /// Throws Error(Invalid) that says what is allowed, without naming the key. Null when `field` decides.
  void (*check)(const git::Repository& repository, const std::string& value);
  bool several = false;              ///< May be given several times; all of them count.
  const FieldSpec* field = nullptr;  ///< Of definitions; this is then its value for tasks.
  bool is_secret = false;            ///< Who knows the value can do something with it: it is not shown.
};

}  // namespace changeling::project
