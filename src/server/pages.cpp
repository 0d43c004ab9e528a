#include "server/pages.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "support/embedded_file.hpp"

namespace changeling {

std::span<const EmbeddedFile> web_files();

namespace server {
namespace {

struct Page {
  std::string_view path;
  std::string_view file;
  std::string_view type;
};

constexpr std::array pages{
    Page{"/login", "login.html", "text/html; charset=utf-8"},
    Page{"/login.css", "login.css", "text/css; charset=utf-8"},
    Page{"/login.js", "login.js", "text/javascript; charset=utf-8"},
};

const Page* find_page(std::string_view path) {
  const auto found =
      std::find_if(pages.begin(), pages.end(), [path](const Page& one) { return one.path == path; });
  return found == pages.end() ? nullptr : &*found;
}

}  // namespace

bool is_page(std::string_view path) {
  return find_page(path) != nullptr;
}

Response page(std::string_view path) {
  const Page& wanted = *find_page(path);
  Response response;
  response.content_type = wanted.type;
  for (const EmbeddedFile& file : web_files()) {
    if (file.name == wanted.file) response.body = std::string(file.content);
  }
  return response;
}

}  // namespace server
}  // namespace changeling
