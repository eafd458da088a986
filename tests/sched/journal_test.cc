#include "sched/journal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <thread>

namespace grove::sched {
namespace {

using Lines = std::vector<std::string>;

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = testing::TempDir() + "journal_XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    path_ = folder + "/journal.jsonl";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void WriteFile(const std::string& text) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << text;
  }
  std::string ReadFile() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // The complete ones.
  Lines ReadLines() const {
    const std::string text = ReadFile();
    Lines lines;
    size_t begin = 0;
    for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      lines.push_back(text.substr(begin, end - begin));
    }
    return lines;
  }

  std::string folder_;
  std::string path_;
};

std::string MessageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const JournalError& error) {
    return error.what();
  }
  return "no JournalError";
}

TEST_F(JournalTest, KeepsWhatWasAppended) {
  {
    Journal journal(path_);
    EXPECT_EQ(journal.path(), path_);
    EXPECT_EQ(journal.torn_bytes(), 0);
    journal.Append("one");
    journal.Append("");
    EXPECT_EQ(ReadFile(), "one\n\n");
  }
  Journal journal(path_);
  EXPECT_EQ(journal.torn_bytes(), 0);
  journal.Append("two");
  EXPECT_EQ(ReadFile(), "one\n\ntwo\n");
}

// A crash may cut the file anywhere: the complete lines stay, the rest goes with the next Append.
TEST_F(JournalTest, TornAtEveryByte) {
  const std::string whole = "{\"a\": 1}\n{\"b\": 22}\n\n{\"c\": 333}\n";
  for (size_t size = 0; size <= whole.size(); ++size) {
    const std::string torn = whole.substr(0, size);
    const std::string kept = torn.substr(0, torn.rfind('\n') + 1);
    WriteFile(torn);
    {
      Journal journal(path_);
      EXPECT_EQ(journal.torn_bytes(), static_cast<int64_t>(size - kept.size())) << size;
      EXPECT_EQ(ReadFile(), torn) << size << ": opening must not change the file";
      journal.Append("next");
      journal.Append("last");
    }
    EXPECT_EQ(ReadFile(), kept + "next\nlast\n") << size;
  }
}

// The end of the lines is found from the end of the file, whatever its size.
TEST_F(JournalTest, ATornLineOfAnyLengthIsCutOff) {
  for (const size_t size : {65535u, 65536u, 65537u, 200000u}) {
    WriteFile("one\n" + std::string(size, 'x'));
    Journal journal(path_);
    EXPECT_EQ(journal.torn_bytes(), static_cast<int64_t>(size));
    journal.Append("two");
    EXPECT_EQ(ReadFile(), "one\ntwo\n");
  }
}

TEST_F(JournalTest, ConcurrentAppendsAreWholeLines) {
  constexpr int kThreads = 4;
  constexpr int kLines = 50;
  {
    Journal journal(path_);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&journal, t] {
        for (int i = 0; i < kLines; ++i) {
          journal.Append(std::to_string(t) + ":" + std::to_string(i) + std::string(100, 'x'));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const Lines lines = ReadLines();
  EXPECT_EQ(lines.size(), static_cast<size_t>(kThreads * kLines));
  std::set<std::string> expected;
  for (int t = 0; t < kThreads; ++t) {
    for (int i = 0; i < kLines; ++i) {
      expected.insert(std::to_string(t) + ":" + std::to_string(i) + std::string(100, 'x'));
    }
  }
  EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()), expected);
}

TEST_F(JournalTest, OneWriterOnly) {
  {
    Journal first(path_);
    EXPECT_EQ(MessageOf([this] { Journal second(path_); }),
              "journal " + path_ + " is in use by another process");
    first.Append("still fine");
  }
  EXPECT_EQ(ReadFile(), "still fine\n");
}

TEST_F(JournalTest, ErrorsNameThePathAndTheReason) {
  const std::string missing = folder_ + "/no/journal";
  EXPECT_EQ(MessageOf([&] { Journal journal(missing); }),
            "cannot open journal " + missing + ": No such file or directory");
  EXPECT_EQ(MessageOf([this] { Journal journal(folder_); }),
            "cannot open journal " + folder_ + ": Is a directory");
}

TEST_F(JournalTest, LineBreaksAreRefused) {
  Journal journal(path_);
  EXPECT_THROW(journal.Append("two\nlines"), std::invalid_argument);
  EXPECT_EQ(ReadFile(), "");
}

// Files of the child may not grow past 10 bytes: the second line fits only in part, and must go.
TEST_F(JournalTest, FailedWriteLeavesTheFileAsItWas) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    Journal journal(path_);
    journal.Append("12345");
    const rlimit limit = {10, RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(1);
    const std::string message = MessageOf([&] { journal.Append("67890"); });
    if (message.rfind("cannot write to journal " + path_ + ": ", 0) != 0) _exit(2);
    if (ReadFile() != "12345\n") _exit(3);
    journal.Append("678");
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(ReadFile(), "12345\n678\n");
}

}  // namespace
}  // namespace grove::sched
