// JSON text is read whole or refused, wherever the engine reads any.
#include "engine/json_text.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/files/checkpoint.h"
#include "engine/files/model_file.h"
#include "engine/run_spec_json.h"

namespace grove {
namespace {

using namespace std::string_literals;

std::string MessageOf(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ParseJson, ReadsWholeValues) {
  EXPECT_EQ(ParseJson("{\"b\":1,\"a\":[true,null]}", "x").dump(), R"({"a":[true,null],"b":1})");
  EXPECT_EQ(ParseJson<nlohmann::ordered_json>(" {\"b\":1,\"a\":2}\n", "x").dump(),
            R"({"b":1,"a":2})");
}

TEST(ParseJson, RefusesWhatStandsBehindTheEnd) {
  for (const std::string& behind :
       {"\0"s, "\0 {}"s, "\0garbage"s, "x"s, " {}"s, "}"s, "\xff"s, ",1"s, "  \0"s, "\x1a"s}) {
    const std::string message = MessageOf([&] { ParseJson("{\"a\":1}" + behind, "file:3"); });
    EXPECT_TRUE(message.starts_with("file:3: not JSON at its byte ")) << message;
  }
  EXPECT_EQ(MessageOf([] { ParseJson("{\"a\":1}\0{}"s, "x"); }), "x: not JSON at its byte 8");
}

TEST(ParseJson, NamesTheFirstFault) {
  EXPECT_EQ(MessageOf([] { ParseJson("", "x"); }), "x: not JSON at its byte 1");
  EXPECT_EQ(MessageOf([] { ParseJson("\0"s, "x"); }), "x: not JSON at its byte 1");
  EXPECT_EQ(MessageOf([] { ParseJson("{]\0"s, "x"); }), "x: not JSON at its byte 2");
  EXPECT_EQ(MessageOf([] { ParseJson("[1e999]", "x"); }), "x: a number is out of range");
  EXPECT_EQ(MessageOf([] { ParseJson("\"\xff\"", "x"); }), "x: not JSON at its byte 2");
}

TEST(ParseJson, LetsACheckSeeEveryEventAndThrow) {
  const auto check = [](int, nlohmann::json::parse_event_t event, nlohmann::json&) -> bool {
    if (event == nlohmann::json::parse_event_t::array_start) throw Error("no lists");
    return true;
  };
  EXPECT_EQ(MessageOf([&] { ParseJson("{\"a\":[]}", "x", check); }), "no lists");
}

TEST(JsonOfTheEngine, SpecsEndWhereTheirTextEnds) {
  EXPECT_TRUE(MessageOf([] {
                RunSpecFromJson(CanonicalJson(RunSpec()) + "\0x"s, "spec");
              }).starts_with("spec: not JSON at its byte "));
  EXPECT_TRUE(MessageOf([] {
                DatasetSpecFromJson(CanonicalJson(DatasetSpec()) + "\0"s, "spec");
              }).starts_with("spec: not JSON at its byte "));
}

TEST(JsonOfTheEngine, HeadersOfTensorFilesEndWhereTheirTextEnds) {
  const std::string path =
      testing::TempDir() + "grove_json_text_" + std::to_string(getpid()) + ".safetensors";
  const std::string header = "{}\0{\"W\":1}"s;
  const uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  std::ofstream(path, std::ios::binary) << bytes << header;
  EXPECT_EQ(MessageOf([&] { ReadTensorFile(path); }),
            path + ": the header: not JSON at its byte 3");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace grove
