#include "view/pull_request.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const forge::PullRequest& pull) {
  return {{"number", pull.number}, {"title", pull.title}, {"changeling", pull.changeling},
          {"branch", pull.branch}, {"base", pull.base},   {"head", pull.head},
          {"state", pull.state},   {"url", pull.url},     {"draft", pull.draft}};
}

}  // namespace changeling::view
