// Files of torch.save through the restricted reader: what it reads, and everything that it must not.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "base/text.h"
#include "nn/checkpoint/pickle/unpickler.h"
#include "nn/checkpoint/tensor_file.h"
#include "pickle_support.h"
#include "support/support.h"

namespace lix::nn {
namespace {
using test::messageOf;
using test::PickleWriter;
using test::ZipWriter;

Result<std::map<std::string, PickledTensor>> unpickled(const std::string& pickle) {
  return unpickleTensors(std::as_bytes(std::span(pickle)), "file.pt");
}

void refused(const std::string& pickle, const std::string& part) {
  const std::string message = messageOf(unpickled(pickle));
  EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

std::string floats(std::initializer_list<float> values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.begin(), bytes.size());
  return bytes;
}

std::vector<float> read(const TensorView& view) {
  std::vector<float> values(view.bytes.size() / sizeof(float));
  std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
  return values;
}

/// {"w": a 2 x 3 tensor of storage 0}.
std::string oneTensor() {
  return PickleWriter().raw("}").text("w").tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1}).raw("s").done();
}

TEST(Unpickler, ReadsStateDicts) {
  const auto plain = unpickled(oneTensor());
  LIX_ASSERT_OK(plain);
  ASSERT_EQ(plain->size(), 1u);
  EXPECT_EQ(plain->at("w").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(plain->at("w").storage, "0");
  EXPECT_TRUE(plain->at("w").isContiguous());

  // As a training keeps it: OrderedDict with its _metadata, memo, parameters, numbers and things that mean nothing here.
  PickleWriter writer;
  writer.raw("}q\x01(").text("epoch").integer(32).text("args").global("argparse", "Namespace").raw(")\x81}b");
  writer.text("lr").raw("G").little(0, 8).text("state_dict").orderedDict().raw("q\x02(");
  writer.text("module.w").raw("q\x03").tensor("HalfStorage", "7", 100, 10, {2, 3}, {1, 2});
  writer.text("p").global("torch._utils", "_rebuild_parameter").raw("(");
  writer.tensor("FloatStorage", "8", 1, 0, {}, {}).raw("\x88").orderedDict().raw("tR");
  writer.text("step").integer(-5).text("none").raw("N").raw("u}").text("_metadata").raw("}sb").raw("u");
  const auto whole = unpickled(writer.done());
  LIX_ASSERT_OK(whole);
  ASSERT_EQ(whole->size(), 2u);
  EXPECT_EQ(whole->at("module.w").type, DType::F16);
  EXPECT_EQ(whole->at("module.w").offset, 10);
  EXPECT_FALSE(whole->at("module.w").isContiguous());
  EXPECT_TRUE(whole->at("p").shape.empty());
}

/// A pickle that would run a command in Python gives a placeholder here, and then there are no weights.
TEST(Unpickler, ExecutesNothing) {
  const test::TemporaryFolder folder;
  const std::string victim = (folder / "victim").string();
  for (const char* module : {"os", "posix", "builtins", "torch.hub"}) {
    refused(PickleWriter().global(module, "system").raw("(").text("touch " + victim).raw("tR").done(), "no dict of weights");
  }
  const auto beside = unpickled(PickleWriter().raw("}").text("x").global("os", "system").raw("(").text("touch " + victim).raw("tRs")
                                    .text("w").tensor("FloatStorage", "0", 1, 0, {1}, {1}).raw("s").done());
  LIX_ASSERT_OK(beside);
  EXPECT_EQ(beside->size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(victim));
}

TEST(Unpickler, RefusesWhatIsNotAFileOfWeights) {
  refused("", "cut off");
  refused("\x80", "cut off");
  refused(std::string("\x80\x04.", 3), "protocol 4");
  refused(PickleWriter().done(), "more than it put");
  refused(PickleWriter().raw("N").done(), "no dict of weights");
  refused(PickleWriter().raw("i").done(), "instruction 105");
  refused(PickleWriter().raw("\x95").done(), "instruction 149");
  refused(PickleWriter().raw("X").little(0xFFFFFFFF, 4).done(), "cut off");
  refused(PickleWriter().text("\xff\xfe").done(), "UTF-8");
  refused(PickleWriter().raw("cos").done(), "without an end");
  refused(PickleWriter().raw("t").done(), "never began");
  refused(PickleWriter().raw("(\x85").done(), "more than it put");
  refused(PickleWriter().raw("NNs").done(), "more than it put");
  refused(PickleWriter().raw("NNNs").done(), "no list and no dict");
  refused(PickleWriter().raw("}(Nu").done(), "no list and no dict");
  refused(PickleWriter().raw("h\x05").done(), "never remembered");
  refused(PickleWriter().raw("q\x05").done(), "remembers what is not there");
  refused(PickleWriter().raw("NNR").done(), "no tuple");
  refused(PickleWriter().raw("N)R").done(), "cannot be called");
  refused(PickleWriter().global("torch._utils", "_rebuild_tensor_v2").raw(")R").done(), "too few arguments");
  const std::string whole = oneTensor();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(unpickled(whole.substr(0, length)).has_value()) << length;
  }
  refused(std::string(64u << 20, '(') + std::string(1, '('), "more than the");
  refused("\x80\x02" + std::string(1'500'000, 'N'), "more than 1000000 values");
  refused("\x80\x02" + std::string(1'500'000, '('), "stacks more than");
}

TEST(Unpickler, TensorsLieWithinTheirStorages) {
  const auto tensor = [](std::int64_t count, std::int64_t offset, const std::vector<std::int64_t>& shape,
                         const std::vector<std::int64_t>& strides) {
    return PickleWriter().raw("}").text("w").tensor("FloatStorage", "0", count, offset, shape, strides).raw("s").done();
  };
  constexpr std::int64_t kHuge = std::int64_t(1) << 62;
  LIX_EXPECT_OK(unpickled(tensor(6, 0, {0, 3}, {3, 1})));
  LIX_EXPECT_OK(unpickled(tensor(6, 5, {1}, {1})));
  for (const auto& bad : {tensor(6, 1, {2, 3}, {3, 1}), tensor(6, 0, {3, 3}, {3, 1}), tensor(6, 0, {2, 3}, {4, 1}),
                          tensor(6, -1, {2}, {1}), tensor(6, 7, {1}, {1}), tensor(6, 0, {-2}, {1}), tensor(6, 0, {2}, {-1}),
                          tensor(6, 0, {kHuge}, {0}), tensor(6, 0, {7}, {0}), tensor(6, 0, {2}, {kHuge}),
                          tensor(6, 0, {1 << 20, 1 << 20, 1 << 30}, {0, 0, 0}), tensor(0, 0, {}, {}),
                          tensor(6, kHuge, {2}, {kHuge})}) {
    refused(bad, "does not lie within its storage");
  }
  refused(tensor(6, 0, {2, 3}, {3}), "no storage, size and stride");
  refused(tensor(6, 0, std::vector<std::int64_t>(17, 1), std::vector<std::int64_t>(17, 1)), "no storage, size and stride");
  refused(tensor(-1, 0, {1}, {1}), "names a storage");
  refused(tensor(kHuge, 0, {1}, {1}), "names a storage");
  refused(PickleWriter().raw("}").text("w").tensor("FloatStorage", "../../x", 1, 0, {1}, {1}).raw("s").done(), "names a storage");
  refused(PickleWriter().raw("(").text("storage").raw("tQ").done(), "names a storage");
  refused(PickleWriter().raw("NQ").done(), "names a storage");
  EXPECT_FALSE(unpickled(PickleWriter().raw("}").text("w").tensor("ComplexFloatStorage", "0", 1, 0, {1}, {1}).raw("s").done()));
}

/// A list that contains itself is walked no further than needed.
TEST(Unpickler, CirclesEnd) {
  refused(PickleWriter().raw("}q\x01").text("state_dict").raw("h\x01s").done(), "no dict of weights");
  refused(PickleWriter().raw("]q\x01h\x01" "a").done(), "no dict of weights");
}

class TorchFiles : public testing::Test {
 protected:
  Result<TensorFile> open(const std::string& bytes) const {
    const auto path = folder_ / "file.pt";
    std::ofstream(path, std::ios::binary) << bytes;
    return TensorFile::open(path);
  }
  void refusedFile(const std::string& bytes, const std::string& part) const {
    const std::string message = messageOf(open(bytes));
    EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
  static ZipWriter good() {
    ZipWriter zip;
    zip.add("archive/data.pkl", oneTensor()).add("archive/byteorder", "little").add("archive/data/0", floats({1, 2, 3, 4, 5, 6}));
    return zip;
  }

  test::TemporaryFolder folder_;
};

TEST_F(TorchFiles, AreReadByContent) {
  const auto file = open(good().add("archive/version", "3\n").done());
  LIX_ASSERT_OK(file);
  EXPECT_EQ(read(file->tensors().at("w")), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  PickleWriter two;
  two.raw("}(").text("t").tensor("FloatStorage", "0", 6, 0, {3, 2}, {1, 3}).text("u").tensor("FloatStorage", "0", 6, 2, {2}, {2});
  const auto views = open(ZipWriter().add("a/data.pkl", two.raw("u").done()).add("a/data/0", floats({1, 2, 3, 4, 5, 6})).done());
  LIX_ASSERT_OK(views);
  EXPECT_EQ(read(views->tensors().at("t")), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(read(views->tensors().at("u")), (std::vector<float>{3, 5}));
}

TEST_F(TorchFiles, ZipsThatLieAreRefused) {
  const std::string pickle = oneTensor(), six = floats({1, 2, 3, 4, 5, 6});
  const auto with = [&](const std::string& name, std::string_view content, const ZipWriter::Lie& lie = {}) {
    return ZipWriter().add("a/data.pkl", pickle).add(name, content, lie).done();
  };
  refusedFile(with("a/data/0", six.substr(4)), "has 20 bytes, which is not 6 numbers of type F32");
  refusedFile(with("a/data/1", six), "data/0 is missing");
  refusedFile(with("b/data/0", six), "not in the one folder");
  refusedFile(with("a/../data/0", six), "leads out");
  refusedFile(with("/a/data/0", six), "leads out");
  refusedFile(with("a\\data\\0", six), "leads out");
  refusedFile(with("a/data.pkl", pickle), "already exists");
  refusedFile(with("a/data/0", six, {.method = 8}), "compressed");
  refusedFile(with("a/data/0", six, {.size = 1 << 30}), "file.pt is not a usable file of torch.save");
  refusedFile(with("a/data/0", six, {.badSum = true}), "cannot be read to its end");
  refusedFile(ZipWriter().add("a/data/0", six).done(), "no data.pkl");
  refusedFile(ZipWriter().add("a/data.pkl", "").done(), "cut off");
  refusedFile(good().add("archive/constants.pkl", "").done(), "TorchScript");
  refusedFile(good().add("archive/code/x.py", "").done(), "torch.jit.load('file.pt'");
  refusedFile(ZipWriter().add("a/data.pkl", pickle).add("a/byteorder", "big").done(), "big-endian");
  refusedFile(std::string("\x80\x02\x8a\x0a", 4) + "rest", "before 1.6");
  refusedFile("nothing of the kind", "not a file of torch.save");
  const std::string whole = good().done();
  for (std::size_t length = 4; length < whole.size(); length += 7) {
    EXPECT_FALSE(open(whole.substr(0, length)).has_value()) << length;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {  // whatever byte is wrong: an answer or a sentence
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    (void)open(changed);
  }
}

/// Views of the same bytes may not fill the memory.
TEST_F(TorchFiles, CopiesAreBounded) {
  PickleWriter many;
  many.raw("}(");
  for (int i = 0; i < 2000; ++i) {
    many.text(cat("t", i)).tensor("FloatStorage", "0", 600, 0, {30, 20}, {1, 30});
  }
  refusedFile(ZipWriter().add("a/data.pkl", many.raw("u").done()).add("a/data/0", std::string(2400, '\0')).done(), "again and again");
}

}  // namespace
}  // namespace lix::nn
