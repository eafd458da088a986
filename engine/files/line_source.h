// Texts of any length line by line: files plain or packed by gzip, pipes, and texts in memory.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/files/byte_source.h"
#include "engine/hash.h"

namespace grove {

class LineSource {
 public:
  // "-": standard input. Throws Error as ByteSource, here and while reading.
  explicit LineSource(const std::string& path, FileReader::Kind kind = FileReader::Kind::kAny);
  // `name` stands for the path in messages.
  static LineSource OfText(std::string_view text, const std::string& name);

  const std::string& name() const { return name_; }

  // Gives the next line without its '\n'; false after the last. It is there until the next call.
  // A byte order mark before the first line is no part of it. Throws Error also for a text in
  // UTF-16 and for a line of 256 MiB.
  bool Next(std::string_view& line);
  // The beginning of what Next will give, as far as it was read: a line that is not blank at least,
  // if there is one.
  std::string_view Sample();
  // The bytes that Next would go on with, for readers to whom what follows is no text: at least
  // `count`, fewer only at the end. There until the next call.
  std::string_view Peek(size_t count);
  // Goes past bytes that Peek gave.
  void Skip(size_t count);
  // Whether Next has something to give without waiting, be it the end.
  bool ready();

  size_t number() const { return number_; }             // of the line that Next gave, from 1
  bool cut() const { return cut_; }                     // it had no '\n': the text ended
  size_t position() const { return erased_ + begin_; }  // bytes before those that come next
  std::string place() const { return name_ + ":" + std::to_string(number_); }

  // HashText of the text as far as it was read, which is all of it after the last line.
  std::string xxh3() const { return hash_->Digits(); }

 private:
  LineSource() = default;
  bool Fill();
  // The end of the next line in text_, or npos if it has not come yet.
  size_t FindEnd();
  void SkipMark();
  bool HasLine();

  std::string name_;
  std::unique_ptr<ByteSource> bytes_;  // null for a text in memory, all of which is in text_
  std::string text_;
  size_t erased_ = 0;    // bytes that were before text_
  size_t begin_ = 0;     // of the next line
  size_t searched_ = 0;  // no line ends between begin_ and this
  bool started_ = false, ended_ = false;
  size_t number_ = 0;
  bool cut_ = false;
  std::unique_ptr<Hasher> hash_ = std::make_unique<Hasher>();
};

}  // namespace grove
