// The bytes of a file as they come, whether gzip has packed it or not.
#pragma once

#include <memory>
#include <string>

#include "engine/files/files.h"

namespace grove {

class ByteSource {
 public:
  // "-": standard input. Throws Error as FileReader.
  ByteSource(const std::string& path, FileReader::Kind kind);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Appends what is there, some hundred kilobytes at most, and waits only where nothing is; false
  // at the end. Throws Error with the path: reading fails, or the packed data are damaged or end
  // early.
  bool Read(std::string& to);

 private:
  class Inflater;
  bool LooksPacked();

  std::string name_;
  FileReader file_;
  std::string input_;  // read, but not given
  bool started_ = false, ended_ = false;
  std::unique_ptr<Inflater> inflater_;  // of a packed file
};

}  // namespace grove
