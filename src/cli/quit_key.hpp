#pragma once

#include <termios.h>

#include <optional>

namespace changeling::cli {

/// Notices `q` typed at the terminal while a worker works. The terminal gives single keys without showing
/// them meanwhile, Ctrl-C keeps its meaning, and destruction puts everything back. Without a terminal, and in
/// the background, nothing happens.
class QuitKey {
 public:
  enum class Use { Watch, Ignore };
  explicit QuitKey(Use use);
  QuitKey(const QuitKey&) = delete;
  QuitKey& operator=(const QuitKey&) = delete;
  ~QuitKey();

  bool available() const { return use_ == Use::Watch; }
  /// Whether it has been typed since the last call; never waits.
  bool pressed();
  /// Gives the terminal back until the next call of pressed().
  void release();

 private:
  bool in_foreground() const;
  void take();

  Use use_;
  std::optional<termios> before_;
};

}  // namespace changeling::cli
