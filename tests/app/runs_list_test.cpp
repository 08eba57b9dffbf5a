// lixp runs list: archived runs are left out unless they are asked for, and counted.
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/run_search.h"

namespace lix {
namespace {
using nlohmann::json;

class RunsList : public test::LixpTest {};

TEST_F(RunsList, ArchivedRunsAreListedWhenAskedForAlone) {
  {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadWrite);
    LIX_ASSERT_OK(workspace);
    const store::RunStore runs(*workspace);
    const auto kept = runs.add({.name = "kept", .recipe = "siglip"}), aside = runs.add({.name = "aside", .recipe = "siglip"}),
               gone = runs.add({.name = "gone", .recipe = "siglip"});
    LIX_ASSERT_OK(kept);
    LIX_ASSERT_OK(aside);
    LIX_ASSERT_OK(gone);
    LIX_ASSERT_OK(store::RunSearch(*workspace).archive({&aside->id, 1}, store::RunSearch::Archive::PutIn));
    LIX_ASSERT_OK(runs.trash(gone->id));
  }
  const json present = good({"runs", "list"});
  ASSERT_EQ(present.size(), 1u);
  EXPECT_EQ(present[0]["name"], "kept");
  EXPECT_EQ(present[0]["archived"], false);
  const json archived = good({"runs", "list", "--archived"});
  ASSERT_EQ(archived.size(), 1u);
  EXPECT_EQ(archived[0]["name"], "aside");
  const std::string said = run({"runs", "list"}).out;
  EXPECT_NE(said.find("1 run is archived; 'lixp runs list --archived' shows it."), std::string::npos) << said;
  EXPECT_EQ(said.find("aside"), std::string::npos) << said;
  EXPECT_NE(run({"runs", "list", "--trashed"}).out.find("gone  never started"), std::string::npos);
  EXPECT_NE(run({"runs", "list", "--trashed", "--archived"}).code, 0) << "nothing is in both";
}

}  // namespace
}  // namespace lix
