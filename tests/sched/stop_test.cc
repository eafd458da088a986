#include "sched/stop.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace grove::sched {
namespace {

// Runs `body` in a child process; returns how it ended, as waitpid reports it.
template <typename Body>
int InChild(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

class StopTest : public testing::TestWithParam<int> {};

TEST_P(StopTest, FirstSignalSetsTheFlag) {
  StopOnSignal stop;
  EXPECT_FALSE(stop.stop());
  EXPECT_EQ(stop.signal(), 0);
  raise(GetParam());
  EXPECT_TRUE(stop.stop());
  EXPECT_EQ(stop.signal(), GetParam());
}

TEST_P(StopTest, SecondSignalKills) {
  const int status = InChild([] {
    StopOnSignal stop(0);
    raise(SIGINT);
    raise(GetParam());
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), GetParam());
}

TEST_P(StopTest, TheSameSignalTwiceAtOnceIsOne) {
  const int status = InChild([] {
    StopOnSignal stop(1e6);
    raise(GetParam());
    raise(GetParam());
    if (!stop.stop() || stop.signal() != GetParam()) _exit(1);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_P(StopTest, EndRestoresWhatWasInstalled) {
  const int status = InChild([] {
    { StopOnSignal stop; }
    raise(GetParam());
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), GetParam());
}

// With the grace that programs have: a second Ctrl-C need not wait.
TEST_P(StopTest, ASecondSignalStopsAtOnce) {
  const int status = InChild([] {
    StopOnSignal stop;
    raise(GetParam());
    usleep(60'000);
    raise(SIGINT);
    usleep(10'000'000);  // what would be lost if it did not
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

INSTANTIATE_TEST_SUITE_P(Signals, StopTest, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const auto& info) {
                           return info.param == SIGINT    ? "SIGINT"
                                  : info.param == SIGTERM ? "SIGTERM"
                                                          : "SIGHUP";
                         });

// A scheduler's warning: what was computed is to be saved, and the work goes on.
TEST(StopOnSignal, UserSignalsAreCountedAndStopNothing) {
  {
    StopOnSignal stop(0);
    EXPECT_EQ(stop.saves(), 0u);
    raise(SIGUSR1);
    raise(SIGUSR1);
    EXPECT_EQ(stop.saves(), 2u);
    EXPECT_FALSE(stop.stop());
    EXPECT_EQ(stop.signal(), 0);
  }
  StopOnSignal next;
  EXPECT_EQ(next.saves(), 0u);
}

// As under nohup, whose SIGHUP does not count as the first signal either.
TEST(StopOnSignal, AnIgnoredHangUpStaysIgnored) {
  const int status = InChild([] {
    ::signal(SIGHUP, SIG_IGN);
    {
      StopOnSignal stop(0);
      raise(SIGHUP);
      if (stop.stop() || stop.signal() != 0) _exit(1);
      raise(SIGTERM);
      raise(SIGHUP);
      if (!stop.stop() || stop.signal() != SIGTERM) _exit(2);
    }
    raise(SIGHUP);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

// Scripts start what runs in the background with SIGINT ignored.
TEST(StopOnSignal, AnIgnoredInterruptIsHandled) {
  const int status = InChild([] {
    ::signal(SIGINT, SIG_IGN);
    {
      StopOnSignal stop;
      raise(SIGINT);
      if (!stop.stop()) _exit(1);
    }
    raise(SIGINT);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(StopOnSignal, OneAtATimeAndFreshEachTime) {
  {
    StopOnSignal stop;
    EXPECT_THROW(StopOnSignal second, std::logic_error);
    raise(SIGINT);
    EXPECT_TRUE(stop.stop());
  }
  StopOnSignal stop;
  EXPECT_FALSE(stop.stop());
  EXPECT_EQ(stop.signal(), 0);
}

}  // namespace
}  // namespace grove::sched
