// A place for gnuplot to draw in, so that only complete drawings reach the folder they are for.
#pragma once

#include <string>

namespace grove {

// A new hidden folder in `parent`, removed with all that is left in it. Throws Error if it cannot
// be made.
class DrawingFolder {
 public:
  explicit DrawingFolder(const std::string& parent);
  ~DrawingFolder();
  DrawingFolder(const DrawingFolder&) = delete;
  DrawingFolder& operator=(const DrawingFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace grove
