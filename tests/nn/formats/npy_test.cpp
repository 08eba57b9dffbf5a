#include "nn/checkpoint/npy.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/file.h"
#include "support/support.h"

namespace lix::nn {
namespace {
using test::messageOf;
using test::TemporaryFolder;

/// A file of format 1.0 as numpy.save writes it: header padded to 64 bytes, then the numbers.
template <class T>
std::string npy(const std::string& descr, const std::string& shape, const std::vector<T>& values,
                const std::string& order = "False") {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header.resize((header.size() + 10 + 1 + 63) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 255);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return bytes;
}

class Npy : public testing::Test {
 protected:
  Result<NpyMatrix> read(const std::string& bytes) {
    EXPECT_TRUE(writeFile(folder_ / "x.npy", bytes));
    return readNpyMatrix(folder_ / "x.npy");
  }
  TemporaryFolder folder_;
};

TEST_F(Npy, ReadsTheThreeWidths) {
  const std::vector<float> expected{1.f, -2.f, 0.5f, 3.f, 4.f, 65504.f};
  const std::vector<std::uint16_t> halves{0x3C00, 0xC000, 0x3800, 0x4200, 0x4400, 0x7BFF};
  for (const auto& matrix : {read(npy<float>("<f4", "(2, 3)", {1, -2, 0.5f, 3, 4, 65504})),
                             read(npy<double>("<f8", "(2, 3)", {1, -2, 0.5, 3, 4, 65504})),
                             read(npy<std::uint16_t>("<f2", "(2, 3)", halves))}) {
    LIX_ASSERT_OK(matrix);
    EXPECT_EQ(matrix->rows, 2);
    EXPECT_EQ(matrix->columns, 3);
    EXPECT_EQ(matrix->values, expected);
  }
}

TEST_F(Npy, RefusesWhatItDoesNotRead) {
  const std::vector<float> six(6, 1.f);
  const auto message = [&](const std::string& bytes) { return messageOf(read(bytes)); };
  for (const std::string& bytes : {npy<float>(">f4", "(2, 3)", six), npy<float>("<f4", "(2, 3)", six, "True"),
                                   npy<float>("<f4", "(6,)", six), npy<float>("<f4", "(1, 2, 3)", six),
                                   npy<float>("|O", "(2, 3)", six)}) {
    EXPECT_NE(message(bytes).find("should hold one matrix"), std::string::npos) << message(bytes);
  }
  EXPECT_NE(message(npy<float>("<f4", "(3, 3)", six)).find("cut or damaged"), std::string::npos);
  EXPECT_NE(message(npy<float>("<f4", "(999999999999, 999999999)", six)).find("at least one is needed"),
            std::string::npos);
  EXPECT_NE(message(npy<float>("<f4", "(0, 3)", {})).find("at least one is needed"), std::string::npos);
  EXPECT_NE(message("not numpy").find("no .npy file"), std::string::npos);
  EXPECT_NE(message(npy<float>("<f4", "(2, 3)", six).substr(0, 40)).find("ends within its header"), std::string::npos);
  EXPECT_NE(message(std::string("\x93NUMPY\x04\x00\x10\x00\x00\x00", 12)).find("newer .npy format"), std::string::npos);
  EXPECT_NE(messageOf(readNpyMatrix(folder_ / "none.npy")).find("cannot be opened"), std::string::npos);
}

}  // namespace
}  // namespace lix::nn
