#include "store/layout_store.h"

#include "support/support.h"

namespace lix::store {
namespace {
using lix::test::messageOf;

TEST(LayoutStore, KeepsTheLastDocumentOfEachName) {
  test::TemporaryFolder folder;
  {
    const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
    LIX_ASSERT_OK(workspace);
    const LayoutStore layouts(*workspace);
    EXPECT_EQ(layouts.load("session").value(), std::nullopt);
    LIX_ASSERT_OK(layouts.save("session", R"({"page": "data"})"));
    LIX_ASSERT_OK(layouts.save("other", "[]"));
    LIX_ASSERT_OK(layouts.save("session", R"({"page": "Größe", "rows": [1, 2]})"));
  }
  const auto again = Workspace::open(folder.path(), OpenMode::ReadOnly);
  LIX_ASSERT_OK(again);
  EXPECT_EQ(LayoutStore(*again).load("session").value(), R"({"page": "Größe", "rows": [1, 2]})");
  EXPECT_EQ(LayoutStore(*again).load("other").value(), "[]");
  EXPECT_NE(messageOf(LayoutStore(*again).save("session", "{}")).find("for reading only"), std::string::npos);
}

TEST(LayoutStore, WhatIsNoJsonIsRefused) {
  test::TemporaryFolder folder;
  const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  LIX_ASSERT_OK(workspace);
  const LayoutStore layouts(*workspace);
  LIX_ASSERT_OK(layouts.save("session", "{}"));
  for (const char* text : {"", "{", "page"}) {
    const auto saved = layouts.save("session", text);
    ASSERT_FALSE(saved) << text;
    EXPECT_NE(messageOf(saved).find("document_is_json"), std::string::npos) << messageOf(saved);
  }
  EXPECT_FALSE(layouts.save("", "{}"));
  EXPECT_EQ(layouts.load("session").value(), "{}");
}

}  // namespace
}  // namespace lix::store
