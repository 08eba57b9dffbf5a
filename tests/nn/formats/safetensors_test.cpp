#include "nn/checkpoint/safetensors.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using test::messageOf;
using test::TemporaryFolder;

template <class T>
std::span<const std::byte> bytesOf(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

/// A file as bytes: length, header, data.
std::string fileOf(const std::string& json, std::size_t dataSize) {
  const std::uint64_t length = json.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + json + std::string(dataSize, 'x');
}

void put(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string repeated(const std::string& text, int times) {
  std::string out;
  while (times-- > 0) {
    out += text;
  }
  return out;
}

TEST(Safetensors, RoundTripKeepsEverything) {
  TemporaryFolder folder;
  const std::vector<float> weight = {1, 2, 3, 4, 5, 6};
  const std::vector<std::int64_t> step = {1LL << 40};
  const std::vector<std::uint8_t> flags = {1, 0, 1};
  const std::vector<std::uint16_t> halves = {0x3C00, 0xC000};
  const std::map<std::string, TensorView> tensors = {
      {"b.weight", {DType::F32, {2, 3}, bytesOf(weight)}},
      {"step", {DType::I64, {}, bytesOf(step)}},
      {"flags", {DType::Bool, {3}, bytesOf(flags)}},
      {"half \"é\"\n", {DType::F16, {1, 2, 1}, bytesOf(halves)}},
      {"empty", {DType::F32, {0, 7}, {}}},
  };
  LIX_ASSERT_OK(writeSafetensors(folder / "a.safetensors", tensors, {{"format", "pt"}, {"note", "\t\"x\""}}));
  const auto file = SafetensorsFile::open(folder / "a.safetensors");
  LIX_ASSERT_OK(file);
  EXPECT_EQ(file->metadata(), (std::map<std::string, std::string>{{"format", "pt"}, {"note", "\t\"x\""}}));
  ASSERT_EQ(file->tensors().size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    const auto& read = file->tensors().at(name);
    EXPECT_EQ(read.type, tensor.type);
    EXPECT_EQ(read.shape, tensor.shape);
    EXPECT_TRUE(std::ranges::equal(read.bytes, tensor.bytes)) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "a temporary file was left";
}

TEST(Safetensors, WritesTheOrderAndPaddingOfTheReferenceWriter) {
  TemporaryFolder folder;
  const std::vector<std::uint8_t> u8 = {7};
  const std::vector<float> f32 = {1};
  const std::vector<double> f64 = {2};
  LIX_ASSERT_OK(writeSafetensors(folder / "a", {{"a", {DType::U8, {1}, bytesOf(u8)}},
                                                {"z", {DType::F64, {}, bytesOf(f64)}},
                                                {"c", {DType::F32, {1}, bytesOf(f32)}},
                                                {"b", {DType::F32, {1}, bytesOf(f32)}}}));
  const auto bytes = readFile(folder / "a");
  LIX_ASSERT_OK(bytes);
  std::string json =
      R"({"z":{"dtype":"F64","shape":[],"data_offsets":[0,8]},)"
      R"("b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
      R"("c":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},)"
      R"("a":{"dtype":"U8","shape":[1],"data_offsets":[16,17]}})";
  json.append((8 - json.size() % 8) % 8, ' ');
  EXPECT_EQ(bytes->substr(8, json.size()), json);
  EXPECT_EQ(bytes->size(), 8 + json.size() + 17);
}

TEST(Safetensors, NoTensorsIsAFileToo) {
  TemporaryFolder folder;
  LIX_ASSERT_OK(writeSafetensors(folder / "a", {}));
  const auto file = SafetensorsFile::open(folder / "a");
  LIX_ASSERT_OK(file);
  EXPECT_TRUE(file->tensors().empty());
}

TEST(Safetensors, ViewsOutliveTheirFileWhileACopyLives) {
  TemporaryFolder folder;
  const std::vector<float> values(5000, 3.0f);
  LIX_ASSERT_OK(writeSafetensors(folder / "a", {{"w", {DType::F32, {5000}, bytesOf(values)}}}));
  auto copy = [&] { return *SafetensorsFile::open(folder / "a"); }();
  fs::remove(folder / "a");
  float last = 0;
  std::memcpy(&last, copy.tensors().at("w").bytes.data() + 4 * 4999, 4);
  EXPECT_EQ(last, 3.0f);
}

struct Malformed {
  const char* what;
  std::string bytes;
  const char* message;
};

std::vector<Malformed> malformed() {
  const std::string f4 = R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  const auto one = [](const std::string& entry) { return R"({"t":)" + entry + "}"; };
  const auto offsets = [&](const char* dtype, const char* shape, const char* range) {
    return one(cat(R"({"dtype":")", dtype, R"(","shape":)", shape, R"(,"data_offsets":)", range, "}"));
  };
  std::string huge = fileOf("{}", 0);
  huge[7] = '\x7f';
  std::string beyond = fileOf("{}", 0);
  beyond[0] = 3;
  return {
      {"empty file", "", "only 0 bytes"},
      {"seven bytes", "1234567", "only 7 bytes"},
      {"huge header", huge, "more than the 100000000 allowed"},
      {"header past the end", beyond, "the file has 2 left"},
      {"empty header", fileOf("", 0), "does not begin with '{'"},
      {"leading space", fileOf(" {}", 0), "does not begin with '{'"},
      {"list", fileOf("[]", 0), "does not begin with '{'"},
      {"not JSON", fileOf("{\"t\":", 0), "not valid JSON"},
      {"two values", fileOf("{}{}", 0), "not valid JSON"},
      {"not UTF-8", fileOf("{\"\xff\":" + f4 + "}", 4), "not valid JSON"},
      {"zero byte", fileOf(one(f4) + std::string(1, '\0') + "junk", 4), "zero byte"},
      {"duplicate tensor", fileOf("{\"t\":" + f4 + ",\"t\":" + f4 + "}", 4), "\"t\" occurs twice"},
      {"duplicate by escape", fileOf("{\"t\":" + f4 + ",\"\\u0074\":" + f4 + "}", 4), "\"t\" occurs twice"},
      {"duplicate metadata", fileOf(R"({"__metadata__":{"a":"1","a":"2"}})", 0), "metadata key \"a\" occurs twice"},
      {"metadata twice", fileOf(R"({"__metadata__":{},"__metadata__":{}})", 0), "occurs twice"},
      {"metadata number", fileOf(R"({"__metadata__":{"a":1}})", 0), "\"a\" is a number instead of a text"},
      {"metadata nested", fileOf(R"({"__metadata__":{"a":{}}})", 0), "\"a\" is an object instead of a text"},
      {"metadata text", fileOf(R"({"__metadata__":"a"})", 0), "is a text instead of an object"},
      {"duplicate field", fileOf(one(R"({"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]})"), 4),
       "twice the field \"dtype\""},
      {"unknown field", fileOf(one(R"({"dtype":"F32","strides":[1],"shape":[1],"data_offsets":[0,4]})"), 4),
       "unknown field \"strides\""},
      {"no dtype", fileOf(one(R"({"shape":[1],"data_offsets":[0,4]})"), 4), "\"t\" lacks its dtype"},
      {"no shape", fileOf(one(R"({"dtype":"F32","data_offsets":[0,4]})"), 4), "\"t\" lacks its shape"},
      {"no offsets", fileOf(one(R"({"dtype":"F32","shape":[1]})"), 4), "\"t\" lacks its data_offsets"},
      {"tensor is null", fileOf(R"({"t":null})", 0), "\"t\" is null"},
      {"unknown dtype", fileOf(offsets("F33", "[1]", "[0,4]"), 4), "dtype \"F33\""},
      {"4-bit dtype", fileOf(offsets("F4", "[2]", "[0,1]"), 1), "dtype \"F4\""},
      {"dtype number", fileOf(one(R"({"dtype":1,"shape":[1],"data_offsets":[0,4]})"), 4),
       "dtype of the tensor \"t\" holds a number"},
      {"negative extent", fileOf(offsets("F32", "[-1]", "[0,4]"), 4), "negative number -1"},
      {"broken extent", fileOf(offsets("F32", "[1.0]", "[0,4]"), 4), "the number \"1.0\""},
      {"extent past 64 bits", fileOf(offsets("F32", "[18446744073709551616]", "[0,4]"), 4), "the number"},
      {"extent past 63 bits", fileOf(offsets("F32", "[9223372036854775808]", "[0,4]"), 4), "impossible number"},
      {"overflowing product", fileOf(offsets("F32", "[4294967296,4294967296]", "[0,4]"), 4), "impossibly large"},
      {"overflow hidden by zero", fileOf(offsets("F32", "[4294967296,4294967296,0]", "[0,0]"), 0), "impossibly large"},
      {"overflowing size", fileOf(offsets("F64", "[2305843009213693952]", "[0,4]"), 4), "impossibly large"},
      {"nested shape", fileOf(offsets("F32", "[[1]]", "[0,4]"), 4), "holds a list"},
      {"deep nesting", fileOf(one(repeated("[", 100000)), 4), "\"t\" is a list"},
      {"rank 17", fileOf(offsets("F32", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "[0,4]"), 4), "more than 16 dimensions"},
      {"long name", fileOf("{\"" + std::string(1025, 'n') + "\":" + f4 + "}", 4), "longer than 1024 bytes"},
      {"one offset", fileOf(offsets("F32", "[1]", "[0]"), 4), "not two numbers"},
      {"three offsets", fileOf(offsets("F32", "[1]", "[0,4,8]"), 4), "not two numbers"},
      {"offsets reversed", fileOf(offsets("F32", "[1]", "[4,0]"), 4), "needs 4 bytes"},
      {"wrong size", fileOf(offsets("F32", "[2]", "[0,4]"), 4), "needs 8 bytes"},
      {"cut off", fileOf(offsets("F32", "[2]", "[0,8]"), 7), "cut off"},
      {"gap in front", fileOf(offsets("F32", "[1]", "[4,8]"), 8), "a gap"},
      {"rest behind", fileOf(one(f4), 5), "end at byte 4, its data at 5"},
      {"data without tensors", fileOf("{}", 1), "end at byte 0, its data at 1"},
      {"overlap", fileOf("{\"t\":" + f4 + R"(,"u":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})", 6),
       "an overlap"},
      {"gap between", fileOf("{\"t\":" + f4 + R"(,"u":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}})", 9), "a gap"},
  };
}

TEST(Safetensors, RefusesEveryMalformedFileByName) {
  TemporaryFolder folder;
  const fs::path path = folder / "bad.safetensors";
  for (const auto& row : malformed()) {
    put(path, row.bytes);
    const auto file = SafetensorsFile::open(path);
    ASSERT_FALSE(file) << row.what;
    EXPECT_NE(messageOf(file).find(row.message), std::string::npos) << row.what << ": " << messageOf(file);
    EXPECT_NE(messageOf(file).find("bad.safetensors"), std::string::npos) << row.what;
    EXPECT_TRUE(isUtf8(messageOf(file))) << row.what;
  }
}

TEST(Safetensors, ReadsWhatTheFormatAllows) {
  TemporaryFolder folder;
  put(folder / "a", fileOf(R"({ "s" : {"data_offsets":[4,4],"shape":[0],"dtype":"F32"}, )"
                           R"("r":{"dtype":"F32","shape":[],"data_offsets":[0,4]} }   )",
                           4));
  const auto file = SafetensorsFile::open(folder / "a");
  LIX_ASSERT_OK(file);
  EXPECT_EQ(file->tensors().at("s").bytes.size(), 0u);
  EXPECT_EQ(file->tensors().at("r").bytes.size(), 4u);
}

TEST(Safetensors, EveryTruncationAndEveryFlippedByteEndsWell) {
  TemporaryFolder folder;
  const std::vector<float> values = {1, 2, 3};
  LIX_ASSERT_OK(writeSafetensors(folder / "a",
                                 {{"w", {DType::F32, {3}, bytesOf(values)}}, {"v", {DType::F32, {3}, bytesOf(values)}}},
                                 {{"format", "pt"}}));
  const auto whole = readFile(folder / "a");
  LIX_ASSERT_OK(whole);
  for (std::size_t length = 0; length < whole->size(); ++length) {
    put(folder / "cut", whole->substr(0, length));
    ASSERT_FALSE(SafetensorsFile::open(folder / "cut")) << length;
  }
  for (std::size_t i = 0; i < whole->size(); ++i) {
    for (const int flip : {1, 0x20, 0x80}) {
      std::string bytes = *whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      put(folder / "flipped", bytes);
      const auto file = SafetensorsFile::open(folder / "flipped");
      if (!file) {
        ASSERT_FALSE(messageOf(file).empty());
      }
    }
  }
}

TEST(Safetensors, RefusesWhatIsNoFile) {
  TemporaryFolder folder;
  EXPECT_EQ(SafetensorsFile::open(folder / "none").error().code, ErrorCode::NotFound);
  EXPECT_NE(messageOf(SafetensorsFile::open(folder.path())).find("is not a file"), std::string::npos);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_NE(messageOf(SafetensorsFile::open(folder / "pipe")).find("is not a file"), std::string::npos);
}

TEST(Safetensors, WriterRefusesWhatCouldNotBeRead) {
  TemporaryFolder folder;
  const std::vector<float> two = {1, 2};
  const auto write = [&](const std::string& name, std::vector<std::int64_t> shape,
                         const std::map<std::string, std::string>& meta = {}) {
    return messageOf(writeSafetensors(folder / "a", {{name, {DType::F32, std::move(shape), bytesOf(two)}}}, meta));
  };
  EXPECT_EQ(write("w", {2}), "");
  EXPECT_NE(write("w", {3}).find("\"w\" has 8 bytes"), std::string::npos);
  EXPECT_NE(write("w", {-2}).find("\"w\""), std::string::npos);
  EXPECT_NE(write("__metadata__", {2}).find("cannot be named"), std::string::npos);
  EXPECT_NE(write("\xff", {2}).find("not UTF-8"), std::string::npos);
  EXPECT_NE(write("w", {2}, {{"k", "\xff"}}).find("\"k\" is not UTF-8"), std::string::npos);
  LIX_EXPECT_OK(SafetensorsFile::open(folder / "a"));
}

TEST(Safetensors, AFailedWriteLeavesTheOldFile) {
  TemporaryFolder folder;
  const std::vector<float> one = {1};
  fs::create_directory(folder / "target");  // a folder cannot be replaced by a file
  put(folder / "target/inside", "x");
  const auto written = writeSafetensors(folder / "target", {{"w", {DType::F32, {1}, bytesOf(one)}}});
  ASSERT_FALSE(written);
  EXPECT_TRUE(fs::exists(folder / "target/inside"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "a temporary file was left";
  const auto nowhere = writeSafetensors(folder / "no/such/folder", {});
  EXPECT_NE(messageOf(nowhere).find("no/such/folder"), std::string::npos);
}

TEST(Safetensors, RewritesFilesOfTheReferenceWriterByteForByte) {
  LIX_SHARED_OR_SKIP(parity, "parity");
  TemporaryFolder folder;
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(parity)) {
    if (entry.path().extension() != ".safetensors") {
      continue;
    }
    const auto file = SafetensorsFile::open(entry.path());
    LIX_ASSERT_OK(file);
    EXPECT_FALSE(file->tensors().empty());
    LIX_ASSERT_OK(writeSafetensors(folder / "copy", file->tensors(), file->metadata()));
    EXPECT_EQ(*readFile(entry.path()) == *readFile(folder / "copy"), true) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 10);
}

}  // namespace
}  // namespace lix::nn
