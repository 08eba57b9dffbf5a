// lixp data selections and lixp data export on a workspace whose selections the Data page keeps.
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/selection_store.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

class DataSelections : public test::LixpTest {
 protected:
  /// The first pictures of the table that exporting all of them gives.
  void SetUp() override {
    test::LixpTest::SetUp();
    EXPECT_EQ(good({"data", "export", "discs", "--out", "all.csv"})["missing"], 0);
    std::ifstream table(at("all.csv"));
    for (std::string line; std::getline(table, line);) {
      lines_.push_back(line);
    }
  }
  /// A table's key is its path as the set names it: below the folder of the set.
  std::string key(std::size_t line) const {
    const fs::path path = lines_.at(line).substr(0, lines_.at(line).find(','));
    return path.lexically_relative(fs::canonical(at("discs"))).generic_string();
  }
  std::vector<std::string> lines_;
};

TEST_F(DataSelections, AreListedAndExported) {
  EXPECT_EQ(good({"data", "selections"}), json::array());
  {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadWrite);
    LIX_ASSERT_OK(workspace);
    const store::SelectionStore store(*workspace);
    LIX_ASSERT_OK(store.add({.dataset = "discs", .name = "two", .note = "and one that is gone"}, {key(3), "gone.png", key(1)}));
    LIX_ASSERT_OK(store.add({.dataset = "discs", .name = "gone"}, {"gone.png"}));
  }
  const json listed = good({"data", "selections", "discs"});
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[1]["name"], "two");
  EXPECT_EQ(listed[1]["pictures"], 3);
  EXPECT_EQ(good({"data", "selections", "emoji"}), json::array());

  const json table = good({"data", "export", "discs", "--selection", "two", "--out", "two.csv"});
  EXPECT_EQ(table["pictures"], 2);
  EXPECT_EQ(table["missing"], 1);
  std::ifstream written(at("two.csv"));
  std::string header, first;
  std::getline(written, header);
  std::getline(written, first);
  EXPECT_EQ(header, lines_[0]);
  EXPECT_EQ(first, lines_[3]) << "in the selection's order";
  EXPECT_EQ(good({"data", "export", "discs", "--selection", "two", "--copies", "--out", "copies"})["pictures"], 2);
  EXPECT_EQ(std::ranges::count_if(fs::recursive_directory_iterator(at("copies")), [](const auto& one) { return one.is_regular_file(); }), 2);

  refused({"data", "export", "discs", "--selection", "no such", "--out", "x.csv"}, "no selection 'no such'");
  refused({"data", "export", "discs", "--selection", "gone", "--out", "x.csv"}, "None of the 1 pictures");
  refused({"data", "export", "discs", "--copies", "--out", "copies"}, "exists already");
  refused({"data", "export", "emoji", "--out", "x.csv"}, "export copies");
}

}  // namespace
}  // namespace lix
