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

enum class Audience { Everybody, LoggedIn };

struct Page {
  std::string_view path;
  std::string_view file;
  std::string_view type;
  Audience audience = Audience::Everybody;
};

constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view css = "text/css; charset=utf-8";
constexpr std::string_view script = "text/javascript; charset=utf-8";

constexpr std::array pages{
    Page{"/login", "login.html", html},
    Page{"/login.css", "login.css", css},
    Page{"/login.js", "login.js", script},
    Page{"/licences.txt", "licences.txt", "text/plain; charset=utf-8"},
    Page{"/icon.svg", "icon.svg", "image/svg+xml"},
    Page{"/", "index.html", html, Audience::LoggedIn},
    Page{"/app.css", "app.css", css, Audience::LoggedIn},
    Page{"/app.js", "app.js", script, Audience::LoggedIn},
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

bool is_public_page(std::string_view path) {
  const Page* found = find_page(path);
  return found != nullptr && found->audience == Audience::Everybody;
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
