#pragma once

#include "../fixed_clock.hpp"
#include "../temporary_repository.hpp"
#include "store/store.hpp"

namespace changeling::testing {

/// A store in a repository that is opened anew, as another process would.
struct OpenStore {
  explicit OpenStore(const TemporaryRepository& home)
      : repository(home.open()),
        store(repository, fixed_clock, std::string(store::default_reference), {"Ada", "ada@example.com"},
              home.path() / ".git" / "changelings" / "store.lock") {}
  git::Repository repository;
  store::Store store;
};

}  // namespace changeling::testing
