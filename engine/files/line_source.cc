#include "engine/files/line_source.h"

#include <algorithm>
#include <cassert>

#include "engine/error.h"

namespace grove {
namespace {

constexpr size_t kLongestLine = size_t{256} << 20;

}  // namespace

LineSource::LineSource(const std::string& path, FileReader::Kind kind)
    : name_(path == "-" ? "standard input" : path),
      bytes_(std::make_unique<ByteSource>(path, kind)) {}

LineSource LineSource::OfText(std::string_view text, const std::string& name) {
  LineSource source;
  source.name_ = name;
  source.text_ = text;
  source.hash_->Add(text.data(), text.size());
  source.ended_ = true;
  return source;
}

// False at the end of the text.
bool LineSource::Fill() {
  if (ended_) return false;
  text_.erase(0, begin_);
  erased_ += begin_;
  searched_ -= begin_;
  begin_ = 0;
  const size_t before = text_.size();
  ended_ = !bytes_->Read(text_);
  hash_->Add(text_.data() + before, text_.size() - before);
  if (text_.size() < kLongestLine) return true;
  throw Error(name_ + ":" + std::to_string(number_ + 1) +
              ": a line of more than 256 MiB: this is no text of lines");
}

void LineSource::SkipMark() {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  while (text_.size() < kMark.size() && Fill()) {
  }
  started_ = true;
  if (text_.starts_with("\xff\xfe") || text_.starts_with("\xfe\xff")) {
    throw Error(name_ + ": is UTF-16; convert it first, with iconv -f utf-16 -t utf-8");
  }
  if (text_.starts_with(kMark)) begin_ = searched_ = kMark.size();
}

size_t LineSource::FindEnd() {
  const size_t end = text_.find('\n', std::max(begin_, searched_));
  searched_ = std::min(end, text_.size());
  return end;
}

bool LineSource::ready() { return ended_ || (started_ && FindEnd() != std::string::npos); }

// Waits until the next line is there; it ends at searched_.
bool LineSource::HasLine() {
  if (!started_) SkipMark();
  while (FindEnd() == std::string::npos && Fill()) {
  }
  return begin_ < text_.size();
}

std::string_view LineSource::Sample() {
  if (!started_) SkipMark();
  while (true) {
    const std::string_view text = std::string_view(text_).substr(begin_);
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text.find('\n', first) != std::string_view::npos) {
      return text;
    }
    if (!Fill()) return text;
  }
}

std::string_view LineSource::Peek(size_t count) {
  if (!started_) SkipMark();
  while (text_.size() - begin_ < count && Fill()) {
  }
  return std::string_view(text_).substr(begin_);
}

void LineSource::Skip(size_t count) {
  assert(count <= text_.size() - begin_);
  begin_ += count;
  searched_ = std::max(searched_, begin_);
}

bool LineSource::Next(std::string_view& line) {
  if (!HasLine()) return false;
  line = std::string_view(text_).substr(begin_, searched_ - begin_);
  cut_ = searched_ == text_.size();
  begin_ = searched_ = searched_ + (cut_ ? 0 : 1);
  ++number_;
  return true;
}

}  // namespace grove
