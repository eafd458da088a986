// grove slurm: what it writes, what the scripts do without a cluster, and how it submits. Programs
// of Slurm are stood in for by scripts of a line or two; tests/slurm/run has a real one.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "experiments/cli/shell.h"
#include "experiments/report/template.h"
#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Strings = std::vector<std::string>;

// 8 runs of a fraction of a second.
constexpr char kTiny[] = R"(name = "tiny"
[dataset]
train = 40
dev = 10
test = 10
[run]
dim = 8
epochs = 1
[axes]
model = ["rlstm", "rnn"]
seed = "1-4"
)";

// Nothing that a shell, sbatch or a template could take for something else comes through unchanged
// by chance.
constexpr char kAwkward[] = "it's \"50 %\" of $HOME; {{x}} &c";

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class SlurmProgramTest : public ProgramTest {
 protected:
  // Those of grove slurm, with the spec in a folder of an awkward name.
  Strings Arguments(const Strings& more = {}) {
    return With({"slurm", spec_, "--out", out_}, more);
  }
  ProgramResult Write(const Strings& more = {}) {
    ProgramResult result = RunProgram(Arguments(more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result;
  }
  std::string Script(const std::string& name) const { return ReadText(out_ + "/slurm/" + name); }
  // A line of bash that runs one of the scripts, with the programs of Slurm that there are.
  std::string RunScript(const std::string& name, const std::string& environment = "") const {
    return environment + " PATH=" + QuoteForShell(bin_) + ":$PATH bash " +
           QuoteForShell(out_ + "/slurm/" + name);
  }
  // Puts a stand-in of a program of Slurm on the path; it logs its name and arguments.
  void StandIn(const std::string& program, const std::string& body) {
    fs::create_directories(bin_);
    const std::string log = QuoteForShell(folder_.Path("log"));
    WriteText(bin_ + "/" + program,
              "#!/bin/bash\necho " + program + " \"$@\" >>" + log + "\n" + body + "\n");
    fs::permissions(bin_ + "/" + program, fs::perms::owner_all);
  }
  // sbatch that gives ids from 101 on, and fails for a script of this name.
  void StandInForSbatch(const std::string& fails = "none") {
    StandIn("sbatch", "case \"$*\" in *" + fails +
                          "*) exit 1;; esac; echo $((100 + $(grep -c ^sbatch " +
                          QuoteForShell(folder_.Path("log")) + ")))';mine'");
    StandIn("scancel", "");
  }
  Strings Log() const { return Lines(ReadText(folder_.Path("log"))); }
  std::string LastCall() const {
    const Strings log = Log();
    return log.empty() ? "no program of Slurm" : log.back();
  }

  const std::string home_ = folder_.Path(kAwkward);
  const std::string out_ = home_ + "/out";
  const std::string bin_ = folder_.Path("bin");
  const std::string spec_ = [this] {
    fs::create_directory(home_);
    WriteText(home_ + "/tiny.toml", kTiny);
    return home_ + "/tiny.toml";
  }();
};

TEST_F(SlurmProgramTest, WritesScriptsThatBashAccepts) {
  for (const Strings& more :
       {Strings{}, Strings{"--own-requeue"}, Strings{"--gemm", "openblas", "--partition", "day"}}) {
    Write(more);
    size_t scripts = 0;
    for (const auto& file : fs::directory_iterator(out_ + "/slurm")) {
      ++scripts;
      const std::string path = QuoteForShell(file.path().string());
      EXPECT_EQ(RunInShell("bash -n " + path + " 2>&1").out, "") << path;
      EXPECT_TRUE(Script(file.path().filename().string()).starts_with("#!/bin/bash\n"));
    }
    EXPECT_EQ(scripts, 4u);
  }
}

TEST_F(SlurmProgramTest, TheArrayAsksForWhatAShardNeeds) {
  Write({"--shards", "3", "--threads", "2", "--partition", "day", "--account", "us",
         "--sbatch-arg=--qos=low", "--sbatch-arg", "--exclude=n[1-3]"});
  const std::string array = Script("array.sbatch");
  for (const char* line :
       {"--array=0-2", "--time=10", "--cpus-per-task=2", "--requeue", "--signal=B:TERM@120",
        "--open-mode=append", "--partition=day", "--account=us", "--qos=low", "--exclude=n[1-3]"}) {
    EXPECT_TRUE(Has(array, "\n#SBATCH " + std::string(line) + "\n")) << line << " in\n" << array;
  }
  EXPECT_TRUE(Has(array, "\n#SBATCH --mem=2")) << "256 MB and a little";
  EXPECT_TRUE(Has(array, "/it's \\\"50 %%\\\" of $HOME; {{x}} &c/out/slurm\"/%A_%a.out\n"));
  for (const char* name : {"smoke.sbatch", "finish.sbatch"}) {
    EXPECT_TRUE(Has(Script(name), "\n#SBATCH --partition=day\n")) << name;
    EXPECT_TRUE(Has(Script(name), "\n#SBATCH --qos=low\n")) << name;
  }
}

TEST_F(SlurmProgramTest, HandsOnWhatGroveRunIsToGet) {
  Write({"--only", "model=rnn|rlstm", "--only", "seed=1", "--seeds", "1-2", "--save-models",
         "--retry", "2", "--fail-fast", "--state-every", "30", "--max-run-seconds=900", "--gemm",
         "simd"});
  EXPECT_TRUE(
      Has(Script("array.sbatch"),
          " --gemm simd --seeds 1-2 --only 'model=rnn|rlstm' --only seed=1"
          " --save-models --state-every 30 --fail-fast --retry 2 --max-run-seconds 900 \\\n"));
  EXPECT_TRUE(Has(Script("smoke.sbatch"), " --gemm simd --seeds 1-2 \\\n"));
}

TEST_F(SlurmProgramTest, SaysWhatItWrote) {
  const ProgramResult result = Write({"--shards", "3", "--json"});
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json["runs"], 8);
  EXPECT_EQ(json["shards"], 3);
  EXPECT_EQ(json["minutes"], 10);
  EXPECT_GT(json["megabytes"], 256);
  EXPECT_GE(json["longest_seconds"], json["shortest_seconds"]);
  EXPECT_EQ(json["submit"], out_ + "/slurm/submit.sh");
  EXPECT_FALSE(json.contains("jobs"));
  EXPECT_TRUE(Has(json["warning"], "fewer shards than 3"));
  EXPECT_TRUE(Has(result.err, "fewer shards than 3"));
  const ProgramResult chosen = Write();
  EXPECT_TRUE(chosen.out.starts_with("8 runs in 1 shard of ")) << chosen.out;
  EXPECT_TRUE(Has(chosen.out, "to submit: bash " + QuoteForShell(out_ + "/slurm/submit.sh")));
  EXPECT_EQ(chosen.err, "") << "chosen by the program, it needs no warning";
}

TEST_F(SlurmProgramTest, SubmitsWithDependencies) {
  StandInForSbatch();
  Write({"--shards", "5", "--max-array-size", "2"});
  const ShellResult said = RunInShell(RunScript("submit.sh"));
  ASSERT_EQ(said.exit_code, 0);
  const std::string folder = out_ + "/slurm/";
  const std::string array = "sbatch --parsable --dependency=afterok:101 --kill-on-invalid-dep=yes ";
  EXPECT_EQ(Log(), (Strings{"sbatch --parsable " + folder + "smoke.sbatch",
                            array + "--array=0-1 " + folder + "array.sbatch 0",
                            array + "--array=0-1 " + folder + "array.sbatch 2",
                            array + "--array=0-0 " + folder + "array.sbatch 4",
                            "sbatch --parsable --dependency=afterany:102:103:104 " + folder +
                                "finish.sbatch"}));
  EXPECT_TRUE(Has(said.out, "shards 2 to 3: job 103\n")) << said.out;
  EXPECT_TRUE(Has(said.out, "squeue --jobs=101,102,103,104,105\n")) << said.out;
}

TEST_F(SlurmProgramTest, WhatIsSubmittedInPartIsCancelled) {
  StandInForSbatch("finish.sbatch");
  Write();
  EXPECT_NE(RunInShell(RunScript("submit.sh")).exit_code, 0);
  EXPECT_EQ(LastCall(), "scancel 101 102");
}

TEST_F(SlurmProgramTest, SubmitsAtOnceAndSaysTheIds) {
  StandInForSbatch();
  StandIn("scontrol", "printf 'Configuration\\nMaxArraySize            = 3\\nMaxX = 4\\n'");
  const std::string command = "PATH=" + QuoteForShell(bin_) + ":$PATH " GROVE_PROGRAM " slurm " +
                              QuoteForShell(spec_) + " --out " + QuoteForShell(out_) +
                              " --shards 4 --json --submit 2>/dev/null";
  const ShellResult said = RunInShell(command);
  ASSERT_EQ(said.exit_code, 0);
  const Json json = Json::parse(said.out);
  EXPECT_EQ(json["max_array_size"], 3);
  EXPECT_EQ(json["jobs"], Json({"101", "102", "103", "104"}));
  StandInForSbatch("smoke.sbatch");
  EXPECT_EQ(RunInShell(command).exit_code, 1);
}

TEST_F(SlurmProgramTest, TheArraysTasksTrainEveryRunOnce) {
  Write({"--shards", "3", "--max-array-size", "2"});
  const auto task = [&](int first, int id) {
    const std::string environment = "SLURM_ARRAY_TASK_ID=" + std::to_string(id);
    return RunInShell(RunScript("array.sbatch", environment) + " " + std::to_string(first) +
                      " 2>/dev/null")
        .exit_code;
  };
  EXPECT_EQ(task(0, 0), 0);
  EXPECT_EQ(task(0, 1), 0);
  EXPECT_EQ(ReadRecords(out_).size(), 5u) << "8 runs, 3 of them in the last shard";
  EXPECT_EQ(RunInShell(RunScript("finish.sbatch") + " 2>/dev/null").exit_code, 1);
  EXPECT_FALSE(fs::exists(out_ + "/report"));
  EXPECT_EQ(task(2, 0), 0);
  const ShellResult finished = RunInShell(RunScript("finish.sbatch") + " 2>/dev/null");
  EXPECT_EQ(finished.exit_code, 0) << finished.out;
  EXPECT_TRUE(Has(finished.out, "all runs are done, 8")) << finished.out;
  EXPECT_EQ(ReadRecords(out_).size(), 8u);
}

TEST_F(SlurmProgramTest, TheSmokeTestTrainsTheCheapestRunAndLeavesNothing) {
  Write();
  const ShellResult smoke = RunInShell(RunScript("smoke.sbatch", "SLURM_JOB_ID=7") + " 2>&1");
  EXPECT_EQ(smoke.exit_code, 0) << smoke.out;
  EXPECT_TRUE(Has(smoke.out, "1 done, 0 failed")) << smoke.out;
  EXPECT_TRUE(Has(smoke.out, "smoke: all is well")) << smoke.out;
  EXPECT_FALSE(fs::exists(out_ + "/slurm/smoke.7"));
  fs::remove(spec_);
  const ShellResult lost = RunInShell(RunScript("smoke.sbatch", "SLURM_JOB_ID=7") + " 2>&1");
  EXPECT_EQ(lost.exit_code, 2) << lost.out;
  EXPECT_TRUE(Has(lost.out, "smoke: failed: tiny d1 rnn s1")) << lost.out;
}

constexpr char kPreempted[] =
    "slurmstepd-n1: error: *** JOB 5 ON n1 CANCELLED AT now DUE TO PREEMPTION ***\n";

// With runs that take seconds.
class OwnRequeueTest : public SlurmProgramTest {
 protected:
  // Sends TERM to the script while it trains, and lets Slurm say that the task is in this state,
  // and `note` in the task's output. Returns what the output has then.
  ShellResult StopWhileSlurmSays(const std::string& state, const std::string& note = "",
                                 const std::string& said_before = "") {
    WriteText(spec_, kLongExperiment);
    Write({"--own-requeue", "--shards", "1"});
    const std::string output = out_ + "/slurm/5_0.out";
    WriteText(output, said_before);
    const std::string to = " >>" + QuoteForShell(output);
    StandIn("squeue", "printf %s " + QuoteForShell(note) + to + "; echo " + state);
    StandIn("scontrol", "");
    ShellResult result = RunInShell(
        "export SLURM_ARRAY_JOB_ID=5 SLURM_ARRAY_TASK_ID=0; " + RunScript("array.sbatch") + to +
        " 2>/dev/null & cd " + QuoteForShell(out_) +
        "; for i in $(seq 100); do [ -s journal.jsonl ] && break; sleep 0.1; done; sleep 0.3; "
        "kill -TERM $!; wait $!");
    result.out = ReadText(output);
    return result;
  }
};

TEST_F(OwnRequeueTest, AWarnedTaskQueuesItselfAgain) {
  const ShellResult result = StopWhileSlurmSays("RUNNING");
  EXPECT_EQ(result.exit_code, 143) << result.out;
  EXPECT_EQ(LastCall(), "scontrol requeue 5_0");
  EXPECT_FALSE(fs::is_empty(out_ + "/state")) << "the program was to keep what it had";
}

TEST_F(OwnRequeueTest, ACancelledTaskDoesNot) {
  const ShellResult result = StopWhileSlurmSays("COMPLETING");
  EXPECT_EQ(result.exit_code, 143) << result.out;
  EXPECT_TRUE(LastCall().starts_with("squeue ")) << LastCall();
  EXPECT_TRUE(Has(result.out, "cancelled, not queued again")) << result.out;
}

TEST_F(OwnRequeueTest, ATaskThatLostItsPlaceDoes) {
  const ShellResult result = StopWhileSlurmSays("COMPLETING", kPreempted);
  EXPECT_EQ(result.exit_code, 143) << result.out;
  EXPECT_EQ(LastCall(), "scontrol requeue 5_0");
}

TEST_F(OwnRequeueTest, WhatWasSaidOfAnEarlierStartDoesNotCount) {
  StopWhileSlurmSays("COMPLETING", "", kPreempted);
  EXPECT_TRUE(LastCall().starts_with("squeue ")) << LastCall();
}

TEST_F(OwnRequeueTest, OtherwiseTheExitCodeIsTheProgramsOwn) {
  Write({"--own-requeue"});
  StandIn("scontrol", "");
  const std::string task = RunScript("array.sbatch", "SLURM_ARRAY_TASK_ID=0") + " 2>/dev/null";
  EXPECT_EQ(RunInShell(task).exit_code, 0);
  fs::remove(spec_);
  EXPECT_EQ(RunInShell(task).exit_code, 2);
  EXPECT_FALSE(fs::exists(folder_.Path("log"))) << "nothing is asked of Slurm";
}

TEST_F(SlurmProgramTest, BadInputIsToldBeforeAnythingIsWritten) {
  ExpectOneError(Arguments({"--shards", "0"}), {"--shards 0", "auto", "1 to 8"});
  ExpectOneError(Arguments({"--shards", "9"}), {"--shards 9", "auto", "1 to 8"});
  ExpectOneError(Arguments({"--shards", "3x"}), {"--shards 3x", "auto", "1 to 8"});
  ExpectOneError(Arguments({"--sbatch-arg", "qos"}), {"--sbatch-arg 'qos'", "begins with -"});
  ExpectOneError(Arguments({"--only", "seed=9"}), {"--only 'seed=9'"});
  ExpectOneError({"slurm", spec_}, {"--out"});
  ExpectOneError({"slurm", spec_, "--out", folder_.Path("a\\b")}, {"a\\b", "backslash"});
  EXPECT_FALSE(fs::exists(out_));
  EXPECT_FALSE(fs::exists(folder_.Path("a\\b")));
  fs::create_directory(out_);
  WriteText(out_ + "/letter", "");
  ExpectOneError(Arguments(), {out_, "letter"});
  EXPECT_FALSE(fs::exists(out_ + "/slurm"));
}

}  // namespace
}  // namespace grove::test
