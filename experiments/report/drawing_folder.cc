#include "experiments/report/drawing_folder.h"

#include <stdlib.h>

#include <filesystem>

#include "engine/error.h"

namespace grove {

DrawingFolder::DrawingFolder(const std::string& parent) : path_(parent + "/.drawing-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) throw Error(parent + ": cannot make a folder to draw in");
}

DrawingFolder::~DrawingFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace grove
