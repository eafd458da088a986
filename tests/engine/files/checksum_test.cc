// Whatever bit of a written file flips, no one takes its contents for what was written.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/files.h"

namespace grove {
namespace {

class ChecksumTest : public testing::Test {
 protected:
  void SetUp() override {
    file_.tensors.push_back({"W", {2, 1}, {1, -0.5f}});
    file_.tensors.push_back({"b", {1}, {3}});
    file_.metadata = {{"epoch", "3"}, {"words", "[\"\xc3\xa9\"]"}};
    WriteTensorFile(path_, file_);
    bytes_ = ReadFile(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void WriteBytes(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  // The header's JSON, and the bytes of a file with another one.
  nlohmann::ordered_json Header() const {
    uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), 8);
    return nlohmann::ordered_json::parse(bytes_.substr(8, length));
  }
  static std::string Bytes(const nlohmann::ordered_json& header, const std::string& data) {
    const std::string text = header.dump();
    const uint64_t length = text.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + text + data;
  }
  std::string Data() const { return bytes_.substr(bytes_.size() - 12); }
  std::string ReadError() const {
    try {
      ReadTensorFile(path_);
    } catch (const DamagedFile& error) {
      return error.what();
    }
    return "no error";
  }

  const std::string path_ =
      testing::TempDir() + "grove_checksum_" + std::to_string(getpid()) + ".safetensors";
  TensorFile file_;
  std::string bytes_;
};

TEST_F(ChecksumTest, IsVerifiedAndIsNoMetadata) {
  const TensorFile read = ReadTensorFile(path_);
  EXPECT_TRUE(read.has_checksum);
  EXPECT_EQ(read.metadata, file_.metadata);
  EXPECT_EQ(Header()["__metadata__"][kChecksumKey].get<std::string>().size(), 16u);
}

TEST_F(ChecksumTest, EveryFlippedBitIsNoticed) {
  for (size_t bit = 0; bit < 8 * bytes_.size(); ++bit) {
    std::string damaged = bytes_;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    WriteBytes(damaged);
    TensorFile read;
    try {
      read = ReadTensorFile(path_);
    } catch (const DamagedFile&) {
      continue;
    }
    // All that is left: the key of the checksum has another name, and the rest is whole.
    EXPECT_FALSE(read.has_checksum) << bit;
    ASSERT_EQ(read.metadata.size(), 3u) << bit;
    ASSERT_EQ(read.tensors.size(), 2u) << bit;
    EXPECT_EQ(read.tensors[0].values, file_.tensors[0].values) << bit;
    EXPECT_EQ(read.tensors[1].values, file_.tensors[1].values) << bit;
  }
}

TEST_F(ChecksumTest, TellsOfNumbersThatAreNotFinite) {
  WriteBytes(Bytes(Header(), std::string("\0\0\xc0\x7f\0\0\x80\xff\0\0\0\0", 12)));
  EXPECT_NE(ReadError().find(", and 2 numbers are not finite"), std::string::npos) << ReadError();
}

TEST_F(ChecksumTest, AFileWithoutOneIsReadAsItIs) {
  nlohmann::ordered_json header = Header();
  header["__metadata__"].erase(kChecksumKey);
  WriteBytes(Bytes(header, Data()));
  EXPECT_FALSE(ReadTensorFile(path_).has_checksum);
}

// As another tool may write the same file.
TEST_F(ChecksumTest, TheOrderInTheFileDoesNotMatter) {
  const nlohmann::ordered_json header = Header();
  nlohmann::ordered_json other;
  other["b"] = {{"shape", {1}}, {"dtype", "F32"}, {"data_offsets", {0, 4}}};
  other["W"] = {{"shape", {2, 1}}, {"dtype", "F32"}, {"data_offsets", {4, 12}}};
  for (const char* key : {"words", "grove_xxh3", "epoch"}) {
    other["__metadata__"][key] = header["__metadata__"][key];
  }
  WriteBytes(Bytes(other, Data().substr(8) + Data().substr(0, 8)));
  EXPECT_TRUE(ReadTensorFile(path_).has_checksum);
  other["b"]["data_offsets"] = {8, 12};
  other["W"]["data_offsets"] = {0, 8};
  WriteBytes(Bytes(other, Data().substr(8) + Data().substr(0, 8)));
  EXPECT_NE(ReadError(), "no error") << "the numbers belong to other tensors now";
}

TEST_F(ChecksumTest, ItsKeyCannotBeGiven) {
  file_.metadata[kChecksumKey] = "0";
  EXPECT_THROW(WriteTensorFile(path_, file_), Error);
}

// A file that the system does not let us read may be whole: its reader must be able to tell.
TEST(DamagedFileTest, IsNotWhatTheSystemRefuses) {
  for (const std::string& path : {testing::TempDir() + "grove_none", testing::TempDir()}) {
    try {
      ReadTensorFile(path);
      FAIL() << path;
    } catch (const DamagedFile&) {
      FAIL() << path << " was not read at all";
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace grove
