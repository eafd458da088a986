#include "experiments/cli/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

namespace grove {

void OpenStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // open() takes the lowest free number, which is `stream`: the lower ones are open by now.
    if (open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY) != stream) _exit(1);
  }
}

CheckedOutput::CheckedOutput() : before_(std::cout.rdbuf(this)) { setp(buffer_, buffer_ + kBytes); }

CheckedOutput::~CheckedOutput() {
  sync();
  std::cout.rdbuf(before_);
}

int CheckedOutput::overflow(int c) {
  if (sync() != 0) return traits_type::eof();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

int CheckedOutput::sync() {
  const char* next = pbase();
  while (error_ == 0 && next < pptr()) {
    const ssize_t written = write(STDOUT_FILENO, next, static_cast<size_t>(pptr() - next));
    if (written >= 0) {
      next += written;
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  setp(buffer_, buffer_ + kBytes);
  return error_ == 0 ? 0 : -1;
}

std::string CheckedOutput::Finish() {
  sync();
  errno = 0;
  if (std::fflush(stdout) != 0 && error_ == 0) error_ = errno;
  if (std::ferror(stdout) != 0 && error_ == 0) error_ = EIO;
  return error_ == 0 || error_ == EPIPE ? "" : std::generic_category().message(error_);
}

}  // namespace grove
