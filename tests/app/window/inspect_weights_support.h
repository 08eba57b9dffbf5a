#pragma once
#include <QLabel>

#include "inspect_page_support.h"
#include "pages/inspect/weights_panel.h"
#include "study/reader/reader.h"

namespace lix::app::testing_support {

/// The panel of mixture weights, with clicks on heads and tokens.
class InspectWeightsTest : public InspectPageTest {
 protected:
  WeightsPanel& panel() { return *page->findChild<WeightsPanel*>(); }
  WeightsView& view() { return panel().view(); }
  const figures::WeightsFigure& figure() { return dynamic_cast<const figures::WeightsFigure&>(*view().figure()); }
  const study::InspectSettings& shown() { return page->reading()->question.settings; }
  const study::MixtureReading& mixture() { return *page->reading()->reading.pictures[0].mixture; }
  QString said() { return part<QLabel>("weightsSaid")->text(); }

  /// Clicks beside a heatmap: at a head's number (left of it) or a token's (below it).
  void clickHead(int head) {
    const QRectF heat = view().places().heatmaps[0];
    click({heat.left() - 8, heat.top() + (head + 0.5) * heat.height() / double(mixture().heads)});
  }
  void clickToken(int token) {
    const QRectF heat = view().places().heatmaps[0];
    click({heat.left() + (token + 0.5) * heat.width() / double(mixture().tokens), heat.bottom() + 12});
  }
  void click(const QPointF& at) { QTest::mouseClick(&view(), Qt::LeftButton, {}, at.toPoint()); }
  void key(Qt::Key key) { QTest::keyClick(&view(), key); }

  /// What a reader of the test's own makes of the first picture.
  study::Reading readItself(const study::InspectSettings& settings, const char* model = "llip16-tiny-emoji") {
    const auto reader = study::Reader::open(test.model(model));
    const auto picture = test.desk().datasets().load(testPictures(test, 1)[0]);
    auto reading = (*reader)->read({*picture}, page->reading()->question.captions, settings);
    EXPECT_TRUE(reading) << reading.error().message;
    return std::move(*reading);
  }
};

}  // namespace lix::app::testing_support
