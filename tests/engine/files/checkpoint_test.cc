// The safetensors format: what is written can be read by anyone, and nothing that is read can do
// harm.
#include "engine/files/checkpoint.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "engine/error.h"
#include "engine/files/files.h"

namespace grove {
namespace {

class CheckpointTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "checkpoint_test_" + std::to_string(getpid());
    std::filesystem::create_directories(folder_);
    path_ = folder_ + "/x.safetensors";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Writes plainly: many small files, and no need to outlive a crash.
  void WriteBytes(std::string_view bytes) {
    std::ofstream(path_, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  // A file with that header text and that many bytes of data.
  void WriteRaw(const std::string& header, size_t data_bytes) {
    const uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    WriteBytes(bytes + header + std::string(data_bytes, '\1'));
  }

  // The message of the Error that reading throws, without the path, which must come first.
  std::string ReadError() {
    try {
      ReadTensorFile(path_);
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with(path_ + ": ")) << message;
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
      return message.substr(std::min(message.size(), path_.size() + 2));
    }
    return "no error";
  }
  std::string RawError(const std::string& header, size_t data_bytes) {
    WriteRaw(header, data_bytes);
    return ReadError();
  }

  std::string folder_;
  std::string path_;
};

TensorFile Sample() {
  const float nan = std::bit_cast<float>(0x7fc12345u);
  TensorFile file;
  file.tensors.push_back({"W", {2, 3}, {1, -0.0f, 1e-45f, nan, -INFINITY, 0.1f}});
  file.tensors.push_back({"a scalar", {}, {7}});
  file.tensors.push_back({"empty", {0, 4}, {}});
  file.tensors.push_back({"b \"quoted\"\n", {1}, {3}});
  file.metadata = {{"epoch", "3"}, {"text", "line\nline \"x\" \xc3\xa9"}};
  return file;
}

TEST_F(CheckpointTest, RoundTripKeepsEveryBit) {
  const TensorFile written = Sample();
  WriteTensorFile(path_, written);
  const TensorFile read = ReadTensorFile(path_);
  EXPECT_EQ(read.path, path_);
  EXPECT_EQ(read.metadata, written.metadata);
  ASSERT_EQ(read.tensors.size(), written.tensors.size());
  for (size_t t = 0; t < read.tensors.size(); ++t) {
    EXPECT_EQ(read.tensors[t].name, written.tensors[t].name);
    EXPECT_EQ(read.tensors[t].shape, written.tensors[t].shape);
    ASSERT_EQ(read.tensors[t].values.size(), written.tensors[t].values.size());
    for (size_t k = 0; k < read.tensors[t].values.size(); ++k) {
      EXPECT_EQ(std::bit_cast<uint32_t>(read.tensors[t].values[k]),
                std::bit_cast<uint32_t>(written.tensors[t].values[k]));
    }
  }
  EXPECT_EQ(read.Find("a scalar"), &read.tensors[1]);
  EXPECT_EQ(read.Find("absent"), nullptr);
}

TEST_F(CheckpointTest, FileFollowsTheFormat) {
  WriteTensorFile(path_, Sample());
  const std::string bytes = ReadFile(path_);
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | static_cast<unsigned char>(bytes[i]);
  ASSERT_LE(8 + length, bytes.size());
  EXPECT_EQ(length % 8, 0u);
  EXPECT_EQ(bytes[8], '{');
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  EXPECT_EQ(header.size(), 5u);
  EXPECT_EQ(header["__metadata__"]["epoch"], "3");
  EXPECT_EQ(header["W"].dump(), R"({"data_offsets":[0,24],"dtype":"F32","shape":[2,3]})");
  EXPECT_EQ(header["a scalar"].dump(), R"({"data_offsets":[24,28],"dtype":"F32","shape":[]})");
  EXPECT_EQ(header["empty"].dump(), R"({"data_offsets":[28,28],"dtype":"F32","shape":[0,4]})");
  EXPECT_EQ(bytes.size(), 8 + length + 32);
  EXPECT_EQ(bytes.substr(8 + length, 4), std::string("\0\0\x80\x3f", 4));
}

// As other writers lay it out: unpadded, another order in the header than in the data.
TEST_F(CheckpointTest, ReadsWhatOthersWrite) {
  WriteRaw(R"({"b":{"shape":[1],"data_offsets":[4,8],"dtype":"F32"},)"
           R"("a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}   )",
           8);
  const TensorFile file = ReadTensorFile(path_);
  ASSERT_EQ(file.tensors.size(), 2u);
  EXPECT_EQ(file.tensors[0].name, "a");
  EXPECT_EQ(file.tensors[1].name, "b");
  WriteRaw("{}", 0);
  EXPECT_TRUE(ReadTensorFile(path_).tensors.empty());
}

TEST_F(CheckpointTest, CutShortAnywhere) {
  WriteTensorFile(path_, Sample());
  const std::string bytes = ReadFile(path_);
  for (size_t length = 0; length < bytes.size(); ++length) {
    WriteBytes(std::string_view(bytes).substr(0, length));
    EXPECT_NE(ReadError(), "no error") << length;
  }
  WriteBytes(bytes + '\0');
  EXPECT_EQ(ReadError(), "the data has 33 bytes; the header describes 32");
}

// Within the checksum's own key too: a file without one is taken, but not one whose key is damaged.
TEST_F(CheckpointTest, EveryFlippedBitIsNamed) {
  TensorFile file;
  file.tensors = {{"w", {2, 2}, {1, 2, 3, 4}}};
  file.metadata = {{"spec", "x"}};
  WriteTensorFile(path_, file);
  const std::string good = ReadFile(path_);
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    WriteBytes(bad);
    EXPECT_THROW(ReadTensorFile(path_), DamagedFile) << "bit " << bit;
  }
}

TEST_F(CheckpointTest, EachFaultIsNamed) {
  const std::string f32 = R"("dtype":"F32",)";
  const auto tensor = [&](const std::string& rest) { return R"({"W":{)" + rest + "}}"; };
  EXPECT_EQ(RawError(" {}", 0), "the header does not begin with '{'");
  EXPECT_EQ(RawError("{\"W\":", 0), "the header: not JSON at its byte 6");
  EXPECT_EQ(RawError(R"({"W":1e999})", 0), "the header: a number is out of range");
  EXPECT_EQ(RawError(R"({"W":3})", 0), "tensor \"W\": its description is not an object");
  EXPECT_EQ(RawError(tensor(R"("dtype":"F16","shape":[1],"data_offsets":[0,2])"), 2),
            "tensor \"W\": dtype is \"F16\"; allowed: F32");
  EXPECT_EQ(RawError(tensor(R"("shape":[1],"data_offsets":[0,4])"), 4),
            "tensor \"W\": dtype is not a string");
  EXPECT_EQ(RawError(tensor(f32 + R"("data_offsets":[0,4])"), 4),
            "tensor \"W\": shape is not a list");
  EXPECT_EQ(RawError(tensor(f32 + R"("shape":[-1],"data_offsets":[0,4])"), 4),
            "tensor \"W\": shape holds no whole number");
  EXPECT_EQ(RawError(tensor(f32 + R"("shape":[1],"data_offsets":[0,4],"x\n":1)"), 4),
            "tensor \"W\": unknown key \"x\\n\"; allowed: dtype, shape, data_offsets");
  EXPECT_EQ(RawError(tensor(f32 + R"("shape":[1],"data_offsets":[4,0])"), 4),
            "tensor \"W\": data_offsets ends before it begins");
  EXPECT_EQ(RawError(tensor(f32 + R"("shape":[1],"data_offsets":[0,4,8])"), 4),
            "tensor \"W\": data_offsets does not hold two numbers");
  EXPECT_EQ(RawError(tensor(f32 + R"("shape":[2],"data_offsets":[0,8])"), 4),
            "tensor \"W\": data_offsets ends at byte 8 of 4 (is the file cut short?)");
  EXPECT_EQ(RawError(tensor(f32 + R"("shape":[2,3],"data_offsets":[0,4])"), 4),
            "tensor \"W\": data_offsets spans 4 bytes; shape (2, 3) takes 24");
  EXPECT_EQ(RawError(tensor(f32 + R"("shape":[1],"data_offsets":[4,8])"), 8),
            "tensor \"W\" begins at byte 4 of the data; expected 0");
  EXPECT_EQ(RawError(R"({"__metadata__":{"a":1}})", 0), "__metadata__ \"a\" is not a string");
  EXPECT_EQ(RawError(R"({"__metadata__":[]})", 0), "__metadata__ is not an object");
}

TEST_F(CheckpointTest, SharedBytesAndDuplicates) {
  const std::string tensor = R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  EXPECT_EQ(RawError(R"({"a":)" + tensor + R"(,"b":)" + tensor + "}", 4),
            "tensor \"b\" begins at byte 0 of the data; expected 4");
  EXPECT_EQ(RawError(R"({"a":)" + tensor + R"(,"a":)" + tensor + "}", 4),
            "\"a\" occurs twice in the header");
  EXPECT_EQ(RawError(R"({"__metadata__":{"k":"1","k":"2"}})", 0),
            "\"k\" occurs twice in the header");
  EXPECT_EQ(RawError(R"({"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}})", 4),
            "\"shape\" occurs twice in the header");
}

TEST_F(CheckpointTest, SizesThatOverflow) {
  for (const char* shape :
       {"[4611686018427387904]", "[4611686018427387905]", "[4294967296,4294967296]",
        "[18446744073709551615]", "[9223372036854775808,0]", "[3,6148914691236517206]"}) {
    EXPECT_EQ(RawError(std::string(R"({"W":{"dtype":"F32","shape":)") + shape +
                           R"(,"data_offsets":[0,4]}})",
                       4),
              "tensor \"W\": shape is too large")
        << shape;
  }
  EXPECT_EQ(RawError(R"({"W":{"dtype":"F32","shape":[1],)"
                     R"("data_offsets":[18446744073709551612,18446744073709551615]}})",
                     4)
                .substr(0, 33),
            "tensor \"W\": data_offsets ends at ");
  for (uint64_t length : {uint64_t{1}, uint64_t{100'000'001}, uint64_t{1} << 63, ~uint64_t{0}}) {
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    WriteBytes(bytes);
    EXPECT_EQ(ReadError().substr(0, 37), "not a safetensors file, or cut short:") << length;
  }
  EXPECT_EQ(RawError("{\"a\":" + std::string(1'000'000, '['), 0),
            "the header is nested too deeply");
}

// Whatever bytes are damaged, reading throws Error or gives a file that can be written again.
TEST_F(CheckpointTest, DamagedHeaders) {
  WriteTensorFile(path_, Sample());
  const std::string bytes = ReadFile(path_);
  std::mt19937 random(1);
  int accepted = 0;
  constexpr char kCharacters[] = "{}[]\",:0123456789-.eFtn\\u \xc3\xff";
  for (int round = 0; round < 4000; ++round) {
    std::string damaged = bytes;
    const int edits = 1 + static_cast<int>(random() % 3);
    for (int e = 0; e < edits; ++e) {
      const size_t at = random() % (damaged.size() - 32);
      switch (random() % 3) {
        case 0:
          damaged[at] = static_cast<char>(random());
          break;
        case 1:
          damaged[at] = kCharacters[random() % (sizeof(kCharacters) - 1)];
          break;
        default:
          damaged.erase(at, 1 + random() % 8);
      }
    }
    WriteBytes(damaged);
    if (ReadError() != "no error") continue;
    ++accepted;
    if (accepted % 50 == 0) {
      EXPECT_NO_THROW(WriteTensorFile(path_, ReadTensorFile(path_)));
    }
  }
  EXPECT_GT(accepted, 0);  // spaces and letters of strings may change
  EXPECT_LT(accepted, 2000);
}

TEST_F(CheckpointTest, WritesOnlyWhatCanBeRead) {
  const auto refused = [&](const TensorFile& file) {
    EXPECT_THROW(WriteTensorFile(path_, file), Error);
    EXPECT_FALSE(std::filesystem::exists(path_));
  };
  refused({{{"W", {1}, {1}}, {"W", {1}, {1}}}, {}});
  refused({{{"__metadata__", {1}, {1}}}, {}});
  refused({{{"W", {2}, {1}}}, {}});
  refused({{{"W", {-1}, {}}}, {}});
  refused({{{"W", {int64_t{1} << 32, int64_t{1} << 32}, {}}}, {}});
  refused({{}, {{"key", "\xff"}}});
  EXPECT_THROW(WriteTensorFile(folder_ + "/absent/x", {}), Error);
  EXPECT_THROW(ReadTensorFile(folder_ + "/absent"), Error);
}

}  // namespace
}  // namespace grove
