// The report of runs that go on.
#include "experiments/cli/live_page.h"

#include <filesystem>
#include <thread>

#include "engine/error.h"
#include "engine/files/files.h"
#include "gtest/gtest.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using ::grove::testing::MadeUpRun;
using ::grove::testing::WriteRunFolder;

class Notes : public BatchWatcher {
 public:
  void OnNote(const std::string& line) override { notes.push_back(line); }
  void OnEnd() override { ended = true; }

  std::vector<std::string> notes;
  bool ended = false;
};

constexpr char kGoesOn[] = "<p class=\"live\" data-going-on>";

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Job JobOf(const RunRecord& run) {
  Job job;
  static_cast<RunIdentity&>(job) = run;
  return job;
}

// Waits until the page says so: it is written by another thread, when that comes to it.
std::string PageThatSays(const std::string& path, const std::string& part) {
  for (int i = 0; i < 3000; ++i) {
    const std::string page = std::filesystem::exists(path) ? ReadFile(path) : "";
    if (Contains(page, part)) return page;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  ADD_FAILURE() << path << " never says " << part;
  return "";
}

TEST(LivePage, ShowsWhatHasEndedAndWhatIsBeingTrained) {
  const TemporaryFolder folder;
  const std::string page_path = folder.Path("report/index.html");
  const RunRecord first = MadeUpRun("exp1", 1, "rnn", 1, 0.9);
  const RunRecord second = MadeUpRun("exp1", 1, "rnn", 2, 0.9);
  WriteRunFolder(folder.path(), {}, 3);
  Notes notes;
  LivePage live(notes, folder.path(), std::chrono::milliseconds(1));
  sched::ProgressMeter meter({{"one", 1}, {"two", 1}}, 2);
  live.OnStart(meter, 2);
  meter.Start(1);

  // No run has ended yet: the page has what is being trained.
  RunResult result;
  result.history = {second.history[0]};
  live.OnProgress(JobOf(second), {2, 100, 0.1}, result);
  std::string page = PageThatSays(page_path, "exp1-1-rnn-2");
  EXPECT_TRUE(Contains(page, "0 of 2 runs have ended, 1 in training")) << page.substr(0, 9000);
  EXPECT_TRUE(Contains(page, "<td>running</td>"));
  EXPECT_TRUE(Contains(page, kGoesOn));

  WriteRunFolder(folder.path(), {first}, 3);
  meter.Start(0);
  meter.Finish(0);
  live.OnRecord(JobOf(first), first);
  result.history.push_back(second.history[1]);
  live.OnProgress(JobOf(second), {3, 200, 0.2}, result);
  page = PageThatSays(page_path, "\"loss\":[2.3,1.15],");
  EXPECT_TRUE(Contains(page, "1 of 2 runs have ended"));
  EXPECT_TRUE(Contains(page, "<td>done</td>"));

  live.OnEnd();
  page = ReadFile(page_path);
  EXPECT_TRUE(Contains(page, "The runs have stopped"));
  EXPECT_TRUE(Contains(page, "<td>interrupted</td>"));
  EXPECT_FALSE(Contains(page, kGoesOn));
  EXPECT_TRUE(notes.ended);
  EXPECT_EQ(notes.notes, std::vector<std::string>());
}

TEST(LivePage, WithNothingToDoLeavesThePageAlone) {
  const TemporaryFolder folder;
  Notes notes;
  LivePage live(notes, folder.path(), std::chrono::milliseconds(1));
  const sched::ProgressMeter meter({}, 1, 5);
  live.OnStart(meter, 0);
  live.OnEnd();
  EXPECT_FALSE(std::filesystem::exists(folder.Path("report")));
}

TEST(LivePage, ThatCannotBeWrittenIsOneNote) {
  const TemporaryFolder folder;
  const RunRecord run = MadeUpRun("exp1", 1, "rnn", 1, 0.9);
  WriteRunFolder(folder.path(), {run}, 3);
  WriteFileAtomically(folder.Path("report"), "no folder");
  Notes notes;
  LivePage live(notes, folder.path(), std::chrono::milliseconds(1));
  const sched::ProgressMeter meter({{"one", 1}}, 1);
  live.OnStart(meter, 1);
  live.OnEnd();
  ASSERT_EQ(notes.notes.size(), 1u);
  EXPECT_TRUE(notes.notes[0].starts_with("--live: ")) << notes.notes[0];
}

}  // namespace
}  // namespace grove
