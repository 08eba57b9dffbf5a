#pragma once
#include <algorithm>
#include <gtest/gtest.h>

#include "support_page_support.h"

namespace lix::app::testing_support {

/// A page with 4 classes of 4 emoji, scored by the quick adapters, and one panel in front.
class SupportPanelsTest : public SupportPageTest {
 protected:
  void open(const char* panel) {
    showWith(emojiDocument(desk_->desk()));
    page_->scores().setFitting(LiveScores::Fitting::Never);
    page_->scores().shown().choose("tip-adapter");
    waitForScores();
    page_->docks()->showPanel(panel);
    ASSERT_TRUE(waitFor([&] { return page_->docks()->isInFront(panel); }));
  }
  template <class Panel>
  Panel* panel() {
    const auto found = page_->findChildren<Panel*>();
    EXPECT_EQ(found.size(), 1);
    return found.front();
  }
  const study::AdapterScore& scoreOf(const char* adapter) { return *page_->scores().score(adapter); }
  std::size_t right(const study::AdapterScore& score) {
    return static_cast<std::size_t>(
        std::ranges::count_if(score.predictions, [](const auto& one) { return one.label == one.predicted; }));
  }
  void leaveOneClass() {
    for (std::size_t c = 1; c < 4; ++c) {
      page_->assign(pictures(c), SupportBoard::kTray);
    }
    waitForScores();
  }
};

}  // namespace lix::app::testing_support
